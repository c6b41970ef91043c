"""What the rows of one product would change of it; nothing is written here."""

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog import characteristics, revisions
from catalog.bulk import cells, columns, pictures
from catalog.bulk.columns import Fault, Heading, Line
from catalog.bulk.pictures import Pictures
from catalog.models import Category, Product, ProductVariant
from catalog.variants import MAX_VARIANTS, Offer
from core.errors import Refusal

OFFER = {
    "sku": "sku",
    "size": "size",
    "colour": "colour",
    "variant_price": "price",
    "stock": "stock",
    "rental_units": "rental_units",
    "offered": "is_active",
}
PLAIN = (*revisions.WORDS, "price")
USUAL = {"deposit": 0, "min_days": 1, "max_days": 14, "buffer_days": 1, "late_fee_per_day": 0}
TERMS = ("price_per_day", *USUAL)


@dataclass(frozen=True, slots=True)
class Known:
    """What is the same for all products of a sheet; categories by slug and by name."""

    heading: Heading
    categories: Mapping[str, Category]
    pictures: Pictures


class Draft:
    """The `changes` of a product (None: a new one) as catalog.products takes them, and `faults`.

    The cells of the rows have no faults, and those about the product are the same in all of them.
    """

    def __init__(self, known: Known, group: Sequence[Line], product: Product | None) -> None:
        self.known, self.group, self.product = known, group, product
        self.said = group[0].values
        self.faults: list[Fault] = []
        self.changes: dict[str, Any] = {}
        self._plain()
        self._category()
        self._characteristics()
        self._rental()
        self._offers()
        self._pictures()
        self._required()

    def _plain(self) -> None:
        for name in PLAIN:
            now = getattr(self.product, name, None)
            if name in self.said and not (self.product and cells.is_same(now, self.said[name])):
                self.changes[name] = self.said[name]

    def _category(self) -> None:
        said = self.said.get("category")
        now = self.product.category if self.product else None
        if said is None or said == (now.slug if now else ""):
            return
        category = self.known.categories.get(said.casefold())
        if said and category is None:
            self._refuse(self.group[0], "category", "unknown", _("There is no such category."))
        elif category != now:
            self.changes["category"] = category

    def _characteristics(self) -> None:
        now = cells.characteristics(self.product.characteristics) if self.product else {}
        wanted = dict(now)
        for name, said in self.said.items():
            key = columns.characteristic(name)
            if key and not cells.is_same(now.get(key, ""), said):
                wanted[key] = said
        wanted = {key: value for key, value in wanted.items() if value != ""}
        if wanted != now:
            self.changes["characteristics"] = wanted

    def _rental(self) -> None:
        if "price_per_day" not in self.said:
            return
        terms = getattr(self.product, "rental_terms", None)
        now = {name: getattr(terms, name) for name in TERMS} if terms else None
        said = {name: self.said.get(name) for name in TERMS}
        said = {name: value for name, value in said.items() if value is not None}
        wanted = USUAL | (now or {}) | said if "price_per_day" in said else None
        if wanted and wanted["min_days"] > wanted["max_days"]:
            message = _("The shortest rental is longer than the longest.")
            self._refuse(self.group[0], "min_days", "bad_rental_terms", message)
        elif wanted != now:
            self.changes["rental_terms"] = wanted

    def _offers(self) -> None:
        left = list(self.product.variants.all()) if self.product else []
        now = {variant.pk: _offer_of(variant) for variant in left}
        wanted, fresh = dict(now), []
        for line in self.group:
            said = _offer_in(line)
            variant = _variant_of(said, left)
            if variant:
                left.remove(variant)
                wanted[variant.pk] = self._changed(line, variant, said)
            else:
                fresh.append(Offer(**said))
        offers = [*wanted.values(), *fresh]
        self._check_offers(offers)
        if offers != list(now.values()):
            self.changes["offers"] = offers

    def _changed(self, line: Line, variant: ProductVariant, said: dict[str, Any]) -> Offer:
        now = asdict(_offer_of(variant))
        new = {name: value for name, value in said.items() if not cells.is_same(now[name], value)}
        stock = new.get("stock")
        if stock is not None and stock < variant.reserved:
            message = _("Orders were promised %(count)d of “%(variant)s”: keep as many in stock.")
            about = {"count": variant.reserved, "variant": variant}
            self._refuse(line, "stock", "stock_promised", message % about)
        return Offer(**now | new)

    def _check_offers(self, offers: Sequence[Offer]) -> None:
        if len(offers) > MAX_VARIANTS:
            message = _("A product has 1 to %(most)d variants.") % {"most": MAX_VARIANTS}
            self._refuse(self.group[0], "sku", "too_many_variants", message)
        twice = {label for label, times in Counter(o.label for o in offers).items() if times > 1}
        for line in self.group:
            if twice and (line.values.get("size", ""), line.values.get("colour", "")) in twice:
                message = _("Two variants have the same size and colour.")
                self._refuse(line, "size", "repeated", message)

    def _pictures(self) -> None:
        said = self.said.get("pictures")
        is_own = self.product is not None and said == cells.picture_names(self.product.images)
        if not said or (is_own and not self.known.pictures.has(said)):
            return
        try:
            wanted = self.known.pictures.of(said)
        except Refusal as refusal:
            self._refuse(self.group[0], "pictures", refusal.code, str(refusal))
            return
        if not pictures.are_stored(wanted, self.product.images if self.product else []):
            self.changes["images"] = wanted

    def _required(self) -> None:
        if self.product and self.changes.keys().isdisjoint(revisions.CONTENT):
            return
        wanted = copy.copy(self.product) if self.product else Product()
        for name in self.changes.keys() & {"category", "characteristics"}:
            setattr(wanted, name, self.changes[name])
        try:
            characteristics.check(wanted)
        except characteristics.CharacteristicsMissing as refusal:
            for name, about in zip(refusal.names, refusal.extra["errors"], strict=True):
                column = columns.column_of(name)
                self._refuse(self.group[0], column, refusal.code, about["detail"])

    def _refuse(self, line: Line, name: str, code: str, detail: str) -> None:
        self.faults.append(self.known.heading.fault(line.number, name, code, detail))


def _offer_of(variant: ProductVariant) -> Offer:
    return Offer(**{ours: getattr(variant, ours) for ours in OFFER.values()})


def _offer_in(line: Line) -> dict[str, Any]:
    said = {ours: line.values[name] for name, ours in OFFER.items() if name in line.values}
    return said | ({"rental_units": said["rental_units"] or 0} if "rental_units" in said else {})


def _variant_of(said: Mapping[str, Any], variants: Sequence[ProductVariant]) -> Any:
    """The variant of that SKU, or else of that size and colour."""
    same = cells.is_same
    by_sku = (each for each in variants if said["sku"] and same(each.sku, said["sku"]))
    size, colour = said.get("size", ""), said.get("colour", "")
    by_label = (each for each in variants if same(each.size, size) and same(each.colour, colour))
    return next(by_sku, None) or next(by_label, None)
