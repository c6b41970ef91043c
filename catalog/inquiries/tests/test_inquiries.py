"""A person asks a shop about a product in WhatsApp, in their own language."""

from urllib.parse import parse_qs, urlsplit

import pytest


@pytest.fixture
def ask(anyone, atelier, dress_on_sale):
    """Ask about the dress, of which the shop can be asked unless told."""

    def post(language="en", *, number="+77012345678", shop=atelier):
        type(atelier).objects.filter(pk=atelier.pk).update(whatsapp_number=number)
        address = f"/api/v1/shops/{shop.pk}/products/{dress_on_sale.pk}/whatsapp-inquiry"
        return anyone.post(address, headers={"Accept-Language": language})

    return post


def test_it_opens_whatsapp_with_the_question(ask):
    body = ask().json()

    opened = urlsplit(body["whatsapp_url"])
    assert (opened.scheme, opened.netloc, opened.path) == ("https", "wa.me", "/77012345678")
    assert parse_qs(opened.query) == {"text": [body["message"]]}
    expected = "Hello! Is “Silk dress” for 400 ₸, which I have seen on Leema, available?"
    assert body["message"] == expected
    shown = (body["shop_name"], body["product_name"], body["product_price"])
    assert shown == ("Atelier", "Silk dress", 400.0)


def test_it_speaks_the_callers_language_and_names_the_product_in_it(ask, dress_on_sale):
    type(dress_on_sale).objects.update(name_kk="Жібек көйлек")

    kazakh, russian = ask("kk").json(), ask("ru").json()

    assert "Жібек көйлек" in kazakh["message"]
    assert kazakh["message"].startswith("Сәлеметсіз бе!")
    assert russian["message"].startswith("Здравствуйте!")
    assert "Silk dress" in russian["message"]


def test_a_shop_without_a_number_cannot_be_asked(ask):
    response = ask(number="")

    assert (response.status_code, response.json()["code"]) == (409, "no_whatsapp")


def test_nor_about_what_is_not_its_own_or_not_on_sale(ask, bazaar, dress_on_sale):
    assert ask(shop=bazaar).status_code == 404

    type(dress_on_sale).objects.update(is_active=False)
    assert ask().status_code == 404
