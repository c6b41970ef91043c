"""Taking the old clothes off where the new ones will not cover them.

What appears is skin where the body is, drawn from the person's own skin, and the background where
a wide old garment stood off the body.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from generations.engines.base import GarmentCategory

from . import bare_limb
from .bare_limb import Bare, Limb
from .body import BARELY_VISIBLE, Body, Side
from .person import SKIN_LIMIT, SKIN_NEAR, Person
from .pixels import (
    HALF,
    Array,
    around,
    between,
    blur,
    ease,
    grow,
    mix,
    opened,
    push_pull,
    thin,
    to_segment,
)

COVERED = 0.98
ENOUGH_PIXELS = 200
SKIN_SOURCE = 26
GRAIN_MAX = 4.0
FEATHER, COLLAR_SHADOW = 0.07, 0.05
CLOTH_THICKNESS = 0.03
LAP_BEGINS = 0.8
SMOOTH_LEG, DEEPEST = 0.05, 30  # Deep blacks tell little about light.
WHOLE = slice(None), slice(None)


def underneath(
    person: Person, old: Array, category: GarmentCategory, seed: int
) -> tuple[Array, Array]:
    """What is behind the old clothes, and how much of it is skin."""
    filling, bare = _background(person, seed), np.zeros(old.shape, np.float32)
    for part in _bare_parts(person, old, category):
        at = part.window
        filling[at] = mix(filling[at], part.colour, part.cover[..., None])
        bare[at] = np.maximum(bare[at], part.cover)
    return filling, bare


def undress(  # noqa: PLR0913, PLR0917 - the planes of one picture
    person: Person,
    old: Array,
    visible: Array,
    on_top: Array,
    category: GarmentCategory,
    below: tuple[Array, Array],
) -> tuple[Array, Array]:
    """The picture without the old clothes, and a plane of where it changed.

    `below` is what `underneath` finds.
    """
    picture = person.picture.astype(np.float32)
    gone = _gone(person, old, on_top) & (visible < COVERED)
    if person.bulky or not gone.any():  # What is under a space suit, nobody can tell.
        return picture, np.zeros(old.shape, np.float32)
    filling, bare = below
    if category in {GarmentCategory.TOP, GarmentCategory.OUTER}:
        filling = _continue_lower(person, filling, gone & (bare < HALF), old)
    change = np.maximum(np.clip(blur(gone, 1.2) * 1.3, 0, 1), _feather(person, gone) * bare)
    return mix(picture, filling, change[..., None]), change


def _bare_parts(person: Person, old: Array, category: GarmentCategory) -> Iterator[Bare]:
    """The skin of legs, chest and arms, in that order."""
    arms = [bare_limb.arm(person, index) for index in (0, 1)]
    if category in {GarmentCategory.BOTTOM, GarmentCategory.SKIRT, GarmentCategory.DRESS}:
        if person.body.sits:
            yield _bare_lap(person)
        else:
            yield from (_bare_leg(person, index, old, arms) for index in (0, 1))
    if category in {GarmentCategory.BOTTOM, GarmentCategory.SKIRT}:
        return
    yield Bare(WHOLE, _chest_skin(person, old), _chest(person))
    for arm, side in zip(arms, person.body.sides, strict=True):
        bare = bare_limb.continued(person, arm, old)
        if bare is None:
            roundness = _arm(person.body, side)
            bare = Bare(WHOLE, _skin(person, old, roundness), blur(roundness > 0, 1.2))
        yield bare


def _feather(person: Person, gone: Array) -> Array:
    """Painted skin runs out softly into the real skin around it, 1 to 0."""
    real = (person.skin_distance < SKIN_SOURCE) & (person.silhouette > HALF)
    real &= ~(person.upper | person.lower | person.face | person.hair)
    real &= ~(person.arms[0].hand | person.arms[1].hand)
    away = cv2.distanceTransform((~gone).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(ease(1 - away / (FEATHER * person.body.shoulders)) * real)


def _gone(person: Person, old: Array, on_top: Array) -> Array:
    """The old clothes with their blurred edges, but nothing that is kept."""
    skin = person.skin & ~person.upper & (person.skin_distance < SKIN_NEAR)
    kept = thin(skin, 3) | person.hair | person.face | (on_top > HALF)
    if person.body.sits:  # On a lap the edges are those of the legs, which stay where they are.
        kept |= ~old & (person.body.level > LAP_BEGINS)
    near = grow(old, 0.010 * max(old.shape)) | (
        grow(old, 0.13 * person.body.shoulders) & _collar(person)
    )
    return np.asarray(
        (near & grow(between(person.silhouette, 0.04), 5) & ~kept) | (old & (on_top <= HALF))
    )


def _collar(person: Person) -> Array:
    """Around the neck, where shadows under a collar are neither skin nor cloth."""
    body, lit = person.body, person.skin & (person.skin_distance < SKIN_LIMIT)
    return between(body.level, -0.45, 0.2) & between(np.abs(body.aside), high=0.45) & ~lit


def _background(person: Person, seed: int) -> Array:
    """What is behind the person, with the grain of the photo."""
    picture = person.picture.astype(np.float32)
    behind = ~grow(between(person.silhouette, 0.03), 9)
    if behind.sum() < ENOUGH_PIXELS:
        return cv2.blur(picture, (31, 31))
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.5)
    rough = np.abs(picture - smooth)[behind]
    grain = min(1.48 * float(np.median(rough)), GRAIN_MAX)
    noise = np.random.default_rng(seed).standard_normal((*behind.shape, 1), np.float32)
    return np.asarray(push_pull(picture, behind) + noise * np.float32(grain))


def _arm(body: Body, side: Side) -> Array:
    """How much of a bare arm faces the camera, 0 to 1."""
    roundness = np.zeros((body.height, body.width), np.float32)
    if side.sees["elbow"] > BARELY_VISIBLE * HALF:
        _round(roundness, body, (side.shoulder, side.elbow), (0.143, 0.1075))
    if side.sees["wrist"] > BARELY_VISIBLE * HALF:
        _round(roundness, body, (side.elbow, side.wrist), (0.1075, 0.0765))
    return roundness


def _bare_leg(person: Person, index: int, old: Array, arms: Sequence[Limb]) -> Bare:
    """A leg as it is seen, or lit as the arms are."""
    leg = bare_limb.leg(person, index)
    at = leg.window
    seen = bare_limb.continued(person, leg, old)
    if seen is not None:
        return Bare(at, seen.colour, seen.cover * person.silhouette[at])
    roundness = _leg(person, person.body.sides[index])
    skin = bare_limb.lit_as_arms(person, leg, arms)
    skin = _skin(person, old, roundness)[at] if skin is None else skin
    return Bare(at, skin, blur(roundness > 0, 1.2)[at])


def _bare_lap(person: Person) -> Bare:
    """The legs of somebody who sits, in the shape and the light of what they wear there."""
    width, worn = person.body.shoulders, person.lower
    seen = _seen_skin(person, SKIN_SOURCE)
    own = np.median(person.picture[seen], 0) if seen.any() else _own_skin(person)
    bright, region = person.colours[..., 0], worn.astype(np.float32)
    wide = blur(bright * region, SMOOTH_LEG * width) / (blur(region, SMOOTH_LEG * width) + 1e-3)
    usual = float(np.median(wide[worn])) if worn.any() else 1.0
    light = np.clip((wide + DEEPEST) / (usual + DEEPEST), 0.75, 1.2)
    return Bare(WHOLE, own * light[..., None], blur(grow(worn, CLOTH_THICKNESS * width), 1.2))


def _leg(person: Person, side: Side) -> Array:
    """A leg no wider than the old trousers show it, rounded from its edges inwards."""
    body, calf = person.body, mix(side.knee, side.ankle, 0.3)
    leg = body.limb(side.hip, side.knee, (0.25, 0.150))
    leg |= body.limb(side.knee, calf, (0.150, 0.150))
    leg |= body.limb(calf, side.ankle, (0.150, 0.075))
    leg &= thin(person.silhouette > HALF, 0.02 * body.shoulders)
    inside = cv2.distanceTransform(leg.astype(np.uint8), cv2.DIST_L2, 5)
    share = np.clip(blur(inside, 0.01 * body.shoulders) / (0.16 * body.shoulders), 0, 1)
    return np.where(leg, np.maximum(1 - (1 - share) ** 2, 1e-3), 0).astype(np.float32)


def _round(
    roundness: Array, body: Body, ends: tuple[Array, Array], radii: tuple[float, float]
) -> None:
    part = around(ends, max(radii) * body.shoulders, roundness.shape)
    distance, share = to_segment(body.points[part], *ends)
    radius = mix(radii[0], radii[1], share) * body.shoulders
    roundness[part] = np.maximum(roundness[part], 1 - (distance / radius) ** 2)


def _chest(person: Person) -> Array:
    """Neck and chest as far down as a neckline can go, a little inside of the old clothes."""
    body = person.body
    aside, height = np.abs(body.aside), -body.level * body.torso / body.shoulders
    shoulder = np.interp(aside, [0.10, 0.155, 0.30, 0.50, 0.62], [1.0, 0.36, 0.27, 0.15, -0.05])
    lowest = np.interp(aside, [0.36, 0.50], [0.36, 0.10])  # Farther out the arms begin.
    inside = thin(person.silhouette > HALF, CLOTH_THICKNESS * body.shoulders)
    inside = opened(inside, 0.12 * body.shoulders)
    chest = between(aside, high=0.62) & (height < shoulder) & (body.level < lowest)
    return blur(chest & inside, 1.2)


def _chest_skin(person: Person, old: Array) -> Array:
    """The neck's own skin going on downwards, darker where the shoulders round off."""
    body = person.body
    neck = between(body.aside, -0.36, 0.36) & between(body.level, -0.55, 0.4)
    seen = _seen_skin(person, SKIN_SOURCE) & neck
    lit = seen & ~grow(old, 2 * COLLAR_SHADOW * body.shoulders)
    source = lit if lit.sum() > ENOUGH_PIXELS else seen
    if source.sum() <= ENOUGH_PIXELS:
        return _skin(person, old, np.ones(old.shape, np.float32))
    depth = cv2.distanceTransform((person.silhouette > HALF).astype(np.uint8), cv2.DIST_L2, 5)
    rounded = mix(0.88, 1.0, ease(depth / (0.10 * body.shoulders)))
    near = push_pull(person.picture.astype(np.float32), source)
    return np.asarray(_evened(near, person, source) * rounded[..., None])


def _seen_skin(person: Person, near: Array | float) -> Array:
    """Skin of the person without the face and without the soft edges of other things."""
    seen = person.skin & ~person.upper & ~person.face & (person.skin_distance < near)
    return thin(seen, 5)


def _skin(person: Person, old: Array, roundness: Array) -> Array:
    """Skin in the person's own colour, rounded by light, following the skin next to it."""
    width = person.body.shoulders
    own = _own_skin(person)
    bright = blur(person.colours[..., 0], max(2, 0.03 * width))
    mean = float(bright[old].mean()) if old.any() else 128.0
    facing = np.where(roundness > 0, np.sqrt(np.clip(roundness, 0, 1)), 0.85)
    light = 1 + np.clip((bright - mean) / 255 * 0.45, -0.14, 0.10)
    skin = own * (light * (0.78 + 0.24 * facing) * 0.97)[..., None]
    like = np.where(person.body.level < HALF, SKIN_SOURCE, SKIN_NEAR)
    seen = _seen_skin(person, like)
    if seen.sum() > ENOUGH_PIXELS:
        near = _evened(push_pull(person.picture.astype(np.float32), seen), person, seen)
        skin = mix(skin, near * (0.70 + 0.32 * facing)[..., None], 0.8)
    return np.asarray(skin)


def _own_skin(person: Person) -> Array:
    colour = person.skin_colour[None, None].astype(np.uint8)
    return np.asarray(cv2.cvtColor(colour, cv2.COLOR_LAB2RGB)[0, 0], np.float32)


def _evened(near: Array, person: Person, seen: Array) -> Array:
    """Skin continued from its neighbourhood, without the shadow that a collar cast on it."""
    usual = float(np.percentile(person.picture[seen].mean(-1), 60))
    gain = np.clip(usual / np.maximum(near.mean(-1), 1), 1, 1.3)
    return np.asarray(near * np.where(person.body.level < HALF, mix(1, gain, 0.6), 1)[..., None])


def _continue_lower(person: Person, filling: Array, gone: Array, old: Array) -> Array:
    """Below a hem that ends higher than the old one, trousers or skirt go on upwards."""
    inside = (person.silhouette > HALF) & between(person.body.level, 0.72) & gone & old
    lower = person.lower & ~gone
    if not inside.any() or lower.sum() < ENOUGH_PIXELS:
        return filling
    cloth = push_pull(person.picture.astype(np.float32), thin(lower, 3))
    return np.asarray(mix(filling, cloth, blur(inside, 1.5)[..., None]))
