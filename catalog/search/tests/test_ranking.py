from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Product
from catalog.search import postgres

DAY = timedelta(days=1)


def test_a_word_in_the_name_counts_more_than_one_in_the_description(found, sells):
    sells("Silk dress")
    sells("Coat", description="Goes well with a silk scarf", category="outerwear")

    assert found("silk") == ["Silk dress", "Coat"]


def test_among_equals_the_popular_and_the_new_come_first(found, sells):
    old, popular, new = sells("Silk A", "Silk B", "Silk C")
    row = Product.objects.filter
    row(pk=old.pk).update(created_at=timezone.now() - 400 * DAY)
    row(pk=popular.pk).update(created_at=timezone.now() - 400 * DAY, purchases_count=100)
    row(pk=new.pk).update(created_at=timezone.now() - DAY)

    assert found("silk") == ["Silk B", "Silk C", "Silk A"]


def test_popularity_never_outweighs_the_name(found, sells):
    sells("Silk dress")
    coat = sells("Coat", description="With a silk lining", category="outerwear")
    Product.objects.filter(pk=coat.pk).update(purchases_count=10**6, views_count=10**8)

    assert found("silk") == ["Silk dress", "Coat"]


def test_pages_of_a_search_go_on_where_the_last_one_ended(anyone, sells):
    sells(*(f"Silk {letter}" for letter in "ABCDE"))
    for sort in ("relevance", "price", "-price", "popular", "newest"):
        names, cursor = [], ""
        while cursor is not None:
            asked = {"q": "silk", "limit": 2, "sort": sort, "cursor": cursor}
            page = anyone.get("/api/v1/products", asked).json()
            names += [product["name"] for product in page["products"]]
            cursor = page["next_cursor"]

        assert len(names) == 5, sort
        assert set(names) == {f"Silk {letter}" for letter in "ABCDE"}, sort


def test_a_list_is_sorted_as_it_is_asked_for(found, sells):
    cheap, dear = sells("Silk A", price=100), sells("Silk B", price=900)
    Product.objects.filter(pk=cheap.pk).update(purchases_count=5)

    assert found("silk", sort="price") == ["Silk A", "Silk B"]
    assert found("silk", sort="-price") == ["Silk B", "Silk A"]
    assert found("silk", sort="popular") == ["Silk A", "Silk B"]
    assert found("silk", sort="newest") == ["Silk B", "Silk A"]
    assert dear.pk > cheap.pk


def test_pages_by_price_leave_nothing_out_and_repeat_nothing(anyone, sells):
    for price in (300, 100, 300, 200):
        sells(f"For {price}", price=price)
    for sort, prices in {"price": [100, 200, 300, 300], "-price": [300, 300, 200, 100]}.items():
        seen, cursor = [], ""
        while cursor is not None:
            asked = {"limit": 1, "sort": sort, "cursor": cursor}
            page = anyone.get("/api/v1/products", asked).json()
            seen += [(product["price"], product["id"]) for product in page["products"]]
            cursor = page["next_cursor"]

        assert [price for price, _ in seen] == prices
        assert len({pk for _, pk in seen}) == 4


@pytest.mark.parametrize("few", [2, 3, 4])
def test_words_alone_find_what_they_find_among_all(anyone, sells, monkeypatch, few):
    monkeypatch.setattr(postgres, "FEW", few)
    sells("Silk dress", "Dress with silk", "Silk Silk")
    sells("Coat", description="Goes well with a silk scarf", category="outerwear")

    for q in ("silk", "slik", "coat", "silk coat", "zzzz", "!"):
        alone = anyone.get("/api/v1/products", {"q": q, "limit": 2}).json()
        assert alone == anyone.get("/api/v1/products", {"q": q, "limit": 2, "shop": ""}).json(), q


@pytest.mark.parametrize("few", [2, 3, 4])
def test_pages_are_the_same_whether_few_or_many_are_found(anyone, sells, monkeypatch, few):
    monkeypatch.setattr(postgres, "FEW", few)
    sells("Silk A", "Silk B", "Silk C", price=300)
    sells("Wool", price=100)
    asked = {"q": "silk", "sort": "price", "limit": 2, "with_total": 1}

    first = anyone.get("/api/v1/products", asked).json()
    second = anyone.get("/api/v1/products", {**asked, "cursor": first["next_cursor"]}).json()

    assert [row["name"] for row in first["products"]] == ["Silk C", "Silk B"]
    assert [row["name"] for row in second["products"]] == ["Silk A"]
    assert (
        first["total"] == anyone.get("/api/v1/products/facets", {"q": "silk"}).json()["total"] == 3
    )


def test_a_sort_that_does_not_exist_is_refused(anyone, db):
    assert anyone.get("/api/v1/products", {"sort": "shop__balance"}).status_code == 422
