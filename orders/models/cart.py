from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductVariant
from orders.models.kinds import MAX_QUANTITY


class Cart(models.Model):
    """What a person means to buy or to rent."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="cart")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "carts"
        verbose_name = _("cart")
        verbose_name_plural = _("carts")

    def __str__(self) -> str:
        return f"cart of {self.user}"


class CartItem(models.Model):
    """One line of a cart; prices are those of the time of ordering. With a period it is a rental.

    Both days of the period count.
    """

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="items")
    variant = models.ForeignKey(
        ProductVariant, models.CASCADE, related_name="cart_items", verbose_name=_("variant")
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    rental_start_date = models.DateField(_("first day of the rental"), null=True)
    rental_end_date = models.DateField(_("last day of the rental"), null=True)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        db_table = "cart_items"
        verbose_name = _("line of a cart")
        verbose_name_plural = _("lines of a cart")
        constraints = [
            models.UniqueConstraint(
                fields=["cart", "variant", "rental_start_date", "rental_end_date"],
                name="cart_item_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY),
                name="cart_item_quantity_sane",
            ),
            models.CheckConstraint(
                condition=Q(rental_start_date=None, rental_end_date=None)
                | Q(
                    rental_start_date__isnull=False,
                    rental_end_date__isnull=False,
                    rental_end_date__gte=F("rental_start_date"),
                ),
                name="cart_item_period_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant}"
