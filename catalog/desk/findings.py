"""What a program sees in a product before a moderator does: hints, none of which decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import dist
from pathlib import Path

from django.db.models import Aggregate, Count, DecimalField
from django.db.models.expressions import RawSQL
from django.db.models.fields import IntegerField
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import ImageColor

from catalog import revisions
from catalog.models import PictureLook, Product
from core import fingerprints, words

WORDS = Path(__file__).with_name("words.toml")
SMALL_SIDE_PIXELS = 500
COMPARED_PRODUCTS = 10  # of a category at least, before one of its prices can be odd
ODD_TIMES = 8  # dearer or cheaper than the median of its category
MOST_TWINS = 5
SAME_COLOUR_DISTANCE = 60  # in RGB: garments of one cut look alike in grey
KINDS = {
    "fakes": gettext_lazy("a copy of a brand"),
    "weapons": gettext_lazy("weapons"),
    "drugs": gettext_lazy("tobacco or drugs"),
    "sexual": gettext_lazy("sexual content"),
    "hateful": gettext_lazy("hate"),
    "contacts": gettext_lazy("contacts, so that people buy elsewhere"),
    "promises": gettext_lazy("promises that nobody can keep"),
}
TOLD = {
    "composition": gettext_lazy("composition"),
    "brand": gettext_lazy("brand"),
    "country": gettext_lazy("country of origin"),
    "size": gettext_lazy("size"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A hint in the reader's language; `product` is the other one that it speaks of."""

    code: str
    text: str
    product: Product | None = None


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DecimalField()


def of(product: Product) -> list[Finding]:
    """All hints about a product as its shop wants it to be."""
    looks = (_pictures, _twins, _price, _missing, _banned)
    return list(chain.from_iterable(look(product) for look in looks))


def _pictures(product: Product) -> Iterator[Finding]:
    if not product.images:
        yield Finding("no_picture", _("There is no picture."))
    for number, name in enumerate(product.images, start=1):
        facts = product.picture_facts.get(name, {})
        if "width" in facts and min(facts["width"], facts["height"]) < SMALL_SIDE_PIXELS:
            text = _("Picture %(number)d is small: %(width)d × %(height)d pixels.")
            about = {"number": number, "width": facts["width"], "height": facts["height"]}
            yield Finding("small_picture", text % about)


def _twins(product: Product) -> Iterator[Finding]:
    """Other products with the same picture, however it was scaled and stored."""
    looks = product.looks.filter(name__in=product.images)
    own = dict(looks.values_list("name", "fingerprint"))
    told: set[int] = set()
    for number, name in enumerate(product.images, start=1):
        for twin in _alike(product, name, own[name]) if name in own else ():
            if twin.pk not in told:
                told.add(twin.pk)
                text = _("Picture %(number)d is also one of “%(name)s” of %(shop)s.")
                about = {"number": number, "name": twin.name, "shop": twin.shop.shop_name}
                yield Finding("duplicate_picture", text % about, twin)


def _alike(product: Product, name: str, fingerprint: int) -> list[Product]:
    differing = RawSQL("bit_count((fingerprint # %s)::bit(64))", [fingerprint], IntegerField())
    others = PictureLook.objects.exclude(product=product).filter(product__deleted_at=None)
    alike = others.alias(bits=differing).filter(bits__lte=fingerprints.SAME_BITS)
    found = alike.select_related("product__shop").order_by("pk")[:MOST_TWINS]
    colour = _colour(product, name)
    return [
        look.product
        for look in found
        if dist(colour, _colour(look.product, look.name)) < SAME_COLOUR_DISTANCE
    ]


def _colour(product: Product, name: str) -> tuple[int, ...]:
    return ImageColor.getrgb(product.picture_facts[name]["colour"])


def _price(product: Product) -> Iterator[Finding]:
    if product.category_id is None:
        return
    others = Product.objects.visible().filter(category=product.category_id).exclude(pk=product.pk)
    usual = others.order_by().aggregate(median=Median("price"), count=Count("pk"))
    if usual["count"] < COMPARED_PRODUCTS:
        return
    median = usual["median"]
    if not median / ODD_TIMES <= product.price <= median * ODD_TIMES:
        shown = number_format(median, decimal_pos=0, force_grouping=True)
        text = _(
            "The price is odd: half of the %(count)d others in the category cost %(median)s ₸."
        )
        yield Finding("odd_price", text % {"count": usual["count"], "median": shown})


def _missing(product: Product) -> Iterator[Finding]:
    """What the law of Kazakhstan on the rights of consumers wants to be told of clothes."""
    said = " , ".join(map(str, product.characteristics))
    told, _rest = words.found(_tables()["told"], words.plain(said))
    if any(variant.size for variant in product.variants.all()):
        told.append("size")
    missing = [str(name) for key, name in TOLD.items() if key not in told]
    if missing:
        text = _("Not said, though the law asks for it: %(what)s.")
        yield Finding("missing_information", text % {"what": ", ".join(missing)})


def _banned(product: Product) -> Iterator[Finding]:
    text = words.plain(" \n ".join(_texts(product)))
    for kind, expression in _tables()["banned"].items():
        if match := expression.search(text):
            about = {"words": match[0], "kind": KINDS[kind]}
            yield Finding("banned_words", _("“%(words)s” may be %(kind)s.") % about)


def _texts(product: Product) -> Iterator[str]:
    for value in revisions.values(product).values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from (f"{name} {said}" for name, said in value.items())


@cache
def _tables() -> dict[str, words.Table]:
    return words.tables(WORDS)
