"""Putting it together: cloth over the body, and hair, hands and shoes over the cloth."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from generations.engines.base import GarmentCategory

from . import occlusion, shading, undressing
from .fit_top import Fitted
from .garment import Garment
from .patches import Kind, Patch, Wrap
from .person import Person
from .pixels import (
    HALF,
    Array,
    Window,
    around,
    between,
    blur,
    ease,
    grow,
    guided,
    mix,
    point,
    push_pull,
)

UNCHANGED = 0.004
REACH = 0.4
SHOULDER_STARTS = 0.40
PADDED_SHOULDER = 0.035
FALL_OFF = {Kind.TORSO: 0.20, Kind.SLEEVE: 0.26, Kind.LEG: 0.24}
BELOW_WAIST = {GarmentCategory.BOTTOM, GarmentCategory.SKIRT}


@dataclass(frozen=True)
class Outfit:
    """The garment as the person's picture shows it, before anything lies on top of it."""

    colour: Array
    cover: Array
    sleeves: Array
    light: Array


def compose(  # noqa: PLR0913, PLR0917 - a picture has many makers
    person: Person,
    garment: Garment,
    fitted: Fitted,
    category: GarmentCategory,
    seed: int = 0,
    show: Callable[[str, Array], None] = lambda name, picture: None,
) -> Array:
    """The finished picture; what the garment does not touch is copied bit by bit."""
    window = _reach(person, fitted, category)
    finished = person.picture.copy()
    finished[window] = _worn(
        person.part(window), garment, fitted.part(window), category, seed, show
    )
    return finished


def _reach(person: Person, fitted: Fitted, category: GarmentCategory) -> Window:
    """The part of the photo where something changes, and what tells how it looks there."""
    left, top, width, height = cv2.boundingRect(old_clothes(person, category).astype(np.uint8))
    points = [point(left, top), point(left + width, top + height)] if width else []
    for side in person.body.sides:  # Bared legs are lit as the arms are.
        points += [side.shoulder, side.elbow, side.wrist]
    knots = [patch.knots for patch in fitted.patches]
    spots = np.concatenate([points, *knots])
    return around(spots, REACH * person.body.shoulders, person.silhouette.shape)


def _worn(  # noqa: PLR0913, PLR0917 - as above
    person: Person,
    garment: Garment,
    fitted: Fitted,
    category: GarmentCategory,
    seed: int,
    show: Callable[[str, Array], None],
) -> Array:
    old = old_clothes(person, category)
    with ThreadPoolExecutor(1) as beside:  # neither needs the other
        below = beside.submit(undressing.underneath, person, old, category, seed)
        outfit = _outfit(person, garment, fitted)
        on_top = occlusion.on_top(person, fitted.sleeves, outfit.sleeves, category)
    visible = outfit.cover * (1 - on_top)
    bare, bared = undressing.undress(person, old, visible, on_top, category, below.result())
    light = outfit.light * shading.of(person, old, outfit.cover, on_top, category)
    result = mix(bare, outfit.colour * light[..., None], visible[..., None])
    shadow = shading.cast_shadow(person, outfit.cover, on_top)
    result = result * (1 - 0.30 * shadow[..., None])
    show("6-undressed", bare)
    show("7-outfit", mix(np.full_like(bare, 255), outfit.colour, outfit.cover[..., None]))
    show("8-on-top", np.repeat(on_top[..., None] * 255, 3, -1))
    changed = np.maximum.reduce([visible, bared, shadow])
    finished = np.clip(result + HALF, 0, 255).astype(np.uint8)
    kept = (changed < UNCHANGED) | person.face
    return np.where(kept[..., None], person.picture, finished)


def old_clothes(person: Person, category: GarmentCategory) -> Array:
    """What the person wears where the garment goes."""
    if category in BELOW_WAIST:
        return occlusion.below_waist(person)
    if category == GarmentCategory.DRESS:
        return person.upper | person.lower
    return person.upper


def _outfit(person: Person, garment: Garment, fitted: Fitted) -> Outfit:
    shape = person.picture.shape[:2]
    colour, light = np.zeros((*shape, 3), np.float32), np.ones(shape, np.float32)
    cover, sleeves = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for patch in fitted.patches:
        cloth = patch.laid(garment.picture, shape)
        part = cloth.window
        own = 1 - FALL_OFF[patch.kind] * np.abs(2 * cloth.across - 1) ** 3
        if patch.kind == Kind.SLEEVE:
            hanging = cloth.cover * ease(cloth.along / 0.5)  # The seam itself casts no shadow.
            near = np.clip(blur(hanging, 0.035 * person.body.shoulders) - cloth.cover, 0, 1)
            light[part] *= 1 - 0.30 * near * between(cover[part], 0.3)
            sleeves[part] = np.maximum(sleeves[part], cloth.cover)
        share = cloth.cover * _seam(patch, cloth.along)
        mixed = mix(colour[part], cloth.colour, share[..., None])
        colour[part] = np.where((cover[part] > 0)[..., None], mixed, cloth.colour)
        light[part] = mix(light[part], own, share)
        cover[part] = np.maximum(cover[part], cloth.cover)
    colour, cover = _mended(person, fitted, colour, cover)
    cover = cover * (1 - _above_shoulders(person))
    cover = np.clip(guided(np.clip(cover, 0, 1), cover, 1, 1e-3), 0, 1)
    return Outfit(colour, cover, sleeves, light)


def _above_shoulders(person: Person) -> Array:
    """Where the corners of a shoulder seam would stick out above the body, 0 to 1."""
    body = person.body
    near = grow(person.silhouette > HALF, 2 * PADDED_SHOULDER * body.shoulders)
    corner = between(np.abs(body.aside), SHOULDER_STARTS) & between(body.level, high=0.08)
    return blur(corner & ~near, 1.0)


def _mended(person: Person, fitted: Fitted, colour: Array, cover: Array) -> tuple[Array, Array]:
    """Colour and cover without the bare corners that a round shoulder leaves above a sleeve."""
    body, solid = person.body, cover > HALF
    zone = np.zeros(cover.shape, bool)
    for side, covered in zip(body.sides, fitted.sleeves, strict=True):
        if covered:
            share = min(0.45, 0.6 * covered * side.arm / side.upper_arm)
            end = mix(side.shoulder, side.elbow, share)
            zone |= body.limb(side.shoulder, end, (0.20, 0.18))
    gaps = zone & ~solid & (person.silhouette > HALF) & (np.abs(body.aside) > SHOULDER_STARTS)
    if not gaps.any():
        return colour, cover
    filled, soft = push_pull(colour, solid), blur(gaps, 1.0)
    colour = mix(colour, filled, np.where(solid, 0, soft)[..., None])
    return colour, np.maximum(cover, np.where(gaps, 1, soft))


def _seam(patch: Patch | Wrap, along: Array) -> Array:
    """A sleeve fades in over the torso's cloth, so that the seam does not show as a cut."""
    if patch.kind != Kind.SLEEVE:
        return np.ones_like(along)
    return np.asarray(ease(along / 0.06))
