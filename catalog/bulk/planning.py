"""Which product each row of a sheet is about, and what the rows would do; nothing is written here.

Rows of one number, or else of one name, are one product. It is the shop's product of that number,
or the one that has the SKU of a row; a product that is known by neither is new. What is not in the
sheet stays as it is: columns, variants, products. A cell that says what the export says changes
nothing, so that a sheet that was imported changes nothing when it is imported again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from catalog import revisions
from catalog.bulk import columns
from catalog.bulk.columns import Fault, Heading, Line
from catalog.bulk.drafting import Draft, Known
from catalog.bulk.pictures import Pictures
from catalog.models import Category, Product, ProductQuerySet, ProductVariant
from core.csv_export import harmless
from shops.models import Shop

Group = Sequence[Line]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for a product: `changes` as catalog.products takes them, unless `faults`.

    `product` is None for a new one.
    """

    product: Product | None
    changes: dict[str, Any] = field(default_factory=dict)
    faults: Sequence[Fault] = ()

    @property
    def outcome(self) -> str:
        """refused, created, changed or unchanged."""
        if self.faults:
            return "refused"
        if self.product is None:
            return "created"
        return "changed" if self.changes else "unchanged"


def groups(lines: Iterable[Line]) -> list[Group]:
    """The rows of each product, in the order of their first rows."""
    found: dict[Any, list[Line]] = defaultdict(list)
    for line in lines:
        found[_key(line)].append(line)
    return list(found.values())


class Planner:
    """Plans the products of one sheet of a shop, with what it has to know of the others."""

    def __init__(
        self, shop: Shop, heading: Heading, sheet: Sequence[Group], pictures: Pictures
    ) -> None:
        self.products: ProductQuerySet = shop.products.kept().with_offers_apart().with_revision()
        self.heading = heading
        self.known = Known(heading, _categories(), pictures)
        self.first_rows: dict[str, int] = {}
        for line in (line for group in sheet for line in group):
            self.first_rows.setdefault(line.values["sku"], line.number)
        self.owners = _owners(shop, self.first_rows)
        self.claims = Counter(pk for group in sheet for pk in self._candidates(group))

    def products_of(self, sheet: Iterable[Group], *, are_held: bool = False) -> dict[int, Product]:
        """The products that these groups are about and that are there, by number.

        Nobody else changes those that are held until the transaction ends.
        """
        wanted = [pk for group in sheet for pk in self._candidates(group)]
        rows = self.products.order_by("pk").prefetch_related("category")
        rows = rows.select_for_update() if are_held else rows
        return rows.in_bulk(wanted) if wanted else {}

    def opened_pictures(self, group: Group) -> AbstractContextManager[None]:
        """Inside, planning the group opens no pictures, which takes seconds."""
        said = group[0].values.get("pictures")
        if not said or _cell_faults(group):
            return nullcontext()
        return self.known.pictures.opened(said)

    def plan(self, group: Group, products: dict[int, Product]) -> Plan:
        """What the rows would change of the product, which is one of these, or why not."""
        candidates = self._candidates(group)
        product = products.get(min(candidates)) if candidates else None
        faults = [*_cell_faults(group), *self._faults(group, product)]
        if faults:
            return Plan(product, faults=faults)
        # What waits for moderation is compared: the same sheet again asks for nothing more.
        wanted = revisions.preview(product) if product else None
        draft = Draft(self.known, group, wanted)
        return Plan(product, draft.changes, draft.faults)

    def _candidates(self, group: Group) -> set[int]:
        """The numbers of the products that the rows speak of."""
        number = group[0].values.get("id")
        if number:
            return {number} if isinstance(number, int) else set()
        return {pk for line in group for pk in self.owners.get(line.values["sku"], ())}

    def _faults(self, group: Group, product: Product | None) -> Iterator[Fault]:
        first, found = group[0], self._candidates(group)
        if product is None and isinstance(first.values.get("id"), int):
            message = _("The shop has no product of that number.")
            yield self.heading.fault(first.number, "id", "unknown", message)
        elif len(found) > 1 or any(self.claims[pk] > 1 for pk in found):
            message = _("This SKU is of another product, too: write the number of the product.")
            yield self.heading.fault(first.number, "sku", "ambiguous", message)
        for line in group:
            yield from self._sku_faults(line, product)
        for line in group[1:]:
            yield from self._contradictions(first, line)

    def _sku_faults(self, line: Line, product: Product | None) -> Iterator[Fault]:
        sku = line.values["sku"]
        if "sku" in line.faulty:
            return
        if not sku and product is None and not line.values.get("id"):
            message = _("A new product needs an SKU, so that it is known the next time.")
            yield self.heading.fault(line.number, "sku", "required", message)
        elif sku and self.first_rows[sku] != line.number:
            message = _("Row %(row)d has the same SKU.") % {"row": self.first_rows[sku]}
            yield self.heading.fault(line.number, "sku", "repeated", message)

    def _contradictions(self, first: Line, line: Line) -> Iterator[Fault]:
        for name in columns.of_part(self.heading.names, "product", "rental"):
            is_read = name not in first.faulty | line.faulty
            if is_read and line.values[name] != first.values[name]:
                message = _("Row %(row)d of the same product says something else.")
                detail = message % {"row": first.number}
                yield self.heading.fault(line.number, name, "contradiction", detail)


def _key(line: Line) -> tuple[str, Any]:
    for name in ("id", "name"):
        if line.values.get(name) and name not in line.faulty:
            return name, line.values[name]
    return "row", line.number


def _cell_faults(group: Group) -> list[Fault]:
    return [fault for line in group for fault in line.faults]


def _categories() -> dict[str, Category]:
    """Those in use, by slug and by their names in all languages, in small letters."""
    used = list(Category.objects.filter(is_active=True))
    named = {
        name.casefold(): category
        for category in used
        for name in (category.name_ru, category.name_kk, category.name_en)
    }
    return named | {category.slug: category for category in used}


def _owners(shop: Shop, skus: Iterable[str]) -> dict[str, set[int]]:
    """The shop's products that have each SKU, be it in the words of the export."""
    owners: dict[str, set[int]] = defaultdict(set)
    wanted = {sku for said in skus for sku in (said, said.removeprefix("'"))} - {""}
    rows = ProductVariant.objects.filter(product__shop=shop, product__deleted_at=None)
    for sku, pk in rows.filter(sku__in=wanted).values_list("sku", "product_id"):
        owners[sku].add(pk)
        owners[harmless(sku)].add(pk)
    return owners
