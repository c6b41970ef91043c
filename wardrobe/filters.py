"""What a wardrobe can be narrowed by."""

from decimal import Decimal

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters

from core.bodies import MAX_ID
from wardrobe import statistics
from wardrobe.models import Outfit, UserWardrobeItem, Wear


class WardrobeFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """`folder` exactly; `search` in name and description; what is archived only when asked for."""

    source = filters.ChoiceFilter(choices=UserWardrobeItem.Source.choices)
    is_favorite = filters.BooleanFilter()
    is_archived = filters.BooleanFilter("archived_at", "isnull", exclude=True)
    colour = filters.ChoiceFilter(choices=UserWardrobeItem.Colour.choices)
    season = filters.ChoiceFilter(choices=UserWardrobeItem.Season.choices)
    is_duplicate = filters.BooleanFilter("duplicate_of", "isnull", exclude=True)
    folder = filters.CharFilter()
    collection = filters.NumberFilter(
        "collections", min_value=1, max_value=MAX_ID, decimal_places=0
    )
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


class WearFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """Both days of a span count."""

    day_from = filters.DateFilter("day", "gte")
    day_to = filters.DateFilter("day", "lte")
    is_planned = filters.BooleanFilter()

    class Meta:
        model = Wear
        fields: list[str] = []


class WornFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """For rows of `statistics.worn`."""

    never_worn = filters.BooleanFilter(method="worn_or_not")
    not_worn_days = filters.NumberFilter(
        min_value=1, max_value=3650, method="idle", decimal_places=0
    )

    class Meta:
        model = UserWardrobeItem
        fields: list[str] = []

    def worn_or_not(
        self,
        items: QuerySet[UserWardrobeItem],
        name: str,
        is_unworn: bool,  # noqa: FBT001
    ) -> QuerySet[UserWardrobeItem]:
        return statistics.never_worn(items) if is_unworn else items.filter(Q(times_worn__gt=0))

    def idle(
        self, items: QuerySet[UserWardrobeItem], name: str, days: Decimal
    ) -> QuerySet[UserWardrobeItem]:
        return statistics.not_worn_for(items, int(days))
