"""Payments in the administrators' site: what gateways told, and what has to be decided."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
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
from billing.models import MAX_AMOUNT, Payment, PaymentEvent, PaymentRefund
from billing.payments import refunding, reviewing
from core.admin import ReadOnlyAdmin, change_url, tenge
from core.errors import Refusal
from core.plain_text import check_fields

REASON_MAX = 500


class BadAmount(Refusal):
    code = "bad_amount"


DECISIONS: dict[str, Callable[[Payment, Any], Payment]] = {
    "accept": lambda payment, request: reviewing.accept(payment),
    "refuse": lambda payment, request: reviewing.refuse(
        payment, reason=request.POST.get("reason", "")[:REASON_MAX]
    ),
    "refund": lambda payment, request: refunding.refund(
        payment, _amount(request.POST.get("amount", "")), by=request.user
    ),
    "refund_ok": lambda payment, request: refunding.arrived(payment),
    "refund_fail": lambda payment, request: refunding.did_not_arrive(payment),
    "ask": lambda payment, request: reviewing.ask_the_gateway(payment),
}


class _ShownInline(admin.TabularInline):
    can_delete = False
    extra = 0

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class EventInline(_ShownInline):
    model = PaymentEvent
    fields = readonly_fields = ("created_at", "outcome", "amount", "currency", "accepted", "body")


class RefundInline(_ShownInline):
    model = PaymentRefund
    fields = readonly_fields = ("created_at", "amount", "status", "actor", "updated_at")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["id", "created_at", "owner", "provider", "purpose", "money", "status"]
    list_filter = ["status", "purpose", "provider", "created_at"]
    list_select_related = ["user", "shop"]
    search_fields = [
        *("=id", "=external_id"),
        *("user__email", "user__name", "shop__email", "shop__shop_name"),
    ]
    ordering = ["-pk"]
    inlines = [EventInline, RefundInline]

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(self.decide_view)
        address = "<int:pk>/decide/<str:action>/"
        return [path(address, decide, name="billing_payment_decide"), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        payment = self.get_object(request, object_id) if object_id else None
        context = _offered(payment) if isinstance(payment, Payment) else {}
        return super().changeform_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    @method_decorator(require_POST)
    def decide_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        require_recent_factor(request)
        check_fields(request.POST)
        payment = get_object_or_404(Payment, pk=pk)
        if action not in DECISIONS:
            raise Http404
        done = _("The decision about payment %(payment)s is noted.") % {"payment": payment.pk}
        self.attempt(request, lambda: DECISIONS[action](payment, request), done)
        return redirect(change_url(payment))

    @admin.display(description=gettext_lazy("Owner"))
    def owner(self, payment: Payment) -> Any:
        return payment.user or payment.shop

    @admin.display(description=gettext_lazy("Amount"), ordering="amount")
    def money(self, payment: Payment) -> str:
        return tenge(payment.amount)


@admin.register(PaymentEvent)
class PaymentEventAdmin(ReadOnlyAdmin):
    list_display = ["id", "created_at", "provider", "signature_ok", "outcome", "amount", "payment"]
    list_filter = ["signature_ok", "provider", "outcome", "created_at"]
    list_select_related = ["payment"]
    search_fields = ["=payment__id", "event_key"]
    ordering = ["-pk"]


def _offered(payment: Payment) -> dict[str, Any]:
    """What the page asks about."""
    is_reviewed = payment.status == Payment.Status.NEEDS_REVIEW
    return {
        "is_reviewed": is_reviewed,
        "came": reviewing.came(payment) if is_reviewed else None,
        "rest": refunding.rest(payment) if payment.status == Payment.Status.SUCCEEDED else None,
        "is_on_its_way": payment.status == Payment.Status.REFUND_PENDING,
        "is_unpaid": payment.paid_amount is None,
    }


def _amount(said: str) -> Decimal:
    """A refund's amount as it was typed."""
    try:
        amount = Decimal(said.replace(",", ".").strip())
        if 0 < amount <= MAX_AMOUNT and amount == amount.quantize(Decimal("0.01")):
            return amount
    except InvalidOperation:
        pass
    raise BadAmount(_("Say how many tenge are to be paid back."))
