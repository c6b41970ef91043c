from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.commission.models import CommissionRule  # noqa: F401 - Django looks for it here
from shops.models import Shop

PAYOUT_MIN = 5_000  # KZT
PAYOUT_SECOND_ADMIN_ABOVE = 500_000  # KZT
MAX_AMOUNT = 10**10  # KZT; the bound also refuses NaN, which passes every plain comparison


class Posting(models.Model):
    """One business fact that moved money; its key makes that fact impossible to book twice."""

    key = models.CharField(_("key"), max_length=200, unique=True)
    type = models.CharField(_("type"), max_length=24)
    actor = models.CharField(_("who did it"), max_length=100, default="system")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        db_table = "postings"
        verbose_name = _("posting")
        verbose_name_plural = _("postings")

    def __str__(self) -> str:
        return self.key


class Transaction(models.Model):
    """One leg of a posting. Written by billing.ledger, never changed afterwards.

    `account_seq` and `balance_after` are filled by the database for users and shops.
    """

    class Account(models.TextChoices):
        """Accounts of the platform itself; they keep no balance, so no row of theirs is hot."""

        GATEWAY = "gateway", _("Payment gateway")
        ESCROW = "escrow", _("Escrow")
        DEPOSIT = "deposit", _("Rental deposits")
        SHOP_PENDING = "shop_pending", _("Due to shops")
        GENERATION_HOLD = "generation_hold", _("Held for generations")
        GENERATION_REVENUE = "generation_revenue", _("Earned with generations")
        COMMISSION = "commission", _("Commission")
        PAYOUT_HOLD = "payout_hold", _("Held for payouts")
        PAYOUT = "payout", _("Paid out to banks")
        PROMO = "promo", _("Gifts")
        ADJUSTMENT = "adjustment", _("Corrections")

    class Type(models.TextChoices):
        TOPUP = "topup", _("Top-up")
        PURCHASE = "purchase", _("Purchase")
        SALE = "sale", _("Sale")
        REFUND = "refund", _("Refund")
        PAYOUT = "payout", _("Payout")
        PAYOUT_RETURN = "payout_return", _("Returned payout")
        COMMISSION = "commission", _("Commission")
        PROMO = "promo", _("Gift")
        APPROVAL_FEE = "approval_fee", _("Fee for an approval")
        PRODUCT_RENT = "product_rent", _("Showing of a product")
        ADJUSTMENT = "adjustment", _("Correction")
        GENERATION_CHARGE = "generation_charge", _("Hold for a generation")
        GENERATION_CAPTURE = "generation_capture", _("Payment for a generation")
        GENERATION_REFUND = "generation_refund", _("Refund for a generation")

    posting = models.ForeignKey(
        Posting, models.RESTRICT, related_name="legs", verbose_name=_("posting")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        related_name="transactions",
        verbose_name=_("user"),
    )
    shop = models.ForeignKey(
        Shop, models.RESTRICT, null=True, related_name="transactions", verbose_name=_("shop")
    )
    system_account = models.CharField(  # noqa: DJ001 - NULL counts in the constraint
        _("account of the platform"), max_length=20, choices=Account, null=True
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    type = models.CharField(_("type"), max_length=24, choices=Type)
    account_seq = models.BigIntegerField(null=True, editable=False)
    balance_after = models.DecimalField(
        _("balance after"), max_digits=14, decimal_places=2, null=True, editable=False
    )
    order = models.ForeignKey(
        "orders.Order",
        models.RESTRICT,
        null=True,
        related_name="transactions",
        verbose_name=_("order"),
    )
    generation = models.ForeignKey(
        "generations.Generation",
        models.RESTRICT,
        null=True,
        related_name="transactions",
        verbose_name=_("generation"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        db_table = "transactions"
        verbose_name = _("movement of money")
        verbose_name_plural = _("movements of money")
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__gte=-MAX_AMOUNT, amount__lte=MAX_AMOUNT),
                name="transaction_amount_sane",
            ),
            models.UniqueConstraint(fields=["user", "account_seq"], name="one_seq_per_user"),
            models.UniqueConstraint(fields=["shop", "account_seq"], name="one_seq_per_shop"),
            models.UniqueConstraint(
                fields=["generation"],
                condition=Q(type="generation_charge", user__isnull=False),
                name="one_charge_per_generation",
            ),
            models.UniqueConstraint(
                fields=["generation"],
                condition=Q(
                    type__in=["generation_capture", "generation_refund"],
                    system_account="generation_hold",
                ),
                name="one_resolution_per_generation",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(type="purchase", user__isnull=False),
                name="one_payment_per_order",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(type__in=["sale", "refund"], system_account="escrow"),
                name="one_settlement_per_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.amount:+} ({self.posting.key})"


class Payment(models.Model):
    """Money on its way in through a gateway, to the balance of a user or a shop (KZT)."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for payment")
        SUCCEEDED = "succeeded", _("Paid")
        FAILED = "failed", _("Failed")

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
    provider = models.CharField(_("gateway"), max_length=20)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

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
                condition=Q(status__in=["pending", "succeeded", "failed"]),
                name="payment_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class PaymentEvent(models.Model):
    """What a gateway told us, once per event, as it was sent."""

    provider = models.CharField(max_length=20)
    event_key = models.CharField(max_length=100)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "payment_events"
        verbose_name = _("message of a gateway")
        verbose_name_plural = _("messages of gateways")
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_key"], name="payment_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_key}"


class BankDetails(models.Model):
    """Where a shop's payouts go. Read and written by billing.bank.details, at rest encrypted."""

    shop = models.OneToOneField(Shop, models.CASCADE, related_name="bank_details")
    encrypted = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "bank_details"
        verbose_name = _("bank details")
        verbose_name_plural = _("bank details")

    def __str__(self) -> str:
        return f"bank details of {self.shop}"


class Payout(models.Model):
    """A shop's money on its way to its bank (KZT); `billing.payouts.transitions` says how.

    `encrypted_account` is where it goes: the bank details as they were when it was asked for.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Waiting for approval")
        PROCESSING = "processing", _("Approved")
        PAID = "paid", _("Paid out")
        RETURNED = "returned", _("Returned to the balance")

    shop = models.ForeignKey(Shop, models.RESTRICT, related_name="payouts", verbose_name=_("shop"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REQUESTED)
    encrypted_account = models.TextField(editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        related_name="+",
        verbose_name=_("second approval by"),
    )
    bank_reference = models.CharField(_("bank reference"), max_length=100, blank=True)
    failure_reason = models.CharField(_("why it was returned"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        db_table = "payouts"
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=PAYOUT_MIN, amount__lte=MAX_AMOUNT),
                name="payout_amount_sane",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "processing", "paid", "returned"]),
                name="payout_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "returned"]) | Q(approved_by__isnull=False),
                name="payout_goes_out_approved",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "returned"])
                | Q(amount__lte=PAYOUT_SECOND_ADMIN_ABOVE)
                | Q(seconded_by__isnull=False),
                name="payout_above_limit_approved_twice",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("approved_by")),
                name="payout_approved_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status="paid") ^ Q(bank_reference=""),
                name="payout_paid_has_reference",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"]),
            models.Index(fields=["status", "-id"]),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    @property
    def lacks_approval(self) -> bool:
        """Whether an administrator, or a second one, still has to approve it."""
        if self.amount > PAYOUT_SECOND_ADMIN_ABOVE:
            return self.seconded_by_id is None
        return self.approved_by_id is None
