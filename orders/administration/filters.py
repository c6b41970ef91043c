"""What administrators narrow lists of orders and refunds by."""

import re

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters

from orders import refund_requests
from orders.models import Order, OrderEvent

NUMBER = re.compile(r"(?:ORD-\d{8}-)?(\d{1,18})", re.IGNORECASE)
SEARCH_MAX = 100  # letters


class AdminOrderFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    status = filters.ChoiceFilter(choices=Order.Status.choices)
    stage = filters.ChoiceFilter(choices=Order.Stage.choices)
    order_type = filters.ChoiceFilter(choices=Order.Type.choices)
    user_id = filters.NumberFilter(min_value=1, max_value=2**63 - 1)
    shop_id = filters.NumberFilter(min_value=1, max_value=2**63 - 1)
    search = filters.CharFilter(method="found", max_length=SEARCH_MAX)

    class Meta:
        model = Order
        fields: list[str] = []

    def found(self, orders: QuerySet[Order], name: str, text: str) -> QuerySet[Order]:
        """By number, or by words of the product, the shop or the buyer."""
        about = ("product__name", "shop__shop_name", "user__name", "user__email")
        matches = Q(*((f"{field}__icontains", text) for field in about), _connector=Q.OR)
        if number := NUMBER.fullmatch(text):
            matches |= Q(pk=int(number[1]))
        return orders.filter(matches)


class RefundFilter(filters.FilterSet):  # type: ignore[misc]  # as above
    status = filters.ChoiceFilter(choices=refund_requests.Status.choices, method="of_status")

    class Meta:
        model = OrderEvent
        fields: list[str] = []

    def of_status(
        self, requests: QuerySet[OrderEvent], name: str, status: str
    ) -> QuerySet[OrderEvent]:
        return requests & refund_requests.of_status(status)
