"""The categories of the catalogue, which administrators alone keep."""

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


def _details(category: Category) -> dict[str, object]:
    return {name: getattr(category, name) for name in DETAILS}
