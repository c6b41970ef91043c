"""What a wardrobe can be narrowed by."""

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters

from wardrobe.models import Outfit, UserWardrobeItem


class WardrobeFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """`folder` exactly; `search` in name and description; what is archived only when asked for."""

    source = filters.ChoiceFilter(choices=UserWardrobeItem.Source.choices)
    is_favorite = filters.BooleanFilter()
    is_archived = filters.BooleanFilter("archived_at", "isnull", exclude=True)
    folder = filters.CharFilter()
    search = filters.CharFilter(method="with_words")

    class Meta:
        model = UserWardrobeItem
        fields: list[str] = []

    def filter_queryset(self, items: QuerySet[UserWardrobeItem]) -> QuerySet[UserWardrobeItem]:
        found: QuerySet[UserWardrobeItem] = super().filter_queryset(items)
        is_asked = self.form.cleaned_data["is_archived"] is not None
        return found if is_asked else found.filter(archived_at=None)

    def with_words(
        self, items: QuerySet[UserWardrobeItem], name: str, words: str
    ) -> QuerySet[UserWardrobeItem]:
        return items.filter(Q(name__icontains=words) | Q(description__icontains=words))


class OutfitFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    is_favorite = filters.BooleanFilter()

    class Meta:
        model = Outfit
        fields: list[str] = []
