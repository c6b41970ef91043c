"""Trying on with the local engine: what it refuses, and what it keeps on real photos."""

import io

import numpy as np
import pytest
from django.conf import settings
from PIL import Image

from generations.engines import DESIGN, TRY_ON, load
from generations.engines.base import GarmentCategory, GenerationError, TryOnRequest
from generations.engines.local import LocalEngine, person, pixels
from generations.engines.local.design import draw

PEOPLE = settings.BASE_DIR.parent / "shared" / "data" / "people"
MAN = PEOPLE / "standing-man-black-tshirt.webp"

needs_photos = pytest.mark.skipif(not MAN.exists(), reason="The photos of people are not here.")


def as_bytes(picture, kind="JPEG", **options):
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind, **options)
    return buffer.getvalue()


def opened(jpeg):
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")).astype(int)


@pytest.fixture(scope="module")
def shirt():
    return as_bytes(draw("red t-shirt", 1))


def refusal(person, garment, **options):
    with pytest.raises(GenerationError) as raised:
        LocalEngine().try_on(TryOnRequest(person, garment, **options))
    return raised.value.code


def test_the_engine_is_loaded_once():
    assert load(TRY_ON["local"]) is load(DESIGN["local"])
    assert isinstance(load(TRY_ON["local"]), LocalEngine)


def test_a_blank_picture_shows_no_person(shirt):
    blank = as_bytes(np.full((800, 600, 3), 235, np.uint8))

    assert refusal(blank, shirt) == "no_person"


def test_a_garment_is_no_person(shirt):
    assert refusal(as_bytes(draw("beige skirt", 1)), shirt) == "no_person"


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff\xe0 not really"])
def test_bytes_that_are_no_picture_are_unreadable(data, shirt):
    assert refusal(data, shirt) == "image_unreadable"


def test_half_a_picture_is_unreadable(shirt):
    whole = as_bytes(draw("beige skirt", 1))

    assert refusal(whole[: len(whole) // 2], shirt) == "image_unreadable"


def test_a_tiny_picture_is_too_small(shirt):
    assert refusal(as_bytes(np.zeros((100, 90, 3), np.uint8)), shirt) == "image_too_small"


def test_pictures_stand_upright_as_their_exif_says():
    wide = np.zeros((300, 400, 3), np.uint8)
    wide[:, :200] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # The camera was turned by a quarter.

    turned = pixels.decode(as_bytes(wide, "PNG", exif=exif), longest_side=1024, shortest_side=100)

    assert turned.shape == (400, 300, 3)
    assert turned[10, 150, 0] == 255
    assert turned[-10, 150, 0] == 0


def test_what_is_transparent_becomes_white():
    clear = np.zeros((200, 200, 4), np.uint8)

    picture = pixels.decode(as_bytes(clear, "PNG"), longest_side=1024, shortest_side=100)

    assert picture.min() == 255


@pytest.fixture(scope="module")
def man():
    return MAN.read_bytes()


@pytest.fixture(scope="module")
def dressed(man, shirt):
    return LocalEngine().try_on(TryOnRequest(man, shirt, GarmentCategory.TOP, "short", 5))


@needs_photos
def test_the_result_has_the_shape_of_the_photo(man, dressed):
    before = Image.open(io.BytesIO(man))
    after = Image.open(io.BytesIO(dressed.jpeg))

    assert before.size == after.size == (576, 864)
    assert (dressed.provider, dressed.model, dressed.seed) == ("local", "compositor-1", 5)


@needs_photos
def test_the_chest_is_red_and_the_face_is_kept(man, dressed):
    photo = pixels.decode(man, longest_side=1024, shortest_side=100)
    face = person.read(photo).face
    after = opened(dressed.jpeg)

    chest = np.median(after[430:600, 280:400], axis=(0, 1))
    assert chest[0] > chest[1] + 60
    assert np.abs(after - photo)[face].mean() < 3


@needs_photos
def test_the_same_request_gives_the_same_bytes(man, shirt, dressed):
    again = LocalEngine().try_on(TryOnRequest(man, shirt, GarmentCategory.TOP, "short", 5))

    assert again.jpeg == dressed.jpeg


@needs_photos
def test_nothing_changes_far_from_the_person(man, dressed):
    photo = pixels.decode(man, longest_side=1024, shortest_side=100)

    assert np.abs(opened(dressed.jpeg)[:120, :120] - photo[:120, :120]).max() < 8


@needs_photos
def test_trousers_need_a_lower_body(man):
    jeans = as_bytes(draw("blue jeans", 1))

    photo = np.asarray(Image.open(io.BytesIO(man)).convert("RGB"))

    code = refusal(as_bytes(photo[:560]), jeans, category=GarmentCategory.BOTTOM)

    assert code == "lower_body_not_visible"


@needs_photos
def test_a_worn_garment_is_refused(man):
    assert refusal(man, man) == "garment_on_model"


@needs_photos
def test_two_people_are_too_many(man, shirt):
    photo = np.asarray(Image.open(io.BytesIO(man)).convert("RGB"))

    both = as_bytes(np.concatenate([photo, photo[:, ::-1]], 1))

    assert refusal(both, shirt) == "multiple_persons"


@needs_photos
def test_an_upside_down_person_is_refused(man, shirt):
    photo = np.asarray(Image.open(io.BytesIO(man)).convert("RGB"))

    assert refusal(as_bytes(photo[::-1]), shirt) in {"no_person", "pose_unclear"}
