from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Product

MAX_PICTURES = 5


class UserWardrobeItem(models.Model):
    """A garment in a person's own collection; theirs to edit. `images` are stored names."""

    class Source(models.TextChoices):
        SHOP_PRODUCT = "shop_product", _("From a shop")
        GENERATED = "generated", _("Generated")
        UPLOADED = "uploaded", _("Uploaded")
        PURCHASED = "purchased", _("Bought")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="wardrobe", verbose_name=_("user")
    )
    source = models.CharField(_("where it comes from"), max_length=16, choices=Source)
    original_product = models.ForeignKey(
        Product,
        models.SET_NULL,
        null=True,
        related_name="wardrobe_items",
        verbose_name=_("product"),
    )
    generation = models.ForeignKey(
        "generations.Generation",
        models.SET_NULL,
        null=True,
        related_name="wardrobe_items",
        verbose_name=_("generation"),
    )
    name = models.CharField(_("name"), max_length=255)
    description = models.CharField(_("description"), max_length=2000, blank=True)
    characteristics = models.JSONField(_("characteristics"), default=dict, blank=True)
    images = models.JSONField(_("pictures"), default=list, blank=True)
    price = models.DecimalField(_("price, ₸"), max_digits=12, decimal_places=2, null=True)
    category = models.ForeignKey(
        Category,
        models.SET_NULL,
        null=True,
        related_name="wardrobe_items",
        verbose_name=_("category"),
    )
    shop_name = models.CharField(_("name of the shop"), max_length=120, blank=True)
    is_favorite = models.BooleanField(_("favourite"), default=False)
    folder = models.CharField(_("folder"), max_length=100, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        db_table = "user_wardrobe_items"
        verbose_name = _("wardrobe item")
        verbose_name_plural = _("wardrobe items")
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["shop_product", "generated", "uploaded", "purchased"]),
                name="wardrobe_source_known",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="wardrobe_item_has_name"),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gt=0, price__lte=10**8),
                name="wardrobe_price_sane",
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"])]

    def __str__(self) -> str:
        return self.name
