"""What a list of orders can be narrowed by."""

from django_filters import rest_framework as filters

from orders.models import Order


class OrderFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    status = filters.ChoiceFilter(choices=Order.Status.choices)
    order_type = filters.ChoiceFilter(choices=Order.Type.choices)

    class Meta:
        model = Order
        fields: list[str] = []
