"""Administrators decide about shops in the Django admin."""

import pytest
from django.urls import reverse

from shops import approval
from shops.models import Shop

LIST = reverse("admin:shops_shop_changelist")


@pytest.fixture
def newcomer(db) -> Shop:
    """A shop that waits for approval."""
    return Shop.objects.create(google_id="g-new", email="new@example.kz", shop_name="Newcomer")


def approve_url(shop: Shop) -> str:
    return reverse("admin:shops_shop_approve", args=[shop.pk])


def reject_url(shop: Shop) -> str:
    return reverse("admin:shops_shop_reject", args=[shop.pk])


def test_shops_that_wait_come_first(desk, newcomer, atelier):
    Shop.objects.filter(pk=newcomer.pk).update(created_at="2020-01-01T00:00Z")

    shops = desk.get(LIST).context["cl"].result_list

    assert [shop.shop_name for shop in shops] == ["Newcomer", "Atelier"]


def test_a_row_tells_the_contacts_the_products_and_the_balance(desk, atelier, dress):
    page = desk.get(LIST).content.decode()

    assert "atelier@example.kz" in page
    assert f"?status=all&amp;shop__id__exact={atelier.pk}" in page
    assert "0.00 ₸" in page


@pytest.mark.parametrize(
    ("status", "names"), [("pending", ["Newcomer"]), ("approved", ["Atelier"]), ("rejected", [])]
)
def test_the_list_is_narrowed_by_status(desk, newcomer, atelier, status, names):
    shops = desk.get(LIST, {"status": status}).context["cl"].result_list

    assert [shop.shop_name for shop in shops] == names


def test_approving_lets_the_shop_sell_and_tells_it(desk, newcomer, published):
    with published() as events:
        desk.post(approve_url(newcomer))

    newcomer.refresh_from_db()
    assert newcomer.is_approved
    assert [(audience, name) for audience, name, _ in events] == [
        (f"shop:{newcomer.pk}", "shop_approved"),
        ("users", "shop_created"),
    ]


def test_rejecting_tells_the_shop_why(desk, newcomer, published):
    with published() as events:
        desk.post(reject_url(newcomer), {"reason": "The address is missing."})

    newcomer.refresh_from_db()
    assert newcomer.status == "rejected"
    assert newcomer.rejection_reason == "The address is missing."
    assert [name for _, name, _ in events] == ["shop_rejected"]


@pytest.mark.parametrize("reason", ["", "Too short", "x" * 1001])
def test_the_reason_has_10_to_1000_characters(desk, newcomer, reason):
    response = desk.post(reject_url(newcomer), {"reason": reason})

    newcomer.refresh_from_db()
    assert response.status_code == 422
    assert newcomer.status == "pending"


def test_the_second_decision_is_refused_with_a_message(desk, newcomer):
    approval.approve(newcomer)

    response = desk.post(reject_url(newcomer), {"reason": "The address is missing."}, follow=True)

    newcomer.refresh_from_db()
    assert newcomer.is_approved
    assert "Another administrator has already decided about this shop." in response.content.decode()


def test_following_a_link_decides_nothing(desk, newcomer):
    assert desk.get(approve_url(newcomer)).status_code == 405
    assert desk.get(reject_url(newcomer)).status_code == 200

    newcomer.refresh_from_db()
    assert newcomer.status == "pending"


def test_a_shopper_decides_nothing(client, aigerim, newcomer):
    client.force_login(aigerim, backend="allauth.account.auth_backends.AuthenticationBackend")

    response = client.post(approve_url(newcomer), follow=True)

    newcomer.refresh_from_db()
    assert response.redirect_chain[-1][0].startswith(reverse("panel-sign-in"))
    assert not newcomer.is_approved
