"""Orders in the administrators' site: to look at, and the steps an administrator may take."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.mfa.browser import require_recent_factor
from core import storage
from core.admin import ReadOnlyAdmin, change_url, moment, tenge
from orders import fulfilment, outlook, transitions
from orders.forms import StepForm, offered
from orders.models import Order, OrderEvent, OrderItem
from orders.models.kinds import Actor
from orders.saying import Said
from orders.transitions import TABLES, Event, Money
from orders.wording import titled

STEPS = sorted(
    {step.event for table in TABLES.values() for step in table if Actor.ADMIN in step.actors}
)


class DecisionFilter(admin.SimpleListFilter):
    title = gettext_lazy("Decision")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Waits for a decision"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.awaiting_decision() if self.value() == "waiting" else queryset


class RowInline(admin.TabularInline):
    """Rows to look at."""

    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LineInline(RowInline):
    model = OrderItem
    fields = readonly_fields = (
        *("product", "product_name", "size", "colour", "quantity"),
        *("price_at_purchase", "deposit_amount", "commission_amount", "returnable"),
    )


class HistoryInline(RowInline):
    model = OrderEvent
    fields = readonly_fields = ("created_at", "step", "to_stage", "who", "note")

    @admin.display(description=gettext_lazy("step"))
    def step(self, taken: OrderEvent) -> Any:
        return titled(taken.event)

    @admin.display(description=gettext_lazy("by"))
    def who(self, taken: OrderEvent) -> str:
        """Of several administrators, which one."""
        number = f" № {taken.actor_id}" if taken.actor == Actor.ADMIN else ""
        return f"{taken.get_actor_display()}{number}"


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "stage", "money", "user", "shop", "product", "created_at"]
    list_filter = [
        DecisionFilter,
        "stage",
        "order_type",
        ("shop", admin.RelatedOnlyFieldListFilter),
        "created_at",
    ]
    list_select_related = ["user", "shop", "product"]
    search_fields = ["=id", "user__email", "user__name", "shop__shop_name", "product__name"]
    ordering = ["-pk"]
    actions = ["cancel_selected"]
    inlines = [LineInline, HistoryInline]
    fieldsets = [
        (
            None,
            {"fields": ["number", "order_type", "stage", "stage_since", "next", "user", "shop"]},
        ),
        (gettext_lazy("Money"), {"fields": ["amounts"]}),
        (
            gettext_lazy("Delivery"),
            {"fields": ["delivery_name", "delivery_address", "tracking_number", "delivered_at"]},
        ),
        (
            gettext_lazy("Rental"),
            {
                "fields": [
                    *("rental_start_date", "rental_end_date", "late_fee_per_day"),
                    *("handed_over_at", "handover_confirmed_at", "sent_back_at"),
                    "looks",
                ]
            },
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj and obj.order_type == Order.Type.RENTAL else fieldsets[:-1]

    def get_urls(self) -> list[URLPattern]:
        step = self.admin_site.admin_view(self.step_view)
        address = "<int:pk>/step/<slug:event>/"
        return [path(address, step, name="orders_order_step"), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        order = self.get_object(request, object_id) if object_id else None
        context = {"steps": offered(order, Actor.ADMIN)} if order else {}
        return super().changeform_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    @method_decorator(require_POST)
    def step_view(self, request: HttpRequest, pk: int, event: str) -> HttpResponse:
        order = get_object_or_404(Order, pk=pk)
        step = transitions.find(order, event, Actor.ADMIN)
        if step is None:
            messages.error(request, str(fulfilment.TransitionNotAllowed(order, Actor.ADMIN)))
            return redirect(change_url(order))
        if step.money is not Money.NONE:
            require_recent_factor(request)
        form = StepForm(order, step, Actor.ADMIN, request.POST)
        assert request.user.pk
        if not form.take(by=request.user.pk):
            return self._ask_again(request, form)
        messages.success(request, _done(form.order, event))
        return redirect(change_url(order))

    @admin.action(description=gettext_lazy("Cancel the selected and give the money back"))
    def cancel_selected(self, request: HttpRequest, orders: QuerySet[Order]) -> None:
        require_recent_factor(request)
        for order in orders:
            self._cancel(request, order)

    @admin.display(description=gettext_lazy("Order"), ordering="pk")
    def number(self, order: Order) -> str:
        return order.order_number

    @admin.display(description=gettext_lazy("Total"), ordering="total_amount")
    def money(self, order: Order) -> str:
        return tenge(order.total_amount)

    @admin.display(description=gettext_lazy("Money"))
    def amounts(self, order: Order) -> SafeString:
        fields = [field for field in Order._meta.fields if field.name.endswith("_amount")]
        rows = [
            (capfirst(field.verbose_name), tenge(getattr(order, field.name))) for field in fields
        ]
        earned = outlook.earnings(order)
        return _table([*rows, (_("The shop gets"), tenge(earned.amount))])

    @admin.display(description=gettext_lazy("If nothing happens"))
    def next(self, order: Order) -> str:
        limit = outlook.time_limit(order)
        if limit is None:
            return self.empty_value_display
        return f"{moment(limit.at)}: {titled(limit.step.event)}. {limit.step.effect}"

    @admin.display(description=gettext_lazy("How it looked"))
    def looks(self, order: Order) -> SafeString | str:
        """Every photo with its moment; a click opens it in its full size."""
        link = '<a href="{0}" target="_blank" rel="noopener"><img src="{0}" alt="">{1}</a>'
        photos = [
            (
                storage.signed_url(photo.name),
                f"{photo.get_moment_display()} {moment(photo.created_at)}",
            )
            for photo in order.photos.order_by("pk")
        ]
        shown = format_html_join("", link, photos)
        return format_html('<div class="gallery">{}</div>', shown) if photos else "—"

    def _cancel(self, request: HttpRequest, order: Order) -> None:
        said = Said(by=request.user.pk)
        self.attempt(
            request,
            lambda: fulfilment.act(order, Event.CANCEL, Actor.ADMIN, said),
            _("%(order)s is cancelled and paid back.") % {"order": order},
        )

    def _ask_again(self, request: HttpRequest, form: StepForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": form.title,
            "opts": self.opts,
            "original": form.order,
            "original_url": change_url(form.order),
            "form": form,
        }
        return TemplateResponse(request, "admin/orders/order/step.html", context, status=422)


def _done(order: Order, event: str) -> str:
    about = {"order": order, "step": titled(event), "stage": order.get_stage_display()}
    return _("%(order)s: %(step)s. It is now: %(stage)s.") % about


def _table(rows: Iterable[tuple[Any, str]]) -> SafeString:
    row = '<tr><th scope="row">{}</th><td class="field-money">{}</td></tr>'
    return format_html('<table class="features">{}</table>', format_html_join("", row, rows))
