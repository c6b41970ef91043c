import pytest

from catalog.variants import Offer, replace


@pytest.fixture(autouse=True)
def _wardrobe(sells):
    sells("Платье шёлковое", description="Вечернее, с открытой спиной")
    sells("Пальто шерстяное", category="outerwear")
    sells("Ақ көйлектер", category="skirts")


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("платье", "Платье шёлковое"),
        ("ПЛАТЬЯ", "Платье шёлковое"),
        ("шелковые платья", "Платье шёлковое"),
        ("вечерних", "Платье шёлковое"),
        ("dress", "Платье шёлковое"),
        ("платье для спины", "Платье шёлковое"),
        ("сырт киім", "Пальто шерстяное"),
        ("outerwear", "Пальто шерстяное"),
        ("ақ көйлек", "Ақ көйлектер"),
        ("ақ көйлекті", "Ақ көйлектер"),
    ],
)
def test_words_are_found_in_any_form_and_language(found, q, name):
    assert found(q) == [name]


@pytest.mark.parametrize("q", ["платье пальто", "сапоги", "%", "'", "!!", "\\", "для", "x" * 200])
def test_what_nothing_is_called_finds_nothing(found, q):
    assert found(q) == []


def test_signs_are_no_commands(found):
    assert found("платье:*&|!(") == ["Платье шёлковое"]


def test_what_is_new_is_found_at_once(found, sells, as_atelier):
    product = sells("Туфли", category="shoes")
    as_atelier.put(f"/api/v1/products/{product.pk}", {"price": 500}, format="json")

    assert found("туфли") == ["Туфли"]
    assert found("лоферы") == []


def test_a_new_name_is_the_one_that_is_found(found, dress_on_sale):
    type(dress_on_sale).objects.filter(pk=dress_on_sale.pk).update(name="Cape")

    assert found("cape") == ["Cape"]
    assert found("silk") == []


def test_a_product_is_found_by_its_colours_of_now(found, dress_on_sale):
    replace(dress_on_sale, [Offer(colour="изумрудный"), Offer(colour="red", is_active=False)])
    assert found("изумрудное") == ["Silk dress"]
    assert found("red") == []

    replace(dress_on_sale, [Offer(colour="red")])
    assert found("изумрудное") == []
    assert found("red") == ["Silk dress"]


def test_a_product_is_found_by_its_shop_and_category_as_they_are_called_now(
    found, dress_on_sale, atelier, dresses
):
    assert found("silk atelier") == ["Silk dress"]

    type(atelier).objects.filter(pk=atelier.pk).update(shop_name="Zhibek")
    type(dresses).objects.filter(pk=dresses.pk).update(name_en="Gowns")

    assert found("silk zhibek gown") == ["Silk dress"]
    assert found("silk atelier") == []
