"""The first page as strangers see it is read once in two seconds, and everything else anew."""

import pytest
from django.core.cache import caches

from catalog import answers
from catalog.models import Product

LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
PAGE = "/api/v1/products"


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.CACHES = {**settings.CACHES, "process": {"BACKEND": LOCMEM, "LOCATION": "first page"}}
    caches["process"].clear()
    yield
    caches["process"].clear()


def test_strangers_share_one_reading(anyone, dress_on_sale, django_assert_num_queries):
    first = anyone.get(PAGE)
    with django_assert_num_queries(0):
        second = anyone.get(PAGE)

    assert [each["id"] for each in first.json()["products"]] == [dress_on_sale.pk]
    assert second.content == first.content
    assert second["Content-Type"] == "application/json"


def test_it_is_read_anew_after_its_time(anyone, dress_on_sale, monkeypatch):
    monkeypatch.setattr(answers, "FIRST_PAGE_SECONDS", 0)
    anyone.get(PAGE)
    Product.objects.filter(pk=dress_on_sale.pk).update(price=7)

    assert anyone.get(PAGE).json()["products"][0]["price"] == 7


@pytest.mark.parametrize("other", ["?limit=1", "?limit=51", "?cursor=999999", "?sort=newest"])
def test_another_page_is_another_one(anyone, dress_on_sale, other):
    anyone.get(PAGE)
    Product.objects.filter(pk=dress_on_sale.pk).update(price=7)

    assert anyone.get(f"{PAGE}{other}").json()["products"][0]["price"] == 7


def test_each_language_has_its_own(anyone, dress_on_sale):
    Product.objects.filter(pk=dress_on_sale.pk).update(name_kk="Көйлек")

    names = [
        anyone.get(PAGE, headers={"Accept-Language": language}).json()["products"][0]["name"]
        for language in ("en", "kk", "en")
    ]

    assert names == [dress_on_sale.name, "Көйлек", dress_on_sale.name]


def test_who_signed_in_reads_it_with_their_own_favourites(anyone, as_aigerim, dress_on_sale):
    anyone.get(PAGE)
    as_aigerim.put(f"/api/v1/users/me/favorites/{dress_on_sale.pk}")

    [own] = as_aigerim.get(PAGE).json()["products"]
    [strangers] = anyone.get(PAGE).json()["products"]

    assert (own["is_favorite"], strangers["is_favorite"]) == (True, None)
