"""Pictures from strangers: bytes in, clean upright JPEG bytes out; and what is made of those."""

import base64
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from math import dist
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core import descriptors, fingerprints
from core.errors import Refusal

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 25_000_000
MIN_SIDE_PIXELS = 64
MAX_RATIO = 8
STORED_SIDE_PIXELS = 2048
QUALITY = 88
WHITE = (255, 255, 255)
PLACEHOLDER_SIDE_PIXELS = 16
COLOURS = 8  # that a picture is reduced to before one is chosen
GROUND_DISTANCE = 60  # of two colours in RGB; what is nearer is taken for the same ground
GARMENT_SHARE = 0.05  # of the picture; what covers less does not name its colour
WEBP_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a picture without opening it.

    `colour` of the thing in it (#rrggbb); `placeholder`, a data: address of a tiny WebP to show
    until the picture is there; `fingerprint`, see core.fingerprints; `descriptor`, see
    core.descriptors.
    """

    width: int
    height: int
    colour: str
    placeholder: str
    fingerprint: int | None
    descriptor: str


class PictureRefused(Refusal):
    """The file is not a picture the platform takes; `code` and `status` say why."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code = code  # type: ignore[misc]  # one class for a table of codes
        self.status = status  # type: ignore[misc]  # as above


def clean(content: bytes) -> bytes:
    """Return the picture as an upright RGB JPEG of at most 2048 pixels a side, without metadata.

    Takes JPEG, PNG and WebP of at most `MAX_FILE_SIZE_MB` and 25 megapixels; anything else raises
    `PictureRefused` with status 400, 413, 415 or 422.
    """
    _check_size(content)
    picture = _opened(content)
    _check_shape(picture)
    return _encoded(_upright(picture))


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # Decoders raise many kinds on damaged data.
        raise _broken() from error


@_decoding()
def look(content: bytes) -> Look:
    """Look at a clean JPEG; takes some milliseconds. PictureRefused when it is damaged."""
    picture = Image.open(BytesIO(content))
    size = picture.size
    picture.draft("RGB", (256, 256))
    small = picture.convert("RGB")
    small.thumbnail((64, 64))
    shown = _colour(small), _placeholder(small)
    return Look(*size, *shown, fingerprints.of(picture), descriptors.of(picture))


@_decoding()
def width_of(content: bytes) -> int:
    """How wide a clean JPEG is, in pixels. PictureRefused when that cannot be told."""
    return Image.open(BytesIO(content)).width


@_decoding()
def scaled(content: bytes, width: int) -> bytes:
    """A clean JPEG as a WebP of this width. PictureRefused when it is damaged."""
    picture = Image.open(BytesIO(content))
    size = width, max(1, round(picture.height * width / picture.width))
    picture.draft("RGB", size)
    output = BytesIO()
    picture.resize(size, Image.Resampling.LANCZOS).save(output, "WEBP", quality=WEBP_QUALITY)
    return output.getvalue()


def _check_size(content: bytes) -> None:
    if not content:
        raise PictureRefused("empty_file", 400, _("The file is empty."))
    if len(content) > settings.MAX_FILE_SIZE_MB * 1024 * 1024:
        limit = settings.MAX_FILE_SIZE_MB
        message = _("The file is larger than %(limit)d MB.") % {"limit": limit}
        raise PictureRefused("file_too_large", 413, message)


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        message = _("Send a picture as JPEG, PNG or WebP.")
        raise PictureRefused("unsupported_format", 415, message) from error
    except Exception as error:  # Pillow's plugins raise many kinds on broken headers.
        raise _broken() from error


def _check_shape(picture: Image.Image) -> None:
    shorter, longer = sorted(picture.size)
    if shorter * longer > MAX_PIXELS:
        raise _too_many_pixels()
    if shorter < MIN_SIDE_PIXELS:
        message = _("The picture is too small: %(least)d pixels a side at least.")
        raise PictureRefused("image_too_small", 422, message % {"least": MIN_SIDE_PIXELS})
    if longer > shorter * MAX_RATIO:
        raise PictureRefused("bad_aspect_ratio", 422, _("The picture is too long and narrow."))
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        message = _("Moving pictures are not accepted.")
        raise PictureRefused("animated_not_allowed", 422, message)


@_decoding()
def _upright(picture: Image.Image) -> Image.Image:
    if picture.format == "JPEG":
        picture.draft("RGB", _box(picture.size))
    picture.load()
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((STORED_SIDE_PIXELS, STORED_SIDE_PIXELS))
    return _on_white(picture)


def _box(size: tuple[int, int]) -> tuple[int, int]:
    """The stored size: `draft` decodes faster when the box has the picture's own proportions."""
    scale = min(1, STORED_SIDE_PIXELS / max(size))
    return round(size[0] * scale), round(size[1] * scale)


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    canvas = Image.new("RGB", layered.size, WHITE)
    canvas.paste(layered, mask=layered.getchannel("A"))
    return canvas


def _encoded(picture: Image.Image) -> bytes:
    # A new image carries no EXIF, no profile and nothing that trailed the file.
    bare: Any = Image.frombytes("RGB", picture.size, picture.tobytes())
    output = BytesIO()
    bare.save(output, "JPEG", quality=QUALITY)
    return output.getvalue()


def _colour(small: Image.Image) -> str:
    """What covers most of the picture besides the ground, which its corners show."""
    reduced: Any = small.quantize(COLOURS).convert("RGB")
    counted = {colour: count for count, colour in reduced.getcolors(COLOURS) or []}
    right, bottom = reduced.width - 1, reduced.height - 1
    corners = [(0, 0), (right, 0), (0, bottom), (right, bottom)]
    ground = [reduced.getpixel(corner) for corner in corners]
    least = GARMENT_SHARE * reduced.width * reduced.height
    garment = [
        colour
        for colour, count in counted.items()
        if count >= least and min(dist(colour, other) for other in ground) > GROUND_DISTANCE
    ]
    return "#" + bytes(max(garment or counted, key=counted.__getitem__)).hex()


def _placeholder(small: Image.Image) -> str:
    tiny = small.copy()
    tiny.thumbnail((PLACEHOLDER_SIDE_PIXELS, PLACEHOLDER_SIDE_PIXELS))
    output = BytesIO()
    tiny.save(output, "WEBP", quality=40)
    return f"data:image/webp;base64,{base64.b64encode(output.getvalue()).decode()}"


def _too_many_pixels() -> PictureRefused:
    message = _("The picture has more than %(most)d megapixels.") % {"most": MAX_PIXELS // 10**6}
    return PictureRefused("image_too_many_pixels", 422, message)


def _broken() -> PictureRefused:
    return PictureRefused("broken_image", 422, _("The picture is damaged."))
