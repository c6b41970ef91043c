from collections.abc import Iterator
from contextlib import contextmanager
from datetime import MAXYEAR, date, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from billing.models import Payment
from catalog.models import Product
from core.bodies import valid
from core.guards import IsUser, current
from core.idempotency import PARAMETERS as KEYED
from core.idempotency import heard_before, idempotent, once
from core.principal import Principal
from orders import carts, ordering, quotes, rentals
from orders.buying.serializers import (
    AvailabilitySerializer,
    CartOrderedSerializer,
    CartOrderSerializer,
    CheckoutInputSerializer,
    ChoicesSerializer,
    PlacedSerializer,
    PurchaseSerializer,
    QuoteSerializer,
    wishes_of,
)
from orders.checkout import CannotBeOrdered, PriceChanged, buy_from_balance
from orders.delivery import methods
from orders.models import Checkout
from orders.models.rental import MAX_PERIOD_DAYS
from orders.paying import FROM_BALANCE, How, Means
from orders.quotes import Quote, Wish
from orders.serializers import OrderSerializer

SHOWN_DAYS = 30


class AvailabilityView(APIView):
    """GET: which days of a product are taken, and how many pieces are free on each."""

    @extend_schema(
        parameters=[
            OpenApiParameter("from", date, description="Today unless told"),
            OpenApiParameter("to", date, description="At most 120 days; 30 unless told"),
        ],
        responses=AvailabilitySerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(Product.objects.visible().with_offers(), pk=pk)
        start, end = _days_asked_for(request)
        offered = [variant for variant in product.variants.all() if variant.is_active]
        free = rentals.free_each_day(offered, start, end)
        about = {
            "product_id": product.pk,
            "units": sum(variant.rental_units for variant in offered),
            "rental_terms": getattr(product, "rental_terms", None),
            "days": [{"date": day, "free": units} for day, units in free.items()],
            "taken": [day for day, units in free.items() if not units],
        }
        return Response(AvailabilitySerializer(about).data)


class QuoteView(APIView):
    """POST: what the cart, or the items sent, would cost as orders. It promises nothing."""

    permission_classes = [IsUser]

    @extend_schema(request=ChoicesSerializer, responses=QuoteSerializer)
    def post(self, request: Request) -> Response:
        user = current(request, User)
        sent = valid(ChoicesSerializer(data=request.data))
        delivery = methods.chosen(user, sent.get("delivery", {}), sent.get("address_id"))
        wishes = wishes_of(sent["items"]) if "items" in sent else carts.wishes(user)
        quote = quotes.of(wishes, quotes.on_sale(wishes), delivery.methods)
        return Response(quote_as_json(quote))


class CheckoutView(APIView):
    """POST: order the cart, or the items sent, and pay or begin to pay.

    409 `price_changed`, `sold_out`, `dates_taken`, … tell with `quote` how things stand now.
    """

    permission_classes = [IsUser]

    @extend_schema(
        request=CheckoutInputSerializer,
        responses={201: PlacedSerializer, 402: None},
        parameters=KEYED,
    )
    def post(self, request: Request) -> Response:
        begun = once(request, lambda: self._order(request))
        checkout, payment = _opened(request, begun)
        return Response(_placed(checkout, payment), status=201, headers=heard_before(begun))

    def _order(self, request: Request) -> Response:
        user = current(request, User)
        sent = valid(CheckoutInputSerializer(data=request.data))
        return _ordered(
            user,
            wishes_of(sent["items"]) if "items" in sent else None,
            means=Means(How(sent["payment"]), sent.get("provider", "")),
            delivery=methods.chosen(user, sent.get("delivery", {}), sent.get("address_id")),
            expected_total=sent["expected_total"],
        )


class CheckoutDetailView(APIView):
    """GET: one's own checkout with its orders."""

    permission_classes = [IsUser]

    @extend_schema(responses=PlacedSerializer)
    def get(self, request: Request, pk: int) -> Response:
        checkout = get_object_or_404(current(request, User).checkouts, pk=pk)
        return Response(_placed(checkout, checkout.payments.order_by("-pk").first()))


class CartOrderView(APIView):
    """POST: order everything in the cart, as older clients do."""

    permission_classes = [IsUser]

    @extend_schema(
        request=CartOrderSerializer,
        responses={201: CartOrderedSerializer, 402: None},
        parameters=KEYED,
    )
    def post(self, request: Request) -> Response:
        begun = once(request, lambda: self._order(request))
        told = _ordered_from_cart(*_opened(request, begun), begun.data["payment_method"])
        return Response(told, status=201, headers=heard_before(begun))

    def _order(self, request: Request) -> Response:
        sent = valid(CartOrderSerializer(data=request.data))
        is_balance = sent["payment_method"] == "balance"
        means = FROM_BALANCE if is_balance else Means(How.GATEWAY)  # whichever there is
        ordered = _ordered(current(request, User), None, means=means)
        return Response({**ordered.data, **sent}, status=201)


class PurchaseView(APIView):
    """POST: buy or rent a product from the balance. Answers 201 with the paid order."""

    permission_classes = [IsUser]

    @extend_schema(request=PurchaseSerializer, responses={201: OrderSerializer, 402: None})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(Product.objects.visible(), pk=pk)
        [wish] = wishes_of([{**valid(PurchaseSerializer(data=request.data)), "product_id": pk}])
        with _quoting():
            order = buy_from_balance(current(request, User), product, wish=wish)
        return Response(OrderSerializer(order).data, status=201)


def quote_as_json(quote: Quote) -> Any:
    """The quote, with the delivery methods among which the buyer chooses."""
    offered = list(methods.offered({parcel.shop.pk for parcel in quote.parcels}))
    return QuoteSerializer(quote, context={"methods": offered}).data


@contextmanager
def _quoting() -> Iterator[None]:
    """Let the refusal of an order carry what could be had instead."""
    try:
        yield
    except (CannotBeOrdered, PriceChanged) as refusal:
        refusal.extra = {"quote": quote_as_json(refusal.quote)}
        raise


def _ordered(user: User, wishes: list[Wish] | None, **how: Any) -> Response:
    """What was placed, for `_opened`; a gateway is asked after that."""
    with _quoting():
        checkout, payment = ordering.order(user, wishes, **how)
    return Response({"checkout": checkout.pk, "payment": payment and payment.pk}, status=201)


def _opened(request: Request, begun: Response) -> tuple[Checkout, Payment | None]:
    """The checkout, and its payment with the page where it is paid."""
    assert isinstance(request.auth, Principal)
    checkout = Checkout.objects.get(pk=begun.data["checkout"])
    if begun.data["payment"] is None:
        return checkout, None
    payment = checkout.payments.get(pk=begun.data["payment"])
    return checkout, ordering.opened(payment, platform=request.auth.platform)


def _placed(checkout: Checkout, payment: Payment | None) -> Any:
    orders = checkout.orders.select_related("product", "shop").prefetch_related("items")
    placed = {"checkout": checkout, "orders": orders.order_by("pk"), "payment": payment}
    return PlacedSerializer(placed).data


def _ordered_from_cart(checkout: Checkout, payment: Payment | None, method: str) -> Any:
    orders = list(checkout.orders.order_by("pk"))
    about = {
        "order_id": orders[0].pk,
        "order_number": orders[0].order_number,
        "order_ids": [order.pk for order in orders],
        "checkout_id": checkout.pk,
        "amount": checkout.to_pay,
        "payment_method": method,
    }
    if payment:
        about |= {"status": "pending", "approval_url": payment.pay_page}
        about["message"] = _("The order is placed. Pay for it at the address given.")
    else:
        balance = User.objects.values_list("balance", flat=True).get(pk=checkout.user_id)
        about |= {"status": "completed", "new_balance": balance}
        about["message"] = _("The order is placed and paid.")
    return CartOrderedSerializer(about).data


def _days_asked_for(request: Request) -> tuple[date, date]:
    """From and to, as the address says; ValidationError for nonsense and for too many days."""
    start = _day(request, "from") or timezone.localdate()
    end = _day(request, "to") or start + timedelta(days=SHOWN_DAYS - 1)
    if not start <= end < start + timedelta(days=MAX_PERIOD_DAYS):
        message = _("Ask for at most %(most)d days.") % {"most": MAX_PERIOD_DAYS}
        raise serializers.ValidationError({"to": message})
    return start, end


def _day(request: Request, name: str) -> date | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        day: date = serializers.DateField().run_validation(text)
    except serializers.ValidationError as error:
        raise serializers.ValidationError({name: error.detail}) from error
    if day.year == MAXYEAR:
        raise serializers.ValidationError({name: _("That is too far ahead.")})
    return day
