"""Which days of a product can be had for rent."""

import pytest

from catalog import variants
from catalog.variants import Offer
from conftest import funded
from orders import checkout, fulfilment
from orders.models import Order, RentalBooking
from orders.models.kinds import Actor
from orders.quotes import Wish
from orders.saying import Said
from orders.tests.offers import TERMS, day
from orders.tests.steps import take
from orders.transitions import Event


@pytest.fixture
def hired(aigerim, gown):
    """Pay for one piece of the gown for these days."""
    funded(aigerim, 5000)

    def hire(start, end, quantity=1):
        wish = Wish(gown.variants.get(rental_units__gt=0).pk, quantity, day(start), day(end))
        return checkout.pay_from_balance(checkout.place(aigerim, [wish]))[0]

    return hire


@pytest.fixture
def ask(anyone, gown):
    def availability(**days):
        told = {name: str(day(number)) for name, number in days.items()}
        return anyone.get(f"/api/v1/products/{gown.pk}/availability", told).json()

    return availability


def test_days_tell_how_many_pieces_are_free_and_cleaning_counts(hired, ask, gown):
    hired(1, 2)
    hired(2, 4)

    body = ask(**{"from": 0, "to": 6})

    assert [each["free"] for each in body["days"]] == [2, 1, 0, 0, 1, 1, 2]
    assert body["taken"] == [str(day(2)), str(day(3))]
    assert (body["product_id"], body["units"]) == (gown.pk, 2)
    assert body["rental_terms"]["price_per_day"] == 50


def test_what_is_cancelled_or_brought_back_is_free_again(hired, ask):
    order = hired(1, 5)
    fulfilment.act(order, Event.CANCEL_LATE, Actor.USER)

    assert ask(**{"from": 0, "to": 6})["taken"] == []
    assert {each["free"] for each in ask(**{"from": 0, "to": 6})["days"]} == {2}


def test_pieces_that_a_shop_took_away_take_no_days_of_the_others(hired, ask, gown):
    hired(1, 1)
    hired(1, 1)
    variants.replace(gown, [Offer(stock=1, rental_units=3)])
    hired(1, 1)  # the third piece
    variants.replace(gown, [Offer(stock=1, rental_units=2)])

    assert [each["free"] for each in ask(**{"from": 1, "to": 3})["days"]] == [0, 0, 2]


def test_what_is_only_sold_has_no_terms(anyone, dress_on_sale):
    body = anyone.get(f"/api/v1/products/{dress_on_sale.pk}/availability").json()

    assert (body["units"], body["rental_terms"]) == (0, None)
    assert len(body["days"]) == len(body["taken"]) == 30


def test_a_product_that_is_not_on_sale_is_not_found(anyone, dress):
    assert anyone.get(f"/api/v1/products/{dress.pk}/availability").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2030-01-01", "to": "2030-05-01"},  # 121 days
        {"from": "2030-01-02", "to": "2030-01-01"},
        {"from": "soon"},
        {"to": "9999-12-31"},
        {"from": "9999-12-31"},
    ],
)
def test_senseless_days_are_refused(anyone, gown, asked):
    response = anyone.get(f"/api/v1/products/{gown.pk}/availability", asked)

    assert (response.status_code, response.json()["code"]) == (422, "invalid")


def test_120_days_take_four_queries_however_many_are_booked(hired, anyone, gown, queries):
    address = f"/api/v1/products/{gown.pk}/availability?from={day(0)}&to={day(119)}"
    hired(1, 1)
    one = queries(lambda: anyone.get(address))
    hired(4, 4)
    hired(7, 7, 2)

    # The product with its shop and terms, its variants, its bookings.
    assert queries(lambda: anyone.get(address)) == one == 3


def test_a_rental_ends_well_though_nothing_is_for_rent_any_more(hired, gown, work, picture):
    order = take(hired(0, 2), Event.HAND_OVER, said=Said(photos=[picture]))
    variants.end_rental(gown)

    with pytest.raises(fulfilment.Refusal) as refused:
        fulfilment.act(order, Event.EXTEND, Actor.USER, Said(until=day(4)))
    done = fulfilment.act(order, Event.RETURN_OK, Actor.SHOP)

    assert refused.value.code == "not_for_rent"
    assert done.stage == "completed"
    booking = RentalBooking.objects.get()
    assert (booking.status, booking.period.upper) == ("returned", day(1))
    assert Order.objects.get().items_amount == TERMS["price_per_day"] * 3
