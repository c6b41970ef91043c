"""What the local engine paints where the old clothes were: arms, neck and chest."""

import numpy as np
import pytest
from django.conf import settings

from generations.engines.base import GarmentCategory
from generations.engines.local import bare_limb, person, pixels, undressing
from generations.engines.local.body import JOINTS, Body, Side
from generations.engines.local.fit_sleeve import covered_length

MAN = settings.BASE_DIR.parent / "shared" / "data" / "people" / "standing-man-black-tshirt.webp"
SIZE, HEM, ARM_LEFT, ARM_RIGHT = 400, 170, 80, 121


def side(x, sign):
    heights = {"shoulder": 100, "elbow": 220, "wrist": 330, "finger": 350}
    heights |= {"hip": 300, "knee": 370, "ankle": 390, "heel": 395, "toe": 395}
    joints = {name: np.array([x, heights[name]], np.float32) for name in JOINTS}
    return Side(**joints, sees=dict.fromkeys(JOINTS, 1.0), sign=sign)


@pytest.fixture
def wearer():
    """An arm lit from the right in a short black sleeve, before a white wall."""
    picture = np.full((SIZE, SIZE, 3), 255, np.uint8)
    light = np.linspace(120, 240, ARM_RIGHT - ARM_LEFT)[:, None] * [1.0, 0.8, 0.6]
    picture[100:340, ARM_LEFT:ARM_RIGHT] = light.astype(np.uint8)
    arm = (picture < 250).all(-1)
    sleeve = np.zeros((SIZE, SIZE), bool)
    sleeve[90:HEM, 70:131] = True
    picture[sleeve] = 10
    nothing = np.zeros((SIZE, SIZE), bool)
    points = np.array([200.0, 40.0]), np.array([200.0, 60.0])
    body = Body(SIZE, SIZE, (side(100, -1), side(300, 1)), *points, 30.0, face_visible=True)
    return person.Person(
        picture=picture,
        colours=pixels.lab(picture),
        body=body,
        silhouette=(arm | sleeve).astype(np.float32),
        face=nothing,
        hair=nothing,
        skin=arm & ~sleeve,
        upper=sleeve,
        lower=nothing,
        shoes=nothing,
        arms=person._arm_zones(body),
        skin_colour=np.array([160.0, 140.0, 148.0]),
        skin_distance=np.where(arm & ~sleeve, 0, 40).astype(np.float32),
        torso_zone=nothing,
        plain=1.0,
        bulky=False,
    )


def whole(plane, window):
    """The plane of a window at its place in a picture that is 0 elsewhere."""
    picture = np.zeros((SIZE, SIZE, *plane.shape[2:]), np.float32)
    picture[window] = plane
    return picture


def test_a_bared_arm_has_the_colours_of_the_arm_below_the_sleeve(wearer):
    arm = bare_limb.continued(wearer, bare_limb.arm(wearer, 0), wearer.upper)

    bared = whole(arm.colour, arm.window)[HEM - 15, 84:117]
    seen = wearer.picture[HEM + 25, 84:117]
    assert np.abs(bared - seen.astype(float)).max() < 14


def test_a_bared_arm_is_as_wide_as_the_arm_and_ends_softly(wearer):
    arm = bare_limb.continued(wearer, bare_limb.arm(wearer, 0), wearer.upper)
    cover = whole(arm.cover, arm.window)

    assert cover[HEM - 10, 100] == 1
    assert cover[HEM - 10].sum() == pytest.approx(ARM_RIGHT - ARM_LEFT, rel=0.15)
    assert cover[HEM - 10, 60] == cover[HEM - 10, 140] == 0


def test_an_arm_that_is_not_seen_cannot_be_continued(wearer):
    wearer.skin[:] = False

    assert bare_limb.continued(wearer, bare_limb.arm(wearer, 0), wearer.upper) is None


@pytest.mark.parametrize(
    ("length", "hint", "covered"),
    [
        (20, "short", 30),
        (36, "short", 36),
        (60, "short", 43),
        (20, "", 30),
        (50, "", 43),
        (65, "", 65),
        (80, "", 100),
        (30, "long", 100),
        (10, "", 10),
    ],
)
def test_a_sleeve_covers_what_sleeves_of_its_kind_cover(length, hint, covered):
    assert covered_length(length, 100, hint) == pytest.approx(covered)


@pytest.mark.skipif(not MAN.exists(), reason="The photos of people are not here.")
def test_bared_skin_stays_on_the_body_and_goes_on_from_the_neck():
    photo = pixels.decode(MAN.read_bytes(), longest_side=1024, shortest_side=100)
    man = person.read(photo)
    hidden = np.zeros(man.upper.shape, np.float32)

    below = undressing.underneath(man, man.upper, GarmentCategory.TOP, 1)
    bare, _ = undressing.undress(man, man.upper, hidden, hidden, GarmentCategory.TOP, below)

    wall, neck, chest = bare[290, 200], photo[290, 285].astype(float), bare[345, 285]
    assert wall.min() > 215
    assert np.abs(chest - neck).max() < 45
    assert chest[0] > chest[1] > chest[2]
