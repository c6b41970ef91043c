"""What happens to the goods of an order: pieces of the stock, or days of rented pieces."""

from collections.abc import Callable

from catalog import stock
from orders import rentals
from orders.models import Order, RentalBooking
from orders.models.kinds import Type
from orders.saying import Said
from orders.transitions import Goods

Booking = RentalBooking.Status


def move(order: Order, goods: Goods, said: Said) -> None:
    """Do with the goods what a step says; the order is locked."""
    steps = RENTAL if order.order_type == Type.RENTAL else PURCHASE
    if goods is not Goods.NONE:
        steps[goods](order, said)


def _stock(change: Callable[[stock.Pieces, int], None]) -> Callable[[Order, Said], None]:
    def changed(order: Order, said: Said) -> None:
        counted = order.items.exclude(variant=None).values_list("variant_id", "quantity")
        pieces: dict[int, int] = {}
        for pk, count in counted:
            pieces[pk] = pieces.get(pk, 0) + count
        stock.hold(pieces)
        change(pieces, order.pk)

    return changed


def _bookings(status: Booking) -> Callable[[Order, Said], None]:
    def changed(order: Order, said: Said) -> None:
        order.bookings.update(status=status)

    return changed


def _longer(order: Order, said: Said) -> None:
    assert said.until is not None
    rentals.extend(order, said.until)


def _back(order: Order, said: Said) -> None:
    rentals.bring_back(order)


PURCHASE = {
    Goods.FREE: _stock(stock.release),
    Goods.HAND_OUT: _stock(stock.hand_out),
    Goods.BRING_BACK: _stock(stock.bring_back),
}
RENTAL = {
    Goods.FREE: _bookings(Booking.CANCELLED),
    Goods.BOOK: _bookings(Booking.BOOKED),
    Goods.HAND_OUT: _bookings(Booking.OUT),
    Goods.BRING_BACK: _back,
    Goods.EXTEND: _longer,
}
