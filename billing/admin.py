"""The ledger and the payments in the administrators' site: to look at, never to change."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy

from billing.models import Payment, Posting, Transaction
from core.admin import ReadOnlyAdmin, tenge

WHOSE = ["user__email", "user__name", "shop__email", "shop__shop_name"]


@admin.register(Transaction)
class TransactionAdmin(ReadOnlyAdmin):
    list_display = ["id", "created_at", "type", "account", "money", "balance_after", "posting"]
    list_filter = ["type", "system_account", "created_at"]
    list_select_related = ["posting", "user", "shop"]
    search_fields = ["posting__key", *WHOSE]
    ordering = ["-pk"]

    @admin.display(description=gettext_lazy("Account"))
    def account(self, leg: Transaction) -> Any:
        return leg.user or leg.shop or leg.get_system_account_display()

    @admin.display(description=gettext_lazy("Amount"), ordering="amount")
    def money(self, leg: Transaction) -> str:
        return tenge(leg.amount)


class LegInline(admin.TabularInline):
    model = Transaction
    fields = readonly_fields = ("user", "shop", "system_account", "amount", "balance_after")
    can_delete = False
    extra = 0

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    list_display = ["key", "type", "actor", "created_at"]
    list_filter = ["type", "created_at"]
    search_fields = ["key"]
    ordering = ["-pk"]
    inlines = [LegInline]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["id", "created_at", "owner", "provider", "money", "status"]
    list_filter = ["status", "provider", "created_at"]
    list_select_related = ["user", "shop"]
    search_fields = WHOSE
    ordering = ["-pk"]

    @admin.display(description=gettext_lazy("Owner"))
    def owner(self, payment: Payment) -> Any:
        return payment.user or payment.shop

    @admin.display(description=gettext_lazy("Amount"), ordering="amount")
    def money(self, payment: Payment) -> str:
        return tenge(payment.amount)
