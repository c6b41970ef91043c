"""What the body of a step carries: what the step needs, and nothing else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conftest import funded
from core import storage
from orders import checkout
from orders.checkout import buy_from_balance
from orders.models import Order
from orders.models.kinds import Type
from orders.saying import Said
from orders.tests.lifecycles import DEPOSIT, for_rent, placed
from orders.tests.steps import take
from orders.transitions import Event


@pytest.fixture
def order(aigerim, dress_on_sale):
    """Aigerim's paid order of the dress for 400 ₸."""
    return buy_from_balance(aigerim, dress_on_sale)


@pytest.fixture
def rental(aigerim, dress_on_sale):
    """Her booking of it in five days, for four days at 100 ₸ and a deposit of 1000."""
    funded(aigerim, Decimal(4000))
    order = placed(Type.RENTAL, aigerim, for_rent(dress_on_sale))
    return checkout.pay_from_balance(order.checkout)[0]


@pytest.fixture
def shop_says(as_atelier):
    def say(order, event, body=None, kind="json"):
        return as_atelier.post(f"/api/v1/shops/me/orders/{order.pk}/{event}", body, format=kind)

    return say


@pytest.fixture
def buyer_says(as_aigerim):
    def say(order, event, body=None):
        return as_aigerim.post(f"/api/v1/orders/{order.pk}/{event}", body, format="json")

    return say


def photo(picture, name="dress.jpg"):
    return SimpleUploadedFile(name, picture)


def test_a_step_that_needs_nothing_needs_no_body(order, as_atelier):
    response = as_atelier.post(f"/api/v1/shops/me/orders/{order.pk}/accept")

    assert (response.status_code, response.json()["stage"]) == (200, "processing")


def test_the_tracking_number_may_be_left_out(order, shop_says):
    take(order, Event.ACCEPT)

    assert shop_says(order, "ship").json()["tracking_number"] == ""


def test_the_tracking_number_is_shown(order, shop_says):
    take(order, Event.ACCEPT)

    shipped = shop_says(order, "ship", {"tracking_number": " KZ 12 "}).json()

    assert (shipped["stage"], shipped["tracking_number"]) == ("shipped", "KZ 12")


def test_what_the_step_does_not_need_is_refused(order, shop_says):
    response = shop_says(order, "accept", {"tracking_number": "KZ 12", "amount": 5})

    assert response.status_code == 422
    errors = {error["pointer"]: error["code"] for error in response.json()["errors"]}
    assert errors == {"/tracking_number": "unknown_field", "/amount": "unknown_field"}
    order.refresh_from_db()
    assert order.stage == "paid"


def test_only_administrators_say_whereto_money_goes(order, shop_says):
    response = shop_says(order, "cancel", {"destination": "source"})

    assert response.json()["errors"][0]["pointer"] == "/destination"


def test_a_reason_is_kept_with_any_step(order, shop_says, as_aigerim):
    shop_says(order, "cancel", {"reason": "Torn while packing"})

    step = as_aigerim.get(f"/api/v1/orders/{order.pk}").json()["events"][-1]
    assert (step["event"], step["actor"], step["note"]) == ("cancel", "shop", "Torn while packing")


def test_everything_that_is_missing_is_named(rental, shop_says, picture):
    take(rental, Event.HAND_OVER, said=said_with(picture))

    response = shop_says(rental, "return_damaged", {"amount": 1001})

    told = response.json()
    assert (response.status_code, told["code"]) == (422, "unexplained")
    assert [error["pointer"] for error in told["errors"]] == ["/amount", "/reason", "/photos"]
    assert "up to the deposit of 1000.00 ₸" in told["detail"]
    rental.refresh_from_db()
    assert (rental.stage, rental.claim_amount) == ("in_use", 0)


def said_with(picture):
    return Said(photos=[picture])


@pytest.mark.parametrize("share", [0, 1, -0.5, 1.5, "x", 0.12345])
def test_a_share_is_between_nothing_and_everything(order, as_admin, share):
    take(order, Event.ACCEPT, Event.SHIP, Event.DISPUTE, said=Said(reason="Torn"))

    address = f"/api/v1/admin/orders/{order.pk}/resolve_split"
    response = as_admin.post(address, {"share": share}, format="json")

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/share"


def test_photos_come_as_files_and_are_shown_by_links(rental, shop_says, picture, as_aigerim):
    photos = [photo(picture), photo(picture, "back.jpg")]

    response = shop_says(rental, "hand_over", {"photos": photos}, "multipart")

    assert (response.status_code, response.json()["stage"]) == (200, "in_use")
    shown = as_aigerim.get(f"/api/v1/orders/{rental.pk}").json()["photos"]
    assert [each["moment"] for each in shown] == ["before", "before"]
    assert as_aigerim.get(shown[0]["url"])["Content-Type"] == "image/jpeg"
    assert as_aigerim.get(shown[0]["url"].partition("?")[0]).status_code == 404


@pytest.mark.parametrize("field", ["photos", "photo_urls"])
def test_photos_may_be_named_that_were_sent_before(rental, shop_says, as_atelier, picture, field):
    sent = {"files": [photo(picture)]}
    urls = as_atelier.post("/api/v1/products/upload-images", sent, format="multipart").json()

    response = shop_says(rental, "hand_over", {field: urls["urls"]})

    assert response.status_code == 200
    assert storage.read(rental.photos.get().name)


def test_nobody_names_a_photo_of_somebody_else(rental, shop_says, as_bazaar, picture):
    sent = {"files": [photo(picture)]}
    urls = as_bazaar.post("/api/v1/products/upload-images", sent, format="multipart").json()

    response = shop_says(rental, "hand_over", {"photo_urls": urls["urls"]})

    assert (response.status_code, response.json()["code"]) == (422, "unknown_upload")
    assert not rental.photos.exists()


def test_what_is_no_picture_is_no_photo(rental, shop_says):
    text = SimpleUploadedFile("dress.jpg", b"This is text.")

    response = shop_says(rental, "hand_over", {"photos": [text]}, "multipart")

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_format")


def test_a_rental_goes_its_way_over_the_api(rental, shop_says, buyer_says, aigerim, picture):
    """Handed over, confirmed, kept for a day longer, sent back, and all is paid."""
    until = rental.rental_end_date + timedelta(days=1)
    shop_says(rental, "hand_over", {"photos": [photo(picture)]}, "multipart")

    assert buyer_says(rental, "confirm_handover").json()["handover_confirmed_at"]
    longer = buyer_says(rental, "extend", {"until": until.isoformat()}).json()
    assert buyer_says(rental, "send_back").json()["sent_back_at"]
    done = shop_says(rental, "return_ok").json()

    assert (longer["rental_end_date"], longer["total_amount"]) == (until.isoformat(), 500)
    assert (done["status"], done["stage"], done["late_fee_amount"]) == ("completed",) * 2 + (0,)
    aigerim.refresh_from_db()
    assert aigerim.balance == 5000 - 500


def test_a_rental_is_not_made_shorter(rental, shop_says, buyer_says, picture):
    shop_says(rental, "hand_over", {"photos": [photo(picture)]}, "multipart")

    response = buyer_says(rental, "extend", {"until": rental.rental_end_date.isoformat()})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/until")


def test_damage_is_claimed_and_accepted(rental, shop_says, buyer_says, aigerim, picture):
    shop_says(rental, "hand_over", {"photos": [photo(picture)]}, "multipart")
    words = {"amount": 300, "reason": "A burn", "photos": [photo(picture)]}

    claim = shop_says(rental, "return_damaged", words, "multipart").json()
    done = buyer_says(rental, "claim_accept").json()

    assert (claim["stage"], claim["claim_amount"]) == ("claim", 300)
    assert done["stage"] == "completed"
    aigerim.refresh_from_db()
    assert aigerim.balance == 5000 - 400 - 300
    assert rental.photos.filter(moment="after").count() == 1


def test_an_older_client_cancels_a_rental_early(rental, buyer_says, aigerim):
    assert buyer_says(rental, "cancel").json()["stage"] == "cancelled"
    aigerim.refresh_from_db()
    assert aigerim.balance == 5000


def test_an_older_client_cancels_a_rental_late(rental, buyer_says, aigerim):
    tomorrow = timezone.localdate() + timedelta(days=1)
    Order.objects.update(rental_start_date=tomorrow)

    assert buyer_says(rental, "cancel").json()["stage"] == "cancelled_late"
    aigerim.refresh_from_db()
    assert aigerim.balance == 5000 - 200


def test_a_shop_that_cancels_a_rental_declines_it(rental, shop_says, aigerim):
    assert shop_says(rental, "cancel").json()["stage"] == "cancelled"
    assert rental.events.last().event == "decline"
    aigerim.refresh_from_db()
    assert aigerim.balance == 1000 + 3000 + DEPOSIT


REFUNDS = {
    (): ("cancel", "cancelled"),
    (Event.ACCEPT, Event.SHIP): ("dispute", "disputed"),
    (Event.ACCEPT, Event.SHIP, Event.DELIVER): ("request_return", "return_requested"),
    (Event.ACCEPT, Event.SHIP, Event.RECEIVE): ("request_return_late", "return_requested_late"),
}


@pytest.mark.parametrize("steps", REFUNDS, ids=len)
def test_an_older_client_asks_for_a_refund(order, buyer_says, steps):
    take(order, *steps)

    response = buyer_says(order, "refund", {"reason": "It does not fit me"})

    assert response.status_code == 200
    last = order.events.last()
    assert (last.event, response.json()["stage"]) == REFUNDS[steps]
    assert last.note == "It does not fit me"


def test_what_may_not_be_returned_is_disputed(order, buyer_says):
    Order.objects.update(returnable=False)
    take(order, Event.ACCEPT, Event.SHIP, Event.DELIVER)

    assert buyer_says(order, "refund", {"reason": "It is torn apart"}).json()["stage"] == "disputed"


def test_a_refund_wants_a_reason(order, buyer_says):
    response = buyer_says(order, "refund", {"reason": "Too short"})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/reason")
    order.refresh_from_db()
    assert order.stage == "paid"


def test_there_is_no_refund_while_a_shop_prepares_the_goods(order, buyer_says):
    take(order, Event.ACCEPT)

    response = buyer_says(order, "refund", {"reason": "I do not want it"})

    assert (response.status_code, response.json()["allowed"]) == (409, [])


def test_the_history_stands_on_the_page_of_one_order_alone(order, as_aigerim, as_atelier):
    own = as_aigerim.get(f"/api/v1/orders/{order.pk}").json()
    shops = as_atelier.get(f"/api/v1/shops/me/orders/{order.pk}").json()
    [listed] = as_aigerim.get("/api/v1/users/me/orders").json()

    steps = [(step["event"], step["from_stage"], step["to_stage"]) for step in own["events"]]
    assert steps == [("create", "", "awaiting_payment"), ("pay", "awaiting_payment", "paid")]
    assert shops["events"] == own["events"]
    assert [step["action"] for step in shops["next_actions"]] == ["accept", "cancel"]
    assert {"events", "photos"} & listed.keys() == set()
