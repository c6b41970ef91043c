"""The moderators' desk: take a product, see all of it, decide, take the next, undo."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog import leases, moderation
from catalog.models import Product
from catalog.products import create_product, update_product
from conftest import browser_of

QUEUE = reverse("admin:catalog_product_changelist")
NEXT = reverse("admin:catalog_product_next")


def at(name, product):
    return reverse(f"admin:catalog_product_{name}", args=[product.pk])


def seen_on(page):
    return page.partition('name="seen" value="')[2].partition('"')[0]


@pytest.fixture
def others(admin):
    """Another administrator's browser."""
    other = type(admin).objects.create(
        google_id="g-2", email="b@example.kz", name="Botagoz", role="admin"
    )
    return browser_of(other)


def test_next_takes_what_waits_longest_and_shows_it(desk, dress, admin):
    response = desk.post(NEXT)

    assert response["Location"] == at("desk", dress)
    dress.refresh_from_db()
    assert dress.leased_by == admin
    page = desk.get(at("desk", dress)).content.decode()
    assert "Silk dress" in page
    assert "Yours until" in page
    assert 'data-finding="small_picture"' in page
    assert page.count('name="reason_code"') == 10


def test_a_decision_goes_on_to_the_next(desk, dress, atelier):
    coat = create_product(atelier, name="Coat", price=900)
    desk.post(NEXT)
    seen = seen_on(desk.get(at("desk", dress)).content.decode())

    first = desk.post(at("approve", dress), {"seen": seen, "then_next": "1"})
    second = desk.post(at("reject", coat), {"reason_code": "duplicate", "then_next": "1"})

    assert (first["Location"], second["Location"]) == (at("desk", coat), QUEUE)
    coat.refresh_from_db()
    assert (coat.moderation_status, coat.moderation_reason) == ("rejected", "duplicate")
    assert "Nothing waits for you." in desk.get(QUEUE).content.decode()


def test_what_another_one_looks_at_is_not_decided_about(desk, others, dress):
    desk.post(NEXT)

    page = others.get(at("desk", dress)).content.decode()
    response = others.post(at("approve", dress), {"then_next": "1"}, follow=True)

    assert "Arman is looking at it until" in page
    assert at("approve", dress) not in page
    assert "Another administrator is just looking at “Silk dress”." in response.content.decode()
    dress.refresh_from_db()
    assert dress.moderation_status == "pending"


def test_left_it_is_the_others(desk, others, dress):
    desk.post(NEXT)
    assert others.post(NEXT)["Location"] == QUEUE

    desk.post(at("leave", dress))

    assert others.post(NEXT)["Location"] == at("desk", dress)


def test_one_may_be_chosen_and_kept(desk, others, dress, admin):
    desk.post(at("take", dress))
    others.post(at("take", dress))

    dress.refresh_from_db()
    assert dress.leased_by == admin


def test_looking_alone_takes_nothing(desk, dress):
    desk.get(at("desk", dress))

    dress.refresh_from_db()
    assert dress.leased_by is None


def test_a_revision_is_shown_side_by_side_and_decided_about(desk, dress_on_sale):
    update_product(
        dress_on_sale,
        name="Silk gown",
        category=None,
        characteristics={"colour": "red"},
        images=[],
    )

    queue = desk.get(QUEUE).content.decode()
    page = desk.get(at("desk", dress_on_sale)).content.decode()

    assert "Revision" in queue
    assert "<td><del>Silk dress</del></td>" in page
    assert "<td><ins>Silk gown</ins></td>" in page
    assert "<td><ins>red</ins></td>" in page
    assert 'data-finding="no_picture"' in page
    desk.post(at("approve", dress_on_sale), {"seen": seen_on(page)})
    assert Product.objects.get().name == "Silk gown"


def test_characteristics_are_told_in_the_moderators_language(desk, dress_on_sale):
    said = {"sleeve": "short", "country": "Қазақстан", "lined": 3, "length": "<b>long</b>"}
    update_product(dress_on_sale, characteristics=said)

    page = desk.get(at("desk", dress_on_sale), headers={"Accept-Language": "ru"}).content.decode()

    assert "<dt>Рукава</dt><dd>Короткие рукава</dd>" in page
    assert "<ins>Короткие рукава</ins>" in page
    assert "<dt>Страна производства</dt><dd>Қазақстан</dd>" in page
    assert "<dt>lined</dt><dd>3</dd>" in page
    assert "<dt>length</dt><dd>&lt;b&gt;long&lt;/b&gt;</dd>" in page


def test_a_characteristic_of_ones_own_hides_no_change_of_another(desk, dress, admin):
    Product.objects.update(characteristics={"country": "Italy", "Made in": "Turkey", "lined": 3})
    moderation.approve(Product.objects.get(), by=admin)
    changed = {"country": "China", "Made in": "Turkey", "lined": "3"}
    update_product(Product.objects.get(), characteristics=changed)

    page = desk.get(at("desk", dress)).content.decode()

    assert "<del>Italy</del>" in page
    assert "<ins>China</ins>" in page
    assert "Characteristic: lined" in page


def test_a_revision_that_was_replaced_meanwhile_is_not_approved(desk, dress_on_sale):
    update_product(dress_on_sale, name="Silk gown")
    seen = seen_on(desk.get(at("desk", dress_on_sale)).content.decode())
    update_product(dress_on_sale, name="Fake gown")

    response = desk.post(at("approve", dress_on_sale), {"seen": seen})

    assert response["Location"] == at("desk", dress_on_sale)
    assert Product.objects.get().name == "Silk dress"


def test_a_rejection_needs_a_reason_or_words(desk, dress):
    response = desk.post(at("reject", dress), {"reason_code": "", "reason": ""})

    assert response.status_code == 422
    assert "Choose a reason or write one." in response.content.decode()
    dress.refresh_from_db()
    assert dress.moderation_status == "pending"


def test_a_decision_is_undone_from_the_queue(desk, dress):
    desk.post(at("approve", dress))
    queue = desk.get(QUEUE).content.decode()
    assert "Undo the decision about “Silk dress”" in queue

    response = desk.post(at("undo", dress), follow=True)

    assert "The decision about “Silk dress” is undone." in response.content.decode()
    dress.refresh_from_db()
    assert (dress.moderation_status, dress.is_active) == ("pending", False)
    assert "Undo the decision" not in desk.get(QUEUE).content.decode()


def test_a_product_is_taken_down_with_a_reason(desk, dress_on_sale):
    desk.post(at("take_down", dress_on_sale), {"reason_code": ""})
    assert Product.objects.get().moderation_status == "approved"

    desk.post(at("take_down", dress_on_sale), {"reason_code": "counterfeit", "reason": "See p. 2"})

    product = Product.objects.get()
    assert (product.moderation_status, product.moderation_reason) == ("rejected", "counterfeit")
    assert "This looks like a copy" in desk.get(at("desk", product)).content.decode()


def test_many_are_rejected_for_one_reason(desk, dress, atelier):
    coat = create_product(atelier, name="Coat", price=900)
    chosen = {"action": "reject_selected", "_selected_action": [dress.pk, coat.pk]}

    refused = desk.post(QUEUE, chosen, follow=True)
    assert "Choose a reason for the rejection." in refused.content.decode()
    assert not Product.objects.filter(moderation_status="rejected").exists()

    desk.post(QUEUE, {**chosen, "reason_code": "forbidden_goods"})

    assert set(Product.objects.values_list("moderation_status", "moderation_reason")) == {
        ("rejected", "forbidden_goods")
    }


def test_the_header_counts_what_waits(desk, dress, admin):
    index = reverse("admin:index")
    assert "data-waiting>1</span>" in desk.get(index).content.decode()

    moderation.approve(dress, by=admin)

    assert "data-waiting hidden>0</span>" in desk.get(index).content.decode()


@pytest.mark.parametrize("name", ["take", "leave", "take_down", "undo"])
def test_nothing_happens_by_looking(desk, dress, name):
    assert desk.get(at(name, dress)).status_code == 405
    assert desk.get(NEXT).status_code == 405


@pytest.mark.parametrize("name", ["desk", "take", "leave", "take_down", "undo"])
def test_only_administrators_are_let_in(aigerim, dress, name):
    response = browser_of(aigerim).post(at(name, dress))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("admin:login"))


def test_the_queue_takes_the_same_queries_for_one_and_three(desk, atelier, dress):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            desk.get(QUEUE)
        return len(captured)

    desk.get(QUEUE)
    one = queries()
    for name in ("Coat", "Hat"):
        create_product(atelier, name=name, price=900)

    assert queries() == one


def test_a_lease_that_is_over_is_not_shown_as_mine(desk, dress, admin):
    leases.take(dress, admin)
    Product.objects.update(leased_until=timezone.now())

    assert "Yours until" not in desk.get(at("desk", dress)).content.decode()
