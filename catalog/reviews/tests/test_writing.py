"""Whoever has received a product says once what it is like, with pictures, and may change it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.tests.test_ledger import at_once
from catalog.models import Product
from catalog.reviews import reviewing
from catalog.tables import Review
from config.personal_data.tests.conftest import files
from conftest import funded
from orders.checkout import buy_from_balance
from orders.tests.steps import take
from orders.transitions import Event
from realtime.models import Event as Heard

OWN = "/api/v1/users/me/reviews"


def reviews_of(product):
    return f"/api/v1/products/{product.pk}/reviews"


def photos(picture, count):
    return [SimpleUploadedFile(f"{number}.jpg", picture) for number in range(count)]


def test_a_buyer_says_it_and_everybody_reads_it(
    reviewed, anyone, atelier, buyer, dress_on_sale, published
):
    with published() as events:
        response = reviewed(rating=4, comment="Light and soft")

    assert response.status_code == 201
    [shown] = anyone.get(reviews_of(dress_on_sale)).json()
    assert shown == response.json()
    assert (shown["rating"], shown["comment"], shown["images"]) == (4, "Light and soft", [])
    assert (shown["user_id"], shown["user_name"]) == (buyer.pk, "Aigerim")
    assert (shown["product_id"], shown["answer"]) == (dress_on_sale.pk, "")
    [(audience, kind, data)] = events
    assert (audience, kind) == (f"shop:{atelier.pk}", "review_created")
    assert (data["rating"], data["comment"]) == (4, "Light and soft")


def test_the_older_clients_hear_of_it_in_their_words(reviewed, atelier):
    reviewed(rating=4)

    older = Heard.objects.get(type="review_created").older
    assert older["event"] == "review.created"
    assert older["data"]["action"] == "created"
    assert None not in older["data"].values()


@pytest.mark.parametrize("steps", [(), (Event.ACCEPT, Event.SHIP)])
def test_whoever_waits_for_it_cannot_say_yet(timur, as_timur, dress_on_sale, steps):
    order = buy_from_balance(funded(timur, dress_on_sale.price), dress_on_sale)
    take(order, *steps)

    response = as_timur.post(reviews_of(dress_on_sale), {"rating": 1})

    assert (response.status_code, response.json()["code"]) == (403, "not_a_buyer")
    assert not Review.objects.exists()


def test_whoever_has_it_in_hands_can(timur, as_timur, dress_on_sale):
    order = buy_from_balance(funded(timur, dress_on_sale.price), dress_on_sale)
    take(order, Event.ACCEPT, Event.SHIP, Event.DELIVER)

    assert as_timur.post(reviews_of(dress_on_sale), {"rating": 3}).status_code == 201


def test_a_stranger_and_a_shop_cannot(as_timur, as_atelier, anyone, dress_on_sale, buyer):
    told = [
        client.post(reviews_of(dress_on_sale), {"rating": 1})
        for client in (as_timur, as_atelier, anyone)
    ]

    codes = [(answer.status_code, answer.json()["code"]) for answer in told]
    assert codes == [
        (403, "not_a_buyer"),
        (403, "wrong_account_type"),
        (401, "not_authenticated"),
    ]


def test_once(reviewed):
    reviewed(rating=4)

    again = reviewed(rating=1)

    assert (again.status_code, again.json()["code"]) == (409, "already_reviewed")
    assert Review.objects.get().rating == 4


def test_of_two_at_once_one_is_written(transactional_db, buyer, dress_on_sale):
    outcomes = at_once(2, lambda _: reviewing.write(buyer, dress_on_sale.pk, rating=5))

    assert sorted(outcomes) == ["AlreadyReviewed", "Review"]
    assert Product.objects.get().reviews_count == 1


def test_pictures_are_cleaned_and_opened_by_links(
    reviewed, as_aigerim, anyone, buyer, dress_on_sale, picture
):
    said = {"rating": 5, "images": photos(picture, 2)}
    as_aigerim.post(reviews_of(dress_on_sale), said, format="multipart")

    [shown] = anyone.get(reviews_of(dress_on_sale)).json()
    assert len(shown["images"]) == 2
    for url in shown["images"]:
        path = url.removeprefix("http://127.0.0.1:8000")
        assert anyone.get(path).status_code == 200
        assert anyone.get(path.partition("?")[0]).status_code == 404


def test_six_pictures_are_too_many(reviewed, as_aigerim, dress_on_sale, picture):
    said = {"rating": 5, "images": photos(picture, 6)}

    response = as_aigerim.post(reviews_of(dress_on_sale), said, format="multipart")

    assert response.status_code == 422
    assert files("users/") == []


def test_it_is_changed_and_its_pictures_replaced(
    transactional_db, reviewed, as_aigerim, dress_on_sale, picture
):
    said = {"rating": 5, "images": photos(picture, 3)}
    made = as_aigerim.post(reviews_of(dress_on_sale), said, format="multipart").json()
    address = f"{OWN}/{made['id']}"

    kept = as_aigerim.put(address, {"rating": 2, "image_urls": made["images"][1:]}).json()

    assert (kept["rating"], len(kept["images"])) == (2, 2)
    assert len(files("users/")) == 2
    assert as_aigerim.put(address, {"comment": "Torn"}).json()["rating"] == 2
    assert [each["comment"] for each in as_aigerim.get(OWN).json()] == ["Torn"]


def test_pictures_of_others_cannot_be_named(reviewed, as_aigerim, dress_on_sale):
    shops_own = as_aigerim.get(f"/api/v1/products/{dress_on_sale.pk}").json()["images"]

    response = reviewed(image_urls=shops_own)

    assert (response.status_code, response.json()["code"]) == (422, "unknown_upload")
    assert not Review.objects.exists()


def test_it_is_taken_back_with_its_pictures(
    transactional_db, reviewed, as_aigerim, anyone, dress_on_sale, picture
):
    said = {"rating": 5, "images": photos(picture, 1)}
    made = as_aigerim.post(reviews_of(dress_on_sale), said, format="multipart").json()

    assert as_aigerim.delete(f"{OWN}/{made['id']}").status_code == 200

    assert anyone.get(reviews_of(dress_on_sale)).json() == []
    assert files("users/") == []
    assert reviewed(rating=1).status_code == 201


def test_what_is_not_on_sale_has_no_page_of_reviews(reviewed, anyone, dress_on_sale):
    reviewed()
    Product.objects.update(is_active=False)

    assert anyone.get(reviews_of(dress_on_sale)).status_code == 404
    assert anyone.get(f"{reviews_of(dress_on_sale)}/stats").status_code == 404


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"rating": 0}, "/rating"),
        ({"rating": 6}, "/rating"),
        ({"rating": "good"}, "/rating"),
        ({"comment": "x" * 2001}, "/comment"),
        ({"hidden_at": None}, "/hidden_at"),
    ],
)
def test_nonsense_is_refused_by_its_name(reviewed, said, pointer):
    response = reviewed(**said)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
