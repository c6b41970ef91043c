"""What the judge measures on one picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from generations.engines.base import GarmentCategory
from generations.engines.local.pixels import Array, gray, lab, thin

from .scene import HIPS, SHOULDERS, NobodyFoundError, Scene, garment_in, look

JOINTS = [*SHOULDERS, 13, 14, *HIPS]
CHANGED, KEPT = 6, 4  # in CIE Lab
FAR, NEAR = 0.25, 0.07
FEW_PIXELS = 80
PATTERNED_FROM = 250
BINS = [6, 16, 16]
RATIO = 0.8
NOWHERE = 9.0


@dataclass(frozen=True)
class Scores:
    """One picture's marks; None where there is nothing to measure them on.

    `face` is the largest difference of a channel in the face, of 255. `colour` and `before` tell
    how much the colours where the garment must show are those of its photo, 1 is all, in the
    result and in the photo of the person. `spill` is the share of the changed pixels that are not
    near the person, `hands` the share of the bare hands that stayed, `drift` how far the joints
    moved in shoulder widths, `overlap` that of the masks of the person before and after, `inliers`
    the features of a patterned garment that are found again.
    """

    face: float | None
    background: float | None
    colour: float
    before: float
    spill: float
    hands: float | None
    drift: float
    overlap: float
    inliers: int | None


def measure(photo: Array, garment: Array, result: Array, category: GarmentCategory) -> Scores:
    """The marks of a result of the same shape as the photo."""
    scene, cloth = look(photo), garment_in(garment)
    difference = np.abs(result.astype(int) - photo.astype(int)).max(-1)
    moved = np.linalg.norm(lab(result) - scene.colours, axis=-1)
    wanted, core = _histogram(garment, cloth), scene.core(category)
    far = ~scene.near(FAR)
    face = thin(scene.face, 9)
    drift, overlap = _kept_pose(scene, result)
    return Scores(
        face=float(difference[face].max()) if face.any() else None,
        background=float(ssim(photo, result)[far].mean()) if far.sum() > FEW_PIXELS else None,
        colour=_likeness(wanted, _histogram(result, core)),
        before=_likeness(wanted, _histogram(photo, core)),
        spill=_share(~scene.near(NEAR), moved > CHANGED),
        hands=_share(moved < KEPT, scene.hands) if scene.hands.sum() > FEW_PIXELS else None,
        drift=drift,
        overlap=overlap,
        inliers=_inliers(garment, cloth, result, scene.near(NEAR)),
    )


def ssim(first: Array, second: Array) -> Array:
    """The structural similarity around each pixel (Wang et al. 2004), 1 where nothing changed."""
    x, y = gray(first) * 255, gray(second) * 255
    mean_x, mean_y = _window(x), _window(y)
    variance_x, variance_y = _window(x * x) - mean_x**2, _window(y * y) - mean_y**2
    covariance = _window(x * y) - mean_x * mean_y
    light = (2 * mean_x * mean_y + 6.5025) / (mean_x**2 + mean_y**2 + 6.5025)
    return np.asarray(light * (2 * covariance + 58.5225) / (variance_x + variance_y + 58.5225))


def _window(plane: Array) -> Array:
    return cv2.GaussianBlur(plane, (11, 11), 1.5)


def _histogram(picture: Array, mask: Array) -> Array:
    colours = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    ranges = [0, 256, 0, 256, 0, 256]
    counts = cv2.calcHist([colours], [0, 1, 2], mask.astype(np.uint8), BINS, ranges)
    return np.asarray(counts / max(1.0, float(counts.sum())))


def _likeness(first: Array, second: Array) -> float:
    """The coefficient of Bhattacharyya (1943): 1 for equal histograms, 0 for nothing common."""
    return float(np.sqrt(first * second).sum())


def _share(what: Array, of: Array) -> float:
    return float((what & of).sum() / max(1, of.sum()))


def _kept_pose(before: Scene, result: Array) -> tuple[float, float]:
    """How far the joints moved, and how much the masks have in common."""
    try:
        after = look(result)
    except NobodyFoundError:
        return NOWHERE, 0.0
    moved = np.linalg.norm(after.points[JOINTS] - before.points[JOINTS], axis=1).mean()
    common, either = before.mask & after.mask, before.mask | after.mask
    return float(moved / before.shoulders), _share(common, either)


def _inliers(garment: Array, cloth: Array, result: Array, where: Array) -> int | None:
    """How many SIFT features (Lowe 2004) of a patterned garment lie alike on the person."""
    detector = cv2.SIFT.create(1500, contrastThreshold=0.03)
    points, features = detector.detectAndCompute(_grey(garment), cloth.astype(np.uint8) * 255)
    if len(points) < PATTERNED_FROM:
        return None
    there, found = detector.detectAndCompute(_grey(result), where.astype(np.uint8) * 255)
    if found is None or len(there) < 2:  # noqa: PLR2004 - a match is better than the second best
        return 0
    matches = [
        best
        for best, second in cv2.BFMatcher().knnMatch(features, found, k=2)
        if best.distance < RATIO * second.distance
    ]
    return _agreeing(
        np.array([points[one.queryIdx].pt for one in matches], np.float32).reshape(-1, 2),
        np.array([there[one.trainIdx].pt for one in matches], np.float32).reshape(-1, 2),
        0.04 * max(result.shape[:2]),
    )


def _agreeing(start: Array, end: Array, tolerance: float) -> int:
    """How many of the moves are one affine move, within the tolerance in pixels."""
    if len(start) < 3:  # noqa: PLR2004 - three points make an affine move
        return 0
    cv2.setRNGSeed(1)  # RANSAC draws at random.
    _, agree = cv2.estimateAffine2D(start, end, ransacReprojThreshold=tolerance)
    return int(agree.sum()) if agree is not None else 0


def _grey(picture: Array) -> Array:
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
