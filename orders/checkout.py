"""Ordering: from wishes to placed orders, and their payment from the balance.

A checkout is one payment; it makes an order for each shop, type and rental period.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing import commission
from catalog import stock
from catalog.models import Product
from core.errors import Refusal
from core.platform_settings import registry
from core.transactions import atomic
from orders import fulfilment, quotes, rentals, transitions
from orders.models import Checkout, DeliveryAddress, DeliveryMethod, Order, OrderEvent, OrderItem
from orders.models.kinds import MAX_AMOUNT, Actor, Stage, Type
from orders.quotes import Line, Parcel, Quote, Wish
from orders.saying import Said
from orders.transitions import Event


class CannotBeOrdered(Refusal):
    """One of the wishes cannot be fulfilled; `quote` tells what can."""

    def __init__(self, quote: Quote) -> None:
        first = quote.problems[0]
        super().__init__(first.detail)
        self.code = first.code  # type: ignore[misc]  # the one of what is missing
        self.quote = quote


class PriceChanged(Refusal):
    """The total is another one than the client has shown; `quote` is the one of now."""

    code = "price_changed"

    def __init__(self, quote: Quote) -> None:
        super().__init__(_("The price has changed. Look at it again."))
        self.quote = quote


class NothingToOrder(Refusal):
    code = "nothing_to_order"
    status = 422


class TooExpensive(Refusal):
    code = "too_expensive"
    status = 422


class AddressNeeded(Refusal):
    code = "address_needed"
    status = 422


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it is to come: a method for each shop, by the shop's id, and the address."""

    methods: Mapping[int, DeliveryMethod] = field(default_factory=dict)
    address: DeliveryAddress | None = None


TO_BE_ARRANGED = Delivery()


@atomic
def place(
    user: User,
    wishes: Sequence[Wish],
    *,
    delivery: Delivery = TO_BE_ARRANGED,
    expected_total: Decimal | None = None,
) -> Checkout:
    """Place the orders and promise their goods for 15 minutes, within which they are to be paid.

    Raises NothingToOrder, TooExpensive, AddressNeeded, PriceChanged and CannotBeOrdered, whose code
    says why: `sold_out`, `not_on_sale`, `dates_taken`, …; in each case nothing has happened.
    """
    if not wishes:
        raise NothingToOrder(_("There is nothing in the cart."))
    quote = quotes.of(wishes, quotes.held(wishes), delivery.methods)
    if quote.problems:
        raise CannotBeOrdered(quote)
    if expected_total not in {None, quote.to_pay}:
        raise PriceChanged(quote)
    if quote.to_pay > MAX_AMOUNT:
        raise TooExpensive(_("This is more than can be paid at once."))
    checkout = Checkout.objects.create(user=user, to_pay=quote.to_pay)
    for parcel in quote.parcels:
        _place(checkout, parcel, delivery)
    return checkout


@atomic
def pay_from_balance(checkout: Checkout, *, actor: Actor = Actor.USER) -> list[Order]:
    """Pay every order of the checkout that still waits for it; InsufficientFunds or all of them."""
    payer = Said(by=checkout.user_id)
    return [fulfilment.act(order, Event.PAY, actor, payer) for order in hold(checkout)]


def hold(checkout: Checkout) -> list[Order]:
    """The orders that still wait for payment, locked with their goods, before anybody's account.

    An order at a time would lock the goods of the second after the buyer's account, against the
    order in which all others lock.
    """
    orders = Order.objects.select_for_update().filter(checkout=checkout)
    waiting = list(orders.filter(stage=Stage.AWAITING_PAYMENT).order_by("pk"))
    items = OrderItem.objects.filter(order__in=waiting).exclude(variant=None)
    stock.hold(items.values_list("variant_id", flat=True))
    return waiting


@atomic
def buy_from_balance(
    user: User, product: Product, *, quantity: int = 1, wish: Wish | None = None
) -> Order:
    """Order the wish, or so many of the product, and pay at once; the money waits in escrow.

    Raises what `place` does, and InsufficientFunds; in each case nothing has happened.
    """
    wish = wish or Wish(quotes.meant([product.pk]).get(product.pk, 0), quantity)
    return pay_from_balance(place(user, [wish]))[0]


def _place(checkout: Checkout, parcel: Parcel, delivery: Delivery) -> None:
    commissions = commission.of_lines([_sold(line) for line in parcel.lines])
    order = Order(
        user=checkout.user,
        shop=parcel.shop,
        product=parcel.lines[0].variant.product,
        checkout=checkout,
        order_type=parcel.type,
        items_amount=parcel.items_amount,
        delivery_amount=parcel.delivery_amount,
        total_amount=parcel.total_amount,
        deposit_amount=parcel.deposit_amount,
        commission_amount=sum(commissions, Decimal(0)),
        quantity=sum(line.wish.quantity for line in parcel.lines),
        returnable=all(_is_returnable(line) for line in parcel.lines),
        return_days=registry.REFUND_PERIOD_DAYS.value(),
        rental_start_date=parcel.start,
        rental_end_date=parcel.end,
        late_fee_per_day=_late_fee_per_day(parcel),
        delivery_name=parcel.method.name if parcel.method else "",
        delivery_address=_address(parcel.method, delivery.address),
        created_at=timezone.now(),
    )
    _begin(order)
    OrderItem.objects.bulk_create(
        _item(order, line, kept) for line, kept in zip(parcel.lines, commissions, strict=True)
    )
    if parcel.type == Type.RENTAL:
        for line in parcel.lines:
            assert line.period
            rentals.hold(order, line.variant, line.period, line.units)
    else:
        stock.reserve(_pieces(parcel), order.pk)


def _sold(line: Line) -> commission.Line:
    product = line.variant.product
    return commission.Line(line.subtotal, product.shop_id, product.category_id, line.wish.quantity)


def _pieces(parcel: Parcel) -> dict[int, int]:
    pieces: Counter[int] = Counter()
    for line in parcel.lines:
        pieces[line.variant.pk] += line.wish.quantity
    return pieces


def _item(order: Order, line: Line, kept: Decimal) -> OrderItem:
    return OrderItem(
        order=order,
        product=line.variant.product,
        variant=line.variant,
        product_name=line.variant.product.name,
        size=line.variant.size,
        colour=line.variant.colour,
        price_at_purchase=line.price,
        quantity=line.wish.quantity,
        deposit_amount=line.deposit,
        commission_amount=kept,
        returnable=_is_returnable(line),
    )


def _begin(order: Order) -> None:
    """From here on the lifecycle's time limits run."""
    order.next_due_at = transitions.next_due_at(order)
    order.save()
    OrderEvent.objects.create(
        order=order,
        event="create",
        to_stage=order.stage,
        actor=Actor.USER,
        actor_id=order.user_id,
    )


def _address(method: DeliveryMethod | None, address: DeliveryAddress | None) -> str:
    if method is None or method.kind == DeliveryMethod.Kind.PICKUP:
        return ""
    if address is None:
        raise AddressNeeded(_("Say where it is to be delivered."))
    return str(address)


def _late_fee_per_day(parcel: Parcel) -> Decimal:
    fees = (line.terms.late_fee_per_day * line.wish.quantity for line in parcel.lines if line.terms)
    return sum(fees, Decimal(0))


def _is_returnable(line: Line) -> bool:
    category = line.variant.product.category
    return category is None or category.returnable
