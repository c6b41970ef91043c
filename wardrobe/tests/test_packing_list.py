"""What to take along on a journey, out of one's own wardrobe."""

import pytest

from wardrobe import keeping

PACKING = "/api/v1/wardrobe/packing-list"


@pytest.fixture
def keep(aigerim):
    def kept(name, colour="", **details):
        return keeping.keep(aigerim, "uploaded", name=name, colour=colour, **details)

    return kept


@pytest.fixture
def packed(as_aigerim):
    def ask(**wish):
        answer = as_aigerim.get(PACKING, {"day": "2026-07-01", **wish})
        assert answer.status_code == 200, answer.content
        return answer.json()

    return ask


def counts(told):
    return {each["place"]: each["count"] for each in told}


def names(told):
    return [piece["name"] for piece in told["pieces"]]


@pytest.mark.parametrize(
    ("wish", "season", "wanted"),
    [
        ({"days": 1}, "summer", {"top": 1, "bottom": 1, "shoes": 1, "hat": 1}),
        ({"days": 5}, "summer", {"top": 5, "bottom": 3, "shoes": 2, "hat": 1}),
        (
            {"days": 10, "temperature": -15},
            "winter",
            {"top": 7, "bottom": 4, "outer": 2, "shoes": 2, "hat": 1},
        ),
        (
            {"days": 3, "temperature": 10},
            "demi_season",
            {"top": 3, "bottom": 2, "outer": 1, "shoes": 1},
        ),
        ({"days": 2, "temperature": 18}, "summer", {"top": 2, "bottom": 1, "shoes": 1, "hat": 1}),
    ],
)
def test_a_journey_wants_so_much(packed, wish, season, wanted):
    told = packed(**wish)

    assert (told["season"], counts(told["wanted"])) == (season, wanted)
    assert counts(told["missing"]) == wanted  # of an empty wardrobe
    assert told["pieces"] == []


def test_what_there_is_is_packed_and_the_rest_is_missing(keep, packed):
    keep("Джинсы", "blue")
    keep("Футболка", "white")
    keep("Куртка", "black", season="winter")

    told = packed(days=3)

    assert names(told) == ["Джинсы", "Футболка"]
    assert counts(told["missing"]) == {"bottom": 1, "top": 2, "shoes": 1, "hat": 1}


def test_the_chosen_ones_say_why(keep, packed):
    keep("Джинсы", "blue")
    keep("Красная рубашка", "red")
    keep("Белая футболка", "white", season="summer")
    keep("Жёлтая майка", "yellow", is_favorite=True)

    told = packed(days=2)

    reasons = {piece["name"]: piece["reasons"] for piece in told["pieces"]}
    assert reasons == {
        "Джинсы": ["needed"],
        "Белая футболка": ["of_the_season", "goes_with_all"],
        "Жёлтая майка": ["favorite"],
    }


def test_a_dress_makes_a_day_as_well(keep, packed):
    keep("Платье", "red")
    keep("Сарафан", "blue")
    keep("Джинсы", "blue")
    keep("Футболка", "white")

    told = packed(days=2)

    assert len(told["pieces"]) == 3
    assert "top" not in counts(told["missing"])


def test_the_same_wish_gives_the_same_list(keep, packed):
    for number in range(8):
        keep(f"Футболка {number}", "white")

    assert packed(days=3) == packed(days=3)


def test_senseless_journeys_are_refused(as_aigerim):
    for wish in (
        {},
        {"days": 0},
        {"days": 61},
        {"days": 2, "temperature": 100},
        {"days": 2, "temperature": 5, "season": "winter"},
        {"days": 2, "season": "all_year"},
    ):
        assert as_aigerim.get(PACKING, wish).status_code == 422
