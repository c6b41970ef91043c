"""Words of three languages become a design."""

import pytest

from catalog.garment_kinds import Kind
from generations.engines.base import GenerationError
from generations.engines.local.design import understand


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("t-shirt", Kind.T_SHIRT),
        ("белая футболка", Kind.T_SHIRT),
        ("long sleeve t-shirt", Kind.LONGSLEEVE),
        ("лонгслив", Kind.LONGSLEEVE),
        ("майка", Kind.TANK),
        ("рубашка в клетку", Kind.SHIRT),
        ("ақ жейде", Kind.SHIRT),
        ("ерлер көйлегі", Kind.SHIRT),
        ("худи оверсайз", Kind.HOODIE),
        ("вязаный свитер", Kind.SWEATER),
        ("жылы жемпір", Kind.SWEATER),
        ("қара күрте", Kind.JACKET),
        ("кожаная куртка", Kind.JACKET),
        ("пальто", Kind.COAT),
        ("шапан", Kind.COAT),
        ("платье", Kind.DRESS),
        ("қызыл көйлек", Kind.DRESS),
        ("юбка-карандаш", Kind.SKIRT),
        ("ұзын белдемше", Kind.SKIRT),
        ("брюки", Kind.TROUSERS),
        ("шалбар", Kind.TROUSERS),
        ("джинсы", Kind.JEANS),
        ("шорты", Kind.SHORTS),
    ],
)
def test_every_garment_is_known_by_its_name(prompt, kind):
    assert understand(prompt).kind == kind


@pytest.mark.parametrize(
    ("prompt", "colours"),
    [
        ("navy blue t-shirt", ("navy",)),
        ("тёмно-синее платье с золотым узором", ("navy", "gold")),
        ("қара көк көйлек", ("navy",)),
        ("қызғылт сары жейде", ("orange",)),
        ("қызыл белдемше, ақ гүлдер", ("red", "white")),
        ("чёрно-белая футболка", ("black", "white")),
        ("футболка", ()),
    ],
)
def test_colours_come_in_the_order_of_the_prompt(prompt, colours):
    assert understand(prompt).colours == colours


@pytest.mark.parametrize(
    ("prompt", "pattern"),
    [
        ("striped t-shirt", "stripes"),
        ("юбка в клетку", "check"),
        ("платье в горошек", "dots"),
        ("гүлді көйлек", "floral"),
        ("қошқар мүйіз өрнегі бар шапан", "ornament"),
        ("камуфляжные шорты", "camouflage"),
        ("ombre dress", "gradient"),
        ("dress", ""),
    ],
)
def test_patterns_are_known_in_three_languages(prompt, pattern):
    assert understand(prompt).pattern == pattern


def test_what_is_not_said_is_as_usual():
    shirt, dress = understand("shirt"), understand("dress")

    assert (shirt.sleeve, shirt.material, shirt.length) == ("long", "cotton", "")
    assert (dress.sleeve, dress.fit, dress.neck) == ("short", "", "")


def test_sleeve_length_fit_and_neck_are_heard():
    design = understand("Шёлковое платье макси с длинным рукавом и V-образным вырезом, приталенное")

    assert design.material == "silk"
    assert design.sleeve == "long"
    assert design.length == "long"
    assert design.neck == "v"
    assert design.fit == "slim"


def test_denim_is_a_material_next_to_another_garment():
    assert understand("джинсовая куртка").kind == Kind.JACKET
    assert understand("джинсовая куртка").material == "denim"
    assert understand("синие джинсы").material == "denim"


@pytest.mark.parametrize("prompt", ["", "красный", "a photo of a cat", "кружка с узором"])
def test_a_prompt_without_a_garment_is_refused(prompt):
    with pytest.raises(GenerationError) as refusal:
        understand(prompt)

    assert refusal.value.code == "prompt_no_garment"


def test_a_prompt_has_at_most_a_thousand_characters():
    assert understand("dress ".ljust(1000, "!")).kind == Kind.DRESS

    with pytest.raises(GenerationError) as refusal:
        understand("dress ".ljust(1001, "!"))

    assert refusal.value.code == "prompt_too_long"
