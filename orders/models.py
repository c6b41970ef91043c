from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from shops.models import Shop

MAX_QUANTITY = 100


class Cart(models.Model):
    """What a person means to buy."""

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
    """One line of a cart; the price is the product's at the time of buying."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="items")
    product = models.ForeignKey(
        Product, models.CASCADE, related_name="cart_items", verbose_name=_("product")
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        db_table = "cart_items"
        verbose_name = _("line of a cart")
        verbose_name_plural = _("lines of a cart")
        constraints = [
            models.UniqueConstraint(fields=["cart", "product"], name="cart_item_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY),
                name="cart_item_quantity_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product}"


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        """Those whose money or goods are still on the way."""
        return self.filter(status__in=[Order.Status.PENDING, Order.Status.CONFIRMED])


class Order(models.Model):
    """What one person buys from one shop. Money in KZT; `orders.transitions` says what may happen.

    `product` is the first line's product.
    """

    class Type(models.TextChoices):
        PURCHASE = "purchase", _("Purchase")
        RENTAL = "rental", _("Rental")

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for payment")
        CONFIRMED = "confirmed", _("Paid")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="orders", verbose_name=_("buyer")
    )
    shop = models.ForeignKey(Shop, models.RESTRICT, related_name="orders", verbose_name=_("shop"))
    product = models.ForeignKey(
        Product, models.RESTRICT, related_name="orders", verbose_name=_("product")
    )
    order_type = models.CharField(_("type"), max_length=8, choices=Type, default=Type.PURCHASE)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PENDING)
    total_amount = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    rental_start_date = models.DateField(_("first day of the rental"), null=True)
    rental_end_date = models.DateField(_("last day of the rental"), null=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        db_table = "orders"
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(total_amount__gt=0, total_amount__lte=10**10),
                name="order_total_sane",
            ),
            models.CheckConstraint(
                condition=Q(order_type__in=["purchase", "rental"]), name="order_type_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "confirmed", "completed", "cancelled"]),
                name="order_status_known",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY),
                name="order_quantity_sane",
            ),
            models.CheckConstraint(
                condition=Q(
                    order_type="rental",
                    rental_start_date__isnull=False,
                    rental_end_date__gte=F("rental_start_date"),
                )
                | Q(
                    order_type="purchase",
                    rental_start_date__isnull=True,
                    rental_end_date__isnull=True,
                ),
                name="order_rental_has_period",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(fields=["shop", "-id"]),
        ]

    def __str__(self) -> str:
        return self.order_number

    @property
    def order_number(self) -> str:
        """The number people read out: ORD-20261123-000042."""
        return f"ORD-{self.created_at:%Y%m%d}-{self.pk:06}"


class OrderItem(models.Model):
    """One line of an order, as it was when the order was placed."""

    order = models.ForeignKey(Order, models.RESTRICT, related_name="items")
    product = models.ForeignKey(
        Product, models.RESTRICT, related_name="order_items", verbose_name=_("product")
    )
    product_name = models.CharField(_("name"), max_length=200)
    price_at_purchase = models.DecimalField(_("price, ₸"), max_digits=12, decimal_places=2)
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        db_table = "order_items"
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of an order")
        constraints = [
            models.CheckConstraint(
                condition=Q(price_at_purchase__gt=0, price_at_purchase__lte=10**8),
                name="order_item_price_sane",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY),
                name="order_item_quantity_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_name}"
