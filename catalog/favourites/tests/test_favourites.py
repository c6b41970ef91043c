"""A person puts products aside, finds them again while they are on sale, and takes them back."""

from decimal import Decimal

import pytest

from billing.tests.test_ledger import at_once
from catalog import moderation
from catalog.favourites import choosing
from catalog.models import Product
from catalog.products import ProductGone, create_product, delete_product
from catalog.tables import Favourite

FAVOURITES = "/api/v1/users/me/favorites"


@pytest.fixture
def coat(atelier, admin):
    product = create_product(atelier, name="Coat", price=Decimal(900))
    moderation.approve(product, by=admin)
    return product


def listed(client):
    return [each["id"] for each in client.get(FAVOURITES).json()]


@pytest.mark.parametrize("method", ["put", "post"])
def test_twice_is_once(as_aigerim, dress_on_sale, method):
    for _ in range(2):
        response = getattr(as_aigerim, method)(f"{FAVOURITES}/{dress_on_sale.pk}")
        assert response.status_code == 200
        assert response.json() == {"product_id": dress_on_sale.pk, "is_favorite": True}

    assert listed(as_aigerim) == [dress_on_sale.pk]


def test_the_last_comes_first_and_others_see_nothing(as_aigerim, as_timur, dress_on_sale, coat):
    as_aigerim.put(f"{FAVOURITES}/{coat.pk}")
    as_aigerim.put(f"{FAVOURITES}/{dress_on_sale.pk}")

    assert listed(as_aigerim) == [dress_on_sale.pk, coat.pk]
    assert listed(as_timur) == []


def test_it_is_taken_back_as_often_as_one_likes(as_aigerim, as_timur, dress_on_sale):
    as_aigerim.put(f"{FAVOURITES}/{dress_on_sale.pk}")
    as_timur.put(f"{FAVOURITES}/{dress_on_sale.pk}")

    for _ in range(2):
        response = as_aigerim.delete(f"{FAVOURITES}/{dress_on_sale.pk}")
        assert response.json() == {"product_id": dress_on_sale.pk, "is_favorite": False}

    assert listed(as_aigerim) == []
    assert listed(as_timur) == [dress_on_sale.pk]


def test_what_is_not_on_sale_is_left_out_until_it_is_again(as_aigerim, dress_on_sale):
    as_aigerim.put(f"{FAVOURITES}/{dress_on_sale.pk}")
    Product.objects.filter(pk=dress_on_sale.pk).update(is_active=False)
    assert listed(as_aigerim) == []

    Product.objects.filter(pk=dress_on_sale.pk).update(is_active=True)
    assert listed(as_aigerim) == [dress_on_sale.pk]


def test_what_is_not_on_sale_cannot_be_put_aside(as_aigerim, dress):
    hidden = as_aigerim.put(f"{FAVOURITES}/{dress.pk}")
    unknown = as_aigerim.put(f"{FAVOURITES}/{2**62}")

    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"] == unknown.json()["detail"]
    assert not Favourite.objects.exists()


def test_every_list_and_page_says_so_to_its_person_alone(
    as_aigerim, as_timur, as_atelier, anyone, coat, atelier, admin
):
    other = create_product(atelier, name="Jacket", price=Decimal(900))
    moderation.approve(other, by=admin)
    as_aigerim.put(f"{FAVOURITES}/{coat.pk}")

    def told(client):
        products = client.get("/api/v1/products").json()["products"]
        page = client.get(f"/api/v1/products/{coat.pk}").json()
        alike = client.get(f"/api/v1/products/{other.pk}/similar").json()["products"]
        marks = [each["is_favorite"] for each in (*products, *alike)]
        return marks, page["is_favorite"]

    assert told(as_aigerim) == ([False, True, True], True)
    assert told(as_timur) == ([False] * 3, False)
    assert told(anyone) == told(as_atelier) == ([None] * 3, None)


def test_a_product_that_goes_takes_its_favourites_along(as_aigerim, dress_on_sale):
    as_aigerim.put(f"{FAVOURITES}/{dress_on_sale.pk}")

    delete_product(dress_on_sale)

    assert listed(as_aigerim) == []


def test_nobody_puts_aside_what_is_deleted_meanwhile(transactional_db, aigerim, dress_on_sale):
    def act(number):
        if number:
            return delete_product(dress_on_sale)
        try:
            return choosing.add(aigerim, dress_on_sale.pk)
        except ProductGone:
            return None

    at_once(2, act)

    assert not Product.objects.exists()
    assert not Favourite.objects.exists()


def test_many_at_once_are_one(transactional_db, aigerim, dress_on_sale):
    at_once(4, lambda _: choosing.add(aigerim, dress_on_sale.pk))

    assert Favourite.objects.count() == 1
