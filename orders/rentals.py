"""Rentals: which days are free, and pieces promised for them.

A piece is never promised twice for a day: the database refuses it. The variant's row is locked
before anything is promised, because the constraint alone deadlocked in 49 of 300 races.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import stock
from catalog.models import (
    MAX_BUFFER_DAYS,
    MAX_RENTAL_DAYS,
    ProductVariant,
    RentalTerms,
)
from core.errors import Refusal
from orders.models import Order, RentalBooking

BOOKABLE_DAYS = 180  # ahead
Booking = RentalBooking.Status
Taken = dict[int, list[tuple[int, DateRange]]]  # (piece, days) of variants by id


class DatesTaken(Refusal):
    code = "dates_taken"


class NotForRent(Refusal):
    code = "not_for_rent"


class BadPeriod(Refusal):
    code = "bad_period"
    status = 422


def terms_of(variant: ProductVariant) -> RentalTerms | None:
    """The terms of the variant's product; None for what is not for rent."""
    return getattr(variant.product, "rental_terms", None)


def days_of(start: date, end: date) -> int:
    """How many days a rental lasts; both ends count."""
    return (end - start).days + 1


def check_period(terms: RentalTerms, start: date, end: date) -> None:
    """BadPeriod unless the terms allow it."""
    days = days_of(start, end)
    today = timezone.localdate()
    if not terms.min_days <= days <= terms.max_days:
        about = {"least": terms.min_days, "most": terms.max_days}
        raise BadPeriod(_("It is rented for %(least)d to %(most)d days.") % about)
    if not today <= start <= today + timedelta(days=BOOKABLE_DAYS):
        about = {"days": BOOKABLE_DAYS}
        raise BadPeriod(_("The first day is today or at most %(days)d days ahead.") % about)


def blocked(terms: RentalTerms, start: date, end: date) -> DateRange:
    """The days that a rental takes from the piece: its own and those for cleaning."""
    return DateRange(start, end + timedelta(days=1 + terms.buffer_days))


def taken(variant_ids: Iterable[int], days: DateRange) -> Taken:
    """Which pieces of these variants somebody has on some of these days, and when."""
    rows = RentalBooking.objects.filter(variant_id__in=list(variant_ids), period__overlap=days)
    found: Taken = {}
    for pk, unit, period in rows.exclude(status=Booking.CANCELLED).values_list(
        "variant_id", "unit", "period"
    ):
        found.setdefault(pk, []).append((unit, period))
    return found


def bookable_days() -> DateRange:
    """All days on which a rental of today's wishes can keep a piece."""
    today = timezone.localdate()
    longest = BOOKABLE_DAYS + MAX_RENTAL_DAYS + MAX_BUFFER_DAYS
    return DateRange(today, today + timedelta(days=longest + 1))


def free_units(variant: ProductVariant, period: DateRange, booked: Taken) -> list[int]:
    """The pieces that nobody has on any of these days, the lowest number first."""
    busy = {unit for unit, days in booked.get(variant.pk, []) if _overlap(days, period)}
    return [unit for unit in range(1, variant.rental_units + 1) if unit not in busy]


def hold(order: Order, variant: ProductVariant, period: DateRange, units: Iterable[int]) -> None:
    """Promise these pieces to the order; they are free, and the variant is locked."""
    RentalBooking.objects.bulk_create(
        RentalBooking(variant=variant, unit=unit, order=order, period=period) for unit in units
    )


def extend(order: Order, until: date) -> None:
    """Promise the pieces for longer; DatesTaken where somebody else has them by then."""
    stock.hold(order.bookings.values_list("variant_id", flat=True))
    for booking in order.bookings.select_related("variant__product__rental_terms"):
        terms = terms_of(booking.variant)
        if terms is None:
            raise NotForRent(_("This product is not for rent."))
        _check_length(order, terms, until)
        booking.period = blocked(terms, booking.period.lower, until)
        others = booking.variant.bookings.exclude(pk=booking.pk).exclude(status=Booking.CANCELLED)
        if others.filter(unit=booking.unit, period__overlap=booking.period).exists():
            raise DatesTaken(_("It is not free on all of these days."))
        booking.save(update_fields=["period"])


def price_of_days(order: Order, days: int) -> Decimal:
    """What so many more days cost, in KZT: at the price per day that the order was placed for."""
    assert order.rental_start_date
    assert order.rental_end_date
    rented = days_of(order.rental_start_date, order.rental_end_date)
    price: Decimal = order.items_amount / rented * days
    return price.quantize(Decimal("0.01"))


def late_fee(order: Order) -> Decimal:
    """The fee in KZT for bringing it back now, at most the deposit; the first late day is free."""
    assert order.rental_end_date
    came_back = timezone.localdate(order.sent_back_at) if order.sent_back_at else None
    late_days = ((came_back or timezone.localdate()) - order.rental_end_date).days - 1
    fee: Decimal = min(order.deposit_amount, max(0, late_days) * order.late_fee_per_day)
    return fee


def bring_back(order: Order) -> None:
    """The pieces are with the shop again, and free once they are cleaned."""
    today = timezone.localdate()
    for booking in order.bookings.select_related("variant__product__rental_terms"):
        terms = terms_of(booking.variant)
        cleaned = today + timedelta(days=1 + (terms.buffer_days if terms else 0))
        upper = max(min(booking.period.upper, cleaned), booking.period.lower + timedelta(days=1))
        booking.period = DateRange(booking.period.lower, upper)
        booking.status = Booking.RETURNED
        booking.save(update_fields=["period", "status"])


def free_each_day(variants: Sequence[ProductVariant], start: date, end: date) -> dict[date, int]:
    """How many pieces of these variants are free on each day from start to end."""
    days = [start + timedelta(days=offset) for offset in range(days_of(start, end))]
    free = dict.fromkeys(days, sum(each.rental_units for each in variants))
    known = taken([each.pk for each in variants], DateRange(start, end + timedelta(days=1)))
    for each in variants:
        for unit, period in known.get(each.pk, []):
            if unit <= each.rental_units:
                _take(free, max(start, period.lower), min(end, period.upper - timedelta(days=1)))
    return free


def _take(free: dict[date, int], first: date, last: date) -> None:
    for offset in range(days_of(first, last)):
        free[first + timedelta(days=offset)] -= 1


def _overlap(one: DateRange, other: DateRange) -> bool:
    overlaps: bool = one.lower < other.upper and other.lower < one.upper
    return overlaps


def _check_length(order: Order, terms: RentalTerms, until: date) -> None:
    assert order.rental_start_date
    if days_of(order.rental_start_date, until) > terms.max_days:
        about = {"most": terms.max_days}
        raise BadPeriod(_("It is rented for at most %(most)d days.") % about)
