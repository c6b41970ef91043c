"""Patches: pieces of cloth laid from the garment's picture onto the person's.

A patch is a coarse mesh with a place in both pictures for each of its knots. Rows and columns of
a mesh never cross, so cloth is bent and stretched but not folded over.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np

from .pixels import HALF, Array, Window, around

OVERSAMPLING = 1.7
COARSE = 2
FRACTION_BITS = 4
ROOM = 40
PLANE = 2  # dimensions


class Kind(StrEnum):
    """What part of the body a patch lies on; it decides how the light falls off."""

    TORSO = "torso"
    SLEEVE = "sleeve"
    LEG = "leg"


@dataclass(frozen=True)
class Patch:
    """A mesh of `(rows, columns, 2)` knots in the garment and on the person."""

    kind: Kind
    source: Array
    target: Array
    cover: Array

    def part(self, window: Window) -> "Patch":
        """The same patch in a part of the person's picture."""
        rows, columns = window
        return replace(self, target=self.target - np.array([columns.start, rows.start], np.float32))

    @property
    def knots(self) -> Array:
        """Points on the person between which all of the patch lies."""
        return self.target.reshape(-1, 2)

    def laid(self, picture: Array, shape: tuple[int, int]) -> "Cloth":
        """The patch as it lies in a picture of that shape, with some room around it."""
        rows, columns = window = around(self.knots, ROOM, shape)
        size = rows.stop - rows.start, columns.stop - columns.start
        source, across, along, reached = _spread(self.part(window), size)
        colour, cover = _taken(picture, source), _taken(self.cover, source)
        return Cloth(window, colour, cover * reached, across, along)


@dataclass(frozen=True)
class Wrap:
    """Cloth that lies as the old clothes do: planes as large as the person's picture.

    `source` is `(height, width, 2)`, the place in the garment that each pixel shows.
    """

    source: Array
    cover: Array
    kind: Kind = Kind.LEG

    def part(self, window: Window) -> "Wrap":
        """The same wrap in a part of the person's picture."""
        return replace(self, source=self.source[window], cover=self.cover[window])

    @property
    def knots(self) -> Array:
        """The corners of what is covered."""
        left, top, width, height = cv2.boundingRect((self.cover > 0).astype(np.uint8))
        return np.array([[left, top], [left + width, top + height]], np.float32)

    def laid(self, picture: Array, shape: tuple[int, int]) -> "Cloth":
        """The garment's colours where they are worn; the light on them is that of old clothes."""
        window = slice(0, shape[0]), slice(0, shape[1])
        middle, ends = np.full(shape, HALF, np.float32), np.ones(shape, np.float32)
        return Cloth(window, _taken(picture, self.source), self.cover, middle, ends)


@dataclass(frozen=True)
class Cloth:
    """A patch as a window of the person's picture shows it: colour, cover, place in the mesh."""

    window: Window
    colour: Array
    cover: Array
    across: Array
    along: Array


def _taken(picture: Array, source: Array) -> Array:
    """The picture or plane read at the source of each pixel; planes are 0 outside."""
    x, y = np.ascontiguousarray(source[..., 0]), np.ascontiguousarray(source[..., 1])
    if picture.ndim > PLANE:
        colour = cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return np.clip(colour, 0, 255)
    cover = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.clip(cover, 0, 1)


def _spread(patch: Patch, shape: tuple[int, int]) -> tuple[Array, Array, Array, Array]:
    """For each pixel: where it comes from, its place in the mesh, whether it is reached.

    Places are worked out for every second pixel of every second row: meshes bend slowly.
    """
    height, width = (-(-size // COARSE) for size in shape)
    source, target, place = _refined(replace(patch, target=patch.target / COARSE))
    spots = np.round(target).astype(np.int32)
    inside = ((spots >= 0) & (spots < (width, height))).all(-1)
    x, y = spots[inside].T
    plane = np.zeros((height, width, 5), np.float32)
    plane[y, x, :2], plane[y, x, 2:4], plane[y, x, 4] = source[inside], place[inside], 1
    for size in (3, 5):  # First the holes, then what lies just outside, so that edges are right.
        holes = plane[..., 4] == 0
        summed = cv2.boxFilter(plane, -1, (size, size), normalize=False)[holes]
        plane[holes] = summed / np.maximum(summed[:, 4:], 1)
    x, y = np.meshgrid(*(np.arange(size, dtype=np.float32) / COARSE for size in shape[::-1]))
    fine = cv2.remap(plane[..., :4], x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return fine[..., :2], fine[..., 2], fine[..., 3], _outlined(patch.target, shape)


def _outlined(mesh: Array, shape: tuple[int, int]) -> Array:
    """What lies within the edges of the mesh, 0 to 1."""
    edge = np.concatenate([mesh[0], mesh[1:, -1], mesh[-1, -2::-1], mesh[-2:0:-1, 0]])
    plane = np.zeros(shape, np.uint8)
    fine = np.round(edge * 2**FRACTION_BITS).astype(np.int32)
    cv2.fillPoly(plane, [fine], 255, cv2.LINE_AA, FRACTION_BITS)
    return plane.astype(np.float32) / 255


def _refined(patch: Patch) -> tuple[Array, Array, Array]:
    """The mesh with knots closer together than pixels."""
    rows, columns = patch.target.shape[:2]
    height = np.linalg.norm(np.diff(patch.target, axis=0), axis=-1).sum(0).max()
    width = np.linalg.norm(np.diff(patch.target, axis=1), axis=-1).sum(1).max()
    fine_rows, fine_columns = (int(OVERSAMPLING * max(size, 8)) + 8 for size in (height, width))
    x, y = np.meshgrid(
        np.linspace(0, columns - 1, fine_columns, dtype=np.float32),
        np.linspace(0, rows - 1, fine_rows, dtype=np.float32),
    )
    source = cv2.remap(patch.source.astype(np.float32), x, y, cv2.INTER_LINEAR)
    target = cv2.remap(patch.target.astype(np.float32), x, y, cv2.INTER_LINEAR)
    return source, target, np.stack([x / (columns - 1), y / (rows - 1)], -1)
