"""Administrators cancel orders in the Django admin, and the money goes back."""

from decimal import Decimal

import pytest
from django.urls import reverse

from orders import fulfilment
from orders.checkout import buy_from_balance
from orders.models import Order
from orders.transitions import Action, Actor


@pytest.fixture
def order(aigerim, dress_on_sale) -> Order:
    """Aigerim's paid order of a dress for 400 of her 1000 ₸."""
    return buy_from_balance(aigerim, dress_on_sale)


def cancel_url(order: Order) -> str:
    return reverse("admin:orders_order_cancel", args=[order.pk])


def page_of(order: Order) -> str:
    return reverse("admin:orders_order_change", args=[order.pk])


def test_cancelling_gives_the_money_back(desk, order, aigerim):
    response = desk.post(cancel_url(order), follow=True)

    order.refresh_from_db()
    aigerim.refresh_from_db()
    assert order.status == "cancelled"
    assert aigerim.balance == Decimal(1000)
    assert f"{order} is cancelled and paid back." in response.content.decode()
    assert cancel_url(order) not in response.content.decode()


def test_the_page_of_a_paid_order_offers_to_cancel_it(desk, order):
    page = desk.get(page_of(order)).content.decode()

    assert f'formaction="{cancel_url(order)}"' in page
    assert "Silk dress" in page


def test_a_completed_order_stays_and_a_message_says_why(desk, order, aigerim):
    fulfilment.act(order, Action.COMPLETE, Actor.SHOP)

    response = desk.post(cancel_url(order), follow=True)

    order.refresh_from_db()
    aigerim.refresh_from_db()
    assert order.status == "completed"
    assert aigerim.balance == Decimal(600)
    assert "This order does not allow that now." in response.content.decode()


def test_following_a_link_cancels_nothing(desk, order):
    response = desk.get(cancel_url(order))

    order.refresh_from_db()
    assert response.status_code == 405
    assert order.status == "confirmed"


def test_several_are_cancelled_at_once(desk, order, aigerim, dress_on_sale):
    aigerim.refresh_from_db()
    another = buy_from_balance(aigerim, dress_on_sale)
    chosen = {"action": "cancel_selected", "_selected_action": [order.pk, another.pk]}

    desk.post(reverse("admin:orders_order_changelist"), chosen)

    aigerim.refresh_from_db()
    assert set(Order.objects.values_list("status", flat=True)) == {"cancelled"}
    assert aigerim.balance == Decimal(1000)


def test_an_order_is_not_edited(desk, order):
    response = desk.post(page_of(order), {"status": "completed", "total_amount": "1"})

    order.refresh_from_db()
    assert response.status_code == 403
    assert order.status == "confirmed"
