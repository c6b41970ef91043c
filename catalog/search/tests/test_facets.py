import pytest
from django.core.cache import caches

from catalog.models import Product
from catalog.variants import Offer


def of(response):
    assert response.status_code == 200, response.content
    return response.json()


@pytest.fixture(autouse=True)
def _wardrobe(sells, bazaar):
    sizes = [Offer(size="S", colour="Red"), Offer(size="M", colour="red")]
    sells("Silk dress", price=4_999, offers=sizes)
    sells("Silk skirt", price=5_000, offers=[Offer(size="M")], shop=bazaar, category="skirts")
    sells("Wool coat", price=250_000, offers=[Offer(size="L", is_active=False)], shop=bazaar)


def test_everything_on_sale_is_counted_once(anyone, atelier, bazaar):
    facets = of(anyone.get("/api/v1/products/facets"))

    assert facets["total"] == 3
    assert [(each["name"], each["count"]) for each in facets["categories"]] == [
        ("Dresses", 2),
        ("Skirts", 1),
    ]
    assert facets["shops"] == [
        {"id": bazaar.pk, "name": "Bazaar", "count": 2},
        {"id": atelier.pk, "name": "Atelier", "count": 1},
    ]
    assert facets["sizes"] == [{"value": "M", "count": 2}, {"value": "S", "count": 1}]
    assert facets["colors"] == [{"value": "red", "count": 1}]
    assert facets["prices"] == [
        {"price_min": 0, "price_max": 5000, "count": 1},
        {"price_min": 5000, "price_max": 10000, "count": 1},
        {"price_min": 100000, "price_max": None, "count": 1},
    ]


def test_the_counts_are_of_what_the_list_shows(anyone):
    narrowed = [{"size": "m"}, {"color": "RED"}, {"price_min": 5000}]
    for asked in ({"q": "silk"}, {"q": "шелк"}, *narrowed):
        listed = of(anyone.get("/api/v1/products", {**asked, "with_total": 1}))

        assert of(anyone.get("/api/v1/products/facets", asked))["total"] == listed["total"]


def test_names_are_in_the_callers_language(anyone):
    facets = of(anyone.get("/api/v1/products/facets", HTTP_ACCEPT_LANGUAGE="kk"))

    assert facets["categories"][0]["name"] == "Көйлектер"


def test_nothing_is_counted_where_nothing_is_found(anyone):
    empty = {"total": 0, "categories": [], "shops": [], "sizes": [], "colors": [], "prices": []}

    assert of(anyone.get("/api/v1/products/facets", {"q": "zzzz"})) == empty


def test_a_senseless_filter_is_refused(anyone):
    response = anyone.get("/api/v1/products/facets", {"price_min": "x"})

    assert response.status_code == 422


def test_what_was_just_counted_is_not_counted_anew(anyone, settings, bazaar):
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "facets"}
    settings.CACHES = {**settings.CACHES, "process": kept}
    of(anyone.get("/api/v1/products/facets"))
    Product.objects.filter(shop=bazaar).update(is_active=False)

    assert of(anyone.get("/api/v1/products/facets"))["total"] == 3
    assert of(anyone.get("/api/v1/products/facets", {"shop": bazaar.pk}))["total"] == 0
    caches["process"].clear()
    assert of(anyone.get("/api/v1/products/facets"))["total"] == 1


def test_sizes_and_colours_are_those_of_now(anyone):
    dress = Product.objects.get(name="Silk dress")
    dress.variants.filter(size="S").update(size="XS", colour="Blue")
    dress.variants.filter(size="M").delete()
    dress.variants.create(size="XL", colour="green")
    Product.objects.get(name="Wool coat").variants.update(is_active=True)

    facets = of(anyone.get("/api/v1/products/facets"))

    assert facets["sizes"] == [{"value": size, "count": 1} for size in ("L", "M", "XL", "XS")]
    assert facets["colors"] == [{"value": colour, "count": 1} for colour in ("blue", "green")]
