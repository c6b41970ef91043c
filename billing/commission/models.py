from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shops.models import Shop

MOST = 10**8  # KZT; the bound also refuses NaN


class CommissionRuleQuerySet(models.QuerySet["CommissionRule"]):
    def in_force(self) -> "CommissionRuleQuerySet":
        return self.filter(is_active=True)

    def exceptions_of(self, shop: Shop) -> "CommissionRuleQuerySet":
        """Those of categories; none for a shop that has a rule of its own."""
        in_force = self.in_force()
        if in_force.filter(shop=shop).exists():
            return self.none()
        return in_force.exclude(category=None).select_related("category").order_by("category")


class CommissionRule(models.Model):
    """How much of a sale the platform keeps: of one shop's, of one category's, or of all others.

    `fixed`, `minimum` and `maximum` are KZT for each piece. billing.commission.rules says which
    rule counts. Rules are switched off, not deleted; what was sold keeps what was agreed.
    """

    shop = models.ForeignKey(
        Shop,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="commission_rules",
        verbose_name=_("shop"),
    )
    category = models.ForeignKey(
        "catalog.Category",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="commission_rules",
        verbose_name=_("category"),
    )
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2, default=0)
    fixed = models.DecimalField(
        _("fixed amount for a piece, ₸"), max_digits=12, decimal_places=2, default=0
    )
    minimum = models.DecimalField(
        _("at least for a piece, ₸"), max_digits=12, decimal_places=2, default=0
    )
    maximum = models.DecimalField(
        _("at most for a piece, ₸"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    is_active = models.BooleanField(_("in force"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = CommissionRuleQuerySet.as_manager()

    class Meta:
        db_table = "commission_rules"
        verbose_name = _("commission rule")
        verbose_name_plural = _("commission rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="commission_percent_sane"
            ),
            models.CheckConstraint(
                condition=Q(fixed__gte=0, fixed__lte=MOST), name="commission_fixed_sane"
            ),
            models.CheckConstraint(
                condition=Q(minimum__gte=0, minimum__lte=MOST), name="commission_minimum_sane"
            ),
            models.CheckConstraint(
                condition=Q(maximum=None) | Q(maximum__gte=F("minimum"), maximum__lte=MOST),
                name="commission_maximum_sane",
            ),
            models.CheckConstraint(
                condition=Q(shop=None) | Q(category=None), name="commission_rule_has_one_target"
            ),
            models.UniqueConstraint(
                fields=["shop"],
                condition=Q(is_active=True, shop__isnull=False),
                name="one_commission_rule_per_shop",
            ),
            models.UniqueConstraint(
                fields=["category"],
                condition=Q(is_active=True, category__isnull=False),
                name="one_commission_rule_per_category",
            ),
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True, shop=None, category=None),
                name="one_default_commission_rule",
            ),
        ]

    def __str__(self) -> str:
        return str(self.shop or self.category or _("all others"))
