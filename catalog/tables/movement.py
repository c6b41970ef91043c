from django.db import models
from django.utils.translation import gettext_lazy as _


class StockMovement(models.Model):
    """A change of what is in stock, or promised, of a variant. The database alone writes it.

    The sums of a variant's movements are its `stock` (nothing, while pieces are not counted) and
    `reserved`. `order_id` is that of the order, if one was the reason.
    """

    class Reason(models.TextChoices):
        ORDERED = "ordered", _("Ordered")
        CANCELLED = "cancelled", _("Order cancelled")
        SHIPPED = "shipped", _("Shipped")
        RETURNED = "returned", _("Sent back")
        CORRECTED = "corrected", _("Corrected by the shop")
        IMPORTED = "imported", _("Imported")

    variant = models.ForeignKey(
        "catalog.ProductVariant", models.CASCADE, related_name="movements", editable=False
    )
    reason = models.CharField(max_length=9, choices=Reason, editable=False)
    stock_change = models.IntegerField(editable=False)
    reserved_change = models.IntegerField(editable=False)
    stock_after = models.PositiveIntegerField(null=True, editable=False)
    reserved_after = models.PositiveIntegerField(editable=False)
    order_id = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        db_table = "stock_movements"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    reason__in=[
                        *("ordered", "cancelled", "shipped", "returned", "corrected", "imported"),
                    ]
                ),
                name="stock_movement_reason_known",
            ),
        ]
        indexes = [models.Index(fields=["variant", "-id"], name="stock_movement_newest")]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.reason} {self.stock_change:+}"
