"""The shop has one answer to a review; administrators hide what must not stand there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.reviews import reviewing
from catalog.reviews.tests.buyers import buyers
from catalog.tables import Review
from core.models import AuditEntry
from shops.tests.owners import browser_of_shop

SHOPS = "/api/v1/shops/me/reviews"


@pytest.fixture
def review(reviewed):
    return Review.objects.get(pk=reviewed(rating=2, comment="Too short").json()["id"])


@pytest.fixture
def shown(anyone, dress_on_sale):
    return lambda: anyone.get(f"/api/v1/products/{dress_on_sale.pk}/reviews").json()


def test_the_shop_answers_and_may_think_better_of_it(review, as_atelier, aigerim, shown, published):
    address = f"{SHOPS}/{review.pk}/answer"
    assert [each["id"] for each in as_atelier.get(f"{SHOPS}?unanswered=1").json()] == [review.pk]

    with published() as events:
        as_atelier.put(address, {"answer": "Take a size more."})

    about = {"review_id": review.pk, "product_id": review.product_id}
    told = {**about, "answer": "Take a size more."}
    assert events == [(f"user:{aigerim.pk}", "review_answered", told)]
    assert shown()[0]["answer"] == "Take a size more."
    assert as_atelier.get(f"{SHOPS}?unanswered=1").json() == []

    as_atelier.put(address, {"answer": "We change it."})
    assert shown()[0]["answer"] == "We change it."
    as_atelier.delete(address)
    assert (shown()[0]["answer"], shown()[0]["answered_at"]) == ("", None)


def test_another_shop_does_not_even_see_it(review, as_bazaar, shown):
    assert as_bazaar.get(SHOPS).json() == []
    answer = as_bazaar.put(f"{SHOPS}/{review.pk}/answer", {"answer": "Ours are better."})

    assert answer.status_code == 404
    assert shown()[0]["answer"] == ""


def test_the_panel_shows_and_answers(review, atelier, shown):
    browser = browser_of_shop(atelier)
    page = browser.get("/panel/reviews/").content.decode()
    assert "Too short" in page
    assert "★★☆☆☆" in page

    address = f"/panel/reviews/{review.pk}/answer/"
    assert browser.post(address, {"answer": "Sorry!"}).status_code == 302
    assert shown()[0]["answer"] == "Sorry!"
    assert "Too short" not in browser.get("/panel/reviews/?state=unanswered").content.decode()

    browser.post(address, {"answer": "x" * 2001})
    assert shown()[0]["answer"] == "Sorry!"
    browser.post(address, {"answer": ""})
    assert shown()[0]["answer"] == ""


def test_the_panel_of_another_shop_does_not(review, bazaar, shown):
    browser = browser_of_shop(bazaar)

    assert "Too short" not in browser.get("/panel/reviews/").content.decode()
    address = f"/panel/reviews/{review.pk}/answer/"
    assert browser.post(address, {"answer": "Ours are better."}).status_code == 404
    assert shown()[0]["answer"] == ""


def test_an_administrator_hides_it_with_a_reason_and_shows_it_again(
    review, desk, as_aigerim, as_atelier, shown, anyone, dress_on_sale
):
    hide = reverse("admin:catalog_review_reject", args=[review.pk])
    desk.post(hide, {"reason": "It insults somebody."})

    assert shown() == []
    assert anyone.get(f"/api/v1/products/{dress_on_sale.pk}").json()["reviews_count"] == 0
    [own] = as_aigerim.get("/api/v1/users/me/reviews").json()
    assert (own["is_hidden"], own["hidden_reason"]) == (True, "It insults somebody.")
    assert as_atelier.get(SHOPS).json()[0]["is_hidden"] is True
    assert AuditEntry.objects.filter(action="review.hide").count() == 1

    desk.post(reverse("admin:catalog_review_approve", args=[review.pk]))
    assert len(shown()) == 1
    assert AuditEntry.objects.filter(action="review.show").count() == 1


def test_it_is_hidden_once(review):
    reviewing.hide(review, "Rude")

    with pytest.raises(reviewing.AlreadyDecided):
        reviewing.hide(review, "Very rude")

    review.refresh_from_db()
    assert review.hidden_reason == "Rude"


def test_more_reviews_take_no_more_queries(anyone, dress_on_sale):
    def count():
        with CaptureQueriesContext(connection) as captured:
            anyone.get(f"/api/v1/products/{dress_on_sale.pk}/reviews")
        return len(captured)

    counts = []
    for person in buyers(3, dress_on_sale):
        reviewing.write(person, dress_on_sale.pk, rating=5)
        counts.append(count())

    assert counts == [2, 2, 2]
