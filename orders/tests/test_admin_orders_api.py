"""Administrators look at orders over the API, and take their steps."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import AuthSession
from core.audit_actions import ACTIONS
from core.models import AuditEntry
from orders import fulfilment, transitions
from orders.checkout import buy_from_balance
from orders.models import Order
from orders.models.kinds import Actor
from orders.saying import Said
from orders.tests.steps import take
from orders.transitions import Event

SHIPPED = (Event.ACCEPT, Event.SHIP)
TORN = Said(reason="It is torn")


@pytest.fixture
def order(aigerim, dress_on_sale):
    """Aigerim's paid order of the dress for 400 of her 1000 ₸."""
    return buy_from_balance(aigerim, dress_on_sale)


@pytest.fixture
def disputed(order):
    return take(take(order, *SHIPPED), Event.DISPUTE, said=TORN)


@pytest.fixture
def say(as_admin):
    def say_it(order, event, **body):
        return as_admin.post(f"/api/v1/admin/orders/{order.pk}/{event}", body, format="json")

    return say_it


@pytest.fixture
def find(as_admin):
    def found(**query):
        response = as_admin.get("/api/v1/admin/orders", query)
        assert response.status_code == 200, response.content
        return [order["id"] for order in response.json()["orders"]]

    return found


def balance(account):
    account.refresh_from_db()
    return account.balance


def test_orders_are_found_by_what_they_are(order, find, aigerim, atelier, bazaar):
    paid = take(buy_from_balance(aigerim, order.product), Event.ACCEPT)

    assert find() == [paid.pk, order.pk]
    assert find(status="confirmed", stage="processing") == [paid.pk]
    assert find(user_id=aigerim.pk, shop_id=atelier.pk) == [paid.pk, order.pk]
    assert find(shop_id=bazaar.pk) == find(status="cancelled") == []


def test_orders_are_found_by_words(order, find):
    for words in (order.order_number, str(order.pk), "silk", "atelier", "aigerim@ex"):
        assert find(search=words) == [order.pk], words
    assert find(search="Bazaar") == find(search="ORD-20200101-999999") == []


@pytest.mark.parametrize("query", [{"stage": "lost"}, {"status": "x"}, {"user_id": "x"}])
def test_a_search_that_makes_no_sense_is_refused(as_admin, query):
    assert as_admin.get("/api/v1/admin/orders", query).status_code == 422


def test_older_clients_turn_pages(order, aigerim, as_admin):
    newer = buy_from_balance(aigerim, order.product)

    query = {"page": 1, "page_size": 1}
    page = as_admin.get("/api/v1/admin/orders", query).json()
    following = as_admin.get("/api/v1/admin/orders", {"cursor": page["next_cursor"]}).json()

    assert (page["total"], page["page"], page["page_size"]) == (2, 1, 1)
    assert [order["id"] for order in page["orders"]] == [newer.pk]
    assert [each["id"] for each in following["orders"]] == [order.pk]


def test_one_order_is_shown_with_its_buyer(order, as_admin, aigerim):
    shown = as_admin.get(f"/api/v1/admin/orders/{order.pk}").json()

    assert shown["user"] == {
        "id": aigerim.pk,
        "email": aigerim.email,
        "name": "Aigerim",
        "balance": 600,
    }
    assert (shown["order"]["commission_amount"], len(shown["order"]["events"])) == (40, 2)
    assert [step["action"] for step in shown["order"]["next_actions"]] == ["cancel"]


def test_a_dispute_is_decided_for_the_buyer(disputed, say, aigerim, admin):
    response = say(disputed, "resolve_buyer", reason="The photos show it")

    assert (response.status_code, response.json()["stage"]) == (200, "refunded")
    assert balance(aigerim) == 1000
    entry = AuditEntry.objects.get(action="order.resolve_buyer")
    assert (entry.actor, entry.subject) == (f"admin:{admin.pk}", f"order:{disputed.pk}")


def test_a_dispute_is_decided_in_part(disputed, say, aigerim, as_atelier):
    assert say(disputed, "resolve_split", share="0.25").json()["stage"] == "closed_split"
    assert balance(aigerim) == 600 + 100
    earned = as_atelier.get("/api/v1/shops/me/analytics").json()["pending_revenue"]
    assert earned == 300 - 30


def test_money_is_moved_with_a_fresh_second_factor_alone(disputed, say, aigerim):
    AuthSession.objects.update(mfa_at=timezone.now() - timedelta(minutes=11))

    response = say(disputed, "resolve_buyer")

    assert (response.status_code, response.json()["code"]) == (403, "second_factor_stale")
    assert balance(aigerim) == 600


def test_what_moves_no_money_needs_no_fresh_one(order, say):
    take(order, *SHIPPED)
    AuthSession.objects.update(mfa_at=timezone.now() - timedelta(minutes=11))

    assert say(order, "deliver").json()["stage"] == "delivered"


def test_what_was_paid_from_the_balance_goes_back_there(disputed, say, aigerim):
    response = say(disputed, "resolve_buyer", destination="source")

    assert (response.status_code, response.json()["code"]) == (409, "not_paid_by_gateway")
    disputed.refresh_from_db()
    assert (disputed.stage, balance(aigerim)) == ("disputed", 600)
    assert not AuditEntry.objects.filter(action="order.resolve_buyer").exists()


def test_whereto_is_asked_only_where_money_goes_back(order, say):
    take(order, *SHIPPED)

    response = say(order, "deliver", destination="balance")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/destination")


GIVEN_BACK = {
    (): "cancel",
    (Event.ACCEPT,): "cancel",
    (*SHIPPED, Event.DISPUTE): "resolve_buyer",
    (*SHIPPED, Event.DELIVER, Event.REQUEST_RETURN): "return_accept",
    (*SHIPPED, Event.RECEIVE, Event.REQUEST_RETURN_LATE): "return_accept",
}


@pytest.mark.parametrize("steps", GIVEN_BACK, ids=len)
def test_a_refund_takes_the_step_of_the_stage(order, say, aigerim, steps):
    take(order, *steps, said=TORN)

    response = say(order, "refund", reason="The customer is right")

    assert response.status_code == 200, response.json()
    last = order.events.last()
    assert (last.event, last.note) == (GIVEN_BACK[steps], "The customer is right")
    assert balance(aigerim) == 1000


def test_a_refund_says_its_reason_in_the_query_too(order, as_admin, aigerim):
    address = f"/api/v1/admin/orders/{order.pk}/refund?reason=As%20asked"

    assert as_admin.post(address).json()["stage"] == "cancelled"
    assert (order.events.last().note, balance(aigerim)) == ("As asked", 1000)


def test_a_refund_wants_a_reason(order, say, aigerim):
    response = say(order, "refund")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert balance(aigerim) == 600


def test_a_share_of_a_disputed_order_is_refunded(disputed, say, aigerim):
    assert say(disputed, "refund", reason="Half of it", share=0.5).status_code == 200
    assert balance(aigerim) == 800


def test_goods_on_their_way_are_not_refunded(order, say, aigerim):
    take(order, *SHIPPED)

    response = say(order, "refund", reason="They asked for it")

    assert (response.status_code, response.json()["allowed"]) == (409, ["deliver", "dispute"])
    assert balance(aigerim) == 600


def test_every_step_of_administrators_has_a_name_in_the_audit_log():
    assert {f"order.{event}" for event in transitions.steps_of(Actor.ADMIN)} <= ACTIONS.keys()


def test_a_refund_after_settlement_is_kept_from_the_next_earnings(order, say, aigerim):
    take(order, *SHIPPED, Event.RECEIVE)
    past = timezone.now() - timedelta(days=15)
    Order.objects.update(delivered_at=past, next_due_at=past)
    order = take_due(order)
    order.shop.refresh_from_db()
    assert (order.stage, order.shop.balance) == ("settled", Decimal(360))

    response = say(order, "refund", reason="The dress is a copy")

    assert response.json()["stage"] == "refunded_late"
    assert (balance(aigerim), balance(order.shop)) == (1000, 0)


def take_due(order):
    assert fulfilment.take_due_steps() == 1
    order.refresh_from_db()
    return order
