"""What the words about an item tell of it."""

from catalog.garment_kinds import kept_under
from catalog.models import Category
from wardrobe.models import UserWardrobeItem


def suggested_category(item: UserWardrobeItem) -> Category | None:
    """The category that its name, or else its description, speaks of; asking changes nothing."""
    known = kept_under(item.name) or kept_under(item.description)
    if known is None:
        return None
    return Category.objects.filter(slug=known[0], is_active=True).first()
