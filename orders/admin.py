"""Orders in the administrators' site: to look at, and to cancel with the money going back."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.admin import ReadOnlyAdmin, change_url, tenge
from orders import fulfilment, transitions
from orders.models import Order, OrderItem
from orders.transitions import Action, Actor


class LineInline(admin.TabularInline):
    model = OrderItem
    fields = readonly_fields = ("product", "product_name", "price_at_purchase", "quantity")
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = [
        "number",
        "created_at",
        "user",
        "shop",
        "product",
        "quantity",
        "money",
        "status",
    ]
    list_filter = ["status", "order_type", "created_at"]
    list_select_related = ["user", "shop", "product"]
    search_fields = ["=id", "user__email", "user__name", "shop__shop_name", "product__name"]
    ordering = ["-pk"]
    actions = ["cancel_selected"]
    inlines = [LineInline]
    fields = [
        "number",
        "status",
        "order_type",
        "user",
        "shop",
        "money",
        "rental_start_date",
        "rental_end_date",
        "created_at",
        "updated_at",
    ]

    def get_urls(self) -> list[URLPattern]:
        cancel = self.admin_site.admin_view(self.cancel_view)
        return [path("<int:pk>/cancel/", cancel, name="orders_order_cancel"), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        order = self.get_object(request, object_id) if object_id else None
        context = dict(extra_context or {})
        if order and Action.CANCEL in transitions.allowed(order, Actor.ADMIN):
            context["cancel_url"] = reverse("admin:orders_order_cancel", args=[order.pk])
        return super().changeform_view(request, object_id, form_url, context)

    @method_decorator(require_POST)
    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = get_object_or_404(Order, pk=pk)
        self._attempt_cancel(request, order)
        return redirect(change_url(order))

    @admin.action(description=gettext_lazy("Cancel the selected and give the money back"))
    def cancel_selected(self, request: HttpRequest, orders: QuerySet[Order]) -> None:
        for order in orders:
            self._attempt_cancel(request, order)

    def _attempt_cancel(self, request: HttpRequest, order: Order) -> None:
        done = _("%(order)s is cancelled and paid back.") % {"order": order}
        self.attempt(request, lambda: fulfilment.act(order, Action.CANCEL, Actor.ADMIN), done)

    @admin.display(description=gettext_lazy("Order"), ordering="pk")
    def number(self, order: Order) -> str:
        return order.order_number

    @admin.display(description=gettext_lazy("Total"), ordering="total_amount")
    def money(self, order: Order) -> str:
        return tenge(order.total_amount)
