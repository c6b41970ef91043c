"""The shop's calendar: which piece is out, booked, being cleaned or free on which days."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import funded
from orders import rental_calendar
from orders.models import RentalBooking
from orders.tests.rentals import DAY, booked, for_rent, overdue, photographed
from orders.tests.steps import take
from orders.transitions import Event
from shops.tests.owners import browser_of_shop

RENTALS = "/panel/rentals/"


@pytest.fixture
def gown(dress_on_sale):
    """Two pieces, with a day for cleaning."""
    return for_rent(dress_on_sale, units=2)


@pytest.fixture
def rich(aigerim):
    return funded(aigerim, Decimal(10_000))


@pytest.fixture
def shown(atelier):
    """(state, days, order) of every run of every piece, from today on."""

    def runs():
        pieces = rental_calendar.pieces_of(atelier, timezone.localdate(), 28)
        return [[(run.state, run.days, run.order) for run in piece.runs] for piece in pieces]

    return runs


def test_booked_days_are_followed_by_those_for_cleaning(shown, rich, gown):
    order = booked(rich, gown, start=timezone.localdate() + 5 * DAY, days=3)

    assert shown() == [
        [("free", 5, None), ("booked", 3, order), ("cleaning", 1, order), ("free", 19, None)],
        [("free", 28, None)],
    ]


def test_a_booking_that_goes_on_after_four_weeks_is_cut(shown, rich, gown):
    order = booked(rich, gown, start=timezone.localdate() + 26 * DAY, days=3)

    assert shown()[0] == [("free", 26, None), ("booked", 2, order)]


def test_two_orders_of_the_same_days_have_a_piece_each(shown, rich, gown):
    orders = [booked(rich, gown), booked(rich, gown)]

    assert [piece[0] for piece in shown()] == [("booked", 3, order) for order in orders]


def test_what_is_not_brought_back_is_out_until_it_comes(shown, rich, gown, picture):
    order = take(booked(rich, gown), Event.HAND_OVER, said=photographed(picture))
    order = overdue(order)
    RentalBooking.objects.update(period=(order.rental_start_date, order.rental_end_date))

    assert shown()[0] == [("out", 1, order), ("free", 27, None)]

    RentalBooking.objects.update(
        period=(timezone.localdate(), timezone.localdate() + timedelta(days=4))
    )
    take(order, Event.RETURN_OK)
    assert shown()[0] == [("cleaning", 2, order), ("free", 26, None)]


def test_a_cancelled_booking_and_other_shops_are_not_there(shown, rich, gown, bazaar):
    take(booked(rich, gown, start=timezone.localdate() + 5 * DAY), Event.CANCEL_EARLY)

    assert shown() == [[("free", 28, None)]] * 2
    assert rental_calendar.pieces_of(bazaar, timezone.localdate(), 28) == []


def test_the_page_names_pieces_and_customers(atelier, rich, gown):
    gown.variants.update(size="S")
    order = booked(rich, gown)

    page = browser_of_shop(atelier).get(RENTALS).content.decode()

    assert "Silk dress S" in page
    assert "№ 2" in page
    assert f'href="/panel/orders/{order.pk}/"' in page
    assert "Aigerim" in page


def test_a_shop_without_rentals_reads_so(atelier):
    page = browser_of_shop(atelier).get(RENTALS).content.decode()

    assert "None of your products are for rent yet." in page


def test_it_takes_the_same_queries_for_one_booking_and_for_three(atelier, rich, gown):
    panel = browser_of_shop(atelier)
    booked(rich, gown)
    panel.get(RENTALS)
    with CaptureQueriesContext(connection) as for_one:
        panel.get(RENTALS)
    for weeks in (1, 2):
        booked(rich, gown, start=timezone.localdate() + 7 * weeks * DAY)

    with CaptureQueriesContext(connection) as for_more:
        panel.get(RENTALS)

    assert len(for_more) == len(for_one)
