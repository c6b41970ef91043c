"""The page of one order: what the shop reads about it, and the forms of what it may do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conftest import funded
from core import storage
from orders import fulfilment
from orders.checkout import buy_from_balance
from orders.models import Order
from orders.models.kinds import STATUS_OF, Actor
from orders.saying import Said
from orders.tests.rentals import booked, for_rent, photographed
from orders.tests.steps import completed, settled, take
from orders.transitions import TABLES, Event
from shops.tests.owners import browser_of_shop


@pytest.fixture
def panel(atelier):
    return browser_of_shop(atelier)


@pytest.fixture
def order(aigerim, dress_on_sale):
    """Two dresses for 800 of Aigerim's 1000 ₸."""
    dress_on_sale.variants.update(size="M", colour="Ivory")
    return buy_from_balance(aigerim, dress_on_sale, quantity=2)


@pytest.fixture
def rental(aigerim, dress_on_sale):
    """A dress for three days: 300 ₸ and a deposit of 300 ₸."""
    return booked(aigerim, for_rent(dress_on_sale))


def address(order, action=""):
    return f"/panel/orders/{order.pk}/{f'{action}/' if action else ''}"


def photos(picture, count=1):
    return [SimpleUploadedFile(f"{number}.jpg", picture) for number in range(count)]


def test_it_tells_lines_money_and_what_happens_by_itself(panel, order):
    Order.objects.update(delivery_name="Courier", delivery_address="Dana, Abai 1, Almaty")

    page = panel.get(address(order)).content.decode()

    assert "Silk dress" in page
    assert "Size M" in page
    assert "Ivory" in page
    assert "2 × 400 ₸" in page
    assert "−80 ₸" in page
    assert "720 ₸" in page
    assert "Dana, Abai 1, Almaty" in page
    assert "“Not shipped in time”" in page
    assert "Ordered" in page
    assert "buyer Aigerim" in page


def test_each_step_says_what_it_does_and_until_when(panel, rental):
    response = panel.get(address(rental))

    forms = {form.step.event: form for form in response.context["forms"]}
    assert set(forms) == {"decline", "hand_over"}
    assert forms["decline"].until == rental.paid_at + timedelta(hours=24)
    assert "Rent and deposit are paid back to the balance." in response.content.decode()
    assert list(forms["hand_over"].fields) == ["photos"]
    assert 'enctype="multipart/form-data"' in response.content.decode()


def test_the_tracking_number_goes_with_the_shipment(panel, order):
    take(order, Event.ACCEPT)

    response = panel.post(address(order, "ship"), {"tracking_number": "KZ1"}, follow=True)

    assert response.redirect_chain == [(address(order), 302)]
    order.refresh_from_db()
    assert (order.stage, order.tracking_number) == ("shipped", "KZ1")
    assert "KZ1" in response.content.decode()


def test_a_refused_return_needs_a_reason_and_the_buyers_own_is_shown(panel, order):
    delivered = take(order, Event.ACCEPT, Event.SHIP, Event.DELIVER)
    take(delivered, Event.REQUEST_RETURN, said=Said(reason="It is too small."))

    asked = panel.post(address(order, "return_reject"), {"reason": "  "})
    assert asked.status_code == 422
    assert "It is too small." in asked.content.decode()
    [form] = [form for form in asked.context["forms"] if form.step.event == "return_reject"]
    assert form.errors == {"reason": ["This field is required."]}
    order.refresh_from_db()
    assert order.stage == "return_requested"

    panel.post(address(order, "return_reject"), {"reason": "It was worn."})
    order.refresh_from_db()
    assert order.stage == "disputed"
    assert order.events.last().note == "It was worn."


def test_photos_of_the_handover_are_kept_and_shown(panel, rental, picture):
    panel.post(address(rental, "hand_over"), {"photos": photos(picture, 2)})

    rental.refresh_from_db()
    assert rental.stage == "in_use"
    kept = rental.photos.all()
    assert [photo.moment for photo in kept] == ["before", "before"]
    assert [storage.read(photo.name)[:2] for photo in kept] == [b"\xff\xd8"] * 2
    page = panel.get(address(rental)).content.decode()
    assert "At the handover" in page
    assert page.count(f"/uploads/{kept[0].name}?expires=") == 2


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "Add photos of how it looks"), (11, "at most 10")],
)
def test_photos_that_are_missing_or_too_many_change_nothing(panel, rental, picture, count, words):
    response = panel.post(address(rental, "hand_over"), {"photos": photos(picture, count)})

    assert response.status_code == 422
    assert words in response.content.decode()
    rental.refresh_from_db()
    assert (rental.stage, rental.photos.count()) == ("booked", 0)


def test_a_claim_keeps_what_was_typed_until_it_is_right(panel, rental, picture):
    take(rental, Event.HAND_OVER, said=photographed(picture))
    sent = {"amount": "300.01", "reason": "A torn sleeve", "photos": photos(picture)}

    asked = panel.post(address(rental, "return_damaged"), sent)

    page = asked.content.decode()
    assert asked.status_code == 422
    assert 'value="300.01"' in page
    assert "A torn sleeve" in page
    assert "Ensure this value is less than or equal to 300" in page
    assert "Choose the pictures again, too." in page

    panel.post(
        address(rental, "return_damaged"), {**sent, "amount": "120", "photos": photos(picture)}
    )
    rental.refresh_from_db()
    assert (rental.stage, rental.claim_amount) == ("claim", 120)


@pytest.mark.parametrize("amount", ["-1", "NaN", "1.234", "", "Infinity", "x"])
def test_an_amount_that_is_none_is_an_error(panel, rental, picture, amount):
    take(rental, Event.HAND_OVER, said=photographed(picture))
    sent = {"amount": amount, "reason": "Torn", "photos": photos(picture)}

    response = panel.post(address(rental, "return_damaged"), sent)

    [form] = [form for form in response.context["forms"] if form.is_bound]
    assert list(form.errors) == ["amount"]
    rental.refresh_from_db()
    assert rental.stage == "in_use"


def test_a_control_character_is_refused_at_the_form(panel, order):
    delivered = take(order, Event.ACCEPT, Event.SHIP, Event.DELIVER)
    take(delivered, Event.REQUEST_RETURN, said=Said(reason="Small."))

    response = panel.post(address(order, "return_reject"), {"reason": "a\x01b"})

    assert response.status_code == 422
    assert "control character" in response.content.decode()
    order.refresh_from_db()
    assert order.stage == "return_requested"


def test_it_says_what_the_shop_gets_and_when(panel, order):
    def earned():
        return panel.get(address(order)).context["earnings"]

    assert (earned().amount, earned().state) == (720, "expected")
    done = completed(order)
    assert (earned().amount, earned().state) == (720, "held")
    assert earned().at == done.delivered_at + timedelta(days=14)
    settled(done)
    assert (earned().amount, earned().state) == (720, "released")


def test_a_cancelled_order_brings_nothing(panel, order):
    take(order, Event.CANCEL)

    response = panel.get(address(order))

    assert response.context["earnings"].amount == 0
    assert response.context["forms"] == []
    assert "Nothing at the moment." in response.content.decode()


def test_the_page_of_another_shops_order_is_not_found(bazaar, order):
    stranger = browser_of_shop(bazaar)

    assert stranger.get(address(order)).status_code == 404
    assert stranger.post(address(order, "accept")).status_code == 404


def test_a_page_that_is_behind_says_what_is_allowed_now(panel, order):
    take(order, Event.CANCEL)

    response = panel.post(address(order, "accept"), follow=True)

    assert response.redirect_chain == [(address(order), 302)]
    assert "This order does not allow that now." in response.content.decode()


def test_what_waits_for_the_shop_can_be_listed_alone(panel, aigerim, dress_on_sale, order, picture):
    funded(aigerim, Decimal(3000))
    cancelled = take(buy_from_balance(aigerim, dress_on_sale), Event.CANCEL)
    rented = booked(aigerim, for_rent(dress_on_sale))
    take(rented, Event.HAND_OVER, said=photographed(picture))

    def waiting():
        shown = panel.get("/panel/orders/", {"status": "waiting"}).context["orders"]
        return [one["order"] for one in shown]

    assert waiting() == [order]
    assert cancelled not in waiting()
    fulfilment.act(rented, Event.SEND_BACK, Actor.USER)
    assert waiting() == [rented, order]


def test_whatever_waits_for_the_shop_has_a_step_of_the_shop(order):
    for stage, status in STATUS_OF.items():
        Order.objects.update(stage=stage, status=status, sent_back_at=timezone.now())
        for table in TABLES.values():
            sources = {step.source for step in table if Actor.SHOP in step.actors}
            known = {step.source for step in table}
            is_waiting = Order.objects.awaiting_shop().exists()
            assert not (is_waiting and stage in known) or stage in sources, stage
    Order.objects.update(stage="paid", status="confirmed", sent_back_at=None)
