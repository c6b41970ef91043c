"""What a wardrobe can be narrowed by."""

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters

from wardrobe.models import UserWardrobeItem


class WardrobeFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """`folder` exactly; `search` in name and description."""

    source = filters.ChoiceFilter(choices=UserWardrobeItem.Source.choices)
    is_favorite = filters.BooleanFilter()
    folder = filters.CharFilter()
    search = filters.CharFilter(method="with_words")

    class Meta:
        model = UserWardrobeItem
        fields: list[str] = []

    def with_words(
        self, items: QuerySet[UserWardrobeItem], name: str, words: str
    ) -> QuerySet[UserWardrobeItem]:
        return items.filter(Q(name__icontains=words) | Q(description__icontains=words))
