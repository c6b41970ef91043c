"""The cart: what a person means to order. It promises nothing; a quote tells what can be had."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import ProductVariant
from core.errors import Refusal
from core.transactions import atomic
from orders import quotes, rentals
from orders.models import Cart, CartItem
from orders.models.kinds import MAX_QUANTITY
from orders.quotes import Problem, Quote, Wish

MAX_LINES = 100
Days = tuple[date | None, date | None]
Key = tuple[int, date | None, date | None]


class NotOnSale(Refusal):
    code = "not_on_sale"


class CartFull(Refusal):
    code = "cart_full"


class TooMany(Refusal):
    code = "too_many"
    status = 422


class AlreadyInCart(Refusal):
    code = "already_in_cart"


class NoSuchLine(Refusal):
    code = "not_found"
    status = 404


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the cart with its price of now, for a piece, and why it cannot be ordered."""

    item: CartItem
    price: Decimal
    problem: Problem | None

    @property
    def subtotal(self) -> Decimal:
        return self.price * self.item.quantity

    @property
    def deposit_amount(self) -> Decimal:
        terms = rentals.terms_of(self.item.variant) if self.item.rental_start_date else None
        return terms.deposit * self.item.quantity if terms else Decimal(0)


@dataclass(frozen=True, slots=True)
class Contents:
    """A cart as it stands; one that nothing was ever put into has no id."""

    cart: Cart
    entries: Sequence[Entry]
    quote: Quote

    @property
    def total_items(self) -> int:
        return sum(entry.item.quantity for entry in self.entries)


def read(user: User) -> Contents:
    """What is in the cart, with its prices of now."""
    cart = Cart.objects.filter(user=user).first() or Cart(user=user)
    items = list(_lines(cart)) if cart.pk else []
    wishes = {item.pk: wish_of(item) for item in items}
    quote = quotes.of(wishes.values(), quotes.on_sale(wishes.values()), {})
    problems = {problem.wish: problem for problem in quote.problems}
    entries = [
        Entry(item, quotes.price(wish, item.variant), problems.get(wish))
        for item, wish in ((item, wishes[item.pk]) for item in items)
    ]
    return Contents(cart, entries, quote)


@atomic
def add(user: User, wish: Wish) -> None:
    """Put the wish into the cart; what is there already becomes more.

    Raises NotOnSale, CartFull, TooMany, and NotForRent or BadPeriod for a rental.
    """
    _check(wish)
    cart = _changed(user)
    line = _same(cart, wish).first()
    if line is None and cart.items.count() >= MAX_LINES:
        raise CartFull(_("A cart holds at most %(most)d lines.") % {"most": MAX_LINES})
    line = line or CartItem(cart=cart, quantity=0, **_what(wish))
    line.quantity += wish.quantity
    _check_quantity(line.quantity)
    line.save()


@atomic
def change(user: User, pk: int, *, quantity: int | None = None, days: Days | None = None) -> None:
    """Change how many pieces of a line are meant, or when; raises what `add` does."""
    cart = _changed(user)
    line = _line(cart, pk)
    if quantity is not None:
        _check_quantity(quantity)
        line.quantity = quantity
    if days is not None:
        wish = Wish(line.variant_id, line.quantity, *days)
        _check(wish)
        if _same(cart, wish).exclude(pk=pk).exists():
            raise AlreadyInCart(_("This is in the cart already."))
        line.rental_start_date, line.rental_end_date = days
    line.save()


@atomic
def remove(user: User, pk: int) -> None:
    """Take a line out."""
    _line(_changed(user), pk).delete()


@atomic
def clear(user: User) -> None:
    """Take everything out."""
    _changed(user).items.all().delete()


def take_out(lines: Sequence[CartItem], ordered: Iterable[Wish]) -> None:
    """Take out of lines that are held what is ordered; the rest stays."""
    counts = _counted(ordered)
    taken = [(line, min(line.quantity, counts[_key(wish_of(line))])) for line in lines]
    for line, count in taken:
        line.quantity -= count
    CartItem.objects.filter(pk__in=[line.pk for line in lines if not line.quantity]).delete()
    left = [line for line, count in taken if count and line.quantity]
    if left:
        CartItem.objects.bulk_update(left, ["quantity"])


def wishes(user: User) -> list[Wish]:
    """What is in the cart."""
    return [wish_of(line) for line in _of(user)]


def held(user: User) -> list[CartItem]:
    """The lines of the cart, which nobody changes until the transaction ends."""
    list(Cart.objects.select_for_update().filter(user=user))
    return list(_of(user))


def wish_of(line: CartItem) -> Wish:
    days = line.rental_start_date, line.rental_end_date
    return Wish(line.variant_id, line.quantity, *days)


def _of(user: User) -> QuerySet[CartItem]:
    return CartItem.objects.filter(cart__user=user).order_by("pk")


def _lines(cart: Cart) -> QuerySet[CartItem]:
    product = "variant__product"
    return cart.items.select_related(f"{product}__shop", f"{product}__rental_terms").order_by("pk")


def _changed(user: User) -> Cart:
    """The person's cart, held until the transaction ends, so that no line is there twice."""
    Cart.objects.get_or_create(user=user)
    cart = Cart.objects.select_for_update().get(user=user)
    cart.save(update_fields=["updated_at"])
    return cart


def _line(cart: Cart, pk: int) -> CartItem:
    line = cart.items.filter(pk=pk).first()
    if line is None:
        raise NoSuchLine(_("There is nothing at this address."))
    return line


def _check(wish: Wish) -> None:
    """Refuse what could never be ordered; what is sold out may come again."""
    rows = ProductVariant.objects.on_sale().select_related("product__rental_terms")
    variant = rows.filter(pk=wish.variant_id).first()
    if variant is None or wish.product_id not in {None, variant.product_id}:
        raise NotOnSale(_("This product is not on sale any more."))
    if wish.start and wish.end:
        terms = rentals.terms_of(variant)
        if terms is None or not variant.rental_units:
            raise rentals.NotForRent(_("This product is not for rent."))
        rentals.check_period(terms, wish.start, wish.end)


def _check_quantity(quantity: int) -> None:
    if quantity > MAX_QUANTITY:
        raise TooMany(_("At most %(most)d pieces can be ordered at once.") % {"most": MAX_QUANTITY})


def _what(wish: Wish) -> dict[str, object]:
    return {
        "variant_id": wish.variant_id,
        "rental_start_date": wish.start,
        "rental_end_date": wish.end,
    }


def _same(cart: Cart, wish: Wish) -> QuerySet[CartItem]:
    return cart.items.filter(**_what(wish))


def _key(wish: Wish) -> Key:
    return wish.variant_id, wish.start, wish.end


def _counted(wishes: Iterable[Wish]) -> Counter[Key]:
    counts: Counter[Key] = Counter()
    for wish in wishes:
        counts[_key(wish)] += wish.quantity
    return counts
