from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shops.models import Shop

MAX_PRICE = 10**8  # KZT; the bound also refuses NaN
MAX_PICTURES = 10


class Category(models.Model):
    """A kind of garment. `garment` tells the try-on engine where on the body it is worn."""

    class Garment(models.TextChoices):
        TOP = "top", _("Worn on the upper body")
        BOTTOM = "bottom", _("Worn on the legs")
        DRESS = "dress", _("Dress")
        SKIRT = "skirt", _("Skirt")
        OUTER = "outer", _("Outerwear")
        AUTO = "auto", _("Judged by the picture")

    slug = models.SlugField(_("short name in addresses"), max_length=100, unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=100)
    name_kk = models.CharField(_("name in Kazakh"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    garment = models.CharField(
        _("where it is worn"), max_length=8, choices=Garment, default=Garment.AUTO
    )
    order = models.PositiveIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        db_table = "product_categories"
        ordering = ["order", "pk"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(
                condition=Q(garment__in=["top", "bottom", "dress", "skirt", "outer", "auto"]),
                name="category_garment_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the caller's language."""
        names = {"kk": self.name_kk, "en": self.name_en}
        return names.get((get_language() or "ru")[:2], self.name_ru)


class ProductQuerySet(models.QuerySet["Product"]):
    def visible(self) -> "ProductQuerySet":
        """What shoppers may see: approved products on sale in approved, open shops."""
        return self.kept().filter(
            moderation_status=Product.Moderation.APPROVED,
            is_active=True,
            shop__is_approved=True,
            shop__is_active=True,
        )

    def kept(self) -> "ProductQuerySet":
        """What its shop has not deleted."""
        return self.filter(deleted_at=None)

    def awaiting_moderation(self) -> "ProductQuerySet":
        """The moderation queue, oldest first."""
        waiting = self.kept().filter(moderation_status=Product.Moderation.PENDING)
        return waiting.order_by("created_at")


class Product(models.Model):
    """Something a shop offers. `price` in KZT; `images` are stored names, the main one first."""

    class Moderation(models.TextChoices):
        PENDING = "pending", _("Waiting for moderation")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="products", verbose_name=_("shop"))
    category = models.ForeignKey(
        Category,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("category"),
    )
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    price = models.DecimalField(_("price, ₸"), max_digits=12, decimal_places=2)
    characteristics = models.JSONField(_("characteristics"), default=dict, blank=True)
    images = models.JSONField(_("pictures"), default=list, blank=True)
    moderation_status = models.CharField(
        _("moderation"), max_length=8, choices=Moderation, default=Moderation.PENDING
    )
    moderation_notes = models.CharField(_("notes of the moderator"), max_length=1000, blank=True)
    moderated_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    is_active = models.BooleanField(_("on sale"), default=False)
    views_count = models.PositiveIntegerField(_("views"), default=0)
    try_ons_count = models.PositiveIntegerField(_("try-ons"), default=0)
    purchases_count = models.PositiveIntegerField(_("purchases"), default=0)
    rent_expires_at = models.DateTimeField(_("rented out until"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    deleted_at = models.DateTimeField(null=True, editable=False)  # kept for its orders alone

    objects = ProductQuerySet.as_manager()

    class Meta:
        db_table = "products"
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gt=0, price__lte=MAX_PRICE), name="product_price_sane"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="product_has_name"),
            models.CheckConstraint(
                condition=Q(moderation_status__in=["pending", "approved", "rejected"]),
                name="product_moderation_known",
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(moderation_status="approved"),
                name="product_active_only_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(deleted_at=None),
                name="product_active_only_when_kept",
            ),
        ]
        indexes = [
            models.Index(fields=["moderation_status", "created_at"]),
            models.Index(fields=["-id"], condition=Q(is_active=True), name="product_on_sale"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Whether anybody may see its pictures: an administrator has approved it."""
        return self.moderation_status == self.Moderation.APPROVED
