import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing.payments.serializers import PaymentSerializer
from catalog.serializers import RentalTermsSerializer
from core.bodies import MAX_ID
from orders import quotes
from orders.carts import MAX_LINES
from orders.delivery.serializers import DeliveryMethodSerializer
from orders.models import Checkout, DeliveryMethod
from orders.models.kinds import MAX_AMOUNT, MAX_QUANTITY, Type
from orders.paying import How
from orders.quotes import Line, Parcel, Problem, Quote, Wish
from orders.serializers import OrderSerializer

SHOP_ID = re.compile("[1-9][0-9]{0,14}")


def _id(**about: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=MAX_ID, **about)


def quantity(**about: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, **about)


def money(source: Any = None) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True, source=source)


def day(source: str) -> serializers.DateField:
    return serializers.DateField(source=source, read_only=True, allow_null=True)


class DaysSerializer(serializers.Serializer[Any]):
    """The days of a rental, both of which count."""

    rental_start_date = serializers.DateField(required=False, allow_null=True)
    rental_end_date = serializers.DateField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, end = days_of(attrs)
        if (start is None) != (end is None):
            raise serializers.ValidationError(_("Say both days of the rental, or none."))
        if start and end and end < start:
            raise serializers.ValidationError(_("The last day comes before the first."))
        return attrs


class PurchaseSerializer(DaysSerializer):
    """How many of the product, in which variant; with days it is a rental."""

    quantity = quantity(default=1)
    variant_id = _id(required=False, allow_null=True)


class WishSerializer(PurchaseSerializer):
    """Something to order: a variant, or a product of which the first that is left is meant."""

    product_id = _id(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs.get("variant_id") or attrs.get("product_id")):
            raise serializers.ValidationError(_("Name a product or a variant."))
        return super().validate(attrs)


class ChoicesSerializer(serializers.Serializer[Any]):
    """How a buyer wants it to come: `delivery` names a method for each shop, by the shop's id."""

    items: Any = serializers.ListSerializer(
        child=WishSerializer(), required=False, min_length=1, max_length=MAX_LINES
    )
    delivery = serializers.DictField(child=_id(), required=False)
    address_id = _id(required=False, allow_null=True)

    def validate_delivery(self, value: dict[str, int]) -> dict[int, int]:
        if not all(SHOP_ID.fullmatch(key) for key in value):
            raise serializers.ValidationError(_("Name methods by the ids of shops."))
        return {int(key): method for key, method in value.items()}


class CheckoutInputSerializer(ChoicesSerializer):
    """What to order and how to pay; `expected_total` is what `to_pay` of the quote was."""

    payment = serializers.ChoiceField(How.choices)
    provider = serializers.SlugField(max_length=20, required=False)
    expected_total = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=Decimal(0), max_value=MAX_AMOUNT
    )


class CartOrderSerializer(serializers.Serializer[Any]):
    """Older clients: everything in the cart, and by what it is paid."""

    payment_method = serializers.ChoiceField(["balance", "paypal"])


def days_of(sent: dict[str, Any]) -> tuple[date | None, date | None]:
    return sent.get("rental_start_date"), sent.get("rental_end_date")


def wishes_of(items: Sequence[dict[str, Any]]) -> list[Wish]:
    """What was sent, as the domain takes it."""
    unsaid = [item["product_id"] for item in items if not item.get("variant_id")]
    meant = quotes.meant(unsaid) if unsaid else {}
    return [
        Wish(
            item.get("variant_id") or meant.get(item["product_id"], 0),
            item["quantity"],
            *days_of(item),
            product_id=item.get("product_id"),
        )
        for item in items
    ]


class FreeDaySerializer(serializers.Serializer[Any]):
    date = serializers.DateField()
    free = serializers.IntegerField()


class AvailabilitySerializer(serializers.Serializer[Any]):
    """Which days of a product can be had for rent: pieces that are free on each, and none on."""

    product_id = serializers.IntegerField()
    units = serializers.IntegerField()
    rental_terms = RentalTermsSerializer(allow_null=True)
    days = FreeDaySerializer(many=True)
    taken = serializers.ListField(child=serializers.DateField())


class ProblemSerializer(serializers.Serializer[Any]):
    """Why something cannot be ordered; `available` is how many pieces could be had."""

    product_id = serializers.IntegerField(source="wish.product_id", allow_null=True)
    variant_id = serializers.SerializerMethodField()
    quantity = serializers.IntegerField(source="wish.quantity")
    rental_start_date = day("wish.start")
    rental_end_date = day("wish.end")
    code = serializers.CharField()
    detail = serializers.CharField()
    available = serializers.IntegerField()

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_variant_id(self, problem: Problem) -> int | None:
        return problem.wish.variant_id or None


class QuoteLineSerializer(serializers.Serializer[Line]):
    """A line with its price for a piece, to keep or for all days; money in KZT."""

    product_id = serializers.IntegerField(source="variant.product_id")
    product_name = serializers.CharField(source="variant.product.shown_name")
    variant_id = serializers.IntegerField(source="variant.pk")
    size = serializers.CharField(source="variant.size")
    colour = serializers.CharField(source="variant.colour")
    quantity = serializers.IntegerField(source="wish.quantity")
    price = money()
    subtotal = money()
    deposit_amount = money("deposit")


class ParcelSerializer(serializers.Serializer[Parcel]):
    """What becomes one order: of one shop, to keep or for the same days; money in KZT."""

    shop_id = serializers.IntegerField(source="shop.pk")
    shop_name = serializers.CharField(source="shop.shop_name")
    order_type = serializers.ChoiceField(Type.choices, source="type")
    rental_start_date = day("start")
    rental_end_date = day("end")
    lines = QuoteLineSerializer(many=True)
    delivery = DeliveryMethodSerializer(source="method", allow_null=True)
    delivery_methods = serializers.SerializerMethodField()
    items_amount = money()
    delivery_amount = money()
    total_amount = money()
    deposit_amount = money()
    to_pay = money()

    @extend_schema_field(DeliveryMethodSerializer(many=True))
    def get_delivery_methods(self, parcel: Parcel) -> Any:
        offered: list[DeliveryMethod] = self.context["methods"]
        own = [method for method in offered if method.shop_id == parcel.shop.pk]
        return DeliveryMethodSerializer(own, many=True).data


class QuoteSerializer(serializers.Serializer[Quote]):
    """What an order would cost, and what is not to be had; money in KZT.

    The context holds the `methods` that the shops offer.
    """

    parcels = ParcelSerializer(many=True)
    problems = ProblemSerializer(many=True)
    items_amount = money()
    delivery_amount = money()
    deposit_amount = money()
    to_pay = money()
    address_needed = serializers.BooleanField()


class CheckoutSerializer(serializers.ModelSerializer):
    """What was ordered at once; `to_pay` in KZT, deposits included."""

    class Meta:
        model = Checkout
        fields = ["id", "to_pay", "created_at"]


class PlacedSerializer(serializers.Serializer[Any]):
    """A checkout with its orders, and the payment where a gateway is asked."""

    checkout = CheckoutSerializer()
    orders = OrderSerializer(many=True)
    payment = PaymentSerializer(allow_null=True)


class CartOrderedSerializer(serializers.Serializer[Any]):
    """What older clients read of the orders made from a cart; the first one stands for all."""

    order_id = serializers.IntegerField()
    order_number = serializers.CharField()
    order_ids = serializers.ListField(child=serializers.IntegerField())
    checkout_id = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    payment_method = serializers.ChoiceField(["balance", "paypal"])
    status = serializers.ChoiceField(["completed", "pending"])
    message = serializers.CharField()
    new_balance = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    approval_url = serializers.URLField(required=False)
