"""The categories of the catalogue, which administrators alone keep."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from catalog.models import Category
from core import audit

DETAILS = (
    "slug",
    "name_ru",
    "name_kk",
    "name_en",
    "parent_id",
    "garment",
    "order",
    "returnable",
    "size_chart",
    "required_characteristics",
    "is_active",
)


@transaction.atomic
def save(category: Category) -> None:
    """Add the category, or change it."""
    before = Category.objects.select_for_update().filter(pk=category.pk).values(*DETAILS).first()
    category.save()
    action = "category.change" if before else "category.add"
    audit.record(action, category, before=before, after=_details(category))


@transaction.atomic
def delete(category: Category) -> None:
    """Take the category away; its products and sub-categories stay without it."""
    audit.record("category.delete", category, before=_details(category))
    category.delete()


def is_above(category: Category, other: Category | None) -> bool:
    """Whether the other one is this category or in its branch."""
    while other is not None and other.pk != category.pk:
        other = other.parent
    return other is not None


def tree(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows as a tree: each with its `children`, those without a parent here on top."""
    below: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    known = {row["id"]: {**row, "children": below[row["id"]]} for row in rows}
    for row in known.values():
        below[row["parent_id"] if row["parent_id"] in known else None].append(row)
    return below[None]


def _details(category: Category) -> dict[str, object]:
    return {name: getattr(category, name) for name in DETAILS}
