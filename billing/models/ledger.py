from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shops.models import Shop

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
        SHOP_RECEIVABLE = "shop_receivable", _("Owed by shops")
        REFUND_HOLD = "refund_hold", _("On its way back to payers")

    class Type(models.TextChoices):
        TOPUP = "topup", _("Top-up")
        PURCHASE = "purchase", _("Purchase")
        SALE = "sale", _("Sale")
        REFUND = "refund", _("Refund")
        PAYOUT = "payout", _("Payout")
        PAYOUT_RETURN = "payout_return", _("Returned payout")
        COMMISSION = "commission", _("Commission")
        PROMO = "promo", _("Gift")
        ADJUSTMENT = "adjustment", _("Correction")
        GENERATION_CHARGE = "generation_charge", _("Hold for a generation")
        GENERATION_CAPTURE = "generation_capture", _("Payment for a generation")
        GENERATION_REFUND = "generation_refund", _("Refund for a generation")
        RELEASE = "release", _("Earnings released")
        RENTAL_DEPOSIT = "rental_deposit", _("Rental deposit")
        RENTAL_DEPOSIT_RETURN = "rental_deposit_return", _("Return of a rental deposit")
        RENTAL_EXTENSION = "rental_extension", _("Longer rental")
        TOPUP_REFUND = "topup_refund", _("Return to the payer")
        TOPUP_REFUND_FAILED = "topup_refund_failed", _("Return to the payer that failed")
        APPROVAL_FEE = "approval_fee", _("Fee for an approval")
        PRODUCT_RENT = "product_rent", _("Showing of a product")

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
