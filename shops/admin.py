"""Shops in the administrators' site: those that wait for approval, and all others."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Case, Count, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.admin import DecidedAdmin, change_url, moment, tenge
from shops import approval
from shops.models import Shop


class StatusFilter(admin.SimpleListFilter):
    title = gettext_lazy("status")
    parameter_name = "status"
    statuses: ClassVar[dict[str, Q]] = {
        "pending": Q(is_approved=False, rejection_reason=""),
        "approved": Q(is_approved=True, is_active=True),
        "suspended": Q(is_approved=True, is_active=False),
        "rejected": Q(is_approved=False) & ~Q(rejection_reason=""),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STATUS_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(self.statuses.get(self.value() or "", Q()))


STATUS_NAMES = {
    "pending": gettext_lazy("Waiting for approval"),
    "approved": gettext_lazy("Approved"),
    "suspended": gettext_lazy("Suspended"),
    "rejected": gettext_lazy("Rejected"),
}


@admin.register(Shop)
class ShopAdmin(DecidedAdmin):
    """Shops, those that wait for approval first."""

    shortest_reason = 10
    list_display = [
        "shop_name",
        "status_name",
        "decision",
        "owner_name",
        "contacts",
        "products_count",
        "money",
        "opened",
    ]
    list_filter = [StatusFilter]
    search_fields = ["shop_name", "owner_name", "email", "phone"]
    # Those that wait, the oldest first; then the others, the newest first.
    ordering = [
        Case(When(is_approved=False, rejection_reason="", then="created_at")),
        "-created_at",
    ]
    actions = ["approve_selected"]
    fields = [
        "shop_name",
        "status_name",
        "rejection_reason",
        "owner_name",
        "email",
        "phone",
        "whatsapp_number",
        "address",
        "description",
        "products_count",
        "money",
        "opened",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shop]:
        shops: QuerySet[Shop] = super().get_queryset(request)
        return shops.annotate(products_total=Count("products"))

    def get_urls(self) -> list[URLPattern]:
        suspend = self.admin_site.admin_view(self.suspend_view)
        reopen = self.admin_site.admin_view(self.reopen_view)
        return [
            path("<int:pk>/suspend/", suspend, name="shops_shop_suspend"),
            path("<int:pk>/reopen/", reopen, name="shops_shop_reopen"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def suspend_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        shop, form = get_object_or_404(Shop, pk=pk), self.rejection_form(request.POST)
        if not form.is_valid():
            messages.error(request, _("Say why, in ten letters at least."))
            return redirect(change_url(shop))
        done = _("“%(name)s” is suspended.") % {"name": shop}
        self.attempt(request, lambda: approval.suspend(shop, form.cleaned_data["reason"]), done)
        return redirect(change_url(shop))

    @method_decorator(require_POST)
    def reopen_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        shop = get_object_or_404(Shop, pk=pk)
        done = _("“%(name)s” is open again.") % {"name": shop}
        self.attempt(request, lambda: approval.reopen(shop), done)
        return redirect(change_url(shop))

    def approve(self, row: Shop, by: Any) -> None:
        approval.approve(row)

    def reject(self, row: Shop, by: Any, **said: str) -> None:
        approval.reject(row, said["reason"])

    def may_approve(self, row: Shop) -> bool:
        return not row.is_approved

    def may_reject(self, row: Shop) -> bool:
        return row.status == "pending"

    @admin.display(description=gettext_lazy("Status"))
    def status_name(self, shop: Shop) -> SafeString:
        return format_html(
            '<span class="status {}">{}</span>', shop.status, STATUS_NAMES[shop.status]
        )

    @admin.display(description=gettext_lazy("Contacts"))
    def contacts(self, shop: Shop) -> SafeString:
        told = filter(None, [shop.phone, shop.whatsapp_number, shop.address])
        return format_html(
            '<a href="mailto:{}">{}</a><br>{}', shop.email, shop.email, ", ".join(told)
        )

    @admin.display(description=gettext_lazy("Products"), ordering="products_total")
    def products_count(self, shop: Any) -> SafeString:
        address = reverse("admin:catalog_product_changelist")
        query = f"?status=all&shop__id__exact={shop.pk}"
        return format_html('<a href="{}{}">{}</a>', address, query, shop.products_total)

    @admin.display(description=gettext_lazy("Balance"), ordering="balance")
    def money(self, shop: Shop) -> str:
        return tenge(shop.balance)

    @admin.display(description=gettext_lazy("Opened"), ordering="created_at")
    def opened(self, shop: Shop) -> str:
        return moment(shop.created_at)
