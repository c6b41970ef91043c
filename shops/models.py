from typing import Protocol

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Person(Protocol):
    """Whoever signs in: the ids that Google and Apple know them by."""

    google_id: str | None
    apple_id: str | None


def same_person(person: Person) -> Q:
    """Users, or shops, that the same person signs in to. An id that is missing is nobody's."""
    at_google = Q(google_id=person.google_id, google_id__isnull=False)
    return at_google | Q(apple_id=person.apple_id, apple_id__isnull=False)


class ShopQuerySet(models.QuerySet["Shop"]):
    def owned_by(self, person: Person) -> "ShopQuerySet":
        return self.filter(same_person(person)).order_by("pk")

    def public(self) -> "ShopQuerySet":
        """What shoppers may see: approved and open shops."""
        return self.filter(is_approved=True, is_active=True)

    def awaiting_approval(self) -> "ShopQuerySet":
        """The approval queue: neither approved nor rejected, oldest first."""
        return self.filter(is_approved=False, rejection_reason="").order_by("created_at")


class Shop(models.Model):
    """A seller. Signs in on an account of its own, beside any User of the same person.

    `balance` (KZT) and `ledger_seq` are moved by the ledger's trigger alone.
    """

    google_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    apple_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    email = models.EmailField(_("e-mail"), unique=True)
    shop_name = models.CharField(_("name of the shop"), max_length=120)
    owner_name = models.CharField(_("owner"), max_length=120, blank=True)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    avatar = models.CharField(_("picture"), max_length=500, blank=True, db_column="avatar_url")
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    whatsapp_number = models.CharField(_("WhatsApp number"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)
    balance = models.DecimalField(
        _("balance"), max_digits=14, decimal_places=2, default=0, editable=False
    )
    ledger_seq = models.BigIntegerField(default=0, editable=False)
    is_approved = models.BooleanField(_("approved"), default=False)
    is_active = models.BooleanField(_("open"), default=True)
    rejection_reason = models.CharField(_("reason of the rejection"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ShopQuerySet.as_manager()
    is_authenticated = True  # as Django asks of whoever makes a request

    class Meta:
        db_table = "shops"
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        constraints = [
            # The upper bound also refuses NaN, which passes a plain ">= 0".
            models.CheckConstraint(
                condition=Q(balance__gte=0, balance__lte=10**12), name="shop_balance_sane"
            ),
            models.CheckConstraint(
                condition=Q(is_approved=False) | Q(rejection_reason=""),
                name="shop_not_approved_and_rejected",
            ),
            models.CheckConstraint(condition=~Q(shop_name=""), name="shop_has_name"),
            models.CheckConstraint(
                condition=Q(is_active=False)
                | Q(google_id__isnull=False)
                | Q(apple_id__isnull=False),
                name="shop_signs_in_somehow",
            ),
            models.CheckConstraint(
                condition=~Q(google_id="") & ~Q(apple_id=""), name="shop_identity_not_empty"
            ),
            models.UniqueConstraint(Lower("email"), name="shop_email_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.shop_name

    @property
    def status(self) -> str:
        """`pending`, `approved`, `rejected` or `suspended`."""
        if self.is_approved:
            return "approved" if self.is_active else "suspended"
        return "rejected" if self.rejection_reason else "pending"
