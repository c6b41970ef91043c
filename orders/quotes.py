"""What an order would cost: lines, deliveries and deposits, and what is no longer to be had.

Prices are always the platform's; a client says only what it wants and, at the checkout, which
total it has shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catalog import stock
from catalog.models import ProductVariant, RentalTerms
from core.errors import Refusal
from orders import rentals
from orders.models import DeliveryMethod
from orders.models.kinds import Type
from orders.rentals import terms_of
from shops.models import Shop


@dataclass(frozen=True, slots=True)
class Wish:
    """Something to order: so many pieces, to keep, or to rent for these days (both count).

    Where the client named a product, the variant has to be one of it.
    """

    variant_id: int
    quantity: int = 1
    start: date | None = None
    end: date | None = None
    product_id: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a wish cannot be fulfilled; `available` is how many pieces could be had."""

    wish: Wish
    code: str
    detail: str
    available: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One wish with its price; money in KZT. `price` is for a piece, for all days of a rental.

    A rental gets the pieces `units`, which are taken for the days of `period`.
    """

    wish: Wish
    variant: ProductVariant
    price: Decimal
    terms: RentalTerms | None = None
    period: DateRange | None = None
    units: Sequence[int] = ()

    @property
    def subtotal(self) -> Decimal:
        return self.price * self.wish.quantity

    @property
    def deposit(self) -> Decimal:
        return self.terms.deposit * self.wish.quantity if self.terms else Decimal(0)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What becomes one order: the lines of one shop, of one type, for the same days."""

    shop: Shop
    type: Type
    start: date | None
    end: date | None
    lines: Sequence[Line]
    method: DeliveryMethod | None

    @property
    def items_amount(self) -> Decimal:
        return sum((line.subtotal for line in self.lines), Decimal(0))

    @property
    def delivery_amount(self) -> Decimal:
        return delivery_price(self.method, self.items_amount)

    @property
    def total_amount(self) -> Decimal:
        return self.items_amount + self.delivery_amount

    @property
    def deposit_amount(self) -> Decimal:
        return sum((line.deposit for line in self.lines), Decimal(0))

    @property
    def to_pay(self) -> Decimal:
        """The total and the deposit."""
        return self.total_amount + self.deposit_amount


@dataclass(frozen=True, slots=True)
class Quote:
    """All of it; money in KZT."""

    parcels: Sequence[Parcel]
    problems: Sequence[Problem]

    @property
    def items_amount(self) -> Decimal:
        return sum((parcel.items_amount for parcel in self.parcels), Decimal(0))

    @property
    def delivery_amount(self) -> Decimal:
        return sum((parcel.delivery_amount for parcel in self.parcels), Decimal(0))

    @property
    def deposit_amount(self) -> Decimal:
        return sum((parcel.deposit_amount for parcel in self.parcels), Decimal(0))

    @property
    def to_pay(self) -> Decimal:
        """The totals and the deposits."""
        return sum((parcel.to_pay for parcel in self.parcels), Decimal(0))

    @property
    def address_needed(self) -> bool:
        """Whether something has to be brought to the buyer."""
        chosen = (parcel.method for parcel in self.parcels)
        return any(method and method.kind != DeliveryMethod.Kind.PICKUP for method in chosen)


def of(
    wishes: Iterable[Wish],
    variants: Mapping[int, ProductVariant],
    methods: Mapping[int, DeliveryMethod],
) -> Quote:
    """Price the wishes with what is found in `variants`; `methods` are the shops' by shop id."""
    wishes = list(wishes)
    lines: list[Line] = []
    problems: list[Problem] = []
    promised = _promised_already(wishes)
    for wish in wishes:
        problem = _problem(wish, variants.get(wish.variant_id), promised)
        if problem:
            problems.append(problem)
        else:
            lines.append(_line(wish, variants[wish.variant_id], promised))
            _promise(lines[-1], promised)
    return Quote(_parcels(lines, methods), problems)


def on_sale(wishes: Iterable[Wish]) -> dict[int, ProductVariant]:
    """Those of the wished variants that may be ordered, with all that a quote looks at."""
    return {variant.pk: variant for variant in _on_sale(wishes)}


def held(wishes: Iterable[Wish]) -> dict[int, ProductVariant]:
    """The same, while nobody else can change these variants until the transaction ends."""
    return {variant.pk: variant for variant in stock.held(_on_sale(wishes))}


def _on_sale(wishes: Iterable[Wish]) -> QuerySet[ProductVariant]:
    rows = ProductVariant.objects.on_sale().filter(pk__in={wish.variant_id for wish in wishes})
    return rows.select_related("product__shop", "product__category", "product__rental_terms")


def meant(product_ids: Iterable[int]) -> dict[int, int]:
    """The variant that is meant where only a product is named: the first that is not sold out."""
    rows = ProductVariant.objects.on_sale().filter(product_id__in=list(product_ids))
    chosen: dict[int, ProductVariant] = {}
    for variant in rows.order_by("pk"):
        before = chosen.setdefault(variant.product_id, variant)
        if before.available == 0 and variant.available != 0:
            chosen[variant.product_id] = variant
    return {pk: variant.pk for pk, variant in chosen.items()}


def price(wish: Wish, variant: ProductVariant) -> Decimal:
    """What one piece costs, for all days of a rental; 0 for what is not for rent."""
    if not (wish.start and wish.end):
        return variant.price_now
    terms = terms_of(variant)
    return terms.price_per_day * rentals.days_of(wish.start, wish.end) if terms else Decimal(0)


def delivery_price(method: DeliveryMethod | None, items_amount: Decimal) -> Decimal:
    """What the delivery of goods for so much costs."""
    if method is None or (method.free_from is not None and items_amount >= method.free_from):
        return Decimal(0)
    return method.price


@dataclass(frozen=True, slots=True)
class _Promised:
    """What the wishes before this one get of the stock, and who has the pieces for rent when."""

    pieces: Counter[int]
    booked: rentals.Taken


def _promised_already(wishes: Iterable[Wish]) -> _Promised:
    rented = {wish.variant_id for wish in wishes if wish.start}
    booked = rentals.taken(rented, rentals.bookable_days()) if rented else {}
    return _Promised(Counter(), booked)


def _promise(line: Line, promised: _Promised) -> None:
    """Let the next wishes find what is left."""
    if line.period is None:
        promised.pieces[line.variant.pk] += line.wish.quantity
        return
    booked = promised.booked.setdefault(line.variant.pk, [])
    booked.extend((unit, line.period) for unit in line.units)


def _problem(wish: Wish, variant: ProductVariant | None, promised: _Promised) -> Problem | None:
    if variant is None or wish.product_id not in {None, variant.product_id}:
        return Problem(wish, "not_on_sale", _("This product is not on sale any more."))
    if wish.start and wish.end:
        return _problem_of_rental(wish, variant, promised)
    if variant.available is None:
        return None
    left = variant.available - promised.pieces[wish.variant_id]
    if left >= wish.quantity:
        return None
    return Problem(wish, "sold_out", _("There are not so many left."), max(left, 0))


def _problem_of_rental(wish: Wish, variant: ProductVariant, promised: _Promised) -> Problem | None:
    terms = terms_of(variant)
    if terms is None or not variant.rental_units:
        return Problem(wish, "not_for_rent", _("This product is not for rent."))
    assert wish.start
    assert wish.end
    try:
        rentals.check_period(terms, wish.start, wish.end)
    except Refusal as refusal:
        return Problem(wish, refusal.code, str(refusal))
    period = rentals.blocked(terms, wish.start, wish.end)
    free = rentals.free_units(variant, period, promised.booked)
    if len(free) >= wish.quantity:
        return None
    return Problem(wish, "dates_taken", _("It is not free on all of these days."), len(free))


def _line(wish: Wish, variant: ProductVariant, promised: _Promised) -> Line:
    terms = terms_of(variant)
    if terms is None or not (wish.start and wish.end):
        return Line(wish, variant, price(wish, variant))
    period = rentals.blocked(terms, wish.start, wish.end)
    units = rentals.free_units(variant, period, promised.booked)[: wish.quantity]
    return Line(wish, variant, price(wish, variant), terms, period, units)


def _parcels(lines: Sequence[Line], methods: Mapping[int, DeliveryMethod]) -> list[Parcel]:
    grouped: dict[tuple[int, date | None, date | None], list[Line]] = {}
    for line in lines:
        key = (line.variant.product.shop_id, line.wish.start, line.wish.end)
        grouped.setdefault(key, []).append(line)
    return [
        Parcel(
            shop=found[0].variant.product.shop,
            type=Type.RENTAL if start else Type.PURCHASE,
            start=start,
            end=end,
            lines=found,
            method=methods.get(shop_id),
        )
        for (shop_id, start, end), found in grouped.items()
    ]
