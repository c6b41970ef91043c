from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.ledger import MAX_AMOUNT
from shops.models import Shop

PAYOUT_MIN = 5_000  # KZT
PAYOUT_SECOND_ADMIN_ABOVE = 500_000  # KZT


class BankDetails(models.Model):
    """Where a shop's payouts go. Read and written by billing.bank.details, at rest encrypted."""

    shop = models.OneToOneField(Shop, models.CASCADE, related_name="bank_details")
    encrypted = models.TextField()
    iin_bin_mark = models.CharField(max_length=64, db_index=True, default="")
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
