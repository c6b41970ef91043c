"""The administrators' yes or no: buttons of a row, and the page that asks for a reason."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.admin.rows import ReadOnlyAdmin, change_url

REASON_MAX = 1000


class RejectionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )

    def __init__(self, *args: Any, shortest: int, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = reader
        reason = forms.CharField(min_length=shortest)
        self.fields["reason"].validators += reason.validators
        self.fields["reason"].widget.attrs["minlength"] = shortest

    def said(self) -> dict[str, str]:
        """What `DecidedAdmin.reject` is told."""
        return {"reason": self.cleaned_data["reason"]}


class DecidedAdmin(ReadOnlyAdmin):
    """Rows that wait for an administrator's yes or no: both are buttons of the row."""

    ready_reasons: ClassVar[list[tuple[Any, Any]]] = []  # what is sent, and how it is called
    reason_field = "reason"  # in which it is sent
    shortest_reason = 1
    approve_label: ClassVar[Any] = gettext_lazy("Approve")
    reject_label: ClassVar[Any] = gettext_lazy("Reject")
    reader: ClassVar[Any] = gettext_lazy("The shop reads it word for word.")

    def approve(self, row: Any, by: Any) -> None:
        raise NotImplementedError

    def reject(self, row: Any, by: Any, **said: str) -> None:
        raise NotImplementedError

    def may_approve(self, row: Any) -> bool:
        raise NotImplementedError

    def may_reject(self, row: Any) -> bool:
        raise NotImplementedError

    def rejection_form(self, sent: Any) -> Any:
        return RejectionForm(sent, shortest=self.shortest_reason, reader=self.reader)

    def seen(self, row: Any) -> str:
        """What tells the version that was looked at from any other."""
        seen: str = row.updated_at.isoformat()
        return seen

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        approve = self.admin_site.admin_view(self.approve_view)
        reject = self.admin_site.admin_view(self.reject_view)
        return [
            path("<int:pk>/approve/", approve, name=f"{name}_approve"),
            path("<int:pk>/reject/", reject, name=f"{name}_reject"),
            *super().get_urls(),
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        row = self.get_object(request, object_id) if object_id else None
        context = {"decision": self.buttons(row)} if row else {}
        return super().changeform_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    @method_decorator(require_POST)
    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if self.has_changed_since(request, row):
            return redirect(self.page_of(row))
        self.attempt_approval(request, row)
        return self.after_decision(request)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def reject_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        sent = request.POST if request.method == "POST" else None
        form = self.rejection_form(sent)
        if not form.is_valid():
            return self._ask_reason(request, row, form)
        if self.has_changed_since(request, row):
            return redirect(self.page_of(row))
        self.attempt_rejection(request, row, form.said())
        return self.after_decision(request)

    def attempt_approval(self, request: HttpRequest, row: Any) -> None:
        done = _("“%(name)s” is approved.") % {"name": row}
        self.attempt(request, lambda: self.approve(row, request.user), done)

    def attempt_rejection(self, request: HttpRequest, row: Any, said: dict[str, str]) -> None:
        done = _("“%(name)s” is rejected.") % {"name": row}
        self.attempt(request, lambda: self.reject(row, request.user, **said), done)

    def has_changed_since(self, request: HttpRequest, row: Any) -> bool:
        """Whether the row is another than the button was pressed for; then it has been said."""
        # The button says which version was looked at: a shop may have changed it since.
        has_changed = request.POST.get("seen") not in {None, self.seen(row)}
        if has_changed:
            text = _("“%(name)s” has changed since you looked. Look again.")
            messages.error(request, text % {"name": row})
        return has_changed

    def page_of(self, row: Any) -> str:
        """Where the row is looked at."""
        return change_url(row)

    def after_decision(self, request: HttpRequest) -> HttpResponse:
        """Where one goes on."""
        return self.queue()

    @admin.action(description=gettext_lazy("Approve the selected"))
    def approve_selected(self, request: HttpRequest, rows: Iterable[Any]) -> None:
        for row in rows:
            self.attempt_approval(request, row)

    @admin.display(description=gettext_lazy("Decision"))
    def decision(self, row: Any) -> str:
        return self.buttons(row) or self.empty_value_display

    def buttons(self, row: Any) -> str:
        """Buttons for a form of the admin; they send it to the decision's own address."""
        if not (self.may_approve(row) or self.may_reject(row)):
            return ""
        context = {
            "row": row,
            "approve_url": self._url("approve", row) if self.may_approve(row) else "",
            "reject_url": self._url("reject", row) if self.may_reject(row) else "",
            "seen": self.seen(row),
            "reasons": self.ready_reasons,
            "reason_field": self.reason_field,
            "approve_label": self.approve_label,
            "reject_label": self.reject_label,
        }
        return render_to_string("admin/decision.html", context)

    def _ask_reason(self, request: HttpRequest, row: Any, form: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reject “%(name)s”") % {"name": row},
            "opts": self.opts,
            "original": row,
            "original_url": change_url(row),
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/reject.html", context, status=status)

    def _url(self, act: str, row: Any) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{act}"
        return reverse(name, args=[row.pk])

    def queue(self) -> HttpResponse:
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
