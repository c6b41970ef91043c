"""Administrators take their steps of an order in the Django admin: decide, cancel, give back."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.mfa.tests.phone import code
from billing.models import Transaction
from conftest import browser_of
from core.models import AuditEntry
from orders.checkout import buy_from_balance
from orders.models import Order
from orders.saying import Said
from orders.tests.rentals import booked, for_rent, overdue, photographed
from orders.tests.steps import completed, settled, take
from orders.transitions import Event


@pytest.fixture
def order(aigerim, dress_on_sale) -> Order:
    """Aigerim's paid order of a dress for 400 of her 1000 ₸."""
    return buy_from_balance(aigerim, dress_on_sale)


@pytest.fixture
def disputed(order) -> Order:
    shipped = take(order, Event.ACCEPT, Event.SHIP)
    return take(shipped, Event.DISPUTE, said=Said(reason="It is torn."))


@pytest.fixture
def claimed(aigerim, dress_on_sale, picture) -> Order:
    """A rental for 300 ₸ with a deposit of 300 ₸, of which the shop claims 120."""
    rental = booked(aigerim, for_rent(dress_on_sale))
    rental = take(rental, Event.HAND_OVER, said=photographed(picture))
    said = photographed(picture, amount=Decimal(120), reason="A stain")
    return take(rental, Event.RETURN_DAMAGED, said=said)


def step_url(order: Order, event: str) -> str:
    return reverse("admin:orders_order_step", args=[order.pk, event])


def page_of(order: Order) -> str:
    return reverse("admin:orders_order_change", args=[order.pk])


def pending() -> Decimal:
    legs = Transaction.objects.filter(system_account="shop_pending")
    return sum((leg.amount for leg in legs), Decimal(0))


def test_cancelling_gives_the_money_back(desk, order, aigerim):
    response = desk.post(step_url(order, "cancel"), follow=True)

    order.refresh_from_db()
    aigerim.refresh_from_db()
    assert order.status == "cancelled"
    assert aigerim.balance == Decimal(1000)
    assert "Cancelled, the money is given back" in response.content.decode()
    assert step_url(order, "cancel") not in response.content.decode()


def test_the_page_offers_the_steps_of_now_and_tells_the_whole_story(desk, claimed):
    page = desk.get(page_of(claimed)).content.decode()

    assert f'action="{step_url(claimed, "claim_decide")}"' in page
    assert step_url(claimed, "cancel") not in page
    assert "Silk dress" in page
    assert "A stain" in page
    assert "Brought back damaged" in page
    before, after = claimed.photos.order_by("pk")
    assert f"/uploads/{before.name}?expires=" in page
    assert f"/uploads/{after.name}?expires=" in page
    assert "At the return" in page
    assert "Claim dropped" in page


def test_a_completed_order_stays_and_a_message_says_why(desk, order, aigerim):
    completed(order)

    response = desk.post(step_url(order, "cancel"), follow=True)

    order.refresh_from_db()
    aigerim.refresh_from_db()
    assert order.status == "completed"
    assert aigerim.balance == Decimal(600)
    assert "This order does not allow that now." in response.content.decode()


@pytest.mark.parametrize("event", ["ship", "release", "burn"])
def test_a_step_of_others_is_none_of_theirs(desk, order, event):
    desk.post(step_url(order, event))

    order.refresh_from_db()
    assert order.stage == "paid"


def test_following_a_link_does_nothing(desk, order):
    response = desk.get(step_url(order, "cancel"))

    order.refresh_from_db()
    assert response.status_code == 405
    assert order.status == "confirmed"


@pytest.mark.parametrize("said", [{"percent": "25"}, {"refund": "100"}])
def test_the_money_of_a_dispute_is_divided_by_share_or_by_amount(desk, disputed, aigerim, said):
    desk.post(step_url(disputed, "resolve_split"), said)

    disputed.refresh_from_db()
    aigerim.refresh_from_db()
    assert disputed.stage == "closed_split"
    assert (aigerim.balance, pending()) == (Decimal(700), Decimal(270))
    entry = AuditEntry.objects.latest("pk")
    assert entry.action == "order.resolve_split"
    assert Decimal(entry.said["after"]["share"]) == Decimal("0.25")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"percent": "25", "refund": "100"},
        {"percent": "100"},
        {"percent": "0"},
        {"refund": "400"},
        {"refund": "0"},
        {"percent": "NaN"},
        {"refund": "100.001"},
    ],
)
def test_a_share_that_is_none_is_asked_for_again(desk, disputed, aigerim, said):
    response = desk.post(step_url(disputed, "resolve_split"), said)

    assert response.status_code == 422
    assert response.context["form"].errors
    disputed.refresh_from_db()
    assert disputed.stage == "disputed"
    assert not AuditEntry.objects.filter(action="order.resolve_split").exists()


def test_a_claim_is_decided_up_to_the_deposit(desk, claimed, aigerim):
    asked = desk.post(step_url(claimed, "claim_decide"), {"amount": "301", "reason": "Too much"})
    assert asked.status_code == 422
    assert 'value="301"' in asked.content.decode()
    assert "Too much" in asked.content.decode()

    desk.post(step_url(claimed, "claim_decide"), {"amount": "80", "reason": "It washes out."})

    claimed.refresh_from_db()
    aigerim.refresh_from_db()
    assert (claimed.stage, claimed.claim_amount) == ("completed", 80)
    assert (aigerim.balance, pending()) == (1000 - 300 - 80, 270 + 80)
    assert claimed.events.last().note == "It washes out."


def test_what_moves_money_asks_for_the_factor_first_and_then_goes_on(admin, claimed):
    browser = browser_of(admin, shown_ago=11 * 60)
    sent = {"amount": "80", "reason": "It washes out."}

    asked = browser.post(step_url(claimed, "claim_decide"), sent)
    claimed.refresh_from_db()
    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    assert claimed.stage == "claim"

    browser.post(asked["Location"], {"code": code()})
    claimed.refresh_from_db()
    assert (claimed.stage, claimed.claim_amount) == ("completed", 80)


def test_what_moves_none_does_not_ask(admin, order):
    take(order, Event.ACCEPT, Event.SHIP)
    browser = browser_of(admin, shown_ago=11 * 60)

    browser.post(step_url(order, "deliver"))

    order.refresh_from_db()
    assert order.stage == "delivered"


def test_a_settled_order_is_given_back_with_a_reason(desk, order, aigerim, atelier):
    settled(completed(order))

    assert desk.post(step_url(order, "refund_settled")).status_code == 422
    desk.post(step_url(order, "refund_settled"), {"reason": "The seller agreed."})

    aigerim.refresh_from_db()
    atelier.refresh_from_db()
    assert (aigerim.balance, atelier.balance) == (1000, 0)


def test_a_thing_that_is_not_brought_back_is_lost_after_two_weeks(
    desk, aigerim, dress_on_sale, picture
):
    rental = booked(aigerim, for_rent(dress_on_sale))
    rental = take(rental, Event.HAND_OVER, said=photographed(picture))
    overdue(rental)

    desk.post(step_url(rental, "lost"))

    rental.refresh_from_db()
    assert rental.stage == "completed_lost"
    assert pending() == 270 + 300


def test_several_are_cancelled_at_once(desk, order, aigerim, dress_on_sale):
    aigerim.refresh_from_db()
    another = buy_from_balance(aigerim, dress_on_sale)
    chosen = {"action": "cancel_selected", "_selected_action": [order.pk, another.pk]}

    desk.post(reverse("admin:orders_order_changelist"), chosen)

    aigerim.refresh_from_db()
    assert set(Order.objects.values_list("status", flat=True)) == {"cancelled"}
    assert aigerim.balance == Decimal(1000)


def test_what_waits_for_a_decision_is_a_list_of_its_own(desk, disputed, aigerim, dress_on_sale):
    aigerim.refresh_from_db()
    other = buy_from_balance(aigerim, dress_on_sale)

    queue = desk.get(reverse("admin:orders_order_changelist"), {"decision": "waiting"})

    assert disputed.order_number in queue.content.decode()
    assert other.order_number not in queue.content.decode()
    cards = {card["name"]: card for card in desk.get(reverse("admin:index")).context["cards"]}
    assert cards["Orders to decide"]["number"] == 1
    assert cards["In escrow"]["number"] == 800


def test_an_order_is_not_edited(desk, order):
    response = desk.post(page_of(order), {"status": "completed", "total_amount": "1"})

    order.refresh_from_db()
    assert response.status_code == 403
    assert order.status == "confirmed"
