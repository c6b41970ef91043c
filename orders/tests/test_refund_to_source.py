"""Money of an order goes back to where it was paid from, through the gateway that brought it."""

from decimal import Decimal

import pytest

from billing.models import Payment
from billing.tests.sandbox_payer import decide, paid
from conftest import funded
from core.models import AuditEntry
from orders import checkout as checkouts
from orders.quotes import Wish
from orders.saying import Said
from orders.tests.paying import begin
from orders.tests.steps import take
from orders.transitions import Event

TORN = Said(reason="It is torn")


@pytest.fixture
def order(timur, dress_on_sale):
    """Timur's two dresses for 800 ₸: 300 of them from his balance, 500 through the sandbox."""
    wishes = [Wish(dress_on_sale.variants.get().pk, 2)]
    checkout = checkouts.place(funded(timur, Decimal(300)), wishes)
    decide(begin(checkout, balance_first=True), "pay")
    return checkout.orders.get()


@pytest.fixture
def refund(as_admin, django_capture_on_commit_callbacks):
    def refund_it(order, action="refund", **body):
        said = {"reason": "The customer is right", "destination": "source", **body}
        with django_capture_on_commit_callbacks(execute=True):
            address = f"/api/v1/admin/orders/{order.pk}/{action}"
            return as_admin.post(address, said, format="json")

    return refund_it


def balance(user):
    user.refresh_from_db()
    return user.balance


def test_what_the_gateway_brought_goes_back_and_the_rest_stays(order, refund, timur):
    response = refund(order)

    assert (response.status_code, response.json()["stage"]) == (200, "cancelled")
    payment = Payment.objects.get()
    assert (payment.status, payment.refunded_amount) == ("refunded", 500)
    assert balance(timur) == 300
    entries = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert [*entries][-2:] == ["order.cancel", "payment.refund"]


def test_a_share_goes_back(order, refund, timur):
    take(order, Event.ACCEPT, Event.SHIP, Event.DISPUTE, said=TORN)

    assert refund(order, "resolve_split", share=0.25).json()["stage"] == "closed_split"

    payment = Payment.objects.get()
    assert (payment.status, payment.refunded_amount, balance(timur)) == ("succeeded", 200, 0)


def test_an_order_of_the_balance_has_no_source(timur, dress_on_sale, refund):
    paid(timur, 400)
    order = checkouts.buy_from_balance(timur, dress_on_sale)

    response = refund(order)

    assert (response.status_code, response.json()["code"]) == (409, "not_paid_by_gateway")
    order.refresh_from_db()
    assert (order.stage, balance(timur)) == ("paid", 0)


def test_an_order_says_what_has_paid_it(order, as_timur, as_atelier, as_admin, timur):
    bought = checkouts.buy_from_balance(funded(timur, Decimal(400)), order.product)

    pages = [
        as_timur.get("/api/v1/users/me/orders").json(),
        as_atelier.get("/api/v1/shops/me/orders").json()["orders"],
        as_admin.get("/api/v1/admin/orders").json()["orders"],
    ]
    accepted = as_atelier.post(f"/api/v1/shops/me/orders/{order.pk}/accept").json()

    for page in pages:
        methods = {each["id"]: each["payment_method"] for each in page}
        assert methods == {order.pk: "sandbox", bought.pk: "balance"}
    assert accepted["payment_method"] == "sandbox"


def test_the_administrators_page_asks_whereto(
    desk, order, timur, django_capture_on_commit_callbacks
):
    page = desk.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert 'type="radio" name="destination" value="source"' in page
    step = f"/admin/orders/order/{order.pk}/step/cancel/"
    assert desk.post(step).status_code == 422
    assert Payment.objects.get().refunded_amount == 0

    with django_capture_on_commit_callbacks(execute=True):
        done = desk.post(step, {"destination": "source"})

    assert done.status_code == 302
    payment = Payment.objects.get()
    assert (payment.status, payment.refunded_amount, balance(timur)) == ("refunded", 500, 300)


def test_the_page_can_leave_it_on_the_balance(desk, order, timur):
    desk.post(f"/admin/orders/order/{order.pk}/step/cancel/", {"destination": "balance"})

    assert Payment.objects.get().refunded_amount == 0
    assert balance(timur) == 800


def test_the_page_asks_nothing_of_an_order_of_the_balance(desk, aigerim, dress_on_sale):
    order = checkouts.buy_from_balance(aigerim, dress_on_sale)

    assert "destination" not in desk.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
