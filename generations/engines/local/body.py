"""The person as points and lengths: what the pose says, checked and put in image order."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from generations.engines.base import GenerationError

from .pixels import Array, Window, across, around, grid, mix, to_segment, unit
from .pose import Pose

VISIBLE = 0.5
BARELY_VISIBLE = 0.3
SHOULDERS_MIN_PIXELS = 48
SHOULDERS_MIN_SHARE = 0.38
THIGH_UPRIGHT = 0.7
KNEES_APART = 0.3
JOINTS = ("shoulder", "elbow", "wrist", "finger", "hip", "knee", "ankle", "heel", "toe")
LEFT_LANDMARKS = (11, 13, 15, 19, 23, 25, 27, 29, 31)
RIGHT_LANDMARKS = (12, 14, 16, 20, 24, 26, 28, 30, 32)


@dataclass(frozen=True)
class Side:
    """One arm and one leg; `sees` tells how visible each joint is."""

    shoulder: Array
    elbow: Array
    wrist: Array
    finger: Array
    hip: Array
    knee: Array
    ankle: Array
    heel: Array
    toe: Array
    sees: dict[str, float]
    sign: int

    def moved(self, factor: float, origin: Array) -> "Side":
        joints = {name: (getattr(self, name) - origin) * np.float32(factor) for name in JOINTS}
        return replace(self, **joints)

    @property
    def upper_arm(self) -> float:
        return float(np.linalg.norm(self.elbow - self.shoulder))

    @property
    def arm(self) -> float:
        return self.upper_arm + float(np.linalg.norm(self.wrist - self.elbow))

    @property
    def thigh(self) -> Array:
        """The unit vector from the hip to the knee."""
        return unit(self.knee - self.hip)

    @property
    def leg(self) -> float:
        upper = np.linalg.norm(self.knee - self.hip)
        return float(upper + np.linalg.norm(self.ankle - self.knee))


@dataclass(frozen=True)
class Body:
    """A person facing the camera. `sides` are left and right as the picture shows them."""

    height: int
    width: int
    sides: tuple[Side, Side]
    eyes: Array
    mouth: Array
    ears_apart: float
    face_visible: bool

    @cached_property
    def left(self) -> Side:
        return self.sides[0]

    @cached_property
    def right(self) -> Side:
        return self.sides[1]

    @cached_property
    def neck(self) -> Array:
        """The middle of the shoulder line."""
        return np.asarray((self.left.shoulder + self.right.shoulder) / 2)

    @cached_property
    def pelvis(self) -> Array:
        """The middle of the hip line."""
        return np.asarray((self.left.hip + self.right.hip) / 2)

    @cached_property
    def shoulders(self) -> float:
        """The distance between the shoulder joints: the unit of most lengths here."""
        return float(np.linalg.norm(self.left.shoulder - self.right.shoulder))

    @cached_property
    def torso(self) -> float:
        """The distance from the shoulder line to the hip line."""
        return float(np.linalg.norm(self.pelvis - self.neck))

    @cached_property
    def down(self) -> Array:
        return unit(self.pelvis - self.neck)

    @cached_property
    def rightward(self) -> Array:
        """Along the shoulder line."""
        return unit(self.right.shoulder - self.left.shoulder)

    @cached_property
    def sideward(self) -> Array:
        """At right angles to the spine."""
        return across(self.down, self.rightward)

    @cached_property
    def face_length(self) -> float:
        """From the eyes to the mouth."""
        return float(np.linalg.norm(self.mouth - self.eyes))

    @cached_property
    def face_width(self) -> float:
        return max(self.ears_apart, 1.5 * self.face_length)

    @cached_property
    def face_centre(self) -> Array:
        return np.asarray(mix(self.eyes, self.mouth, 0.45))

    @cached_property
    def face_down(self) -> Array:
        return unit(self.mouth - self.eyes) if self.face_visible else self.down

    @cached_property
    def points(self) -> Array:
        """The coordinates of every pixel."""
        return grid(self.height, self.width)

    @cached_property
    def level(self) -> Array:
        """How far down the body each pixel lies: 0 at the shoulder line, 1 at the hip line."""
        return self._from_neck(self.down / self.torso)

    @cached_property
    def aside(self) -> Array:
        """How far from the spine each pixel lies, in shoulder widths; negative on the left."""
        return self._from_neck(self.rightward / self.shoulders)

    def _from_neck(self, direction: Array) -> Array:
        columns = (np.arange(self.width, dtype=np.float32) - self.neck[0]) * direction[0]
        rows = (np.arange(self.height, dtype=np.float32) - self.neck[1]) * direction[1]
        return np.asarray(rows[:, None] + columns, np.float32)

    @cached_property
    def sits(self) -> bool:
        """Whether a thigh that is seen does not hang down."""
        return any(
            side.sees["knee"] > VISIBLE and side.thigh @ self.down < THIGH_UPRIGHT
            for side in self.sides
        )

    def spine(self, level: float) -> Array:
        """The point of the body's middle line at that level, also above and below the torso."""
        if level < 0 or level > 1:
            end = self.neck if level < 0 else self.pelvis
            rest = level if level < 0 else level - 1
            return np.asarray(end + self.down * (rest * self.torso))
        return np.asarray(mix(self.neck, self.pelvis, level))

    def limb(self, start: Array, end: Array, radii: tuple[float, float]) -> Array:
        """The pixels of a limb; radii in shoulder widths."""
        mask = np.zeros((self.height, self.width), bool)
        part = around((start, end), max(radii) * self.shoulders, mask.shape)
        distance, share = to_segment(self.points[part], start, end)
        mask[part] = distance <= mix(radii[0], radii[1], share) * self.shoulders
        return mask

    def scaled(self, factor: float, shape: tuple[int, ...]) -> "Body":
        """The same body in a copy of the picture that is `factor` times as large."""
        return self._moved(factor, np.zeros(2, np.float32), shape)

    def part(self, window: Window) -> "Body":
        """The same body in a part of the picture."""
        rows, columns = window
        size = rows.stop - rows.start, columns.stop - columns.start
        return self._moved(1, np.array([columns.start, rows.start], np.float32), size)

    def _moved(self, factor: float, origin: Array, shape: tuple[int, ...]) -> "Body":
        left, right = self.sides
        return replace(
            self,
            height=shape[0],
            width=shape[1],
            sides=(left.moved(factor, origin), right.moved(factor, origin)),
            eyes=(self.eyes - origin) * factor,
            mouth=(self.mouth - origin) * factor,
            ears_apart=self.ears_apart * factor,
        )


def from_pose(pose: Pose, shape: tuple[int, int]) -> Body:
    """The body that the pose describes; refuses poses that a garment cannot be fitted to."""
    height, width = shape
    points, visible = pose.points, pose.visible
    if min(visible[11], visible[12]) < VISIBLE:
        raise GenerationError("pose_unclear", "The shoulders are not visible.")
    sides = _in_image_order(points, visible)
    eyes, mouth = (points[2] + points[5]) / 2, (points[9] + points[10]) / 2
    centre = mix(eyes, mouth, 0.45)
    body = Body(
        height=height,
        width=width,
        sides=sides,
        eyes=eyes,
        mouth=mouth,
        ears_apart=float(np.linalg.norm(points[7] - points[8])),
        face_visible=bool(visible[0] > VISIBLE and 0 <= centre[0] < width and centre[1] >= 0),
    )
    _check(body)
    return body


def refuse_folded_legs(body: Body) -> None:
    """Refuse who sits or kneels so that knees hide or cross: nothing can lie over such legs."""
    if not body.sits:
        return
    seen = all(side.sees["knee"] > VISIBLE for side in body.sides)
    apart = (body.right.knee - body.left.knee) @ body.sideward > KNEES_APART * body.shoulders
    hang = all(side.ankle[1] > mix(side.knee[1], side.hip[1], 0.1) for side in body.sides)
    if not (seen and apart and hang):
        raise GenerationError("pose_unclear", "The legs are folded or crossed.")


def _in_image_order(points: Array, visible: Array) -> tuple[Side, Side]:
    # The subject's left arm is on the right of a picture taken from the front.
    first, second = RIGHT_LANDMARKS, LEFT_LANDMARKS
    if points[11][0] < points[12][0]:
        first, second = second, first
    return _side(points, visible, first, -1), _side(points, visible, second, 1)


def _side(points: Array, visible: Array, indices: tuple[int, ...], sign: int) -> Side:
    joints = {name: points[index] for name, index in zip(JOINTS, indices, strict=True)}
    sees = {name: float(visible[index]) for name, index in zip(JOINTS, indices, strict=True)}
    return Side(**joints, sees=sees, sign=sign)


def _check(body: Body) -> None:
    if body.shoulders < SHOULDERS_MIN_PIXELS:
        raise GenerationError("person_too_small")
    if body.pelvis[1] <= body.neck[1]:
        raise GenerationError("pose_unclear", "The person is upside down or lying.")
    if body.shoulders < SHOULDERS_MIN_SHARE * body.torso:
        raise GenerationError("pose_not_frontal")
