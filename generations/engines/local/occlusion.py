"""What lies on top of the garment: hair, bare arms and hands, shoes, a top over trousers."""

import numpy as np

from generations.engines.base import GarmentCategory

from . import outline
from .body import Side
from .person import SKIN_LIMIT, ArmZone, Person
from .pixels import HALF, Array, blur, closed, fill_holes, largest, opened, to_segment

HAIR_ENDS, BULKY_HAIR_ENDS = 0.62, -0.15
BARE_UPPER_ARM = 0.22
TUCK = -0.03
SPECK = 0.01


def on_top(
    person: Person,
    covered: tuple[float, float],
    sleeves: Array,
    category: GarmentCategory,
) -> Array:
    """A plane that is 1 where the garment is hidden; `covered` is each arm's covered share."""
    hair = person.hair & (~person.torso_zone | (person.body.level < HAIR_ENDS))
    if person.bulky:  # Below the chin nobody can tell hair from a collar or a ring.
        hair &= person.body.level < BULKY_HAIR_ENDS
    above = opened(person.face | hair, 3)
    trousers = category in {GarmentCategory.BOTTOM, GarmentCategory.SKIRT}
    for index, side in enumerate(person.body.sides):
        zone = person.arms[index]
        arm = _bare_hand(person, zone)
        share = 0.0 if trousers else covered[index]
        arm |= _bare_forearm(person, zone, sleeves > HALF) & _below_sleeve(person, side, share)
        if not trousers:
            arm |= _bare_upper_arm(person, zone, side, share) & (sleeves <= HALF)
        above |= _whole(arm, person.body.shoulders) & ~(sleeves > HALF)
    if trousers:
        top = (person.upper | person.lower) & ~below_waist(person)
        above |= (largest(opened(top, 7)) if top.any() else top) | person.shoes
    return blur(above, 1.0) * np.clip(person.silhouette * 1.2, 0, 1)


def _whole(arm: Array, shoulders: float) -> Array:
    """The largest part without its holes; specks that have the colour of skin are no arm."""
    arm = largest(arm)
    if arm.sum() < SPECK * shoulders**2:
        return np.zeros_like(arm)
    return fill_holes(closed(arm, 0.06 * shoulders))


def below_waist(person: Person) -> Array:
    """The lower clothes, and what hangs below the waist of a dress or an untucked top.

    Who sits leans, so that a hem says little about the waist: the top stays as it is.
    """
    if person.body.sits:
        return person.lower
    low = person.body.level > outline.waist_level(person) + TUCK
    return np.asarray((person.lower | person.upper) & low)


def _bare(person: Person) -> Array:
    return np.asarray(person.skin & ~person.upper & (person.skin_distance < SKIN_LIMIT))


def _bare_hand(person: Person, zone: ArmZone) -> Array:
    return closed(zone.hand & _bare(person), 0.05 * person.body.shoulders)


def _bare_forearm(person: Person, zone: ArmZone, covered: Array) -> Array:
    return opened(zone.fore & _bare(person) & ~covered, 3)


def _below_sleeve(person: Person, side: Side, share: float) -> Array | bool:
    """The part of the forearm that the sleeve leaves bare."""
    length = share * side.arm
    if length < side.upper_arm * 1.02:
        return True
    _, place = to_segment(person.body.points, side.elbow, side.wrist)
    forearm = side.arm - side.upper_arm
    return np.asarray(place * forearm > length - side.upper_arm - 0.03 * side.arm)


def _bare_upper_arm(person: Person, zone: ArmZone, side: Side, share: float) -> Array:
    _, place = to_segment(person.body.points, side.shoulder, side.elbow)
    start = share * side.arm / side.upper_arm - 0.04 if share else BARE_UPPER_ARM
    return np.asarray(zone.upper & _bare(person) & (place > min(start, 1)))
