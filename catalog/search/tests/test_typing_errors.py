import pytest


@pytest.fixture(autouse=True)
def _wardrobe(sells):
    sells("Платье", "Кроссовки", "Юбка плиссе", "Джинсы", "Футболка", category="hats")
    sells("Hoodie", "Көйлек", category="hats")


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("плате", "Платье"),
        ("плотье", "Платье"),
        ("палтье", "Платье"),
        ("кросовки", "Кроссовки"),
        ("кроссофки", "Кроссовки"),
        ("джынсы", "Джинсы"),
        ("футбока", "Футболка"),
        ("футбалка", "Футболка"),
        ("hodie", "Hoodie"),
        ("hoddie", "Hoodie"),
    ],
)
def test_a_typing_error_is_forgiven(found, q, name):
    assert found(q) == [name]


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("platie", "Платье"),
        ("plate", "Платье"),
        ("platye", "Платье"),
        ("krossovki", "Кроссовки"),
        ("yubka", "Юбка плиссе"),
        ("jubka plisse", "Юбка плиссе"),
        ("djinsi", "Джинсы"),
        ("koilek", "Көйлек"),
        ("худи", "Hoodie"),
    ],
)
def test_latin_letters_mean_the_cyrillic_word(found, q, name):
    assert found(q) == [name]


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("gkfnmt", "Платье"),
        ("gkfnm", "Платье"),
        (".,rf", "Юбка плиссе"),
        (".,rf gkbcct", "Юбка плиссе"),
        ("Lkbyyst", None),
        ("рщщвшу", "Hoodie"),
    ],
)
def test_the_other_keyboard_layout_is_read(found, q, name):
    assert found(q) == ([name] if name else [])


def test_a_word_that_is_right_is_not_corrected(found, sells):
    sells("Футбольные гетры", category="hats")

    assert found("футбольные") == ["Футбольные гетры"]
    assert found("футболка") == ["Футболка"]


def test_a_word_like_nothing_finds_nothing(found):
    assert found("экскаватор") == []
