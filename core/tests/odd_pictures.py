"""Hostile and odd files that people send as pictures, made anew for each run.

`ACCEPTED` maps what they are to a maker and the size that is stored; `REFUSED` to a maker, the
status and the code; `FILE_NAMES` are names that a picture may have.
"""

import struct
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageOps, PngImagePlugin

Maker = Callable[[], bytes]
SECRET = b"secret"  # stands in every kind of metadata; none may be stored
SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"
PNG_START = b"\x89PNG\r\n\x1a\n"


def picture(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Something with detail in it, quickly made."""
    shades = Image.radial_gradient("L").resize((width, height), Image.Resampling.NEAREST)
    return ImageOps.colorize(shades, "navy", "gold").convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    output = BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def drawn(kind: str, width: int = 300, height: int = 300, mode: str = "RGB", **how: Any) -> Maker:
    return lambda: encoded(picture(width, height, mode), kind, **how)


def moving(kind: str) -> Maker:
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "green", "blue")]
    return drawn(kind, save_all=True, append_images=frames)


@cache
def jpeg() -> bytes:
    return encoded(picture(600, 800), "JPEG", quality=88)


@cache
def png() -> bytes:
    return encoded(picture(300, 400), "PNG")


def taken_at_home() -> bytes:
    """A phone's photo: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = SECRET.decode()
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (43.0, 14.0, 5.0), 3: "E", 4: (76.0, 56.0, 44.0)})
    return encoded(picture(600, 400), "JPEG", exif=exif)


def annotated_jpeg() -> bytes:
    about = {"comment": SECRET, "xmp": b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"}
    return encoded(picture(300, 300), "JPEG", icc_profile=SECRET * 30, **about)


def annotated_png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SECRET.decode())
    return encoded(picture(300, 300), "PNG", pnginfo=texts)


def see_through() -> bytes:
    return encoded(picture(300, 300, "RGBA").quantize(16), "PNG")


def two_in_one() -> bytes:
    """What many phones call a JPEG: the photo, and a preview behind it."""
    return encoded(picture(400, 300), "MPO", save_all=True, append_images=[picture(200, 150)])


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, bits: int, colours: int, data: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    return PNG_START + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bomb() -> bytes:
    """400 megapixels in 50 kB, every one of them there."""
    packing = zlib.compressobj(1)
    row = b"\0" * (1 + 20_000 // 8)
    data = b"".join(packing.compress(row) for _ in range(20_000)) + packing.flush()
    return png_of(20_000, 20_000, 1, 0, data)


def claiming(width: int, height: int) -> Maker:
    """A header that speaks of many pixels, and a hundred bytes behind it."""
    return lambda: png_of(width, height, 8, 2, zlib.compress(b"\0" * 100))


def wrong_checksum() -> bytes:
    content = bytearray(png())
    content[60] ^= 0xFF
    return bytes(content)


def scratched() -> bytes:
    """A JPEG with 200 wrong bytes: a decoder makes of it what it can."""
    chance, content = Random(7), bytearray(jpeg())
    for _ in range(200):
        content[chance.randrange(700, len(content) - 2)] = chance.randrange(255)
    return bytes(content)


ACCEPTED: dict[str, tuple[Maker, tuple[int, int]]] = {
    "jpeg": (jpeg, (600, 800)),
    "png": (png, (300, 400)),
    "webp": (drawn("WEBP", 300, 400), (300, 400)),
    "jpeg of 12 megapixels": (drawn("JPEG", 4000, 3000, quality=40), (2048, 1536)),
    "jpeg in cmyk": (drawn("JPEG", mode="CMYK"), (300, 300)),
    "grey jpeg": (drawn("JPEG", mode="L"), (300, 300)),
    "png with a palette that is transparent": (see_through, (300, 300)),
    "png of 16 bits": (lambda: encoded(Image.new("I;16", (300, 300)), "PNG"), (300, 300)),
    "jpeg turned, with a place": (taken_at_home, (400, 600)),
    "jpeg with a profile, xmp and a comment": (annotated_jpeg, (300, 300)),
    "png with a text": (annotated_png, (300, 300)),
    "mpo of two pictures": (two_in_one, (400, 300)),
    "jpeg with html behind it": (lambda: jpeg() + SCRIPT, (600, 800)),
    "jpeg with a zip behind it": (lambda: jpeg() + b"PK\x03\x04" + b"x" * 100, (600, 800)),
    "png that is called a jpeg": (png, (300, 400)),
    "jpeg with 200 wrong bytes": (scratched, (600, 800)),
}
REFUSED: dict[str, tuple[Maker, int, str]] = {
    "nothing": (lambda: b"", 400, "empty_file"),
    "11 MiB": (lambda: jpeg() + bytes(11 * 2**20), 413, "file_too_large"),
    "random bytes": (lambda: Random(7).randbytes(5000), 415, "unsupported_format"),
    "a word": (lambda: b"hello", 415, "unsupported_format"),
    "html": (lambda: b"<html>" + SCRIPT, 415, "unsupported_format"),
    "svg with a script": (lambda: SVG, 415, "unsupported_format"),
    "svg that is called a png": (lambda: SVG, 415, "unsupported_format"),
    "animated gif": (moving("GIF"), 415, "unsupported_format"),
    "gif that is a script": (
        lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)",
        415,
        "unsupported_format",
    ),
    "bmp": (drawn("BMP"), 415, "unsupported_format"),
    "tiff": (drawn("TIFF"), 415, "unsupported_format"),
    "ico": (drawn("ICO", 64, 64), 415, "unsupported_format"),
    "pdf": (drawn("PDF", 100, 100), 415, "unsupported_format"),
    "postscript": (
        lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
        415,
        "unsupported_format",
    ),
    "psd": (lambda: b"8BPS\0\1" + bytes(100), 415, "unsupported_format"),
    "heic": (
        lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200),
        415,
        "unsupported_format",
    ),
    "avif": (drawn("AVIF"), 415, "unsupported_format"),
    "one pixel": (drawn("PNG", 1, 1), 422, "image_too_small"),
    "a ribbon": (drawn("PNG", 4000, 260), 422, "bad_aspect_ratio"),
    "animated webp": (moving("WEBP"), 422, "animated_not_allowed"),
    "animated png": (moving("PNG"), 422, "animated_not_allowed"),
    "400 megapixels in one bit each": (bomb, 422, "image_too_many_pixels"),
    "png that claims 65535 x 65535": (claiming(65535, 65535), 422, "image_too_many_pixels"),
    "png that claims 2^31 pixels a side": (
        claiming(2**31 - 1, 2**31 - 1),
        422,
        "image_too_many_pixels",
    ),
    "png that claims 20 megapixels": (claiming(5000, 4000), 422, "broken_image"),
    "half a jpeg": (lambda: jpeg()[: len(jpeg()) // 2], 422, "broken_image"),
    "half a png": (lambda: png()[: len(png()) // 2], 422, "broken_image"),
    "the header of a jpeg": (lambda: jpeg()[:200], 422, "broken_image"),
    "png with a wrong checksum": (wrong_checksum, 422, "broken_image"),
}
FILE_NAMES = [
    "../../etc/passwd.jpg",
    "..\\..\\x.jpg",
    "a.php.jpg",
    "a.jpg\0.php",
    "😀 фото.jpg",
    "x" * 300 + ".jpg",
    "CON.jpg",
    ".htaccess",
    "a.jpg;.html",
    '"><img src=x>.jpg',
    "\u202egpj.exe",
    "  .jpg",
]
