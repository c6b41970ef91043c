from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog import pictures
from catalog.models import Product, ProductVariant
from orders.buying.serializers import DaysSerializer, ProblemSerializer, day, money, quantity
from orders.carts import Contents, Entry


class CartVariantSerializer(serializers.ModelSerializer):
    class Meta:
        model = ProductVariant
        fields = ["id", "size", "colour", "sku"]


class CartProductSerializer(serializers.ModelSerializer):
    """A product as the line of a cart shows it."""

    name = serializers.CharField(source="shown_name")
    images = serializers.SerializerMethodField()
    shop_name = serializers.CharField(source="shop.shop_name")

    class Meta:
        model = Product
        fields = ["id", "name", "price", "images", "shop_id", "shop_name", "is_active"]

    def get_images(self, product: Product) -> list[str]:
        return pictures.urls(product)


class CartItemSerializer(serializers.Serializer[Entry]):
    """A line of the cart: `price` for a piece, to keep or for all days; money in KZT."""

    id = serializers.IntegerField(source="item.pk")
    cart_id = serializers.IntegerField(source="item.cart_id")
    product_id = serializers.IntegerField(source="item.variant.product_id")
    variant_id = serializers.IntegerField(source="item.variant_id")
    quantity = serializers.IntegerField(source="item.quantity")
    rental_start_date = day("item.rental_start_date")
    rental_end_date = day("item.rental_end_date")
    added_at = serializers.DateTimeField(source="item.added_at")
    product = CartProductSerializer(source="item.variant.product")
    variant = CartVariantSerializer(source="item.variant")
    price = money()
    subtotal = money()
    deposit_amount = money()
    problems = serializers.SerializerMethodField()

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, entry: Entry) -> Any:
        return ProblemSerializer([entry.problem] if entry.problem else [], many=True).data


class CartSerializer(serializers.Serializer[Contents]):
    """The cart; the totals in KZT are of what can be ordered. Its id is 0 until it is used."""

    id = serializers.SerializerMethodField()
    user_id = serializers.IntegerField(source="cart.user_id")
    items = CartItemSerializer(source="entries", many=True)
    total_items = serializers.IntegerField()
    total_price = money("quote.items_amount")
    total_deposit = money("quote.deposit_amount")
    created_at = serializers.SerializerMethodField()
    updated_at = serializers.SerializerMethodField()

    @extend_schema_field(serializers.IntegerField())
    def get_id(self, contents: Contents) -> int:
        return contents.cart.pk or 0

    @extend_schema_field(serializers.DateTimeField())
    def get_created_at(self, contents: Contents) -> Any:
        return contents.cart.created_at or contents.cart.user.created_at

    @extend_schema_field(serializers.DateTimeField())
    def get_updated_at(self, contents: Contents) -> Any:
        return contents.cart.updated_at or contents.cart.user.created_at


class LineChangeSerializer(DaysSerializer):
    """How many are meant, or which days; what is not sent stays."""

    quantity = quantity(required=False)

    tolerated = frozenset(CartItemSerializer().fields)
