"""Cutting garments out of product photos made by our own generator."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from django.conf import settings

from generations.engines.base import GarmentCategory, GenerationError
from generations.engines.local import category, fit_top, garment, hanger, legs, pixels, silhouette
from generations.engines.local.design import draw
from generations.engines.local.evening import evened
from generations.engines.local.neckline import neck_depth
from generations.engines.local.pixels import grow, thin

LACE = settings.BASE_DIR.parent / "shared" / "data" / "garments" / "dress-06.jpg"


@cache
def studio(prompt):
    return draw(prompt, 1)


@cache
def cut(prompt):
    return garment.cut_out(studio(prompt))


def on_floor(prompt):
    """The same garment on a warm floor with boards."""
    picture = studio(prompt).astype(np.float32)
    floor = np.full_like(picture, (150, 110, 80))
    floor[:, ::96] = (120, 84, 60)
    away = np.abs(picture - (240, 240, 238)).max(-1) > 60
    return np.where(away[..., None], picture, floor).astype(np.uint8)


def shape(*right):
    """A dark garment of these corners on a light wall, the same on both sides."""
    picture = np.full((500, 500, 3), 240, np.uint8)
    left = [(500 - x, y) for x, y in reversed(right)]
    cv2.fillPoly(picture, [np.array([*right, *left])], (40, 60, 120))
    return garment.cut_out(picture)


def test_the_cut_is_the_garment_and_nothing_else():
    cover = garment.cover_of(studio("red t-shirt"))

    assert cover.shape == (1024, 1024)
    assert cover[500, 512] == 1
    assert cover[40, 40] == 0
    assert cover[700, 150] == 0
    assert 0.2 < cover.mean() < 0.4


def test_a_garment_on_a_floor_is_cut_as_in_the_studio():
    in_studio = cut("red t-shirt").cover
    on_boards = garment.cut_out(on_floor("red t-shirt")).cover

    assert on_boards.sum() == pytest.approx(in_studio.sum(), rel=0.08)


def test_a_leaning_garment_is_put_upright():
    turn = cv2.getRotationMatrix2D((512, 512), 9, 0.9)
    leaning = cv2.warpAffine(studio("pink dress"), turn, (1024, 1024), borderValue=(246, 245, 243))

    upright = garment.cut_out(leaning).solid

    mirrored = upright[:, ::-1]
    assert (upright & mirrored).sum() / (upright | mirrored).sum() > 0.9


def test_an_empty_picture_holds_no_garment():
    with pytest.raises(GenerationError) as refusal:
        garment.cut_out(np.full((600, 600, 3), 240, np.uint8))

    assert refusal.value.code in {"no_garment", "garment_not_isolated"}


def test_a_picture_full_of_cloth_is_not_isolated():
    cloth = np.random.default_rng(0).integers(0, 255, (40, 40, 3), np.uint8)

    with pytest.raises(GenerationError) as refusal:
        garment.cut_out(cv2.resize(cloth, (600, 600), interpolation=cv2.INTER_CUBIC))

    assert refusal.value.code in {"no_garment", "garment_not_isolated"}


def ragged_and_lopsided():
    picture = np.full((500, 500, 3), 240, np.uint8)
    for place in (np.s_[100:400, 150:190], np.s_[360:400, 150:400], np.s_[300:400, 360:420]):
        picture[place] = (40, 60, 120)
    return picture


def test_a_ragged_and_lopsided_shape_is_no_garment():
    with pytest.raises(GenerationError) as refusal:
        garment.cut_out(ragged_and_lopsided())

    assert refusal.value.code == "garment_not_isolated"


def test_only_impatience_refuses_a_ragged_shape_before_it_is_cut_to_the_end():
    assert garment.cover_of(ragged_and_lopsided()).max() == 1

    with pytest.raises(GenerationError) as refusal:
        garment.cover_of(ragged_and_lopsided(), impatient=True)

    assert refusal.value.code == "garment_not_isolated"


def test_impatience_changes_no_cut():
    photo = on_floor("red t-shirt")

    assert np.array_equal(garment.cover_of(photo, impatient=True), garment.cover_of(photo))


def overlap(first, second):
    return (first & second).sum() / (first | second).sum()


def on_a_bedspread_of_its_colour():
    """A gray dress on a gray spread that a lamp lights from above on the left."""
    drawn = pixels.shrink(draw("gray dress", 1), 500)
    cloth = thin((drawn.min(-1) < 215), 3)
    rows, columns = np.mgrid[0 : drawn.shape[0], 0 : drawn.shape[1]]
    light = 208 - 0.10 * rows - 0.12 * columns
    spread = light + 16 * (np.sin(rows / 3) * np.sin(columns / 3) > 0.6)
    tint = np.array([1.0, 0.94, 0.86])
    worn = (0.80 * light + 0.2 * (drawn.mean(-1) - 150))[..., None] * tint
    return np.where(cloth[..., None], worn, spread[..., None] * tint).clip(0, 255).astype(
        np.uint8
    ), cloth


def test_a_garment_is_cut_from_an_unevenly_lit_ground_of_nearly_its_colour():
    photo, cloth = on_a_bedspread_of_its_colour()

    as_it_is = garment.cover_of(photo) > 0.5
    even = garment.cover_of(evened(photo), garment.EVENED_SIDE) > 0.5

    assert overlap(even, cloth) > 0.9
    assert overlap(as_it_is, cloth) < 0.75


def test_evening_takes_the_light_out_of_the_ground():
    photo, cloth = on_a_bedspread_of_its_colour()
    ground = ~grow(cloth, 9)

    before, after = (
        pixels.lab(picture)[..., 0][ground].std() for picture in (photo, evened(photo))
    )

    assert after < 0.3 * before


@pytest.mark.skipif(not LACE.exists(), reason="The photos of garments are not here.")
def test_a_lace_dress_on_a_spread_of_its_colour_is_cut_and_has_no_sleeves():
    photo = pixels.decode(LACE.read_bytes(), longest_side=1024, shortest_side=100)

    top = silhouette.read_top(garment.cut_out(photo))

    assert not top.has_sleeves
    assert top.length > 1.1 * np.ptp(np.where(top.solid.any(0))[0])


def test_armpits_shoulders_and_neck_are_where_the_shirt_has_them():
    top = silhouette.read_top(cut("red t-shirt"))

    left, right = top.armpits
    assert top.has_sleeves
    assert not top.sleeves_merged
    assert left[1] == pytest.approx(right[1], abs=0.05 * top.length)
    assert top.tips[0][1] < left[1] < top.hem
    assert top.neck[0][0] > top.tips[0][0]
    assert top.neck[1][0] < top.tips[1][0]


def test_a_top_without_sleeves_has_none():
    top = silhouette.read_top(cut("black tank top"), "none")

    assert not top.has_sleeves


def test_a_long_sleeve_is_longer_than_a_short_one():
    lengths = []
    for prompt in ("red t-shirt", "green longsleeve"):
        top = silhouette.read_top(cut(prompt))
        sleeve = silhouette.read_sleeve(top, 0)
        lengths.append(sleeve.length / top.shoulders)

    assert lengths[1] > 1.8 * lengths[0]


def test_a_flared_dress_without_sleeves_has_its_waist_for_no_armpit():
    dress = shape((280, 90), (290, 60), (310, 60), (320, 190), (410, 440))

    assert not silhouette.read_top(dress).has_sleeves


def test_stubs_beside_open_armholes_make_a_vest_of_outer_clothes():
    vest = shape((290, 80), (350, 100), (380, 140), (362, 190), (390, 230), (390, 430))
    jacket = shape((290, 80), (350, 100), (460, 380), (410, 390), (355, 200), (360, 430))

    assert fit_top._is_vest(vest)
    assert not fit_top._is_vest(jacket)


def test_sleeves_that_reach_into_the_border_do_not_make_it_busy():
    floor, sleeves = np.full(950, 1.0), np.full(50, 9.0)
    patterned = np.linspace(0, 3.6, 1000)

    assert garment._limit(np.concatenate([floor, sleeves])) == garment.CLEARLY_DIFFERENT
    assert garment._limit(patterned) == pytest.approx(3.9, abs=0.1)


def test_trousers_have_two_legs_and_a_skirt_has_none():
    trousers = legs.read_legs(cut("blue jeans"))
    skirt = legs.read_legs(cut("black skirt"))

    assert trousers is not None
    assert trousers.cuffs[0] == pytest.approx(trousers.cuffs[1], abs=12)
    assert skirt is None


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("red t-shirt", GarmentCategory.TOP),
        ("green longsleeve", GarmentCategory.TOP),
        ("blue jeans", GarmentCategory.BOTTOM),
        ("olive shorts", GarmentCategory.BOTTOM),
        ("black skirt", GarmentCategory.SKIRT),
        ("pink dress", GarmentCategory.DRESS),
        ("red maxi dress sleeveless", GarmentCategory.DRESS),
    ],
)
def test_the_silhouette_tells_where_a_garment_is_worn(prompt, expected):
    assert category.guess(cut(prompt)) == expected


WHITE, BLACK = (250, 250, 250), (20, 20, 20)
LABEL, PRINT = np.s_[140:180, 300:330], np.s_[140:180, 265:300]
CUFFS = np.s_[220:250, 100:125], np.s_[220:250, 275:300]


@pytest.mark.parametrize(
    ("white", "stays"),
    [((LABEL,), False), ((PRINT,), True), (CUFFS, True), ((np.s_[140:180, 180:220],), True)],
)
def test_only_ground_beside_the_garment_is_cut_off(white, stays):
    picture = np.full((400, 400, 3), WHITE, np.uint8)
    solid = np.zeros((400, 400), bool)
    solid[80:320, 100:300] = True
    picture[solid] = BLACK
    for place in white:
        picture[place] = WHITE
        solid[place] = True

    cut = garment._without_ground(solid, pixels.lab(picture))

    for place in white:
        assert cut[place].mean() > 0.9 if stays else cut[place].mean() < 0.1
    assert cut[90:310, 110:260].mean() > 0.9


def on_hanger(bar):
    """A dark shirt with an open neck through which something white shows."""
    picture = np.full((600, 500, 3), 70, np.uint8)
    cover = np.zeros((600, 500), np.float32)
    cover[40:560, 50:450] = 1
    picture[bar] = 235
    return picture, cover


def test_ground_between_sleeve_and_body_is_no_garment():
    picture = np.full((500, 500, 3), (150, 110, 80), np.uint8)
    cv2.rectangle(picture, (60, 80), (440, 420), (160, 190, 200), -1)
    cv2.rectangle(picture, (110, 160), (122, 400), (135, 98, 70), -1)  # In the shade.

    cover = garment.cover_of(picture)

    assert cover[200:360, 116].max() < 0.5
    assert cover[300, 250] == 1


def test_the_bar_of_a_hanger_is_found():
    picture, cover = on_hanger(np.s_[100:106, 200:300])

    rows, columns = np.where(hanger.bar(picture, cover))

    assert rows.min() >= 95
    assert rows.max() <= 110
    assert columns.min() <= 200
    assert columns.max() >= 299


@pytest.mark.parametrize(
    "other", [np.s_[100:106, 50:450], np.s_[100:160, 200:300], np.s_[400:406, 200:300]]
)
def test_stripes_labels_and_low_lines_are_no_hanger(other):
    assert not hanger.bar(*on_hanger(other)).any()


def test_an_open_neck_reaches_below_the_hanger():
    shirt = cut("red t-shirt")
    top = silhouette.read_top(shirt)
    corner = int(min(top.neck[0][1], top.neck[1][1]))
    width = top.neck[1][0] - top.neck[0][0]

    deep = replace(shirt, throat=int(corner + 0.8 * width))

    assert neck_depth(top, deep) == pytest.approx(0.8 * width, abs=1.5)
