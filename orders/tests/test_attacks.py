"""What somebody might try, or meet, that would bend the sums of an order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import ledger
from billing.models import Transaction
from catalog.models import RentalTerms
from conftest import funded
from orders import fulfilment, postings, rentals
from orders.checkout import CannotBeOrdered, Delivery, pay_from_balance, place
from orders.models import DeliveryAddress, DeliveryMethod, Order, RentalBooking
from orders.models.kinds import Actor
from orders.quotes import Wish
from orders.saying import Said, Unexplained
from orders.tests.steps import completed, take
from orders.transitions import Event

Account = Transaction.Account
pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PHOTOS = Said(photos=[b"jpeg"])


@pytest.fixture
def rich(timur):
    return funded(timur, Decimal(100_000))


@pytest.fixture
def gown(dress_on_sale):
    """Two pieces for rent at 333.33 a day with a deposit of 1000.01, and one for sale."""
    RentalTerms.objects.create(
        product=dress_on_sale, price_per_day=Decimal("333.33"), deposit=Decimal("1000.01")
    )
    variant = dress_on_sale.variants.get()
    variant.rental_units, variant.stock = 2, 1
    variant.save()
    return variant


def rented(user, gown, *, days=3, starts_in=1, **how):
    start = TODAY + timedelta(days=starts_in)
    wish = Wish(gown.pk, start=start, end=start + timedelta(days=days - 1))
    [order] = pay_from_balance(place(user, [wish], **how))
    return order


def pending_of(order):
    return postings.pending(order)


def test_who_cancels_late_gets_the_delivery_back_whole(rich, gown, atelier):
    courier = DeliveryMethod.objects.create(shop=atelier, kind="flat", name="Courier", price=500)
    address = DeliveryAddress(recipient="Timur", phone="+7", city="Almaty", street="Abay 1")
    order = rented(rich, gown, delivery=Delivery({atelier.pk: courier}, address))
    assert (order.items_amount, order.total_amount) == (Decimal("999.99"), Decimal("1499.99"))

    fulfilment.act(order, Event.CANCEL_LATE, Actor.USER)

    rich.refresh_from_db()
    assert rich.balance == 100_000 - Decimal("499.99")  # half of the rent stays with the shop
    commission = sum(leg.amount for leg in Transaction.objects.filter(system_account="commission"))
    assert (pending_of(order), commission) == (Decimal("449.99"), Decimal("50.00"))


@pytest.mark.parametrize("amount", ["0.001", "-0.01", "1000.02"])
def test_a_claim_is_a_whole_number_of_tiyn_within_the_deposit(rich, gown, amount):
    order = take(rented(rich, gown), Event.HAND_OVER, said=PHOTOS)

    said = Said(amount=Decimal(amount), reason="Torn", photos=[b"jpeg"])

    with pytest.raises(Unexplained):
        fulfilment.act(order, Event.RETURN_DAMAGED, Actor.SHOP, said)

    order.refresh_from_db()
    assert order.stage == "in_use"


def test_a_rented_thing_comes_back_even_when_it_is_no_longer_offered_for_rent(rich, gown):
    order = take(rented(rich, gown), Event.HAND_OVER, said=PHOTOS)
    RentalTerms.objects.all().delete()

    order = fulfilment.act(order, Event.RETURN_OK, Actor.SHOP)

    assert order.stage == "completed"
    assert RentalBooking.objects.get().status == "returned"


def test_it_is_not_kept_longer_once_it_is_no_longer_offered_for_rent(rich, gown):
    order = take(rented(rich, gown), Event.HAND_OVER, said=PHOTOS)
    RentalTerms.objects.all().delete()

    said = Said(until=order.rental_end_date + timedelta(days=1))

    with pytest.raises(rentals.NotForRent):
        fulfilment.act(order, Event.EXTEND, Actor.USER, said)


def test_renting_one_piece_takes_none_from_those_for_sale(rich, gown):
    start = TODAY + timedelta(days=5)

    checkout = place(rich, [Wish(gown.pk, start=start, end=start), Wish(gown.pk)])

    assert sorted(checkout.orders.values_list("order_type", flat=True)) == ["purchase", "rental"]


def test_two_lines_for_the_same_days_ask_for_two_pieces(rich, gown):
    start = TODAY + timedelta(days=5)
    wish = Wish(gown.pk, start=start, end=start)

    order = place(rich, [wish, wish]).orders.get()

    assert sorted(order.bookings.values_list("unit", flat=True)) == [1, 2]
    with pytest.raises(CannotBeOrdered, match="not free"):
        place(rich, [wish])


def test_a_refund_after_settlement_is_kept_from_the_next_earnings(rich, gown, atelier):
    first, second = (settled(rich, gown) for _ in range(2))
    ledger.transfer(
        "payout", Transaction.Type.PAYOUT, Decimal(500), source=atelier, target=Account.PAYOUT
    )

    for order in (first, second):
        fulfilment.act(order, Event.REFUND_SETTLED, Actor.ADMIN, Said(reason="It fell apart"))

    atelier.refresh_from_db()
    rich.refresh_from_db()
    assert (rich.balance, atelier.balance, postings.owed_by(atelier)) == (100_000, 0, 500)
    settled(rich, gown)
    atelier.refresh_from_db()
    assert (atelier.balance, postings.owed_by(atelier)) == (0, Decimal(140))
    settled(rich, gown)
    atelier.refresh_from_db()
    assert (atelier.balance, postings.owed_by(atelier)) == (Decimal(220), 0)


def settled(user, gown):
    gown.stock = None
    gown.save(update_fields=["stock"])
    [order] = pay_from_balance(place(user, [Wish(gown.pk)]))
    order = completed(order)
    Order.objects.filter(pk=order.pk).update(
        next_due_at=timezone.now(), delivered_at=timezone.now() - timedelta(days=14)
    )
    assert fulfilment.take_due_steps() == 1
    return order
