"""What a revision changes, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.utils.translation import gettext as _

from catalog import characteristics, pictures
from catalog.models import Category, Product, ProductRevision


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after; `pictures` are those of the product's JSON, else texts."""

    label: str
    before: Any
    after: Any
    is_pictures: bool = False


def of(product: Product, revision: ProductRevision) -> list[Difference]:
    """The fields that the revision changes, in the order in which they are read."""
    return list(_differences(product, revision))


def _differences(product: Product, revision: ProductRevision) -> Iterator[Difference]:
    for name, after in revision.proposed.items():
        label = str(label_for_field(name, Product))
        if name == "images":
            shown = pictures.details(product), pictures.details(product, after)
            yield Difference(label, *shown, is_pictures=True)
        elif name == "characteristics":
            yield from _of_characteristics(product.characteristics, after)
        elif name == "category":
            category = Category.objects.filter(pk=after).first()
            yield Difference(label, str(product.category or "—"), str(category or "—"))
        else:
            yield Difference(label, getattr(product, name), after)


def _of_characteristics(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            label = _("Characteristic: %(name)s") % {"name": characteristics.label(name)}
            old, new = (
                characteristics.shown(name, each.get(name, "—")) for each in (before, after)
            )
            yield Difference(label, old, new)
