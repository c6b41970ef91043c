"""Administrators decide about products in the Django admin."""

from decimal import Decimal
from html import escape

import pytest
from django.test import Client
from django.urls import reverse

from catalog import moderation
from catalog.models import Product
from catalog.products import create_product, update_product
from conftest import BACKEND, browser_of

QUEUE = reverse("admin:catalog_product_changelist")


def approve_url(product: Product) -> str:
    return reverse("admin:catalog_product_approve", args=[product.pk])


def reject_url(product: Product) -> str:
    return reverse("admin:catalog_product_reject", args=[product.pk])


def test_the_queue_shows_every_picture_and_both_buttons_of_a_pending_product(desk, dress):
    page = desk.get(QUEUE).content.decode()

    assert "Silk dress" in page
    assert "400.00 ₸" in page
    assert f"shops/{dress.shop_id}/products/{dress.pk}/image_0.jpg?expires=" in page
    assert 'alt="Picture 1 of “Silk dress”"' in page
    assert f'formaction="{approve_url(dress)}"' in page
    assert f'formaction="{reject_url(dress)}"' in page


def test_the_picture_of_the_queue_opens(desk, dress):
    page = desk.get(reverse("admin:catalog_product_change", args=[dress.pk])).content.decode()
    address = page.partition('<img src="')[2].partition('"')[0].replace("&amp;", "&")

    response = desk.get(address)

    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"


def test_the_queue_opens_with_what_waits_the_oldest_first(desk, dress, atelier):
    older = create_product(atelier, name="Older coat", price=Decimal(900))
    Product.objects.filter(pk=older.pk).update(created_at="2020-01-01T00:00Z")
    decided = create_product(atelier, name="Approved hat", price=Decimal(100))
    Product.objects.filter(pk=decided.pk).update(moderation_status="approved")

    waiting = desk.get(QUEUE).context["cl"].result_list
    everything = desk.get(QUEUE, {"status": "all"}).context["cl"].result_list

    assert [product.name for product in waiting] == ["Older coat", "Silk dress"]
    assert {product.name for product in everything} == {"Older coat", "Silk dress", "Approved hat"}


def test_approving_puts_the_product_on_sale_and_tells_everybody(desk, dress, admin, published):
    with published() as events:
        response = desk.post(approve_url(dress), follow=True)

    dress.refresh_from_db()
    assert dress.moderation_status == "approved"
    assert dress.is_active
    assert dress.moderated_by == admin
    assert [(audience, name) for audience, name, _ in events] == [
        (f"shop:{dress.shop_id}", "product_moderation_completed"),
        ("users", "product_moderation_completed"),
        ("admins", "moderation_queue_updated"),
    ]
    assert response.redirect_chain == [(QUEUE, 302)]
    assert "“Silk dress” is approved." in response.content.decode()


def test_a_ready_reason_rejects_with_one_click(desk, dress, admin, published):
    with published() as events:
        desk.post(reject_url(dress), {"reason_code": "wrong_category"})

    dress.refresh_from_db()
    assert dress.moderation_status == "rejected"
    assert dress.why == "The category is wrong."
    assert dress.moderated_by == admin
    assert not dress.is_active
    assert [audience for audience, _, _ in events] == [f"shop:{dress.shop_id}", "admins"]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_rejecting_takes_a_reason_of_1_to_1000_characters(desk, dress, reason):
    response = desk.post(reject_url(dress), {"reason": reason})

    dress.refresh_from_db()
    assert response.status_code == 422
    assert dress.moderation_status == "pending"


def test_looking_at_the_rejection_page_rejects_nothing(desk, dress):
    response = desk.get(reject_url(dress))

    dress.refresh_from_db()
    assert response.status_code == 200
    assert 'name="reason"' in response.content.decode()
    assert dress.moderation_status == "pending"


def test_following_a_link_approves_nothing(desk, dress):
    response = desk.get(approve_url(dress))

    dress.refresh_from_db()
    assert response.status_code == 405
    assert dress.moderation_status == "pending"


def test_a_form_of_another_site_approves_nothing(admin, dress):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin, backend=BACKEND)

    response = client.post(approve_url(dress))

    dress.refresh_from_db()
    assert response.status_code == 403
    assert dress.moderation_status == "pending"


@pytest.mark.parametrize("address", [approve_url, reject_url])
def test_a_shopper_is_sent_to_the_sign_in(aigerim, dress, address):
    response = browser_of(aigerim).post(address(dress), {"reason": "I want it"}, follow=True)

    dress.refresh_from_db()
    assert response.redirect_chain[-1][0].startswith(reverse("panel-sign-in"))
    assert dress.moderation_status == "pending"


@pytest.mark.parametrize("address", [approve_url, reject_url])
def test_the_second_decision_is_refused_with_a_message(
    desk, dress_on_sale, admin, published, address
):
    with published() as events:
        response = desk.post(address(dress_on_sale), {"reason": "Too late"}, follow=True)

    dress_on_sale.refresh_from_db()
    assert dress_on_sale.moderation_status == "approved"
    assert dress_on_sale.moderation_notes == ""
    assert events == []
    page = response.content.decode()
    assert "Another administrator has already decided about this product." in page


def test_a_product_that_changed_since_it_was_shown_is_not_approved(desk, dress):
    seen = dress.updated_at.isoformat()
    update_product(dress, name="Something else")

    response = desk.post(approve_url(dress), {"seen": seen}, follow=True)

    dress.refresh_from_db()
    assert dress.moderation_status == "pending"
    assert "“Something else” has changed since you looked." in response.content.decode()


def test_the_button_approves_the_version_that_was_shown(desk, dress):
    page = desk.get(QUEUE).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]

    desk.post(approve_url(dress), {"seen": seen})

    dress.refresh_from_db()
    assert dress.moderation_status == "approved"


def test_several_are_approved_at_once_and_a_decided_one_is_only_mentioned(
    desk, dress, atelier, admin
):
    coat = create_product(atelier, name="Coat", price=Decimal(900))
    moderation.reject(coat, "Forbidden goods", by=admin)
    chosen = {"action": "approve_selected", "_selected_action": [dress.pk, coat.pk]}

    response = desk.post(f"{QUEUE}?status=all", chosen, follow=True)

    dress.refresh_from_db()
    coat.refresh_from_db()
    assert dress.moderation_status == "approved"
    assert coat.moderation_status == "rejected"
    assert "Another administrator has already decided" in response.content.decode()


def test_changes_of_what_is_on_sale_are_not_approved_unseen(desk, dress, dress_on_sale):
    update_product(dress_on_sale, name="Silk gown")
    chosen = {"action": "approve_selected", "_selected_action": [dress.pk, dress_on_sale.pk]}

    response = desk.post(QUEUE, chosen, follow=True)

    dress.refresh_from_db()
    dress_on_sale.refresh_from_db()
    assert (dress.moderation_status, dress_on_sale.name) == ("approved", "Silk dress")
    assert dress_on_sale.revision.proposed == {"name": "Silk gown"}
    assert "Changes are approved one by one" in response.content.decode()


def test_a_decided_product_has_no_buttons(desk, dress_on_sale):
    page = desk.get(QUEUE, {"status": "all"}).content.decode()

    assert "Silk dress" in page
    assert "formaction" not in page


def test_the_product_page_shows_characteristics_and_escapes_what_shops_write(desk, atelier):
    evil = "<script>alert(1)</script>"
    product = create_product(
        atelier, name=evil, price=Decimal(1), characteristics={"Size": evil, evil: "M"}
    )

    page = desk.get(reverse("admin:catalog_product_change", args=[product.pk])).content.decode()

    assert f'<th scope="row">Size</th><td>{escape(evil)}</td>' in page
    assert evil not in page


def test_an_administrator_does_not_edit_a_shops_product(desk, dress):
    address = reverse("admin:catalog_product_change", args=[dress.pk])

    response = desk.post(address, {"name": "Mine", "moderation_status": "approved"})

    dress.refresh_from_db()
    assert response.status_code == 403
    assert (dress.name, dress.moderation_status) == ("Silk dress", "pending")
