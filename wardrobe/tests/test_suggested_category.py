"""What an item seems to be, by the words about it; its owner decides."""

import pytest

from catalog.garment_kinds import kept_under
from catalog.models import Category
from wardrobe import keeping

pytestmark = pytest.mark.usefixtures("categories")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Белая футболка", "t-shirts"),
        ("Қара күрте", "outerwear"),
        ("Denim jacket", "outerwear"),
        ("Джинсы", "trousers"),
        ("Джинсовая юбка", "skirts"),
        ("Тёплый свитер", "sweaters"),
        ("Қызыл көйлек", "dresses"),
        ("Шорты", "shorts"),
        ("Ерлер көйлегі", "shirts"),
        ("Кроссовки Nike", "shoes"),
        ("Аяқ киім", "shoes"),
        ("Leather boots", "shoes"),
        ("Шапка", "hats"),
        ("Тақия", "hats"),
        ("Hoodie without a cap", "hats"),
        ("Куртка с капюшоном", "outerwear"),
        ("Шапан", "outerwear"),
        ("Ақ жейде", "shirts"),
    ],
)
def test_a_category_is_known_by_its_words(name, slug):
    assert kept_under(name)[0] == slug


@pytest.mark.parametrize("name", ["", "Подарок", "IMG_2034", "Bootcut", "Capri blue", "Кедр"])
def test_other_words_tell_nothing(name):
    assert kept_under(name) is None


def test_the_owner_is_asked(as_aigerim, aigerim):
    item = keeping.keep(aigerim, "uploaded", name="Подарок", description="Синяя рубашка", colour="")

    told = as_aigerim.get(f"/api/v1/wardrobe/{item.pk}/suggested").json()

    assert (told["category"]["slug"], told["colour"], told["colour_name"]) == ("shirts", "", "")
    item.refresh_from_db()
    assert item.category is None


def test_the_name_is_heard_before_the_description(as_aigerim, aigerim):
    item = keeping.keep(aigerim, "uploaded", name="Юбка", description="Под рубашку", colour="red")

    answer = as_aigerim.get(
        f"/api/v1/wardrobe/{item.pk}/suggested", headers={"Accept-Language": "ru"}
    ).json()

    assert (answer["category"]["name"], answer["colour_name"]) == ("Юбки", "Красный")


def test_what_is_not_in_use_is_not_suggested(as_aigerim, aigerim):
    Category.objects.filter(slug="hats").update(is_active=False)
    item = keeping.keep(aigerim, "uploaded", name="Шляпа")

    assert as_aigerim.get(f"/api/v1/wardrobe/{item.pk}/suggested").json()["category"] is None
