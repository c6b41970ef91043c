from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Product

MAX_PICTURES = 5
LEAST_SCALE = Decimal("0.05")
BACKGROUNDS = ["pending", "removed", "failed"]


class UserWardrobeItem(models.Model):
    """A garment in a person's own collection; theirs to edit. `images` are stored names.

    Where the `background` of the first one is removed, `original_image` is what it was before.
    """

    class Source(models.TextChoices):
        SHOP_PRODUCT = "shop_product", _("From a shop")
        GENERATED = "generated", _("Generated")
        UPLOADED = "uploaded", _("Uploaded")
        PURCHASED = "purchased", _("Bought")

    class Colour(models.TextChoices):
        BLACK = "black", _("Black")
        GREY = "grey", _("Grey")
        WHITE = "white", _("White")
        BEIGE = "beige", _("Beige")
        BROWN = "brown", _("Brown")
        RED = "red", _("Red")
        ORANGE = "orange", _("Orange")
        YELLOW = "yellow", _("Yellow")
        GREEN = "green", _("Green")
        LIGHT_BLUE = "light_blue", _("Light blue")
        BLUE = "blue", _("Blue")
        PURPLE = "purple", _("Purple")
        PINK = "pink", _("Pink")

    class Season(models.TextChoices):
        SUMMER = "summer", _("Summer")
        DEMI_SEASON = "demi_season", _("Spring and autumn")
        WINTER = "winter", _("Winter")
        ALL_YEAR = "all_year", _("All year")

    class Background(models.TextChoices):
        PENDING = "pending", _("Being removed")
        REMOVED = "removed", _("Removed")
        FAILED = "failed", _("Could not be removed")

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
    # What the client calls it, so that what is sent twice is kept once.
    client_key = models.CharField(max_length=64, blank=True)
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
    season = models.CharField(_("season"), max_length=11, choices=Season, blank=True)
    is_favorite = models.BooleanField(_("favourite"), default=False)
    folder = models.CharField(_("folder"), max_length=100, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    # What the worker sees in the first picture; the owner may know the colour better.
    colour = models.CharField(_("colour"), max_length=10, choices=Colour, blank=True)
    fingerprint = models.BigIntegerField(null=True)
    background = models.CharField(_("background"), max_length=8, choices=Background, blank=True)
    background_error = models.CharField(max_length=40, blank=True)
    background_asked_at = models.DateTimeField(null=True)  # which wish a worker answers
    original_image = models.CharField(max_length=200, blank=True)
    duplicate_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="duplicates")
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
            models.CheckConstraint(
                condition=Q(season__in=["", "summer", "demi_season", "winter", "all_year"]),
                name="wardrobe_season_known",
            ),
            models.CheckConstraint(
                condition=Q(colour="")
                | Q(
                    colour__in=[
                        *("black", "grey", "white", "beige", "brown", "red", "orange"),
                        *("yellow", "green", "light_blue", "blue", "purple", "pink"),
                    ]
                ),
                name="wardrobe_colour_known",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("id")),
                name="wardrobe_duplicate_of_another",
            ),
            models.CheckConstraint(
                condition=Q(background_asked_at=None, background="")
                | Q(background_asked_at__isnull=False, background__in=BACKGROUNDS),
                name="wardrobe_background_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(background="removed") ^ Q(original_image=""),
                name="wardrobe_original_of_removed",
            ),
            models.CheckConstraint(
                condition=Q(background="failed") ^ Q(background_error=""),
                name="wardrobe_background_failed_why",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="wardrobe_item_has_name"),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gt=0, price__lte=10**8),
                name="wardrobe_price_sane",
            ),
            models.UniqueConstraint(
                fields=["user", "client_key"],
                condition=~Q(client_key=""),
                name="wardrobe_client_key_once",
            ),
            # What the keys of placements refer to.
            models.UniqueConstraint(fields=["id", "user"], name="wardrobe_item_and_owner"),
        ]
        indexes = [models.Index(fields=["user", "-id"])]

    def __str__(self) -> str:
        return self.name


class Outfit(models.Model):
    """Garments that are worn together.

    The worker draws `cover`, a stored name, anew for each `revision`. A link to the outfit is good
    until `shared_until`, and only the one with the newest `share_number`.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="outfits", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=255)
    description = models.CharField(_("description"), max_length=2000, blank=True)
    is_favorite = models.BooleanField(_("favourite"), default=False)
    cover = models.CharField(_("cover"), max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0)
    share_number = models.PositiveIntegerField(default=0)
    shared_until = models.DateTimeField(_("shared until"), null=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        db_table = "outfits"
        verbose_name = _("outfit")
        verbose_name_plural = _("outfits")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="outfit_has_name"),
            # What the keys of placements refer to.
            models.UniqueConstraint(fields=["id", "user"], name="outfit_and_owner"),
        ]
        indexes = [models.Index(fields=["user", "-id"])]

    def __str__(self) -> str:
        return self.name


class OutfitItem(models.Model):
    """Where a garment lies on the picture of an outfit; both belong to `user`.

    `x` and `y` are the middle of the garment, `scale` is the part of the picture that it fills, all
    between 0 and 1; a higher `layer` lies over a lower one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="outfit_items")
    outfit = models.ForeignKey(Outfit, models.CASCADE, related_name="placements", db_index=False)
    item = models.ForeignKey(UserWardrobeItem, models.CASCADE, related_name="placements")
    layer = models.PositiveSmallIntegerField()
    x = models.DecimalField(max_digits=4, decimal_places=3)
    y = models.DecimalField(max_digits=4, decimal_places=3)
    scale = models.DecimalField(max_digits=4, decimal_places=3)

    class Meta:
        db_table = "outfit_items"
        ordering = ["layer"]
        verbose_name = _("item of an outfit")
        verbose_name_plural = _("items of outfits")
        constraints = [
            models.UniqueConstraint(fields=["outfit", "item"], name="outfit_item_once"),
            models.UniqueConstraint(fields=["outfit", "layer"], name="outfit_layer_once"),
            models.CheckConstraint(
                condition=Q(x__range=(0, 1), y__range=(0, 1), scale__range=(LEAST_SCALE, 1)),
                name="outfit_item_on_the_picture",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outfit_id}: {self.item_id}"


class Collection(models.Model):
    """A named group of items; an item may stand in several, and in a folder besides."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="collections",
        verbose_name=_("user"),
        db_index=False,
    )
    name = models.CharField(_("name"), max_length=100)
    items = models.ManyToManyField(
        UserWardrobeItem, through="CollectionItem", related_name="collections"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        db_table = "wardrobe_collections"
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="collection_has_name"),
            models.UniqueConstraint(fields=["user", "name"], name="collection_name_once"),
            # What the keys of its items refer to.
            models.UniqueConstraint(fields=["id", "user"], name="collection_and_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class CollectionItem(models.Model):
    """An item in a collection; both belong to `user`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="collection_items"
    )
    collection = models.ForeignKey(Collection, models.CASCADE, db_index=False)
    item = models.ForeignKey(UserWardrobeItem, models.CASCADE)

    class Meta:
        db_table = "wardrobe_collection_items"
        constraints = [
            models.UniqueConstraint(fields=["collection", "item"], name="collected_once"),
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.item_id}"


class WardrobeArchive(models.Model):
    """A wardrobe written into ZIP files for its owner, or one that its owner has sent.

    `parts` is how many files an export has; `report` tells what became of an import's items.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("Export")
        IMPORT = "import", _("Import")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="wardrobe_archives"
    )
    kind = models.CharField(max_length=6, choices=Kind)
    status = models.CharField(max_length=6, choices=Status, default=Status.QUEUED)
    parts = models.PositiveSmallIntegerField(default=0)
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wardrobe_archives"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["export", "import"]), name="wardrobe_archive_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status="queued", finished_at=None)
                | Q(status__in=["ready", "failed"], finished_at__isnull=False),
                name="wardrobe_archive_done_is_finished",
            ),
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(status="queued"),
                name="wardrobe_archive_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Wear(models.Model):
    """A day on which a garment was worn, or is to be; `outfit` is what it was part of."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="wears", db_index=False
    )
    item = models.ForeignKey(UserWardrobeItem, models.CASCADE, related_name="wears", db_index=False)
    outfit = models.ForeignKey(Outfit, models.SET_NULL, null=True, related_name="wears")
    day = models.DateField(_("day"))
    is_planned = models.BooleanField(_("planned"), default=False)

    class Meta:
        db_table = "wardrobe_wears"
        verbose_name = _("day of wearing")
        verbose_name_plural = _("days of wearing")
        constraints = [
            models.UniqueConstraint(fields=["item", "day"], name="worn_once_a_day"),
        ]
        indexes = [models.Index(fields=["user", "day"])]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.day}"
