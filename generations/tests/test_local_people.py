"""Trying on by people of our own making: short tops, bent legs, bulky clothes."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.judge.drawn_person import Look, draw
from generations.engines.base import GarmentCategory, GenerationError, TryOnRequest
from generations.engines.local import LocalEngine, occlusion, person, pixels
from generations.engines.local.body import JOINTS, refuse_folded_legs
from generations.engines.local.design import draw as draw_garment

DARK = (92, 62, 46)


@cache
def worn(look, prompt, category, sleeve=""):
    return dressed(draw(look), pixels.shrink(draw_garment(prompt, 1), 600), category, sleeve)


def dressed(photo, garment, category, sleeve):
    encoded = pixels.encode(photo), pixels.encode(garment)
    jpeg = LocalEngine().try_on(TryOnRequest(*encoded, category, sleeve)).jpeg
    return photo.astype(int), pixels.decode(jpeg, longest_side=1024, shortest_side=64).astype(int)


def colour_of(picture, x, y):
    return np.median(picture[y - 3 : y + 4, x - 3 : x + 4], axis=(0, 1))


def test_the_skin_below_a_short_top_does_not_make_clothes_of_the_arms():
    reading = person.read(draw(Look(skin=DARK, shirt_ends=292)))

    forearms = reading.arms[0].fore | reading.arms[1].fore
    bare = forearms & (reading.silhouette > 0.5) & ~reading.torso_zone
    assert (reading.upper & bare).sum() < 0.05 * bare.sum()
    assert (reading.upper & reading.torso_zone & (reading.body.level < 0.5)).any()


def test_trousers_leave_dark_arms_over_a_short_top_alone():
    before, after = worn(Look(skin=DARK, shirt_ends=292), "white trousers", "bottom")

    for x, y in ((152, 330), (328, 330), (146, 370), (334, 370)):
        assert np.abs(colour_of(after, x, y) - colour_of(before, x, y)).max() < 12
    assert colour_of(after, 240, 450)[0] > 140


def test_a_cord_in_the_waist_of_trousers_leaves_no_hole():
    trousers = pixels.shrink(draw_garment("blue jeans", 1), 600).copy()
    waist = int(np.flatnonzero((trousers.max(-1) < 200).any(1))[0])
    trousers[waist - 3 : waist + 32, 276:318] = trousers[3, 3]

    _, after = dressed(draw(), trousers, "bottom", "")

    assert after[362:370, 225:256].min(-1).max() < 150  # The wall is brighter.


@pytest.mark.parametrize(("x", "y"), [(315, 420), (355, 520), (165, 420), (125, 520)])
def test_trousers_lie_along_thighs_and_shins_of_somebody_who_sits(x, y):
    _, after = worn(Look(sits=True), "blue jeans", "bottom")

    red, _, blue = colour_of(after, x, y)
    assert blue > red + 40


def test_trousers_on_a_seat_leave_hands_shoes_and_the_top_alone():
    before, after = worn(Look(sits=True), "blue jeans", "bottom")

    for x, y in ((340, 418), (140, 418), (360, 618), (240, 300), (240, 395)):
        assert np.abs(colour_of(after, x, y) - colour_of(before, x, y)).max() < 12
    assert np.abs(after - before)[480:600, 200:280].max() < 8  # the wall between the legs


def test_shorts_bare_the_shins_of_somebody_who_sits():
    _, after = worn(Look(sits=True), "red shorts", "bottom")

    red, green, _ = colour_of(after, 310, 420)
    assert red > green + 80
    red, green, blue = colour_of(after, 354, 540)
    assert red > blue + 30
    assert red < green + 80


@pytest.mark.parametrize(("prompt", "category"), [("red skirt", "skirt"), ("red dress", "dress")])
def test_a_skirt_lies_over_the_lap_from_knee_to_knee(prompt, category):
    before, after = worn(Look(sits=True), prompt, category)

    for x, y in ((315, 430), (165, 430), (240, 480), (200, 480), (280, 480)):
        red, green, _ = colour_of(after, x, y)
        assert red > green + 80
    assert np.abs(after - before)[630:, 200:280].max() < 8  # the floor below the hem


def with_knees(body, left, right):
    """The body with its knees moved to these columns."""
    sides = [
        replace(side, knee=np.array([x, side.knee[1]], np.float32), sees=dict.fromkeys(JOINTS, 1.0))
        for side, x in zip(body.sides, (left, right), strict=True)
    ]
    return replace(body, sides=tuple(sides))


def test_crossed_legs_are_refused():
    body = person.read(draw(Look(sits=True))).body
    refuse_folded_legs(with_knees(body, 122, 358))  # as they are

    with pytest.raises(GenerationError) as refusal:
        refuse_folded_legs(with_knees(body, 300, 180))

    assert refusal.value.code == "pose_unclear"


def test_who_kneels_is_refused():
    body = person.read(draw(Look(sits=True))).body
    raised = [replace(side, ankle=side.hip) for side in body.sides]

    with pytest.raises(GenerationError) as refusal:
        refuse_folded_legs(replace(body, sides=tuple(raised)))

    assert refusal.value.code == "pose_unclear"


def test_a_dress_is_drawn_as_far_as_a_photo_shows_that_ends_at_the_hips():
    photo = draw()[:410]

    _, after = dressed(photo, pixels.shrink(draw_garment("red dress", 1), 600), "dress", "short")

    for y in (250, 330, 400):
        red, green, _ = colour_of(after, 240, y)
        assert red > green + 80


def test_somebody_who_sits_can_try_on_a_top():
    _, after = worn(Look(sits=True), "red t-shirt", "top", "short")

    red, green, _ = colour_of(after, 240, 320)
    assert red > green + 80


def test_the_shoulders_beside_a_top_without_sleeves_are_skin():
    before, after = worn(Look(), "black tank top", "top", "none")

    red, _, blue = colour_of(after, 185, 190)
    assert red > blue + 40
    assert np.abs(colour_of(after, 140, 190) - colour_of(before, 140, 190)).max() < 12


def test_a_garment_is_worn_over_bulky_clothes():
    before, after = worn(Look(shirt_wider=110), "red t-shirt", "top", "short")

    red, green, _ = colour_of(after, 240, 320)
    assert red > green + 80
    for x in (92, 388):  # beside the body, where the old clothes stand off
        assert np.abs(colour_of(after, x, 380) - colour_of(before, x, 380)).max() < 12


def test_what_has_the_colour_of_hair_below_the_chin_lies_under_a_garment_over_bulky_clothes():
    reading = person.read(draw(Look(shirt_wider=110)))
    collar = reading.torso_zone & (reading.body.level < 0.1)
    bare = np.zeros(collar.shape, np.float32)

    above = [
        occlusion.on_top(one, (0.5, 0.5), bare, GarmentCategory.TOP)[collar].mean()
        for one in (replace(reading, hair=reading.hair | collar, bulky=b) for b in (True, False))
    ]

    assert above[0] < 0.1
    assert above[1] > 0.8


def test_only_bulky_clothes_are_bulky():
    assert person.read(draw(Look(shirt_wider=110))).bulky
    assert not person.read(draw()).bulky


def test_legs_that_were_covered_are_lit_from_the_side_that_the_arms_are():
    _, after = worn(Look(), "black shorts", "bottom")

    leg = after[600, 190:220].astype(float)
    skin = leg[leg[:, 0] > leg[:, 2] + 25]
    assert len(skin) > 15
    middle, edges = skin[len(skin) // 2].mean(), (skin[1].mean(), skin[-2].mean())
    assert middle > min(edges) + 4


def test_both_legs_have_one_colour_and_it_is_that_of_the_skin():
    before, after = worn(Look(), "black shorts", "bottom")

    left, right = colour_of(after, 204, 600), colour_of(after, 276, 600)
    assert np.abs(left - right).max() < 14
    assert np.abs(left - colour_of(before, 240, 118)).max() < 40


WALL = (228, 227, 225)


def product(prompt):
    return pixels.shrink(draw_garment(prompt, 1), 600)


def test_a_sleeve_that_is_folded_away_is_cut_from_the_other():
    folded = product("green t-shirt")
    folded[:, 414:] = WALL

    _, after = dressed(draw(), folded, "top", "short")

    for x, y in ((164, 250), (316, 250)):
        red, green, _ = colour_of(after, x, y)
        assert green > red + 30


def test_a_sleeve_in_the_shade_is_cut_from_the_other():
    lit, shaded = product("beige longsleeve"), product("beige longsleeve")
    shaded[:, :184] = shaded[:, :184] * 0.5

    pictures = [dressed(draw(), one, "top", "long")[1] for one in (lit, shaded)]

    expected, seen = (colour_of(picture, 164, 270).mean() for picture in pictures)
    assert seen > 0.8 * expected


@pytest.mark.parametrize(
    ("category", "sleeve", "covered"), [("outer", "", True), ("top", "", False)]
)
def test_outer_clothes_have_long_sleeves_unless_told_otherwise(category, sleeve, covered):
    _, after = worn(Look(), "green t-shirt", category, sleeve)

    for x, y in ((153, 320), (327, 320)):
        red, green, _ = colour_of(after, x, y)
        assert (green > red + 30) == covered
