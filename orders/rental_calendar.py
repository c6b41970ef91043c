"""Which pieces of a shop are out, booked or being cleaned on which days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from catalog.models import ProductVariant
from orders.models import Order, RentalBooking
from shops.models import Shop

Booking = RentalBooking.Status


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row of one piece: `free`, `held`, `booked`, `out` or `cleaning`."""

    state: str
    start: date
    end: date
    order: Order | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Piece:
    variant: ProductVariant
    unit: int
    runs: Sequence[Run]


def pieces_of(shop: Shop, start: date, days: int) -> list[Piece]:
    """Every piece for rent with its days from `start` on, all of them accounted for."""
    end = start + timedelta(days=days - 1)
    variants = ProductVariant.objects.filter(product__shop=shop, product__deleted_at=None)
    for_rent = variants.filter(rental_units__gt=0).select_related("product")
    bookings = _bookings(shop, start, end)
    return [
        Piece(variant, unit, list(_filled(bookings.get((variant.pk, unit), []), start, end)))
        for variant in for_rent.order_by("product__name", "product_id", "pk")
        for unit in range(1, variant.rental_units + 1)
    ]


def _bookings(shop: Shop, start: date, end: date) -> dict[tuple[int, int], list[RentalBooking]]:
    rows = RentalBooking.objects.filter(order__shop=shop).exclude(status=Booking.CANCELLED)
    # What was not brought back in time is out, however long ago it should have come.
    shown = rows.filter(period__overlap=DateRange(start, end + timedelta(days=1))) | rows.filter(
        status=Booking.OUT
    )
    found: dict[tuple[int, int], list[RentalBooking]] = {}
    for booking in shown.select_related("order__user").order_by("period"):
        found.setdefault((booking.variant_id, booking.unit), []).append(booking)
    return found


def _filled(bookings: Iterable[RentalBooking], start: date, end: date) -> Iterator[Run]:
    """The runs of one piece, with free days between them."""
    day = start
    for run in (run for booking in bookings for run in _runs(booking)):
        first, last = max(run.start, day), min(run.end, end)
        if last < first:
            continue
        if first > day:
            yield Run("free", day, first - timedelta(days=1))
        yield Run(run.state, first, last, run.order)
        day = last + timedelta(days=1)
    if day <= end:
        yield Run("free", day, end)


def _runs(booking: RentalBooking) -> Iterator[Run]:
    """The days with the customer, then those for cleaning."""
    first, last = booking.period.lower, booking.period.upper - timedelta(days=1)
    with_customer = booking.order.rental_end_date or last
    if booking.status == Booking.OUT:
        with_customer = max(with_customer, timezone.localdate())
    if booking.status != Booking.RETURNED:
        yield Run(booking.status, first, with_customer, booking.order)
        first = with_customer + timedelta(days=1)
    yield Run("cleaning", first, last, booking.order)
