"""Requests for money back, as older clients list and decide them."""

from decimal import Decimal

import pytest

from conftest import funded
from core.models import AuditEntry
from orders import checkout
from orders.checkout import buy_from_balance
from orders.models.kinds import Type
from orders.saying import Said
from orders.tests.lifecycles import for_rent, placed
from orders.tests.steps import take
from orders.transitions import Event

TO_DISPUTED = (Event.ACCEPT, Event.SHIP, Event.DISPUTE)
TO_RETURN = (Event.ACCEPT, Event.SHIP, Event.DELIVER, Event.REQUEST_RETURN)
TO_LATE_RETURN = (Event.ACCEPT, Event.SHIP, Event.RECEIVE, Event.REQUEST_RETURN_LATE)
TORN = Said(reason="It is torn")


@pytest.fixture
def order(aigerim, dress_on_sale):
    """Aigerim's paid order of the dress for 400 of her 1000 ₸."""
    return buy_from_balance(aigerim, dress_on_sale)


@pytest.fixture
def claim(aigerim, dress_on_sale, picture):
    """Her rental at 400 ₸, of whose deposit of 1000 ₸ the shop claims 300."""
    funded(aigerim, Decimal(4000))
    rental = placed(Type.RENTAL, aigerim, for_rent(dress_on_sale))
    [rental] = checkout.pay_from_balance(rental.checkout)
    damage = Said(reason="A burn", amount=Decimal(300), photos=[picture])
    return take(rental, Event.HAND_OVER, Event.RETURN_DAMAGED, said=damage)


@pytest.fixture
def listed(as_admin):
    def rows(status=""):
        response = as_admin.get("/api/v1/admin/refunds", {"status": status} if status else {})
        assert response.status_code == 200, response.content
        return response.json()

    return rows


@pytest.fixture
def decide(as_admin):
    def decision(order, action, **body):
        asked = order.events.filter(event__in=ASKING).last()
        address = f"/api/v1/admin/refunds/{asked.pk}/process"
        return as_admin.post(address, {"action": action, **body}, format="json")

    return decision


ASKING = ("dispute", "request_return", "request_return_late", "return_damaged")


def balance(account):
    account.refresh_from_db()
    return account.balance


def test_a_request_is_listed_until_it_is_decided(order, listed, decide, aigerim):
    assert listed() == []
    take(order, *TO_DISPUTED, said=TORN)

    [request] = listed("requested")

    paid = aigerim.transactions.get(type="purchase")
    assert request == {
        "id": order.events.last().pk,
        "order_id": order.pk,
        "order_number": order.order_number,
        "transaction_id": paid.pk,
        "user_id": aigerim.pk,
        "amount": 400,
        "reason": "It is torn",
        "status": "requested",
        "admin_notes": None,
        "created_at": request["created_at"],
        "processed_at": None,
    }
    assert decide(order, "approve", admin_notes="True").status_code == 200
    assert listed("requested") == listed("rejected") == []


@pytest.mark.parametrize("steps", [TO_DISPUTED, TO_RETURN, TO_LATE_RETURN], ids=lambda s: s[-1])
def test_an_approval_gives_everything_back(order, listed, decide, aigerim, steps):
    take(order, *steps, said=TORN)

    response = decide(order, "approve", admin_notes="The photos show it")

    assert response.status_code == 200, response.json()
    told = response.json()
    assert (told["status"], told["amount"]) == ("completed", 400)
    assert told["admin_notes"] == "The photos show it"
    assert told["processed_at"]
    assert listed("approved") == listed("completed") == listed() == [told]
    assert balance(aigerim) == 1000


@pytest.mark.parametrize("steps", [TO_DISPUTED, TO_LATE_RETURN], ids=lambda s: s[-1])
def test_a_rejection_gives_nothing_back(order, listed, decide, aigerim, steps):
    take(order, *steps, said=TORN)

    told = decide(order, "reject", admin_notes="It was worn").json()

    assert (told["status"], told["amount"], told["admin_notes"]) == ("rejected", 0, "It was worn")
    assert listed("rejected") == [told]
    assert listed("completed") == listed("requested") == []
    assert balance(aigerim) == 600
    assert order.events.last().to_stage == "completed"


def test_a_rejection_says_why(order, decide, aigerim):
    take(order, *TO_DISPUTED, said=TORN)

    response = decide(order, "reject")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/admin_notes")
    assert balance(aigerim) == 600


def test_a_share_is_given_back(order, decide, aigerim):
    take(order, *TO_DISPUTED, said=TORN)

    told = decide(order, "approve", share=0.25).json()

    assert (told["status"], told["amount"]) == ("completed", 100)
    assert balance(aigerim) == 700


def test_it_is_decided_once(order, decide, aigerim):
    take(order, *TO_DISPUTED, said=TORN)
    decide(order, "approve")

    again = decide(order, "reject", admin_notes="It was worn")

    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert balance(aigerim) == 1000
    assert AuditEntry.objects.filter(action__startswith="order.").count() == 1


def test_a_second_request_leaves_the_first_as_it_was_decided(order, listed, decide):
    take(order, *TO_LATE_RETURN, said=TORN)
    decide(order, "reject", admin_notes="It was worn")
    order.refresh_from_db()
    take(order, Event.REQUEST_RETURN_LATE, said=TORN)

    assert [request["status"] for request in listed()] == ["requested", "rejected"]
    assert decide(order, "approve").status_code == 200
    assert [request["status"] for request in listed()] == ["completed", "rejected"]


def test_a_shop_that_has_not_answered_a_return_is_not_passed_over(order, decide):
    take(order, *TO_RETURN, said=TORN)

    response = decide(order, "reject", admin_notes="It was worn")

    assert (response.status_code, response.json()["allowed"]) == (409, ["return_accept"])


def test_money_of_the_balance_does_not_go_to_a_source(order, decide, aigerim):
    take(order, *TO_DISPUTED, said=TORN)

    response = decide(order, "approve", destination="source")

    assert (response.status_code, response.json()["code"]) == (409, "not_paid_by_gateway")
    assert balance(aigerim) == 600


@pytest.mark.parametrize(
    ("decision", "kept"),
    [
        ({"action": "approve"}, 0),
        ({"action": "approve", "share": 0.5}, 150),
        ({"action": "reject", "admin_notes": "It was burnt"}, 300),
    ],
)
def test_a_claim_is_decided(claim, listed, decide, aigerim, decision, kept):
    assert [request["amount"] for request in listed("requested")] == [300]

    told = decide(claim, **decision).json()

    assert (told["status"], told["amount"]) == ("completed", 1000 - kept)
    assert balance(aigerim) == 5000 - 400 - kept


@pytest.mark.parametrize("share", [0, 1, -0.5, 1.5])
def test_a_share_of_a_claim_is_between_nothing_and_everything(claim, decide, aigerim, share):
    response = decide(claim, "approve", share=share)

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/share")
    assert balance(aigerim) == 5000 - 400 - 1000


def test_what_is_no_request_is_not_found(order, as_admin):
    paid = order.events.last()

    response = as_admin.post(
        f"/api/v1/admin/refunds/{paid.pk}/process", {"action": "approve"}, format="json"
    )

    assert response.status_code == 404
