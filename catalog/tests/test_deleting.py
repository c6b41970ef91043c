"""A shop deletes a product: for good, or only out of everybody's sight while orders need it."""

from decimal import Decimal

import pytest

from accounts.models import User
from billing.tests.test_ledger import at_once
from catalog import products
from catalog.models import Product
from catalog.products import ProductGone, delete_product, update_product
from conftest import funded
from orders.checkout import CannotBeOrdered, buy_from_balance

PRODUCTS = "/api/v1/products"


def test_a_deleted_product_never_comes_back(
    as_aigerim, as_atelier, as_admin, anyone, dress_on_sale
):
    address = f"{PRODUCTS}/{dress_on_sale.pk}"
    as_aigerim.post(f"{address}/purchase", {})
    as_atelier.put(address, {"name": "Zombie"})

    as_atelier.delete(address)

    assert as_admin.get("/api/v1/admin/products/moderation").json() == []
    approved = as_admin.post(f"/api/v1/admin/products/{dress_on_sale.pk}/approve", {})
    assert approved.status_code == 409
    assert as_atelier.put(address, {"name": "Again"}).status_code == 404
    assert as_atelier.get("/api/v1/shops/me/products").json() == []
    assert anyone.get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_deleting_while_people_buy_ends_one_way_or_the_other(timur, dress_on_sale):
    funded(timur, Decimal(100_000))

    def act(number):
        if number == 0:
            return delete_product(dress_on_sale)
        if number == 1:
            return update_product(dress_on_sale, price=Decimal(450))
        return buy_from_balance(timur, dress_on_sale)

    outcomes = at_once(8, act)

    assert set(outcomes) <= {
        "NoneType",
        "Product",
        "Order",
        CannotBeOrdered.__name__,
        "ProductGone",
    }
    if "Order" in outcomes:
        assert Product.objects.get(pk=dress_on_sale.pk).deleted_at is not None
    else:
        assert not Product.objects.filter(pk=dress_on_sale.pk).exists()


def test_what_is_gone_cannot_be_changed(dress):
    delete_product(dress)

    with pytest.raises(ProductGone):
        update_product(Product(pk=dress.pk or 1), name="x")


def test_a_page_that_deletes_twice_says_it_is_gone(client, dress, monkeypatch):
    """The second of two clicks found the product before the first one was done."""
    owner = User.objects.create(google_id=dress.shop.google_id, email="o@x.kz", name="Owner")
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    other_click = products.delete_product

    def both_clicks(product):
        other_click(product)
        other_click(Product(pk=dress.pk))

    monkeypatch.setattr(products, "delete_product", both_clicks)
    response = client.post(f"/panel/products/{dress.pk}/delete/")

    assert response.status_code == 404
    assert "deleted meanwhile" in response.content.decode()
