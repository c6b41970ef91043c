"""The desk in the administrators' site: a product a page, all that is known of it, a decision."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from catalog import characteristics, leases, moderation, pictures, revisions
from catalog.desk import differences, findings
from catalog.desk.forms import WhyForm
from catalog.models import ModerationDecision, Product
from core.admin import DecidedAdmin
from core.errors import Refusal


class DeskAdmin(DecidedAdmin):
    """Products with a desk: pages to look at one, to take the next, to leave and to undo."""

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, Callable[..., HttpResponse]] = {
            "desk": self.desk_view,
            "take": self.take_view,
            "leave": self.leave_view,
            "take-down": self.take_down_view,
            "undo": self.undo_view,
        }
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=_name(name))
            for name, view in views.items()
        ]
        following = self.admin_site.admin_view(self.next_view)
        return [path("next/", following, name=_name("next")), *own, *super().get_urls()]

    def rejection_form(self, sent: Any) -> WhyForm:
        return WhyForm(sent)

    def seen(self, row: Product) -> str:
        return f"{super().seen(row)}/{row.revision.pk if row.revision else ''}"

    def page_of(self, row: Product) -> str:
        return reverse(f"admin:{_name('desk')}", args=[row.pk])

    def after_decision(self, request: HttpRequest) -> HttpResponse:
        """The next product for who works through the queue, the list for who came from there."""
        return self._next(request) if "then_next" in request.POST else self.queue()

    @method_decorator(require_safe)
    def desk_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        product = self._product(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": str(product),
            "opts": self.opts,
            "original": product,
            **_shown(product, _by(request)),
            "seen": self.seen(product),
            "why": WhyForm(),
        }
        return TemplateResponse(request, "admin/catalog/product/desk.html", context)

    @method_decorator(require_POST)
    def next_view(self, request: HttpRequest) -> HttpResponse:
        return self._next(request)

    @method_decorator(require_POST)
    def take_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        product = self._product(request, pk)
        try:
            leases.take(product, _by(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect(self.page_of(product))

    @method_decorator(require_POST)
    def leave_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        leases.release(self._product(request, pk), _by(request))
        return self.queue()

    @method_decorator(require_POST)
    def take_down_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        product, form = self._product(request, pk), WhyForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose a reason or write one."))
            return redirect(self.page_of(product))
        done = _("“%(name)s” is taken down.") % {"name": product}
        by = _by(request)
        self.attempt(request, lambda: moderation.take_down(product, by=by, **form.said()), done)
        return redirect(self.page_of(product))

    @method_decorator(require_POST)
    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        product = self._product(request, pk)
        done = _("The decision about “%(name)s” is undone.") % {"name": product}
        self.attempt(request, lambda: moderation.undo(product, by=_by(request)), done)
        return redirect(self.page_of(product))

    def _next(self, request: HttpRequest) -> HttpResponse:
        product = leases.take_next(_by(request))
        if product is None:
            messages.info(request, _("Nothing waits for you. Well done."))
            return self.queue()
        return redirect(self.page_of(product))

    def _product(self, request: HttpRequest, pk: int) -> Product:
        found: Product = get_object_or_404(self.get_queryset(request), pk=pk)
        return found


def last_decision(by: User) -> ModerationDecision | None:
    """What the administrator decided last, while it can still be undone."""
    lately = timezone.now() - revisions.UNDO
    own = ModerationDecision.objects.filter(decided_by=by, decided_at__gt=lately, undone_at=None)
    last = own.select_related("product").order_by("-pk").first()
    return last if last and moderation.undoable(last.product) == last else None


def _shown(product: Product, by: User) -> dict[str, Any]:
    wanted = revisions.preview(product)
    waits = product.moderation_status == Product.Moderation.PENDING or product.revision is not None
    return {
        "product": wanted,
        "pictures": pictures.details(product, wanted.images),
        "characteristics": list(characteristics.told(wanted.characteristics)),
        "differences": differences.of(product, product.revision) if product.revision else [],
        "findings": findings.of(wanted) if waits else [],
        "waits": waits,
        "is_mine": product.leased_by_id == by.pk and not _is_over(product),
        "taken_by": product.leased_by if leases.is_taken(product, by) else None,
        "leased_until": product.leased_until,
        "labels": list(filter(None, (each.label for each in product.variants.all()))),
        "undoable": moderation.undoable(product) or last_decision(by),
    }


def _is_over(product: Product) -> bool:
    return product.leased_until is None or product.leased_until <= timezone.now()


def _by(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _name(view: str) -> str:
    return f"catalog_product_{view.replace('-', '_')}"
