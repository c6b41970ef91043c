import pytest


@pytest.fixture
def suggested(anyone, db):
    def ask(q):
        response = anyone.get("/api/v1/products/suggest", {"q": q})
        assert response.status_code == 200, response.content
        return response.json()["suggestions"]

    return ask


@pytest.fixture(autouse=True)
def _wardrobe(sells):
    sells("Платье красное", "Платье белое", "Платок красный", category="hats")


@pytest.mark.parametrize("typed", ["пла", "ПЛА", "gkf", "pla"])
def test_what_most_products_are_called_comes_first(suggested, typed):
    assert suggested(typed) == ["платье", "платок"]


def test_only_the_last_word_is_completed(suggested):
    assert suggested("платье кр") == ["платье красное"]
    assert suggested("белое пл") == ["белое платье", "белое платок"]


@pytest.mark.parametrize("typed", ["", " ", "zzz", "%", "_", "\\", "платье ", "п%"])
def test_where_nothing_fits_nothing_is_suggested(suggested, typed):
    assert suggested(typed) == []
