from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models.ledger import MAX_AMOUNT
from shops.models import Shop

PAY_WITHIN = timedelta(minutes=30)
PAID = ["succeeded", "refund_pending", "refunded"]


def in_half_an_hour() -> datetime:
    return timezone.now() + PAY_WITHIN


class PaymentQuerySet(models.QuerySet["Payment"]):
    def open(self) -> "PaymentQuerySet":
        """Those that may still be paid."""
        return self.filter(status__in=["created", "pending"])

    def due(self) -> "PaymentQuerySet":
        """Those about which the gateway is to be asked now, the longest overdue first."""
        return self.filter(next_query_at__lte=timezone.now()).order_by("next_query_at")


class Payment(models.Model):
    """Money on its way in through a gateway, to the balance of a user or a shop (KZT).

    `billing.payments.transitions` says what may happen. `amount` is what was asked for,
    `paid_amount` what came, `refunded_amount` what of it went back to the payer. With a checkout,
    the balance then pays its orders. `external_id` is the gateway's own id.
    """

    class Purpose(models.TextChoices):
        TOPUP = "topup", _("Top-up")
        CHECKOUT = "checkout", _("Payment of orders")

    class Status(models.TextChoices):
        CREATED = "created", _("Begun")
        PENDING = "pending", _("Waiting for payment")
        SUCCEEDED = "succeeded", _("Paid")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Not paid in time")
        CANCELLED = "cancelled", _("Cancelled")
        NEEDS_REVIEW = "needs_review", _("To be looked at")
        REFUND_PENDING = "refund_pending", _("On its way back")
        REFUNDED = "refunded", _("Paid back")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        related_name="payments",
        verbose_name=_("user"),
    )
    shop = models.ForeignKey(
        Shop, models.RESTRICT, null=True, related_name="payments", verbose_name=_("shop")
    )
    checkout = models.ForeignKey(
        "orders.Checkout",
        models.RESTRICT,
        null=True,
        related_name="payments",
        verbose_name=_("checkout"),
    )
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose, default=Purpose.TOPUP)
    provider = models.CharField(_("gateway"), max_length=20)
    external_id = models.CharField(_("number at the gateway"), max_length=100, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="KZT")
    paid_amount = models.DecimalField(_("paid"), max_digits=14, decimal_places=2, null=True)
    refunded_amount = models.DecimalField(
        _("paid back"), max_digits=14, decimal_places=2, default=0
    )
    status = models.CharField(_("status"), max_length=14, choices=Status, default=Status.CREATED)
    pay_page = models.CharField(_("where it is paid"), max_length=2000, blank=True)
    expires_at = models.DateTimeField(_("to be paid until"), default=in_half_an_hour)
    next_query_at = models.DateTimeField(null=True, editable=False, default=in_half_an_hour)
    paid_at = models.DateTimeField(_("paid on"), null=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        db_table = "payments"
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(shop__isnull=True),
                name="payment_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MAX_AMOUNT), name="payment_amount_sane"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "created",
                        "pending",
                        "failed",
                        "expired",
                        "cancelled",
                        "needs_review",
                        *PAID,
                    ]
                ),
                name="payment_status_known",
            ),
            models.CheckConstraint(
                condition=Q(purpose="topup", checkout__isnull=True)
                | Q(purpose="checkout", checkout__isnull=False, user__isnull=False),
                name="payment_has_one_purpose",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=PAID) & Q(paid_amount__isnull=True, paid_at__isnull=True)
                | Q(
                    status__in=PAID,
                    paid_at__isnull=False,
                    paid_amount__isnull=False,
                    paid_amount__gt=0,
                    paid_amount__lte=MAX_AMOUNT,
                ),
                name="payment_paid_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(refunded_amount=0)
                | Q(
                    paid_amount__isnull=False,
                    refunded_amount__gt=0,
                    refunded_amount__lte=F("paid_amount"),
                ),
                name="payment_refund_within_paid",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["succeeded", "refund_pending", "refunded"])
                | Q(status="refunded", refunded_amount=F("paid_amount"))
                | Q(
                    status__in=["succeeded", "refund_pending"],
                    refunded_amount__lt=F("paid_amount"),
                ),
                name="payment_refunded_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["created", "pending"]) | Q(next_query_at__isnull=False),
                name="payment_open_is_asked_about",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(
                fields=["next_query_at"],
                condition=Q(next_query_at__isnull=False),
                name="payment_next_query",
            ),
            models.Index(fields=["provider", "external_id"], name="payment_external_id"),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be paid."""
        return self.status in {self.Status.CREATED, self.Status.PENDING}


class PaymentEvent(models.Model):
    """What a gateway told us, as it was sent: once per event, or as often as a forgery came.

    `accepted` tells whether it changed the payment. What stands in a message whose signature was
    wrong is not believed, so it has neither payment nor key.
    """

    payment = models.ForeignKey(
        Payment, models.RESTRICT, null=True, related_name="events", verbose_name=_("payment")
    )
    provider = models.CharField(_("gateway"), max_length=20)
    event_key = models.CharField(_("key"), max_length=200, blank=True)
    signature_ok = models.BooleanField(_("signed by the gateway"), default=False)
    outcome = models.CharField(_("outcome"), max_length=10, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=10, blank=True)
    accepted = models.BooleanField(_("changed the payment"), default=False)
    headers = models.JSONField(_("headers"), default=dict)
    query = models.TextField(_("query"), blank=True)
    body = models.TextField(_("body"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        db_table = "payment_events"
        verbose_name = _("message of a gateway")
        verbose_name_plural = _("messages of gateways")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "event_key"],
                condition=Q(signature_ok=True),
                name="payment_event_once",
            ),
            models.CheckConstraint(
                condition=Q(signature_ok=True)
                | Q(payment__isnull=True, event_key="", accepted=False),
                name="payment_event_forged_changes_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_key}"


class PaymentRefund(models.Model):
    """Money of a payment on its way back to the payer; one at a time."""

    class Status(models.TextChoices):
        PENDING = "pending", _("On its way")
        SUCCEEDED = "succeeded", _("Paid back")
        FAILED = "failed", _("Refused")

    payment = models.ForeignKey(
        Payment, models.RESTRICT, related_name="refunds", verbose_name=_("payment")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PENDING)
    actor = models.CharField(_("who did it"), max_length=100)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        db_table = "payment_refunds"
        verbose_name = _("refund to the payer")
        verbose_name_plural = _("refunds to payers")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MAX_AMOUNT), name="payment_refund_sane"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "succeeded", "failed"]),
                name="payment_refund_status_known",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(status="pending"),
                name="one_pending_refund_per_payment",
            ),
        ]

    def __str__(self) -> str:
        return f"refund {self.pk}"

    @property
    def key(self) -> str:
        """Under which the gateway gives it once."""
        return f"refund-{self.pk}"
