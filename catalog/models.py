from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog import size_charts
from core import descriptors
from core.bits import BitsField
from shops.models import Shop

MAX_PRICE = 10**8  # KZT; the bound also refuses NaN
MAX_PICTURES = 10
MAX_STOCK = 100_000
MAX_UNITS = 100
MOST_MONTHS = 12  # for which showing is paid at once
MAX_RENTAL_DAYS = 60
MAX_BUFFER_DAYS = 14


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
    returnable = models.BooleanField(
        _("may be returned"), default=True, help_text=_("Within 14 days, unless worn.")
    )
    size_chart = models.JSONField(
        _("size chart"),
        default=list,
        blank=True,
        validators=[size_charts.check],
        help_text=_(
            "For each size the measures of the body in cm: "
            '[{"size": "M", "chest": [88, 92], "waist": 74}]'
        ),
    )
    required_characteristics = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("required characteristics"),
        default=list,
        blank=True,
        help_text=_("Products without them cannot be submitted."),
    )
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


def visible(product: str = "") -> Q:
    """Approved products on sale in approved, open shops; `product` is the path to them."""
    facts = {
        "deleted_at": None,
        "moderation_status": Product.Moderation.APPROVED,
        "is_active": True,
        "shop__is_approved": True,
        "shop__is_active": True,
    }
    return Q(**{product + fact: value for fact, value in facts.items()})


class ProductQuerySet(models.QuerySet["Product"]):
    def visible(self) -> "ProductQuerySet":
        """What shoppers may see: approved products on sale in approved, open shops."""
        return self.filter(visible())

    def kept(self) -> "ProductQuerySet":
        """What its shop has not deleted."""
        return self.filter(deleted_at=None)

    def with_offers(self) -> "ProductQuerySet":
        """With everything that the JSON of a product shows."""
        return self.select_related("shop", "rental_terms").prefetch_related("variants")

    def with_offers_apart(self) -> "ProductQuerySet":
        """The same by queries of their own, for rows that are locked or many."""
        return self.prefetch_related("shop", "rental_terms", "variants")

    def held(self) -> "ProductQuerySet":
        """As they are, with their shops, once nobody else changes them."""
        return self.kept().select_for_update(of=("self",)).select_related("shop")

    def with_revision(self) -> "ProductQuerySet":
        """With the newest revision, as `Product.last_revision` tells it."""
        known = ProductRevision.objects.exclude(status=ProductRevision.Status.REPLACED)
        newest = known.order_by("product_id", "-pk").distinct("product_id")
        return self.prefetch_related(Prefetch("revisions", newest, to_attr="newest_revisions"))

    def awaiting_moderation(self) -> "ProductQuerySet":
        """The moderation queue: new products and revisions, those that wait longest first."""
        revisions = ProductRevision.objects.waiting().filter(product=OuterRef("pk"))
        is_new = Q(moderation_status=Product.Moderation.PENDING)
        since = models.Subquery(revisions.values("created_at")[:1])
        return (
            self.kept().filter(is_new | Exists(revisions)).order_by(Coalesce(since, "created_at"))
        )


class Reason(models.TextChoices):
    """Why a product, or a change of one, is not let into the catalogue; the shop reads the text."""

    PICTURES = "bad_pictures", _("The pictures are blurry or too dark.")
    FOREIGN_PICTURES = (
        "foreign_pictures",
        _("The pictures are somebody else's or show other goods."),
    )
    CATEGORY = "wrong_category", _("The category is wrong.")
    INFORMATION = (
        "missing_information",
        _("The law asks for composition, brand, country and size: say them."),
    )
    PRICE = "misleading_price", _("The price is misleading.")
    WORDS = "bad_words", _("The text offends, advertises something else or names contacts.")
    COUNTERFEIT = "counterfeit", _("This looks like a copy of somebody else's brand.")
    DUPLICATE = "duplicate", _("The same product is offered already.")
    FORBIDDEN = "forbidden_goods", _("These goods may not be sold here.")
    OTHER = "other", _("Another reason")


def average(total: int, count: int) -> Decimal | None:
    """The average of `count` ratings; None without any."""
    return round(Decimal(total) / count, 2) if count else None


def why(reason: str, notes: str) -> str:
    """What the shop reads, in its own language: the text of the reason, and what was written."""
    named = "" if reason in {"", Reason.OTHER} else str(Reason(reason).label)
    return " ".join(filter(None, [named, notes]))


class Product(models.Model):
    """Something a shop offers. `price` in KZT; `images` are stored names, the main one first.

    `name` and `description` are in Russian, or in whichever language the shop writes.
    """

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
    name_kk = models.CharField(_("name in Kazakh"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    description_kk = models.TextField(_("description in Kazakh"), max_length=2000, blank=True)
    description_en = models.TextField(_("description in English"), max_length=2000, blank=True)
    price = models.DecimalField(_("price, ₸"), max_digits=12, decimal_places=2)
    characteristics = models.JSONField(_("characteristics"), default=dict, blank=True)
    images = models.JSONField(_("pictures"), default=list, blank=True)
    picture_facts = models.JSONField(default=dict, editable=False)  # see catalog.pictures
    pictures_made = models.PositiveIntegerField(default=0, editable=False)
    moderation_status = models.CharField(
        _("moderation"), max_length=8, choices=Moderation, default=Moderation.PENDING
    )
    moderation_reason = models.CharField(
        _("reason"), max_length=20, choices=Reason, blank=True, editable=False
    )
    moderation_notes = models.CharField(_("notes of the moderator"), max_length=1000, blank=True)
    leased_by = models.ForeignKey(  # who looks at it on the desk, see catalog.leases
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    leased_until = models.DateTimeField(null=True, editable=False)
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
    rating_sum = models.PositiveIntegerField(default=0, editable=False)
    reviews_count = models.PositiveIntegerField(_("reviews"), default=0, editable=False)
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
                condition=Q(
                    rating_sum__gte=F("reviews_count"), rating_sum__lte=F("reviews_count") * 5
                ),
                name="product_rating_sane",
            ),
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
            models.CheckConstraint(
                condition=Q(moderation_reason="") | Q(moderation_status="rejected"),
                name="product_reason_only_when_rejected",
            ),
        ]
        indexes = [
            models.Index(fields=["moderation_status", "created_at"]),
            # Counting and searching what shoppers see asks this index alone.
            models.Index(
                fields=["-id"],
                include=["shop", "category", "price"],
                condition=Q(is_active=True, moderation_status="approved", deleted_at=None),
                name="product_on_sale",
            ),
            models.Index(
                fields=["price", "-id"], condition=Q(is_active=True), name="product_by_price"
            ),
            models.Index(
                fields=["-purchases_count", "-id"],
                condition=Q(is_active=True),
                name="product_by_purchases",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Whether anybody may see its pictures: an administrator has approved it."""
        return self.moderation_status == self.Moderation.APPROVED

    @property
    def rating(self) -> Decimal | None:
        """The average of its reviews, from 1 to 5; None without any."""
        return average(self.rating_sum, self.reviews_count)

    @property
    def shown_name(self) -> str:
        """The name in the caller's language, if its shop has written one."""
        return self._in_callers_language("name")

    @property
    def shown_description(self) -> str:
        """The description in the caller's language, if its shop has written one."""
        return self._in_callers_language("description")

    def _in_callers_language(self, field: str) -> str:
        language = (get_language() or "")[:2]
        return getattr(self, f"{field}_{language}", "") or getattr(self, field)

    @property
    def why(self) -> str:
        """What the moderator said, in the reader's language."""
        return why(self.moderation_reason, self.moderation_notes)

    @property
    def revision(self) -> "ProductRevision | None":
        """What the shop wants to change and an administrator has to see first."""
        last = self.last_revision
        return last if last and last.status == ProductRevision.Status.PENDING else None

    @property
    def last_revision(self) -> "ProductRevision | None":
        """The same, or what was rejected last, until the shop changes something else."""
        if hasattr(self, "newest_revisions"):
            last = next(iter(self.newest_revisions), None)
        else:
            known = self.revisions.exclude(status=ProductRevision.Status.REPLACED)
            last = known.order_by("-pk").first()
        return last if last and last.status != ProductRevision.Status.APPROVED else None


class ProductRevisionQuerySet(models.QuerySet["ProductRevision"]):
    def waiting(self) -> "ProductRevisionQuerySet":
        """Those that nobody has decided about; a product has one at most."""
        return self.filter(status=ProductRevision.Status.PENDING)


def waiting_for_moderation() -> int:
    """How long the moderation queue is: two counts by an index each, whatever else there is."""
    new = Product.objects.kept().filter(moderation_status=Product.Moderation.PENDING)
    return new.count() + ProductRevision.objects.waiting().count()


class ProductRevision(models.Model):
    """A change of a product on sale that waits for an administrator; the old version stays.

    `proposed` has the new values by the names of catalog.revisions.CONTENT; those that are not in
    it stay.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for moderation")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        REPLACED = "replaced", _("Replaced by a newer one")

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="revisions", verbose_name=_("product")
    )
    proposed = models.JSONField()
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    moderation_reason = models.CharField(max_length=20, choices=Reason, blank=True)
    moderation_notes = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    is_cleared = models.BooleanField(default=False)  # of pictures that nothing shows any more

    objects = ProductRevisionQuerySet.as_manager()

    class Meta:
        db_table = "product_revisions"
        verbose_name = _("revision of a product")
        verbose_name_plural = _("revisions of products")
        constraints = [
            models.UniqueConstraint(
                fields=["product"], condition=Q(status="pending"), name="one_revision_waits"
            ),
            models.CheckConstraint(condition=~Q(proposed={}), name="revision_changes_something"),
            models.CheckConstraint(
                condition=Q(status="pending", ended_at=None)
                | Q(status__in=["approved", "rejected", "replaced"], ended_at__isnull=False),
                name="revision_ends_when_decided",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ended_at"], condition=Q(is_cleared=False), name="revision_to_clear"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {', '.join(self.proposed)}"

    @property
    def why(self) -> str:
        """What the moderator said, in the reader's language."""
        return why(self.moderation_reason, self.moderation_notes)


class ModerationDecision(models.Model):
    """What an administrator decided about a product, and how it was `before`, to undo it."""

    class Act(models.TextChoices):
        APPROVE = "approve", _("Approved")
        REJECT = "reject", _("Rejected")
        TAKE_DOWN = "take_down", _("Taken down")

    product = models.ForeignKey(Product, models.CASCADE, related_name="decisions")
    revision = models.ForeignKey(ProductRevision, models.CASCADE, null=True, related_name="+")
    act = models.CharField(max_length=9, choices=Act)
    before = models.JSONField(encoder=DjangoJSONEncoder)
    fee = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(db_index=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "moderation_decisions"
        verbose_name = _("decision of a moderator")
        verbose_name_plural = _("decisions of moderators")
        constraints = [
            models.CheckConstraint(condition=Q(fee__gte=0), name="decision_fee_sane"),
            models.CheckConstraint(
                condition=Q(act__in=["approve", "reject", "take_down"]), name="decision_act_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act}: {self.product}"

    @property
    def is_about_revision(self) -> bool:
        """Whether it let a revision in or kept it out, and left the product where it was."""
        return self.revision_id is not None and self.act != self.Act.TAKE_DOWN


class ProductVariantQuerySet(models.QuerySet["ProductVariant"]):
    def on_sale(self) -> "ProductVariantQuerySet":
        """What shoppers may order: variants in use of visible products."""
        return self.filter(visible("product__"), is_active=True)


class ProductVariant(models.Model):
    """What is ordered of a product: a size and a colour. Every product has one at least.

    `price` in KZT is its own, or the product's where it has none. Of `stock` pieces `reserved`
    are promised to orders; without a number there are always enough. `rental_units` pieces are
    for rent, besides.
    """

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="variants", verbose_name=_("product")
    )
    size = models.CharField(_("size"), max_length=20, blank=True)
    colour = models.CharField(_("colour"), max_length=40, blank=True)
    sku = models.CharField(_("SKU"), max_length=60, blank=True)
    price = models.DecimalField(
        _("own price, ₸"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    stock = models.PositiveIntegerField(_("in stock"), null=True, blank=True)
    reserved = models.PositiveIntegerField(_("reserved"), default=0, editable=False)
    rental_units = models.PositiveSmallIntegerField(_("pieces for rent"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    # Why the stock is changed, for the log: never read, and empty again once it is written.
    moved_for = models.CharField(max_length=40, blank=True, default="", editable=False)

    objects = ProductVariantQuerySet.as_manager()

    class Meta:
        db_table = "product_variants"
        ordering = ["pk"]
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        constraints = [
            models.UniqueConstraint(fields=["product", "size", "colour"], name="variant_once"),
            models.CheckConstraint(
                condition=Q(price=None) | Q(price__gt=0, price__lte=MAX_PRICE),
                name="variant_price_sane",
            ),
            models.CheckConstraint(
                condition=Q(stock=None) | Q(stock__lte=MAX_STOCK, stock__gte=F("reserved")),
                name="variant_reserved_is_in_stock",
            ),
            models.CheckConstraint(
                condition=Q(rental_units__lte=MAX_UNITS), name="variant_rental_units_sane"
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [str(self.product), self.size, self.colour]))

    @property
    def label(self) -> str:
        """Its size and colour; empty where there is nothing to choose."""
        return " ".join(filter(None, [self.size, self.colour]))

    @property
    def price_now(self) -> Decimal:
        """What one piece costs, in KZT."""
        return self.product.price if self.price is None else self.price

    @property
    def available(self) -> int | None:
        """How many pieces may still be ordered; None where they are not counted."""
        return None if self.stock is None else self.stock - self.reserved


class RentalTerms(models.Model):
    """On which terms a product is rented; money in KZT. Both days of a rental count."""

    product = models.OneToOneField(
        Product, models.CASCADE, related_name="rental_terms", verbose_name=_("product")
    )
    price_per_day = models.DecimalField(_("price per day, ₸"), max_digits=12, decimal_places=2)
    deposit = models.DecimalField(_("deposit, ₸"), max_digits=12, decimal_places=2, default=0)
    min_days = models.PositiveSmallIntegerField(_("shortest rental, days"), default=1)
    max_days = models.PositiveSmallIntegerField(_("longest rental, days"), default=14)
    buffer_days = models.PositiveSmallIntegerField(_("cleaning, days"), default=1)
    late_fee_per_day = models.DecimalField(
        _("fee for a day too late, ₸"), max_digits=12, decimal_places=2, default=0
    )

    class Meta:
        db_table = "rental_terms"
        verbose_name = _("terms of rental")
        verbose_name_plural = _("terms of rental")
        constraints = [
            models.CheckConstraint(
                condition=Q(price_per_day__gt=0, price_per_day__lte=MAX_PRICE),
                name="rental_price_sane",
            ),
            models.CheckConstraint(
                condition=Q(deposit__gte=0, deposit__lte=MAX_PRICE), name="rental_deposit_sane"
            ),
            models.CheckConstraint(
                condition=Q(late_fee_per_day__gte=0, late_fee_per_day__lte=MAX_PRICE),
                name="rental_late_fee_sane",
            ),
            models.CheckConstraint(
                condition=Q(
                    min_days__gte=1, max_days__gte=F("min_days"), max_days__lte=MAX_RENTAL_DAYS
                ),
                name="rental_days_sane",
            ),
            models.CheckConstraint(
                condition=Q(buffer_days__lte=MAX_BUFFER_DAYS), name="rental_buffer_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.price_per_day} ₸"


class PictureLook(models.Model):
    """What a product's picture is known by: its fingerprint, and what is like it.

    `descriptor`: see core.descriptors; null until the worker has seen to pictures of before.
    `is_main`: whether the product shows this one first. The database alone writes it.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="looks", editable=False)
    name = models.CharField(max_length=200)
    fingerprint = models.BigIntegerField()
    descriptor = BitsField(descriptors.BITS, null=True)
    is_main = models.BooleanField(default=False, editable=False)

    class Meta:
        db_table = "picture_looks"
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="picture_looked_at_once"),
        ]
        indexes = [
            models.Index(
                fields=["product"],
                include=["descriptor"],
                condition=Q(is_main=True),
                name="picture_look_main",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductWords(models.Model):
    """What a product is found by. The database alone writes it, whichever way the product changes.

    Weights: A its name, B its category in three languages and its colours, C its shop and
    characteristics, D its description.
    """

    product = models.OneToOneField(
        Product, models.CASCADE, primary_key=True, related_name="words", editable=False
    )
    document = SearchVectorField(editable=False)

    class Meta:
        db_table = "product_words"
        indexes = [GinIndex(fields=["document"], name="product_words_document")]

    def __str__(self) -> str:
        return f"{self.product_id}"


class ProductFacets(models.Model):
    """The sizes, and the colours in small letters, that a product is offered in, each once.

    The database alone writes it, as it writes ProductWords.
    """

    product = models.OneToOneField(
        Product, models.CASCADE, primary_key=True, related_name="facets", editable=False
    )
    sizes = ArrayField(models.TextField(), editable=False)
    colours = ArrayField(models.TextField(), editable=False)

    class Meta:
        db_table = "product_facets"

    def __str__(self) -> str:
        return f"{self.product_id}"


class KnownWord(models.Model):
    """A word by which visible products are known; see catalog/search/known_words.py."""

    word = models.CharField(primary_key=True, max_length=40, db_collation="C")
    stem = models.CharField(max_length=40, db_index=True)
    root = models.CharField(max_length=40, db_index=True)
    sound = models.CharField(max_length=120, db_index=True)
    products_count = models.PositiveIntegerField()

    class Meta:
        db_table = "known_words"
        indexes = [
            GinIndex(
                fields=["sound"], opclasses=["gin_trgm_ops"], name="known_word_sound_trigrams"
            ),
        ]

    def __str__(self) -> str:
        return self.word


class CountedBatch(models.Model):
    """A batch of views that has been added to its products; see catalog/counting/views.py."""

    id = models.CharField(primary_key=True, max_length=32)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "counted_batches"

    def __str__(self) -> str:
        return self.id


class ProductImport(models.Model):
    """A sheet of products that a shop has sent: looked at first, and imported when it says so.

    Its file lies in the uploads tree until it is done. `position` products of `products_count` have
    been gone through; the counts are of products, and foretell while the sheet is only checked.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    COUNTS = (
        *("rows_count", "products_count", "position", "created_count", "changed_count"),
        *("unchanged_count", "refused_count", "errors_count"),
    )

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="product_imports")
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    file_name = models.CharField(max_length=100)
    language = models.CharField(max_length=2)  # of what is said of its rows
    has_pictures = models.BooleanField(default=False)
    rows_count = models.PositiveIntegerField(default=0)
    products_count = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    errors_count = models.PositiveIntegerField(default=0)
    failure_code = models.CharField(max_length=40, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    worked_at = models.DateTimeField()  # when somebody last did something for it
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "product_imports"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["queued", "checking", "checked", "importing"], finished_at=None
                )
                | Q(status__in=["done", "failed"], finished_at__isnull=False),
                name="product_import_done_is_finished",
            ),
            models.CheckConstraint(
                condition=Q(position__lte=F("products_count")), name="product_import_within"
            ),
            models.UniqueConstraint(
                fields=["shop"],
                condition=Q(status__in=["queued", "checking", "importing"]),
                name="product_import_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.status})"

    @property
    def counts(self) -> dict[str, int]:
        """How far it is, and what became of the products."""
        return {name: getattr(self, name) for name in self.COUNTS}


class ProductImportError(models.Model):
    """What is wrong with a cell of a sheet, or with a row where `column` is empty."""

    of = models.ForeignKey(ProductImport, models.CASCADE, related_name="errors")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=500)

    class Meta:
        db_table = "product_import_errors"
        ordering = ["row", "pk"]

    def __str__(self) -> str:
        return f"{self.row} {self.column}: {self.code}"
