"""Small operations on pictures that several stages share.

A picture is an `(height, width, 3)` RGB array, a plane is `(height, width)` with values 0 to 1,
a mask is boolean, a point is `(x, y)` in pixels.
"""

import io
from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from generations.engines.base import GenerationError

Array = NDArray[Any]
Window = tuple[slice, slice]

HALF = 0.5
JPEG_QUALITY = 90
PIXELS_MAX = 60_000_000
COARSE_ABOVE_PIXELS = 300_000
COARSE_FACTOR = 3
SMALLEST_LEVEL = 4
WIDE_BLUR = 8


def decode(data: bytes, *, longest_side: int, shortest_side: int) -> Array:
    """The picture upright by its EXIF note, at most `longest_side` long."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > PIXELS_MAX:
                raise GenerationError("image_unreadable", "The picture has too many pixels.")
            if min(opened.size) < shortest_side:
                raise GenerationError("image_too_small", f"Send at least {shortest_side} pixels.")
            upright = _flattened(ImageOps.exif_transpose(opened))
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise GenerationError("image_unreadable", str(error)) from error
    return shrink(np.asarray(upright), longest_side)


def _flattened(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")


def encode(picture: Array) -> bytes:
    """The picture as JPEG bytes."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return buffer.getvalue()


def shrink(picture: Array, longest_side: int) -> Array:
    """The picture with its longest side at most that long, of the same aspect."""
    height, width = picture.shape[:2]
    scale = longest_side / max(height, width)
    if scale >= 1:
        return np.ascontiguousarray(picture)
    return resize(picture, max(1, round(width * scale)), max(1, round(height * scale)))


def resize(picture: Array, width: int, height: int) -> Array:
    """Scaled by area when it gets smaller, smoothly when it gets larger."""
    smaller = width < picture.shape[1]
    method = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return cv2.resize(picture, (width, height), interpolation=method)


def lab(picture: Array) -> Array:
    """CIE Lab in OpenCV's 8-bit scale, as floats."""
    return cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).astype(np.float32)


def gray(picture: Array) -> Array:
    """Brightness, 0 to 1."""
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255


def mix(first: Any, second: Any, share: Any) -> Any:
    """`first` where `share` is 0, `second` where it is 1."""
    return first + (second - first) * share


def ease(share: Any) -> Any:
    """0 to 1 with a soft start and a soft end (smoothstep)."""
    share = np.clip(share, 0, 1)
    return share * share * (3 - 2 * share)


def unit(vector: Array) -> Array:
    """The vector at length one."""
    return np.asarray(vector / (np.linalg.norm(vector) + 1e-6), np.float32)


def point(x: float, y: float) -> Array:
    """A point or vector."""
    return np.array([x, y], np.float32)


def across(direction: Array, towards: Array) -> Array:
    """The unit vector at right angles to `direction` that points `towards`."""
    normal = point(-direction[1], direction[0])
    return normal if normal @ towards > 0 else -normal


def blur(plane: Array, sigma: float) -> Array:
    """Gaussian blur; wide ones are made on a smaller copy, which nobody can tell apart."""
    plane = plane.astype(np.float32)
    if sigma <= WIDE_BLUR:
        return cv2.GaussianBlur(plane, (0, 0), max(sigma, 0.1))
    factor = int(min(8, sigma // 4))
    height, width = plane.shape[:2]
    small = resize(plane, max(2, width // factor), max(2, height // factor))
    small = cv2.GaussianBlur(small, (0, 0), sigma / factor)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def between(values: Array, low: float = -np.inf, high: float = np.inf) -> Array:
    """Where the values lie in the open range."""
    return np.asarray((values > low) & (values < high))


def disc(size: float) -> Array:
    """A round structuring element of an odd size, at least 3."""
    side = max(3, int(size) | 1)
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))


def grow(mask: Array, size: float) -> Array:
    return cv2.dilate(mask.astype(np.uint8), disc(size)) > 0


def thin(mask: Array, size: float) -> Array:
    return cv2.erode(mask.astype(np.uint8), disc(size)) > 0


def opened(mask: Array, size: float) -> Array:
    """Without what is thinner than `size`."""
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc(size)) > 0


def closed(mask: Array, size: float) -> Array:
    """With the gaps that are thinner than `size` closed."""
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, disc(size)) > 0


def largest(mask: Array) -> Array:
    """The largest connected part; parts far from the centre of the picture count less."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count <= 1:
        return np.zeros_like(mask, dtype=bool)
    height, width = mask.shape
    offset = np.hypot(centres[1:, 0] / width - HALF, centres[1:, 1] / height - HALF)
    weight = stats[1:, cv2.CC_STAT_AREA] * (1 - 0.6 * np.clip(offset, 0, 1))
    return np.asarray(labels == int(np.argmax(weight)) + 1)


def fill_holes(mask: Array) -> Array:
    """With everything set that the mask surrounds."""
    height, width = mask.shape
    framed = np.zeros((height + 2, width + 2), np.uint8)
    framed[1:-1, 1:-1] = mask
    cv2.floodFill(framed, None, (0, 0), 2)
    return np.asarray(framed[1:-1, 1:-1] != 2)  # noqa: PLR2004 - the colour poured in above


def guided(guide: Array, plane: Array, radius: int, epsilon: float) -> Array:
    """The plane with its edges moved to those of the guide (guided filter, He et al. 2010)."""
    window = (2 * radius + 1, 2 * radius + 1)
    guide, plane = guide.astype(np.float32), plane.astype(np.float32)
    mean_guide = cv2.boxFilter(guide, -1, window)
    mean_plane = cv2.boxFilter(plane, -1, window)
    covariance = cv2.boxFilter(guide * plane, -1, window) - mean_guide * mean_plane
    variance = cv2.boxFilter(guide * guide, -1, window) - mean_guide * mean_guide
    slope = covariance / (variance + epsilon)
    offset = mean_plane - slope * mean_guide
    return np.asarray(cv2.boxFilter(slope, -1, window) * guide + cv2.boxFilter(offset, -1, window))


def push_pull(picture: Array, valid: Array) -> Array:
    """The picture with every pixel outside `valid` filled smoothly from those inside.

    The pyramid of Gortler et al. 1996 ("The Lumigraph"); large pictures are filled at a third of
    their size, since the filling has no detail.
    """
    height, width = valid.shape
    weight = valid.astype(np.float32)
    if height * width <= COARSE_ABOVE_PIXELS:
        return _filled(picture.astype(np.float32) * weight[..., None], weight)
    small = (width // COARSE_FACTOR, height // COARSE_FACTOR)
    coarse_weight = cv2.resize(weight, small, interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(picture * weight[..., None], small, interpolation=cv2.INTER_AREA)
    return cv2.resize(_filled(coarse, coarse_weight), (width, height))


def _filled(weighted: Array, weight: Array) -> Array:
    pictures: list[Array] = [weighted.astype(np.float32)]
    weights: list[Array] = [weight]
    while min(weights[-1].shape) > SMALLEST_LEVEL:
        pictures.append(cv2.pyrDown(pictures[-1]))
        weights.append(cv2.pyrDown(weights[-1]))
    result = pictures[-1] / np.maximum(weights[-1], 1e-4)[..., None]
    for fine, share in zip(pictures[-2::-1], weights[-2::-1], strict=True):
        wider = cv2.pyrUp(result, dstsize=(fine.shape[1], fine.shape[0]))
        known = fine / np.maximum(share, 1e-3)[..., None]
        result = mix(wider, known, np.clip(share, 0, 1)[..., None])
    return np.asarray(result)


def grid(height: int, width: int) -> Array:
    """The coordinates of every pixel, `(height, width, 2)`."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.stack([columns, rows], -1)


def to_segment(points: Array, start: Array, end: Array) -> tuple[Array, Array]:
    """How far each point is from the segment, and where along it (0 to 1) it is nearest."""
    along = (end - start).astype(np.float32)
    dx, dy = points[..., 0] - np.float32(start[0]), points[..., 1] - np.float32(start[1])
    length = np.float32(along @ along + 1e-6)
    share = np.clip((dx * along[0] + dy * along[1]) / length, 0, 1)
    return np.hypot(dx - share * along[0], dy - share * along[1]), share


def around(points: Iterable[Array], reach: float, shape: tuple[int, ...]) -> Window:
    """The part of a picture of that shape that lies within `reach` of the points' box."""
    spots = np.array([*points])
    low = np.floor(spots.min(0) - reach).astype(int)
    high = np.ceil(spots.max(0) + reach).astype(int) + 1
    left, top = np.clip(low, 0, (shape[1] - 1, shape[0] - 1))
    right, bottom = np.clip(high, (left + 1, top + 1), (shape[1], shape[0]))
    return slice(int(top), int(bottom)), slice(int(left), int(right))


def colour_distance(colours: Array, target: Array, weights: tuple[float, float, float]) -> Array:
    """How far each Lab colour is from the target, with a weight for each channel."""
    total = np.zeros(colours.shape[:-1], np.float32)
    for channel, weight in enumerate(weights):
        total += ((colours[..., channel] - np.float32(target[channel])) * np.float32(weight)) ** 2
    return np.sqrt(total)


def average(values: Array, size: int) -> Array:
    """Moving average of odd size; the ends are repeated."""
    padded = np.pad(np.asarray(values, float), size // 2, "edge")
    return np.convolve(padded, np.ones(size) / size, "valid")


def median(values: Array, size: int) -> Array:
    """Moving median of odd size; the ends are repeated."""
    padded = np.pad(np.asarray(values, float), size // 2, "edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)
    return np.asarray(np.median(windows, axis=-1))
