"""Pictures from strangers are cleaned or refused with a code."""

from io import BytesIO

import pytest
from PIL import Image

from core import images

BLUE = (30, 60, 160)


def encoded(size=(200, 100), kind="JPEG", mode="RGB", **options):
    output = BytesIO()
    Image.new(mode, size, BLUE if mode == "RGB" else 0).save(output, kind, **options)
    return output.getvalue()


def opened(content):
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_formats_become_a_jpeg(kind):
    picture = opened(images.clean(encoded(kind=kind)))

    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (200, 100))


@pytest.mark.parametrize("mode", ["L", "P", "LA", "RGBA", "I;16", "1"])
def test_odd_colour_modes_are_taken(mode):
    assert opened(images.clean(encoded(kind="PNG", mode=mode))).mode == "RGB"


def test_what_is_transparent_becomes_white():
    picture = opened(images.clean(encoded(kind="PNG", mode="RGBA")))

    assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_a_phone_photo_is_turned_upright_and_forgets_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"  # GPS

    picture = opened(images.clean(encoded(exif=exif.tobytes())))

    assert picture.size == (100, 200)
    assert not picture.getexif()


def test_a_large_photo_is_made_smaller():
    assert opened(images.clean(encoded((4096, 2048)))).size == (2048, 1024)


def test_what_trails_the_file_is_dropped():
    assert b"<script>" not in images.clean(encoded() + b"<script>alert(1)</script>")


REFUSED = {
    "empty": (b"", "empty_file", 400),
    "text": (b"hello", "unsupported_format", 415),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_format", 415),
    "gif": (encoded(kind="GIF"), "unsupported_format", 415),
    "bmp": (encoded(kind="BMP"), "unsupported_format", 415),
    "tiff": (encoded(kind="TIFF"), "unsupported_format", 415),
    "truncated": (encoded((900, 900))[:2000], "broken_image", 422),
    "tiny": (encoded((63, 200)), "image_too_small", 422),
    "ribbon": (encoded((64, 600)), "bad_aspect_ratio", 422),
    "many pixels": (encoded((20_000, 20_000), "PNG", "1"), "image_too_many_pixels", 422),
    "animated": (
        encoded(
            kind="WEBP", save_all=True, append_images=[Image.new("RGB", (200, 100), (255, 0, 0))]
        ),
        "animated_not_allowed",
        422,
    ),
}


@pytest.mark.parametrize(("content", "code", "status"), REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused_with_its_code(content, code, status):
    with pytest.raises(images.PictureRefused) as refusal:
        images.clean(content)

    assert (refusal.value.code, refusal.value.status) == (code, status)
    assert str(refusal.value)


def test_a_file_over_the_limit_is_refused(settings):
    settings.MAX_FILE_SIZE_MB = 1

    with pytest.raises(images.PictureRefused) as refusal:
        images.clean(encoded() + b"\0" * 2**20)

    assert (refusal.value.code, refusal.value.status) == ("file_too_large", 413)
