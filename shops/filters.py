"""What a list of shops can be narrowed by."""

from django_filters import rest_framework as filters

from shops.models import Shop


class ShopFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """`query` looks in the name."""

    query = filters.CharFilter("shop_name", "icontains")

    class Meta:
        model = Shop
        fields: list[str] = []
