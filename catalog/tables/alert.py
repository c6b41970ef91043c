from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Alert(models.Model):
    """That a person wants to hear when a product, or one variant of it, is there or cheaper.

    It is a row for as long as they wait. `price` in KZT is what it has to fall below.
    """

    class Kind(models.TextChoices):
        BACK_IN_STOCK = "back_in_stock", _("Back in stock")
        PRICE_DROP = "price_drop", _("Cheaper")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts", editable=False
    )
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="alerts", editable=False
    )
    variant = models.ForeignKey(
        "catalog.ProductVariant", models.CASCADE, null=True, related_name="alerts", editable=False
    )
    kind = models.CharField(max_length=13, choices=Kind, editable=False)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "product_alerts"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "product", "variant", "kind"],
                nulls_distinct=False,
                name="alert_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="back_in_stock", price=None)
                | Q(kind="price_drop", price__isnull=False),
                name="alert_of_a_price_has_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.product_id} {self.kind}"
