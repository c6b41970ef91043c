"""What a list of products can be narrowed by."""

from django_filters import rest_framework as filters

from catalog.models import Product


class ProductFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """`search` and `q` look in the name; prices in KZT."""

    q = filters.CharFilter("name", "icontains")
    search = filters.CharFilter("name", "icontains")
    category = filters.NumberFilter("category_id")
    shop = filters.NumberFilter("shop_id")
    price_min = filters.NumberFilter("price", "gte")
    price_max = filters.NumberFilter("price", "lte")

    class Meta:
        model = Product
        fields: list[str] = []
