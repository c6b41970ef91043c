"""A shop hides an approved product for a while, and shows it again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Product
from conftest import with_setting


def act(client, product, name):
    return client.post(f"/api/v1/products/{product.pk}/{name}")


def test_a_hidden_product_is_off_sale_and_stays_approved(as_atelier, anyone, dress_on_sale):
    body = act(as_atelier, dress_on_sale, "hide").json()

    assert (body["is_active"], body["moderation_status"]) == (False, "approved")
    assert anyone.get("/api/v1/products").json()["products"] == []

    assert act(as_atelier, dress_on_sale, "show").json()["is_active"] is True
    assert len(anyone.get("/api/v1/products").json()["products"]) == 1


@pytest.mark.parametrize("status", ["pending", "rejected"])
@pytest.mark.parametrize("name", ["hide", "show"])
def test_what_is_not_approved_can_be_neither(as_atelier, dress, status, name):
    Product.objects.update(moderation_status=status)

    response = act(as_atelier, dress, name)

    assert (response.status_code, response.json()["code"]) == (409, "transition_not_allowed")
    assert Product.objects.get().is_active is False


def test_what_is_not_paid_for_is_not_shown(as_atelier, dress_on_sale):
    with_setting("shop_product_rent_price", "900")
    over = timezone.now() - timedelta(days=1)
    Product.objects.update(is_active=False, rent_expires_at=over)

    response = act(as_atelier, dress_on_sale, "show")

    assert (response.status_code, response.json()["code"]) == (402, "showing_not_paid")
    assert Product.objects.get().is_active is False


def test_strangers_hide_nothing(as_bazaar, dress_on_sale):
    assert act(as_bazaar, dress_on_sale, "hide").status_code == 404
    assert Product.objects.get().is_active is True
