"""A product is read in the reader's language where its shop has written it, and found in all."""

import pytest
from django.urls import reverse

from catalog import moderation, revisions
from catalog.models import Product
from shops.tests.owners import browser_of_shop

PRODUCTS = "/api/v1/products"
WORDS = {
    "name": "Шёлковое платье",
    "name_kk": "Жібек көйлек",
    "name_en": "Silk gown",
    "description": "Вечернее",
    "description_kk": "Кешкі",
}


@pytest.fixture
def gown(as_atelier, admin):
    pk = as_atelier.post(PRODUCTS, {**WORDS, "price": 400}).json()["id"]
    product = Product.objects.get(pk=pk)
    moderation.approve(product, by=admin)
    return product


def read(client, product, language):
    headers = {"Accept-Language": language}
    listed = client.get(PRODUCTS, headers=headers).json()["products"][0]
    response = client.get(f"{PRODUCTS}/{product.pk}", headers=headers)
    assert "Accept-Language" in response["Vary"]
    assert response["Content-Language"] == language
    told = response.json()
    assert (listed["name"], listed["description"]) == (told["name"], told["description"])
    return told


@pytest.mark.parametrize(
    ("language", "name", "description"),
    [
        ("ru", "Шёлковое платье", "Вечернее"),
        ("kk", "Жібек көйлек", "Кешкі"),
        ("en", "Silk gown", "Вечернее"),  # nobody has written it in English
    ],
)
def test_shoppers_read_their_own_language(anyone, gown, language, name, description):
    told = read(anyone, gown, language)

    assert (told["name"], told["description"]) == (name, description)
    assert not WORDS.keys() - {"name", "description"} & told.keys()


def test_the_shop_and_administrators_see_all_as_it_was_written(as_atelier, as_admin, gown):
    for client in (as_atelier, as_admin):
        told = client.get(f"{PRODUCTS}/{gown.pk}", headers={"Accept-Language": "kk"}).json()
        assert {name: told[name] for name in WORDS} == WORDS

    [own] = as_atelier.get("/api/v1/shops/me/products").json()
    assert own["name_kk"] == WORDS["name_kk"]


def test_another_shop_is_a_shopper(as_bazaar, gown):
    told = as_bazaar.get(f"{PRODUCTS}/{gown.pk}", headers={"Accept-Language": "kk"}).json()

    assert told["name"] == "Жібек көйлек"
    assert "name_kk" not in told


def test_sending_back_what_was_got_changes_no_word(as_atelier, gown):
    told = as_atelier.get(f"{PRODUCTS}/{gown.pk}", headers={"Accept-Language": "kk"}).json()

    as_atelier.put(f"{PRODUCTS}/{gown.pk}", {"name": told["name"], "name_kk": told["name_kk"]})

    gown.refresh_from_db()
    assert (gown.name, gown.name_kk) == (WORDS["name"], WORDS["name_kk"])


def test_a_new_word_in_any_language_is_moderated(as_atelier, gown):
    changed = as_atelier.put(f"{PRODUCTS}/{gown.pk}", {"description_en": "For the evening"})

    body = changed.json()
    assert (body["description_en"], body["revision"]["description_en"]) == ("", "For the evening")


@pytest.mark.parametrize("q", ["шёлковое", "жібек", "gown", "кешкі", "вечернее"])
def test_it_is_found_by_the_words_of_every_language(anyone, gown, q):
    assert anyone.get(PRODUCTS, {"q": q}).json()["products"][0]["id"] == gown.pk


def test_it_is_found_by_its_words_of_now(anyone, gown):
    Product.objects.filter(pk=gown.pk).update(name_kk="Мақта көйлек")

    assert anyone.get(PRODUCTS, {"q": "жібек"}).json()["products"] == []
    assert anyone.get(PRODUCTS, {"q": "мақта"}).json()["products"][0]["id"] == gown.pk


def test_the_event_holds_every_language(gown, as_atelier, published):
    with published() as events:
        as_atelier.put(
            f"{PRODUCTS}/{gown.pk}", {"name_en": "Gown"}, headers={"Accept-Language": "kk"}
        )

    [(_audience, _type, data)] = events
    assert (data["product"]["name"], data["product"]["name_en"]) == (WORDS["name"], "Silk gown")


def test_the_panel_writes_all_of_them(atelier, gown):
    browser = browser_of_shop(atelier)
    address = reverse("panel-product-edit", args=[gown.pk])
    page = browser.get(address).content.decode()
    assert 'value="Жібек көйлек"' in page

    sent = {**WORDS, "price": "400", "name_kk": "Көйлек", "description_en": "For the evening"}
    assert browser.post(address, sent).status_code == 302

    gown = revisions.preview(gown)
    assert (gown.name_kk, gown.description_en) == ("Көйлек", "For the evening")
    assert gown.name_en == "Silk gown"


@pytest.mark.parametrize("name", ["name_kk", "name_en", "description_kk", "description_en"])
def test_too_long_a_text_is_refused_by_its_name(as_atelier, gown, name):
    response = as_atelier.put(f"{PRODUCTS}/{gown.pk}", {name: "x" * 2001})

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [f"/{name}"]
