from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductVariant
from orders.models import kinds
from orders.models.kinds import MAX_AMOUNT, MAX_QUANTITY, STAGES
from shops.models import Shop


def _sane(name: str, *, least: int = 0) -> models.CheckConstraint:
    """An amount of money in KZT; the upper bound also refuses NaN."""
    within = {f"{name}__gte": least, f"{name}__lte": MAX_AMOUNT}
    return models.CheckConstraint(condition=Q(**within), name=f"order_{name}_sane")


def _money(title: Any) -> models.DecimalField:
    return models.DecimalField(title, max_digits=14, decimal_places=2, default=0)


class Checkout(models.Model):
    """What was ordered at once and is paid by one payment; `to_pay` in KZT, deposits included."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        related_name="checkouts",
        verbose_name=_("buyer"),
    )
    to_pay = models.DecimalField(_("to pay"), max_digits=14, decimal_places=2)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        db_table = "checkouts"
        verbose_name = _("checkout")
        verbose_name_plural = _("checkouts")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_pay__gt=0, to_pay__lte=MAX_AMOUNT), name="checkout_to_pay_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"checkout {self.pk}"


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        """Those whose money or goods are still on the way, or on the way back."""
        is_open = Q(status__in=["pending", "confirmed"]) | Q(stage="return_requested_late")
        return self.filter(is_open)

    def awaiting_decision(self) -> "OrderQuerySet":
        """Those about whose money somebody has to decide."""
        return self.filter(stage__in=kinds.AWAITING_DECISION)

    def awaiting_shop(self) -> "OrderQuerySet":
        """Those that go on when their shop does something."""
        at_the_shop = ["paid", "processing", "shipped", "booked"]
        returning = Q(stage__in=["in_use", "overdue"], sent_back_at__isnull=False)
        asked = Q(stage__in=["return_requested", "return_requested_late"])
        return self.filter(Q(stage__in=at_the_shop) | returning | asked)

    def due(self) -> "OrderQuerySet":
        """Those for which a time limit has run out, the oldest first."""
        return self.filter(next_due_at__lte=timezone.now()).order_by("next_due_at")


class Order(models.Model):
    """What one person buys or rents from one shop. Money in KZT.

    `orders.transitions` says what may happen. `total_amount` is the price of the goods or the rent
    and the delivery; a deposit comes on top. `product` is the first line's product. `stage_since`
    is when the stage was entered, `next_due_at` when the first time limit of it runs out.
    """

    Type = kinds.Type
    Status = kinds.Status
    Stage = kinds.Stage

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="orders", verbose_name=_("buyer")
    )
    shop = models.ForeignKey(Shop, models.RESTRICT, related_name="orders", verbose_name=_("shop"))
    product = models.ForeignKey(
        Product, models.RESTRICT, related_name="orders", verbose_name=_("product")
    )
    checkout = models.ForeignKey(
        Checkout, models.RESTRICT, null=True, related_name="orders", verbose_name=_("checkout")
    )
    order_type = models.CharField(_("type"), max_length=8, choices=Type, default=Type.PURCHASE)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PENDING)
    stage = models.CharField(
        _("stage"), max_length=21, choices=Stage, default=Stage.AWAITING_PAYMENT
    )
    payment_method = models.CharField(_("paid by"), max_length=20, default="balance")
    items_amount = _money(_("goods or rent"))
    delivery_amount = _money(_("delivery"))
    total_amount = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    deposit_amount = _money(_("deposit"))
    commission_amount = _money(_("commission"))
    late_fee_amount = _money(_("fee for being late"))
    claim_amount = _money(_("claimed for damage"))
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    returnable = models.BooleanField(_("may be returned"), default=True)
    return_days = models.PositiveSmallIntegerField(_("time to send it back, days"), default=14)
    rental_start_date = models.DateField(_("first day of the rental"), null=True)
    rental_end_date = models.DateField(_("last day of the rental"), null=True)
    late_fee_per_day = _money(_("fee for a day too late"))
    delivery_name = models.CharField(_("delivery"), max_length=100, blank=True)
    delivery_address = models.CharField(_("address"), max_length=900, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=60, blank=True)
    stage_since = models.DateTimeField(_("in this stage since"), default=timezone.now)
    next_due_at = models.DateTimeField(_("next time limit"), null=True)
    paid_at = models.DateTimeField(_("paid"), null=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True)
    handover_confirmed_at = models.DateTimeField(_("handover confirmed"), null=True)
    sent_back_at = models.DateTimeField(_("sent back"), null=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        db_table = "orders"
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            _sane("items_amount"),
            _sane("delivery_amount"),
            _sane("deposit_amount"),
            _sane("commission_amount"),
            _sane("late_fee_amount"),
            _sane("claim_amount"),
            _sane("late_fee_per_day"),
            models.CheckConstraint(
                condition=Q(
                    total_amount__gt=0,
                    total_amount__lte=MAX_AMOUNT,
                    total_amount=F("items_amount") + F("delivery_amount"),
                ),
                name="order_total_sane",
            ),
            models.CheckConstraint(
                condition=Q(commission_amount__lte=F("items_amount")),
                name="order_commission_within_items",
            ),
            models.CheckConstraint(
                condition=Q(deposit_amount__gte=F("late_fee_amount") + F("claim_amount")),
                name="order_claim_within_deposit",
            ),
            models.CheckConstraint(
                condition=Q(order_type__in=["purchase", "rental"]), name="order_type_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    *(Q(status=status, stage__in=stages) for status, stages in STAGES.items()),
                    _connector=Q.OR,
                ),
                name="order_stage_of_status",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_quantity_sane"),
            models.CheckConstraint(
                condition=Q(
                    order_type="rental",
                    rental_start_date__isnull=False,
                    rental_end_date__isnull=False,
                    rental_end_date__gte=F("rental_start_date"),
                )
                | Q(
                    order_type="purchase",
                    rental_start_date__isnull=True,
                    rental_end_date__isnull=True,
                    deposit_amount=0,
                ),
                name="order_rental_has_period",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(fields=["shop", "-id"]),
            models.Index(
                fields=["next_due_at"],
                condition=Q(next_due_at__isnull=False),
                name="order_due",
            ),
        ]

    def __str__(self) -> str:
        return self.order_number

    @property
    def order_number(self) -> str:
        """The number people read out: ORD-20261123-000042."""
        return f"ORD-{self.created_at:%Y%m%d}-{self.pk:06}"

    @property
    def to_pay(self) -> Decimal:
        """The total and the deposit."""
        amount: Decimal = self.total_amount + self.deposit_amount
        return amount

    @property
    def waits_for_shipment_since(self) -> datetime | None:
        """When it was paid, for as long as nobody has been reminded to ship."""
        return None if self.reminded_at else self.paid_at

    @property
    def return_ends_at(self) -> datetime | None:
        """When the return window, as it was at the time of ordering, is over."""
        return self.delivered_at and self.delivered_at + timedelta(days=self.return_days)

    @property
    def unconfirmed_since(self) -> datetime | None:
        """When it was handed over, for as long as the customer has not confirmed that."""
        return None if self.handover_confirmed_at else self.handed_over_at

    @property
    def kept_since(self) -> datetime | None:
        """When it was handed over, for as long as the customer has not sent it back."""
        return None if self.sent_back_at else self.handed_over_at

    @property
    def starts_at(self) -> datetime | None:
        """The beginning of the first day of the rental."""
        return _midnight(self.rental_start_date)

    @property
    def ends_at(self) -> datetime | None:
        """The end of the last day of the rental."""
        start = _midnight(self.rental_end_date)
        return start + timedelta(days=1) if start else None


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None


class OrderItem(models.Model):
    """One line of an order, as it was when the order was placed; money in KZT.

    `price_at_purchase` is for one piece: to keep, or for the whole rental.
    """

    order = models.ForeignKey(Order, models.RESTRICT, related_name="items")
    product = models.ForeignKey(
        Product, models.RESTRICT, related_name="order_items", verbose_name=_("product")
    )
    variant = models.ForeignKey(
        ProductVariant,
        models.RESTRICT,
        null=True,
        related_name="order_items",
        verbose_name=_("variant"),
    )
    product_name = models.CharField(_("name"), max_length=200)
    size = models.CharField(_("size"), max_length=20, blank=True)
    colour = models.CharField(_("colour"), max_length=40, blank=True)
    price_at_purchase = models.DecimalField(_("price, ₸"), max_digits=12, decimal_places=2)
    quantity = models.PositiveIntegerField(_("quantity"))
    deposit_amount = _money(_("deposit"))
    commission_amount = _money(_("commission"))
    returnable = models.BooleanField(_("may be returned"), default=True)

    class Meta:
        db_table = "order_items"
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of an order")
        constraints = [
            models.CheckConstraint(
                condition=Q(price_at_purchase__gt=0, price_at_purchase__lte=MAX_AMOUNT),
                name="order_item_price_sane",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY),
                name="order_item_quantity_sane",
            ),
            models.CheckConstraint(
                condition=Q(deposit_amount__gte=0, deposit_amount__lte=MAX_AMOUNT),
                name="order_item_deposit_sane",
            ),
            models.CheckConstraint(
                condition=Q(commission_amount__gte=0, commission_amount__lte=MAX_AMOUNT),
                name="order_item_commission_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_name}"


class OrderEvent(models.Model):
    """One step of an order: what, from where to where, and whose. Never changed afterwards."""

    order = models.ForeignKey(Order, models.RESTRICT, related_name="events")
    event = models.CharField(_("step"), max_length=24)
    from_stage = models.CharField(_("from"), max_length=21, choices=kinds.Stage, blank=True)
    to_stage = models.CharField(_("to"), max_length=21, choices=kinds.Stage)
    actor = models.CharField(_("by"), max_length=7, choices=kinds.Actor)
    actor_id = models.BigIntegerField(null=True, editable=False)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        db_table = "order_events"
        ordering = ["pk"]
        verbose_name = _("step of an order")
        verbose_name_plural = _("steps of an order")

    def __str__(self) -> str:
        return f"{self.order}: {self.event}"
