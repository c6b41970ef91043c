"""Cutting a garment out of its product photo: from a bed, a floor, a wall or a studio."""

from dataclasses import dataclass

import cv2
import numpy as np

from generations.engines.base import GenerationError

from . import hanger, pose
from .evening import evened
from .pixels import (
    HALF,
    Array,
    between,
    closed,
    colour_distance,
    fill_holes,
    gray,
    grid,
    grow,
    guided,
    lab,
    largest,
    opened,
    push_pull,
    resize,
    shrink,
    thin,
)

LONGEST_SIDE = 900
WORKING_SIDE, EVENED_SIDE = 384, 256
FURTHER_ROUNDS = 3
BACKGROUND_COLOURS = 6
BACKGROUND_SHARE_MIN = 0.05
CLEARLY_DIFFERENT = 2.6
SEED_SHARE_MIN = 0.01
BUSY_BACKGROUND = 4.0
AREA_MIN, AREA_MAX, BORDER_MAX = 0.03, 0.93, 0.6
SOLIDITY_MIN, CONTRAST_MIN = 0.35, 0.4
LIKENESS_MIN, WHOLE = 0.8, 0.7
TURN_MAX_DEGREES, TURN_STEP_DEGREES = 15, 3
PADDING = 6
HOLE_MAX, SIDE, GAP_ASPECT = 0.0015, 0.2, 1.4
PALETTE_SIZE, RARE_GROUND, RARE_CLOTH = 6, 0.04, 0.08
LIKE_GROUND, CLOTH_DISTANCE = 0.35, 18
PIECE_MAX, LIKE_DISTANCE, OPPOSITE_MAX = 0.08, 0.12, 0.85
HOOK_WIDTH_MAX, HOOK_LENGTH_MAX = 0.26, 0.2


@dataclass(frozen=True)
class Garment:
    """A garment alone: upright, cropped, its colours continued past its edge.

    `throat` is the row down to which the neck is open for certain, since a hanger shows there.
    """

    picture: Array
    cover: Array
    throat: int = 0

    @property
    def solid(self) -> Array:
        return np.asarray(self.cover > HALF)


def cut_out(photo: Array) -> Garment:
    """The garment in the photo; refuses photos without one, and photos of people."""
    photo = shrink(photo, LONGEST_SIDE)
    refuse_models(photo)
    picture, cover = _cut(photo)
    bar = hanger.bar(picture, cover)
    throat = int(np.where(bar.any(1))[0][-1]) if bar.any() else 0
    return Garment(_bled(picture, cover, bar), cover, throat)


def _cut(photo: Array) -> tuple[Array, Array]:
    """Photo and cover, upright; an uneven ground of nearly the garment's colour is evened."""
    try:
        return _upright(photo, cover_of(photo, impatient=True))
    except GenerationError as refusal:
        if refusal.code != "garment_not_isolated":
            raise
        return _upright(photo, cover_of(evened(photo), EVENED_SIDE))


def refuse_models(photo: Array) -> None:
    """Refuse a garment that somebody wears: a pose alone is not enough, coats have one too."""
    for box in pose.people(photo)[:1]:
        found = pose.landmarks(photo, box)
        if found.score > pose.PERSON_SCORE and pose.has_face(photo, found):
            raise GenerationError("garment_on_model")


def cover_of(photo: Array, side: int = WORKING_SIDE, *, impatient: bool = False) -> Array:
    """How much of each pixel is garment, 0 to 1, found in a copy with sides of at most `side`.

    Impatience refuses a shape that is ragged after the first round, since those take longest.
    """
    height, width = photo.shape[:2]
    small = shrink(photo, side)
    solid = _largest_shape(_grab_cut(small, _trimap(small), impatient=impatient), small.shape[:2])
    solid = _without_ground(solid, lab(cv2.bilateralFilter(small, 7, 30, 5)))
    _check(solid, lab(small))
    plane = cv2.resize(solid.astype(np.float32), (width, height))
    radius = max(2, int(0.006 * max(height, width)))
    plane = guided(gray(photo), plane, radius, 1e-3)
    return np.asarray(np.clip((plane - HALF) / 0.35 + HALF, 0, 1), np.float32)


def _trimap(small: Array) -> Array:
    """GrabCut's first guess: what differs from the colours of the border and is central."""
    height, width = small.shape[:2]
    colours = lab(cv2.bilateralFilter(small, 7, 30, 5))
    ring = _ring(height, width)
    different = _difference(colours, colours[ring])
    limit = _limit(different[ring])
    central = _centrality(height, width)
    likely = np.clip(different / limit, 0, 1.5) * (0.35 + 0.65 * central)
    trimap = np.where(between(likely, 0.55), cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    trimap[thin((different > limit) & between(central, 0.45), 5)] = cv2.GC_FGD
    trimap[~_inner(height, width, 0.012) & (different < limit)] = cv2.GC_BGD
    trimap[between(different, high=0.8) & between(central, high=0.25)] = cv2.GC_BGD
    if (trimap == cv2.GC_FGD).mean() < SEED_SHARE_MIN:
        if limit > BUSY_BACKGROUND:
            raise GenerationError("garment_not_isolated")
        _seed_centre(trimap, central)
    return trimap


def _limit(border: Array) -> float:
    """The difference from which a pixel hardly belongs to the background.

    A border looks busy, too, where sleeves reach into it: then a sixteenth of it is left out.
    """
    usual, bare = np.percentile(border, [97, 94]) * 1.15
    return float(max(CLEARLY_DIFFERENT, usual if usual < BUSY_BACKGROUND else bare))


def _ring(height: int, width: int) -> Array:
    return ~_inner(height, width, 0.035)


def _inner(height: int, width: int, share: float) -> Array:
    """The picture without a border of that share of its shorter side."""
    inner, border = np.zeros((height, width), bool), max(2, int(share * min(height, width)))
    inner[border:-border, border:-border] = True
    return inner


def _difference(colours: Array, background: Array) -> Array:
    """How many deviations each pixel is away from the nearest colour of the background."""
    sample = np.ascontiguousarray(background[:: max(1, len(background) // 6000)])
    cv2.setRNGSeed(7)  # cv2.kmeans starts from random centres.
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    empty = np.empty((0,), np.int32)
    _, labels, centres = cv2.kmeans(
        sample, BACKGROUND_COLOURS, empty, stop, 2, cv2.KMEANS_PP_CENTERS
    )
    labels = labels.ravel()
    distances = []
    for index, centre in enumerate(centres):
        own = sample[labels == index]
        if len(own) > BACKGROUND_SHARE_MIN * len(sample):
            deviation = np.clip(np.sqrt(((own - centre) ** 2).sum(1).mean()), 3, 9)
            away = colour_distance(colours, centre, (0.6, 1.25, 1.25))
            distances.append(away / deviation)
    return np.asarray(np.minimum.reduce(distances))


def _centrality(height: int, width: int) -> Array:
    """1 in the middle of the picture, near 0 in its corners."""
    offset = (grid(height, width) - [width / 2, height / 2]) / [0.42 * width, 0.46 * height]
    return np.asarray(np.exp(-(offset**2).sum(-1)))


def _seed_centre(trimap: Array, central: Array) -> None:
    """Where colours tell little, what is central is the garment."""
    trimap[between(central, 0.35) & (trimap == cv2.GC_PR_BGD)] = cv2.GC_PR_FGD
    trimap[between(central, 0.7)] = cv2.GC_FGD


def _grab_cut(small: Array, trimap: Array, *, impatient: bool) -> Array:
    """Rother et al. 2004."""
    cv2.setRNGSeed(7)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    try:
        cv2.grabCut(bgr, trimap, (0, 0, 0, 0), *models, 1, cv2.GC_INIT_WITH_MASK)
        if impatient:
            _refuse_early(_foreground(trimap))
        cv2.grabCut(bgr, trimap, (0, 0, 0, 0), *models, FURTHER_ROUNDS, cv2.GC_EVAL)
    except cv2.error as error:  # One of the two sides is empty.
        raise GenerationError("no_garment") from error
    return _foreground(trimap)


def _foreground(trimap: Array) -> Array:
    return np.asarray((trimap == cv2.GC_FGD) | (trimap == cv2.GC_PR_FGD))


def _refuse_early(mask: Array) -> None:
    solid = _largest_shape(mask, mask.shape)
    if solid.mean() > AREA_MIN:
        _refuse_ragged(solid, _lean(solid.astype(np.float32))[1])


def _largest_shape(mask: Array, shape: tuple[int, int]) -> Array:
    """Without hangers, strings and specks."""
    element = max(3, int(0.022 * max(shape)) | 1)
    rough = largest(opened(mask, element))
    solid = closed(rough, element / 2)
    return _without_hook(fill_holes(solid) & ~_gaps(rough) & ~_gaps(solid))


def _without_ground(solid: Array, colours: Array) -> Array:
    """Without pieces at the edge that have a colour of the ground and none of the garment."""
    inner, outer = thin(solid, 15), ~grow(solid, 9)
    if not inner.any() or not outer.any():
        return solid
    ground = _away(colours[solid], _palette(colours[outer], RARE_GROUND))
    cloth = _away(colours[solid], _palette(colours[inner], RARE_CLOTH))
    foreign = np.zeros_like(solid)
    foreign[solid] = (ground < LIKE_GROUND * cloth) & (cloth > CLOTH_DISTANCE)
    foreign = opened(foreign, 5)
    pieces = _pieces_of_ground(solid, foreign)
    pieces |= _gaps(solid & ~foreign)
    return largest(opened(solid & ~grow(pieces, 3), 5)) if pieces.any() else solid


def _pieces_of_ground(solid: Array, foreign: Array) -> Array:
    """Small pieces at the edge with neither cloth nor their like on the garment's other side."""
    alike = grow(foreign, LIKE_DISTANCE * np.ptp(np.where(solid.any(0))[0]))
    cloth, alike = (_mirrored(mask, about=solid) for mask in (solid, alike))
    edge = grow(~solid, 5)
    count, labels = cv2.connectedComponents(foreign.astype(np.uint8))
    pieces = np.zeros_like(solid)
    for piece in (labels == index for index in range(1, count)):
        small = piece.sum() < PIECE_MAX * solid.sum()
        alone = cloth[piece].mean() < OPPOSITE_MAX and alike[piece].mean() < HALF
        if small and alone and (piece & edge).any():
            pieces |= piece
    return pieces


def _mirrored(mask: Array, about: Array) -> Array:
    """The mask with left and right changed, about the axis of the other one."""
    rows = np.flatnonzero(about.any(1))
    columns = [np.flatnonzero(about[row]) for row in rows]
    middle = float(np.median([(row[0] + row[-1]) / 2 for row in columns]))
    return np.roll(mask[:, ::-1], round(2 * middle) - mask.shape[1] + 1, 1)


def _palette(pixels: Array, rare: float) -> Array:
    """The colours that make up the pixels, without those of a smaller share than `rare`."""
    size = PALETTE_SIZE
    sample = np.ascontiguousarray(pixels[:: max(1, len(pixels) // 4000)])
    if len(sample) < 2 * size:
        return np.zeros((0, 3), np.float32)
    cv2.setRNGSeed(7)  # cv2.kmeans starts from random centres.
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 15, 1.0)
    empty = np.empty((0,), np.int32)
    _, labels, centres = cv2.kmeans(sample, size, empty, stop, 1, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=size) / len(labels)
    return np.asarray(centres[between(shares, rare)])


def _away(colours: Array, palette: Array) -> Array:
    """How far each pixel is from the nearest colour of the palette."""
    if not len(palette):
        return np.full(len(colours), np.inf, np.float32)
    return np.asarray(np.min([np.linalg.norm(colours - one, axis=-1) for one in palette], 0))


def _gaps(solid: Array) -> Array:
    """The tall holes at the sides: there the ground shows between sleeve and body."""
    holes = (fill_holes(solid) & ~solid).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(holes)
    tall = [
        index
        for index in range(1, count)
        if stats[index, cv2.CC_STAT_AREA] >= HOLE_MAX * solid.sum()
        and stats[index, cv2.CC_STAT_HEIGHT] >= GAP_ASPECT * stats[index, cv2.CC_STAT_WIDTH]
        and _at_the_side(solid[int(centres[index, 1])], float(centres[index, 0]))
    ]
    return np.isin(labels, tall)


def _at_the_side(row: Array, x: float) -> bool:
    """Whether the column is far from the middle of what the row holds."""
    columns = np.flatnonzero(row)
    return len(columns) > 0 and abs(x - columns.mean()) > SIDE * np.ptp(columns)


def _without_hook(solid: Array) -> Array:
    """Without the narrow stub that a hanger leaves above the collar."""
    rows = np.where(solid.any(1))[0]
    if not len(rows):
        return solid
    columns = [np.flatnonzero(row) for row in solid[rows[0] : rows[-1] + 1]]
    widths = np.array([row[-1] - row[0] if len(row) else 0 for row in columns])
    broad = int(np.argmax(widths > HOOK_WIDTH_MAX * widths.max()))
    if broad > HOOK_LENGTH_MAX * len(widths):
        return solid
    solid = solid.copy()
    solid[: rows[0] + broad] = False
    return solid


def _check(solid: Array, colours: Array) -> None:
    area = float(solid.mean())
    if area < AREA_MIN or _contrast(solid, colours) < CONTRAST_MIN:
        raise GenerationError("no_garment")
    border = np.concatenate([solid[0], solid[-1], solid[:, 0], solid[:, -1]]).mean()
    if area > AREA_MAX or border > BORDER_MAX or _solidity(solid) < SOLIDITY_MIN:
        raise GenerationError("garment_not_isolated")


def _contrast(solid: Array, colours: Array) -> float:
    """How much the colours change at the edge of the shape."""
    inside, outside = solid & ~thin(solid, 9), grow(solid, 9) & ~solid
    if not inside.any() or not outside.any():
        return 0.0
    return float(np.linalg.norm(colours[inside].mean(0) - colours[outside].mean(0)))


def _solidity(solid: Array) -> float:
    """The share of its convex hull that the shape fills."""
    outline = contour(solid)
    return float(cv2.contourArea(outline) / max(1.0, cv2.contourArea(cv2.convexHull(outline))))


def contour(solid: Array) -> Array:
    """The longest outline of the mask, `(n, 1, 2)`."""
    found, _ = cv2.findContours(solid.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(max(found, key=cv2.contourArea))


def _upright(photo: Array, cover: Array) -> tuple[Array, Array]:
    """Photo and cover turned so that the garment's axis is vertical, cropped to the garment."""
    height, width = cover.shape
    middle = _centre_of(cover)
    degrees, likeness = _lean(cover)
    _refuse_ragged(cover > HALF, likeness)
    turn = cv2.getRotationMatrix2D(middle, degrees, 1)
    side = int(np.hypot(height, width)) + 4
    turn[:, 2] = turn[:, 2] + side / 2 - middle
    cover = cv2.warpAffine(cover, turn, (side, side))
    photo = cv2.warpAffine(
        photo, turn, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    rows, columns = np.where(cover > HALF)
    top, left = max(0, rows.min() - PADDING), max(0, columns.min() - PADDING)
    crop = np.s_[top : rows.max() + PADDING + 1, left : columns.max() + PADDING + 1]
    return photo[crop], cover[crop]


def _refuse_ragged(solid: Array, likeness: float) -> None:
    """Refuse what neither fills its convex hull nor resembles its mirror image."""
    if likeness < LIKENESS_MIN and _solidity(solid) < WHOLE:
        raise GenerationError("garment_not_isolated", "The shape is ragged and lopsided.")


def _centre_of(cover: Array) -> tuple[float, float]:
    rows, columns = np.where(cover > HALF)
    return float(columns.mean()), float(rows.mean())


def _lean(cover: Array) -> tuple[float, float]:
    """The turn in degrees after which the garment best equals its mirror image, and how much."""
    scale = 128 / max(cover.shape)
    small = resize(cover, max(2, int(cover.shape[1] * scale)), max(2, int(cover.shape[0] * scale)))
    middle = _centre_of(small)
    best, best_turn = -1.0, 0
    for degrees in range(-TURN_MAX_DEGREES, TURN_MAX_DEGREES + 1, TURN_STEP_DEGREES):
        turn = cv2.getRotationMatrix2D(middle, degrees, 1)
        turn[:, 2] = turn[:, 2] + 96 - middle
        turned = cv2.warpAffine(small, turn, (192, 192)) > HALF
        score = max(_mirror_overlap(turned, shift) for shift in range(-6, 7, 2))
        score -= abs(degrees) * 0.002
        if score > best:
            best, best_turn = score, degrees
    return float(best_turn), best


def _mirror_overlap(solid: Array, shift: int) -> float:
    mirrored = np.roll(solid[:, ::-1], shift, 1)
    return float((solid & mirrored).sum() / max(1, (solid | mirrored).sum()))


def _bled(picture: Array, cover: Array, foreign: Array) -> Array:
    """The garment's colours continued outwards, so that soft edges never show the old ground."""
    sure = thin(between(cover, 0.95), 3) & ~foreign
    picture = picture.astype(np.float32)
    return np.where(sure[..., None], picture, push_pull(picture, sure)).astype(np.float32)
