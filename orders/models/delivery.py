from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.kinds import MAX_AMOUNT
from shops.models import Shop


class DeliveryMethod(models.Model):
    """One way in which a shop hands its orders over, and what it costs, in KZT."""

    class Kind(models.TextChoices):
        FLAT = "flat", _("Delivery at a fixed price")
        FREE_FROM = "free_from", _("Delivery that is free from an amount on")
        PICKUP = "pickup", _("To be picked up at the shop")

    shop = models.ForeignKey(
        Shop, models.CASCADE, related_name="delivery_methods", verbose_name=_("shop")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    name = models.CharField(_("name"), max_length=100)
    price = models.DecimalField(_("price, ₸"), max_digits=12, decimal_places=2, default=0)
    free_from = models.DecimalField(
        _("free from, ₸"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        db_table = "delivery_methods"
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0, price__lte=MAX_AMOUNT), name="delivery_price_sane"
            ),
            models.CheckConstraint(
                condition=Q(kind="free_from", free_from__gt=0, free_from__lte=MAX_AMOUNT)
                | (Q(kind__in=["flat", "pickup"]) & Q(free_from=None)),
                name="delivery_kind_sane",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="delivery_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryAddress(models.Model):
    """Where a person lets things be sent to."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="addresses",
        verbose_name=_("person"),
    )
    recipient = models.CharField(_("recipient"), max_length=120)
    phone = models.CharField(_("phone"), max_length=20)
    city = models.CharField(_("city"), max_length=100)
    street = models.CharField(_("street, house, flat"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    comment = models.CharField(_("for the courier"), max_length=300, blank=True)
    is_default = models.BooleanField(_("used unless told"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "delivery_addresses"
        verbose_name = _("delivery address")
        verbose_name_plural = _("delivery addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="one_default_address"
            ),
        ]

    def __str__(self) -> str:
        parts = [self.recipient, self.phone, self.city, self.street, self.postal_code, self.comment]
        return ", ".join(filter(None, parts))
