"""What the desk tells a moderator by itself about a product."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from catalog import moderation
from catalog.desk import findings
from catalog.models import Product
from catalog.products import create_product
from catalog.tests.test_picture_sizes import shirt
from catalog.variants import Offer

TOLD = {"composition": "silk", "brand": "Atelier", "country": "Kazakhstan", "size": "M"}


@pytest.fixture
def offer(atelier, dresses):
    def make(*, name="Silk dress", pictures=("#c21a2c",), price=400, told=TOLD, **about):
        images = [shirt(colour, width=600) for colour in pictures]
        details = {"characteristics": told, "category": dresses, **about}
        return create_product(atelier, name=name, price=Decimal(price), images=images, **details)

    return make


def codes(product):
    return [finding.code for finding in findings.of(product)]


def texts(product):
    return [finding.text for finding in findings.of(product)]


def test_an_ordinary_product_has_none(offer):
    assert codes(offer()) == []


def test_no_picture_and_a_small_one_are_told(offer, dress):
    assert codes(offer(pictures=())) == ["no_picture"]
    assert texts(dress)[0] == "Picture 1 is small: 120 × 160 pixels."


def test_a_picture_of_another_product_is_found_however_it_was_scaled(offer, bazaar):
    theirs = create_product(
        bazaar, name="Shirt", price=Decimal(5), images=[shirt("#c21a2c", width=900)]
    )

    [found] = findings.of(offer())

    assert (found.code, found.product) == ("duplicate_picture", theirs)
    assert found.text == "Picture 1 is also one of “Shirt” of Bazaar."
    assert codes(offer(pictures=())) == ["no_picture"]


def test_another_garment_is_no_duplicate(offer, atelier):
    others = [shirt(sleeve=0), shirt("#123a8c")]  # another cut, and the same in blue
    create_product(atelier, name="Vest", price=Decimal(5), images=others)

    assert codes(offer()) == []


@pytest.mark.parametrize(("price", "is_odd"), [(11, True), (13, False), (800, False), (801, True)])
def test_a_price_far_from_those_of_its_category_is_told(offer, admin, price, is_odd):
    for _ in range(10):
        moderation.approve(offer(name="Dress", pictures=[], price=100), by=admin)

    found = codes(offer(price=price))

    assert found == (["odd_price"] if is_odd else [])


def test_a_few_products_say_nothing_about_prices(offer, admin):
    for _ in range(9):
        moderation.approve(offer(name="Dress", pictures=[], price=100), by=admin)

    assert codes(offer(price=100_000)) == []


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        ({}, "composition, brand, country of origin, size"),
        ({"Состав": "лён", "Размер": "M"}, "brand, country of origin"),
        ({"Құрамы": "жібек", "өндіруші": "Атлас", "Шыққан елі": "ҚР"}, "size"),
        ({"material": "silk", "brand": "A", "made in": "KZ", "sizes": "S"}, None),
    ],
)
def test_what_the_law_asks_for_is_missed_in_three_languages(offer, told, missing):
    expected = [f"Not said, though the law asks for it: {missing}."] if missing else []

    assert texts(offer(told=told)) == expected


def test_a_variant_may_say_the_size(offer):
    told = {name: value for name, value in TOLD.items() if name != "size"}

    assert codes(offer(told=told, offers=[Offer(size="M")])) == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Реплика известного бренда", "реплик"),
        ("Пишите в WhatsApp", "whatsapp"),
        ("Звоните +7 (701) 234-56-78", "+7 (701) 234-56-78"),
        ("Темекі сыйлыққа", "темекі"),
        ("Vape in the pocket", "vape"),
        ("Платье из шёлка, 100% шёлк", None),
        ("Жібек көйлек, жаз мезгіліне", None),
        ("A dress for the copywriter", None),
    ],
)
def test_words_that_may_not_stand_there_are_found(offer, said, words):
    found = findings.of(offer(description=said))

    assert [finding.text.partition("”")[0].removeprefix("“") for finding in found] == (
        [words] if words else []
    )


def test_a_finding_is_in_the_readers_language(offer):
    product = offer(pictures=(), description="реплика")

    with override("ru"):
        assert texts(product) == ["Нет ни одного фото.", "«реплик» может быть: копией бренда."]
    with override("kk"):
        assert texts(product)[0] == "Бірде-бір фото жоқ."


@pytest.mark.parametrize("count", [1, 3])
def test_each_picture_takes_one_query(offer, django_assert_num_queries, count):
    product = offer(pictures=["#c21a2c", "#123a8c", "#1f9a4c"][:count])

    with django_assert_num_queries(5 + count):
        findings.of(Product.objects.get(pk=product.pk))
