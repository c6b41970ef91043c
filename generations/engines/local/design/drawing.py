"""Painting the pieces: relief, light, shadow, seams and stitches, on a studio background."""

import hashlib

import cv2
import numpy as np

from generations.engines.local.pixels import HALF, Array, blur, mix

from . import lowers, uppers
from .canvas import SIZE, area, crease, dashed, noise, strokes
from .fabric import Fabric, weave
from .patterns import base_colour, cloth
from .pieces import Button, Cord, Garment, Piece, Point
from .prompt import Design, understand

BACKGROUND = np.array([247, 246, 244], np.float32)
LIGHT = np.array([-0.38, -0.58, 0.72], np.float32) / np.float32(
    np.sqrt(0.38**2 + 0.58**2 + 0.72**2)
)
HALFWAY = (LIGHT + np.array([0, 0, 1], np.float32)) / np.linalg.norm(LIGHT + np.array([0, 0, 1]))
AMBIENT, DIFFUSE = 0.46, 0.66
METAL = np.array([186, 176, 150], np.float32)
CORD = np.array([232, 230, 226], np.float32)
DENIM_THREAD = np.array([206, 152, 84], np.float32)
MARGIN = 24
DARK, LIGHT_CLOTH = 70, 150


Box = tuple[slice, slice]


def draw(prompt: str, seed: int) -> Array:
    """A product picture of the garment in the prompt, 1024 x 1024; the same every time."""
    design = understand(prompt)
    digest = hashlib.sha256(f"{prompt}|{seed}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:6], "big"))
    tailor = uppers if design.kind.has_shoulders else lowers
    return _Painter(design, rng).paint(tailor.sew(design, rng))


class _Painter:
    """Paints one garment; cloth, fabric and light are the same for all of its pieces."""

    def __init__(self, design: Design, rng: np.random.Generator) -> None:
        self.base = base_colour(design, rng)
        self.fabric: Fabric = weave(design.material, rng)
        tinted = cloth(design, self.base, rng) * self.fabric.tint[..., None]
        self.cloth = np.ascontiguousarray(tinted, np.float32)
        self.waves = noise(rng, 4, 3, 3) * 3.0 * self.fabric.softness
        self.velvet = design.material == "velvet"
        bright = float(self.base.mean())
        self.thread = self.base * 0.66 if bright > DARK else self.base + 30
        if design.material == "denim":
            self.thread = DENIM_THREAD

    def paint(self, garment: Garment) -> Array:
        covers = [area(piece.outline) for piece in garment.pieces]
        sheet = _studio(np.maximum.reduce(covers))
        drawn = np.zeros((SIZE, SIZE), np.float32)
        for index, (piece, cover) in enumerate(zip(garment.pieces, covers, strict=True)):
            self._lay(sheet, drawn, piece, cover)
            drawn = np.maximum(drawn, cover)
            if index == 0 and garment.label:
                _label(sheet, garment.label)
        for cord in garment.cords:
            sheet = self._cord(sheet, cord)
        for button in garment.buttons:
            self._button(sheet, button)
        return np.clip(sheet + HALF, 0, 255).astype(np.uint8)

    def _lay(self, sheet: Array, drawn: Array, piece: Piece, cover: Array) -> None:
        """The piece with its soft shadow on what lies under it."""
        box = _around(piece)
        own, ground = cover[box], sheet[box]
        near = blur(np.roll(own, (4, 2), (0, 1)), piece.shadow)
        ground = ground * (1 - 0.38 * (near * drawn[box] * (1 - own)))[..., None]
        sheet[box] = mix(ground, self._shaded(piece, own, box), own[..., None])

    def _shaded(self, piece: Piece, cover: Array, box: Box) -> Array:
        colour, seams = self._grain(piece, box), strokes(piece.seams, 3)[box]
        normal = self._normal(piece, cover, seams, box)
        facing = np.clip(normal @ LIGHT, 0, 1)
        light = (AMBIENT + DIFFUSE * facing) / (AMBIENT + DIFFUSE * LIGHT[2])
        light = np.clip(light, 0.42, 1.30) * piece.tint
        if self.velvet:
            light = light * (0.94 + 0.6 * (1 - normal[..., 2]))
        light = light * (1 - 0.22 * blur(seams, 1.0))
        shine = np.clip(normal @ HALFWAY, 0, 1) ** self.fabric.gloss
        shine = np.clip(shine - 0.25, 0, 1) * self.fabric.shine * piece.tint
        shaded = colour * light[..., None] + 190 * shine[..., None]
        threads = strokes([dash for line in piece.stitches for dash in dashed(line)], 2)[box]
        stitched = mix(shaded, self.thread * light[..., None], 0.8 * threads[..., None])
        return np.asarray(np.clip(stitched, 0, 255))

    def _grain(self, piece: Piece, box: Box) -> Array:
        """The cloth turned to the grain of the piece."""
        if piece.plain:
            return np.asarray(self.base * self.fabric.tint[box][..., None] * 0.96)
        if not piece.turn:
            return self.cloth[box]
        middle = tuple(np.mean(piece.outline, axis=0).tolist())
        turn = cv2.getRotationMatrix2D(middle, -piece.turn, 1)
        size = (SIZE, SIZE)
        return cv2.warpAffine(self.cloth, turn, size, borderMode=cv2.BORDER_WRAP)[box]

    def _normal(self, piece: Piece, cover: Array, seams: Array, box: Box) -> Array:
        """The direction that each point of the piece faces."""
        relief = blur(_volume(piece, cover) + self._folds(piece)[box], 2.0)
        relief += self.fabric.relief[box] * 0.55 - 2.2 * blur(seams, 1.6)
        if piece.ribs:
            relief += _ribs(piece)[box]
        slope_x = cv2.Sobel(relief, cv2.CV_32F, 1, 0, ksize=3) / 8
        slope_y = cv2.Sobel(relief, cv2.CV_32F, 0, 1, ksize=3) / 8
        length = np.sqrt(slope_x**2 + slope_y**2 + 1)
        return np.dstack([-slope_x / length, -slope_y / length, 1 / length])

    def _folds(self, piece: Piece) -> Array:
        relief = np.zeros((SIZE, SIZE), np.float32)
        for fold in piece.creases:
            rise = fold.rise * self.fabric.softness
            crease(relief, fold.start, fold.end, fold.width, rise, fold.bend)
        return relief if piece.plain else relief + self.waves

    def _button(self, sheet: Array, button: Button) -> None:
        x, y = button.centre
        reach = int(button.radius) + 10
        box = np.s_[int(y) - reach : int(y) + reach, int(x) - reach : int(x) + reach]
        rows, columns = np.mgrid[box].astype(np.float32)
        off = np.hypot(columns - x, rows - y)
        cover = np.clip(button.radius - off + HALF, 0, 1)
        shadow = blur(np.roll(cover, (3, 2), (0, 1)), 2)
        rim = 1 + 0.18 * np.exp(-((off - 0.8 * button.radius) ** 2) / 3)
        tilt = 1 - 0.16 * ((columns - x) + (rows - y)) / button.radius
        contrast = 0.35 if self.base.mean() < LIGHT_CLOTH else -0.4
        colour = METAL if button.metal else mix(self.base, 255.0, contrast)
        face = np.clip(colour * (rim * tilt)[..., None], 0, 255)
        for dx, dy in ((-0.28, -0.28), (0.28, -0.28), (-0.28, 0.28), (0.28, 0.28)):
            hole = np.hypot(columns - x - dx * button.radius, rows - y - dy * button.radius)
            face *= 1 - 0.6 * np.clip(1.8 - hole, 0, 1)[..., None] * (not button.metal)
        ground = sheet[box] * (1 - 0.4 * shadow[..., None])
        sheet[box] = mix(ground, face, cover[..., None])

    def _cord(self, sheet: Array, cord: Cord) -> Array:
        cover = strokes([cord.line], cord.width)
        sheet = sheet * (1 - 0.45 * blur(np.roll(cover, (4, 3), (0, 1)), 3))[..., None]
        colour = METAL if cord.metal else CORD
        rows = np.arange(SIZE, dtype=np.float32)[:, None]
        teeth = 0.82 + 0.18 * np.sin(rows * 2 * np.pi / (6 if cord.metal else 9))
        soft = blur(cover, 1.2)
        return np.asarray(
            mix(sheet, colour * (teeth * (0.7 + 0.3 * soft))[..., None], cover[..., None])
        )


def _around(piece: Piece) -> Box:
    """The part of the sheet that the piece and its shadow touch."""
    outline = np.array(piece.outline)
    low = np.maximum(outline.min(0) - MARGIN, 0).astype(int)
    high = (outline.max(0) + MARGIN).astype(int)
    return slice(low[1], high[1]), slice(low[0], high[0])


def _volume(piece: Piece, cover: Array) -> Array:
    """Cloth curves away towards its edges."""
    inside = cv2.distanceTransform((cover > HALF).astype(np.uint8), cv2.DIST_L2, 5)
    share = np.clip(inside / piece.rounding, 0, 1)
    return blur(np.sqrt(1 - (1 - share) ** 2) * piece.rounding * 0.42, 3)


def _studio(cover: Array) -> Array:
    """A light background with the soft shadow of the garment."""
    offset = (np.arange(SIZE, dtype=np.float32) - SIZE / 2) / SIZE
    falloff = 1 - 0.16 * (offset[:, None] ** 2 + offset[None] ** 2)
    wide = blur(np.roll(cover, (18, 8), (0, 1)), 30)
    close = blur(np.roll(cover, (5, 3), (0, 1)), 4)
    shade = falloff * (1 - 0.07 * wide) * (1 - 0.10 * close)
    return np.asarray(BACKGROUND * shade[..., None], np.float32)


def _ribs(piece: Piece) -> Array:
    """Ribs across the length of the piece."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    angle = np.float32(np.radians(piece.turn))
    across = columns * np.cos(angle) + rows * np.sin(angle)
    return np.asarray(1.5 * np.sin(across * 2 * np.pi / piece.ribs))


def _label(sheet: Array, place: Point) -> None:
    """The little label inside the neck."""
    x, y = int(place[0]), int(place[1])
    sheet[y : y + 20, x - 17 : x + 17] = sheet[y : y + 20, x - 17 : x + 17] * 0.15 + 190
