from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import moderation
from catalog.products import create_product


def on_sale(shop, admin, **details):
    product = create_product(shop, **details)
    moderation.approve(product, by=admin)
    return product


def test_everybody_sees_what_is_on_sale_and_nothing_else(client, atelier, admin, dress, picture):
    coat = on_sale(atelier, admin, name="Wool coat", price=Decimal(54250), images=[picture])

    page = client.get("/").content.decode()

    assert "Wool coat" in page
    assert "54,250 ₸" in page
    assert f"/uploads/{coat.images[0]}" in page
    assert dress.name not in page


def test_the_newest_twelve_are_shown_in_a_fixed_number_of_queries(client, atelier, admin):
    on_sale(atelier, admin, name="Coat 0", price=Decimal(900))
    with CaptureQueriesContext(connection) as for_one:
        client.get("/")
    for number in range(1, 14):
        on_sale(atelier, admin, name=f"Coat {number}", price=Decimal(900))

    with CaptureQueriesContext(connection) as for_many:
        response = client.get("/")

    names = [shown["product"].name for shown in response.context["products"]]
    assert names == [f"Coat {number}" for number in range(13, 1, -1)]
    assert len(for_many) == len(for_one)


def test_an_empty_platform_has_a_page_too(client, db):
    response = client.get("/")

    assert response.status_code == 200
    assert "The first shops are just moving in." in response.content.decode()


def test_the_language_is_chosen_with_a_form(client, db):
    response = client.post("/i18n/setlang/", {"language": "kk", "next": "/"}, follow=True)

    assert response.redirect_chain == [("/", 302)]
    assert '<html lang="kk">' in response.content.decode()
