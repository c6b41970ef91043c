"""From the cart to orders that are paid, or about to be."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from billing.models import Payment
from billing.payments import starting
from core.errors import Refusal
from core.transactions import atomic
from orders import carts, fulfilment, paying
from orders.checkout import TO_BE_ARRANGED, Delivery, place
from orders.models import Checkout, DeliveryMethod, OrderItem
from orders.models.kinds import Actor, Stage
from orders.paying import FROM_BALANCE, Means
from orders.quotes import Wish
from orders.saying import Said
from orders.transitions import Event


class DeliveryNeeded(Refusal):
    code = "delivery_needed"
    status = 422


@atomic
def order(
    user: User,
    wishes: Sequence[Wish] | None,
    *,
    means: Means = FROM_BALANCE,
    delivery: Delivery = TO_BE_ARRANGED,
    expected_total: Decimal | None = None,
) -> tuple[Checkout, Payment | None]:
    """Order the wishes, or else what is in the cart, and pay; or begin to, with a payment.

    What is ordered leaves the cart. The gateway hears of the payment afterwards: see `opened`.
    Raises what `place` and `paying.begin` do; then nothing has happened.
    """
    checkout = _place(user, wishes, delivery, expected_total)
    return checkout, paying.begin(checkout, means)


def opened(payment: Payment, *, platform: str = "") -> Payment:
    """The payment with the page where it is paid. Not to be called in a transaction.

    Where the gateway does not take it, the orders are cancelled, what was ordered is in the cart
    again, and the gateway's refusal is raised.
    """
    try:
        return starting.opened(payment.pk, platform=platform)
    except Refusal:
        assert payment.checkout is not None
        _undo(payment.checkout)
        raise


def _place(
    user: User, wishes: Sequence[Wish] | None, delivery: Delivery, expected_total: Decimal | None
) -> Checkout:
    lines = carts.held(user)  # first of all locks, so that a second click finds nothing more
    wanted = [carts.wish_of(line) for line in lines] if wishes is None else list(wishes)
    checkout = place(user, wanted, delivery=delivery, expected_total=expected_total)
    if delivery is not TO_BE_ARRANGED:
        _check_delivery(checkout)
    carts.take_out(lines, wanted)
    return checkout


def _check_delivery(checkout: Checkout) -> None:
    """A shop that says how it delivers is told which way is meant."""
    without = DeliveryMethod.objects.filter(
        is_active=True, shop__orders__checkout=checkout, shop__orders__delivery_name=""
    )
    if without.exists():
        raise DeliveryNeeded(_("Say how each shop is to deliver."))


@atomic
def _undo(checkout: Checkout) -> None:
    waiting = checkout.orders.filter(stage=Stage.AWAITING_PAYMENT).order_by("pk")
    for item in OrderItem.objects.filter(order__in=waiting).select_related("order"):
        with suppress(Refusal):  # first, because the cart is locked before orders and goods
            carts.add(checkout.user, _wish_of(item))
    for placed in waiting:
        fulfilment.act(placed, Event.CANCEL, Actor.USER, Said(by=checkout.user_id))


def _wish_of(item: OrderItem) -> Wish:
    assert item.variant_id is not None
    order = item.order
    return Wish(item.variant_id, item.quantity, order.rental_start_date, order.rental_end_date)
