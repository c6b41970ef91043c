"""Money in the administrators' site: the ledger to look at, payouts to decide about."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.mfa.browser import require_recent_factor
from billing.bank import details
from billing.commission import admin as commission_admin
from billing.models import Payout, Posting, Transaction
from billing.payments import admin as payments_admin
from billing.payouts import lifecycle, transitions
from billing.payouts.transitions import Action, Actor
from billing.settings import admin as settings_admin
from core.admin import ReadOnlyAdmin, change_url, tenge
from core.plain_text import check_fields

# Django looks for the pages of an app here.
__all__ = ["commission_admin", "payments_admin", "settings_admin"]

WHOSE = ["user__email", "user__name", "shop__email", "shop__shop_name"]
WORDS_MAX = 100
DECISIONS: dict[str, Callable[[Payout, Any], Payout]] = {
    Action.APPROVE: lambda payout, request: lifecycle.approve(payout, by=request.user),
    Action.PAID: lambda payout, request: lifecycle.mark_paid(
        payout, bank_reference=request.POST.get("bank_reference", "")[:WORDS_MAX]
    ),
    Action.FAIL: lambda payout, request: lifecycle.fail(
        payout, reason=request.POST.get("reason", "")[:WORDS_MAX]
    ),
}


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


@admin.register(Payout)
class PayoutAdmin(ReadOnlyAdmin):
    list_display = ["id", "created_at", "shop", "money", "status", "approved_by", "seconded_by"]
    list_filter = ["status", "created_at"]
    list_select_related = ["shop", "approved_by", "seconded_by"]
    search_fields = ["=id", "shop__shop_name", "bank_reference"]
    ordering = ["-pk"]
    fields = [
        "shop",
        "money",
        "status",
        "destination",
        "approved_by",
        "seconded_by",
        "bank_reference",
        "failure_reason",
        "created_at",
        "updated_at",
    ]

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(self.decide_view)
        address = "<int:pk>/decide/<str:action>/"
        return [path(address, decide, name="billing_payout_decide"), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        payout = self.get_object(request, object_id) if object_id else None
        context = {"allowed": transitions.allowed(payout, Actor.ADMIN)} if payout else {}
        return super().changeform_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    @method_decorator(require_POST)
    def decide_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        require_recent_factor(request)
        check_fields(request.POST)
        payout = get_object_or_404(Payout, pk=pk)
        if action not in DECISIONS:
            raise Http404
        done = _("The decision about payout %(payout)s is noted.") % {"payout": payout}
        self.attempt(request, lambda: DECISIONS[action](payout, request), done)
        return redirect(change_url(payout))

    @admin.display(description=gettext_lazy("Amount"), ordering="amount")
    def money(self, payout: Payout) -> str:
        return tenge(payout.amount)

    @admin.display(description=gettext_lazy("Where it goes"))
    def destination(self, payout: Payout) -> str:
        """In full, because somebody has to type it at the bank."""
        account = details.unseal(payout.encrypted_account)
        known = [account.beneficiary, account.iin_bin, account.iban, account.bic, account.bank_name]
        return ", ".join(filter(None, known))
