from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ProductReportQuerySet(models.QuerySet["ProductReport"]):
    def undecided(self) -> "ProductReportQuerySet":
        """Those about which an administrator has to decide, the oldest first."""
        return self.filter(decision="").order_by("pk")

    def taken_down_since(self, moment: datetime) -> "ProductReportQuerySet":
        """Those whose product was taken down then or later."""
        taken_down = ProductReport.Decision.TAKEN_DOWN
        return self.filter(decision=taken_down, decided_at__gte=moment)

    def decide(self, decision: str, by: User) -> None:
        """Note the same decision about all of them."""
        now = timezone.now()
        self.update(decision=decision, decided_at=now, decided_by=by, updated_at=now)

    def reopen(self) -> None:
        """Let them wait for a decision again."""
        self.update(decision="", decided_at=None, decided_by=None, updated_at=timezone.now())


class ProductReport(models.Model):
    """That a person thinks a product should not be on sale, and what was decided about it."""

    class Reason(models.TextChoices):
        COUNTERFEIT = "counterfeit", _("A counterfeit")
        FORBIDDEN = "forbidden", _("May not be sold")
        MISLEADING = "misleading", _("Not what is shown or described")
        OFFENSIVE = "offensive", _("Offensive")
        FRAUD = "fraud", _("Fraud")
        OTHER = "other", _("Something else")

    class Decision(models.TextChoices):
        DISMISSED = "dismissed", _("Dismissed")
        TAKEN_DOWN = "taken_down", _("Product taken down")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="product_reports",
        verbose_name=_("reported by"),
    )
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="reports", verbose_name=_("product")
    )
    reason = models.CharField(_("reason"), max_length=11, choices=Reason)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    created_at = models.DateTimeField(_("reported"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ProductReportQuerySet.as_manager()

    class Meta:
        db_table = "product_reports"
        verbose_name = _("report of a product")
        verbose_name_plural = _("reports of products")
        constraints = [
            models.UniqueConstraint(fields=["user", "product"], name="product_reported_once"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | Q(decision__in=["dismissed", "taken_down"], decided_at__isnull=False),
                name="product_report_decision_known",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(decision=""), name="product_report_undecided"),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.get_reason_display()}"
