"""An item without its background: the worker cuts it out, and the owner may take it back."""

from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from billing.tests.test_ledger import at_once
from core import images, storage
from generations import cutting, pipeline
from wardrobe import keeping
from wardrobe.looks import backgrounds
from wardrobe.models import UserWardrobeItem

WARDROBE = "/api/v1/wardrobe"
GREEN = (40, 120, 60)


@pytest.fixture(scope="module")
def photo():
    """A red T-shirt on a green cloth."""
    drawn = Image.open(BytesIO(pipeline.draw("красная футболка", seed=3))).crop((40, 40, 984, 984))
    shirt = drawn.resize((480, 480))
    light = shirt.convert("HSV").getchannel("S").point(lambda value: 255 if value > 90 else 0)
    canvas = Image.new("RGB", shirt.size, GREEN)
    canvas.paste(shirt, mask=light)
    output = BytesIO()
    canvas.save(output, "PNG")
    return images.clean(output.getvalue())


@pytest.fixture
def shirt(aigerim, photo, picture):
    pictures = [photo, images.clean(picture)]
    return keeping.keep(aigerim, "uploaded", name="Shirt", pictures=pictures)


@pytest.fixture
def remove(as_aigerim, work):
    """Ask for it, let the worker work and answer what the item is then."""

    def asked(item):
        response = as_aigerim.post(f"{WARDROBE}/{item.pk}/remove-background")
        assert (response.status_code, response.json()["background"]) == (202, "pending")
        work()
        work()  # and look at the new picture
        return as_aigerim.get(f"{WARDROBE}/{item.pk}").json()

    return asked


def opened(name):
    return Image.open(BytesIO(storage.read(name))).convert("RGB")


def test_the_garment_lies_on_white(shirt, photo, remove, work):
    work()
    told = remove(shirt)

    shirt.refresh_from_db()
    cut = opened(shirt.images[0])
    corners = [cut.getpixel((x, y)) for x in (2, cut.width - 3) for y in (2, cut.height - 3)]
    red, green, _blue = cut.getpixel((cut.width // 2, cut.height // 2))
    assert all(min(corner) > 250 for corner in corners)
    assert red > 120
    assert green < 80
    assert (told["background"], told["background_error"], told["colour"]) == ("removed", "", "red")
    assert told["background_detail"] == ""
    assert "cut_out.jpg" in told["images"][0]
    assert len(told["images"]) == 2
    assert "image_0.jpg" in told["original_image"]
    assert storage.read(shirt.original_image) == photo


def test_the_original_can_be_taken_back(as_aigerim, shirt, photo, remove, published):
    remove(shirt)
    with published() as events:
        response = as_aigerim.delete(f"{WARDROBE}/{shirt.pk}/remove-background")

    told = response.json()
    assert (response.status_code, told["background"], told["original_image"]) == (200, "", None)
    shirt.refresh_from_db()
    assert storage.read(shirt.images[0]) == photo
    assert [data["action"] for _, _, data in events] == ["updated"]
    again = as_aigerim.delete(f"{WARDROBE}/{shirt.pk}/remove-background")
    assert again.json() == told


@pytest.mark.django_db(transaction=True)
def test_the_cut_out_is_deleted_when_it_is_taken_back(shirt, remove):
    remove(shirt)
    backgrounds.restore(shirt)

    shirt.refresh_from_db()
    with pytest.raises(FileNotFoundError):
        storage.read(storage.cut_out(shirt.user_id, shirt.pk))
    assert len(shirt.images) == 2


def test_a_shops_picture_stays_as_it_was(aigerim, dress_on_sale, photo, remove):
    storage.write(dress_on_sale.images[0], photo)
    item = keeping.keep_product(aigerim, dress_on_sale)

    assert remove(item)["background"] == "removed"
    assert storage.read(dress_on_sale.images[0]) == photo


def test_what_cannot_be_cut_out_says_why_and_stays(aigerim, picture, remove, published):
    plain = images.clean(picture)
    large = BytesIO()
    Image.new("RGB", (300, 300), (30, 60, 160)).save(large, "JPEG")
    small = keeping.keep(aigerim, "uploaded", name="x", pictures=[plain])
    flat = keeping.keep(aigerim, "uploaded", name="x", pictures=[images.clean(large.getvalue())])
    with published() as events:
        told = remove(small)

    assert (told["background"], told["background_error"]) == ("failed", "image_too_small")
    assert told["background_detail"] == "The picture is too small."
    assert remove(flat)["background_error"] in {"no_garment", "garment_not_isolated"}
    assert {audience for audience, _, _ in events} == {f"user:{aigerim.pk}"}
    small.refresh_from_db()
    assert (storage.read(small.images[0]), small.original_image) == (plain, "")
    assert remove(small)["background"] == "failed"  # it may be asked for anew


def test_it_is_asked_for_once(as_aigerim, shirt, work):
    work()
    asked = [as_aigerim.post(f"{WARDROBE}/{shirt.pk}/remove-background") for _ in range(3)]

    assert [response.status_code for response in asked] == [202] * 3
    assert work() == 1
    work()
    assert as_aigerim.post(f"{WARDROBE}/{shirt.pk}/remove-background").json()["background"] == (
        "removed"
    )
    assert work() == 0


def test_an_item_without_pictures_is_refused(as_aigerim, aigerim):
    bare = keeping.keep(aigerim, "uploaded", name="x")

    response = as_aigerim.post(f"{WARDROBE}/{bare.pk}/remove-background")

    assert (response.status_code, response.json()["code"]) == (422, "no_picture")


def test_what_changes_meanwhile_is_left_alone(shirt, picture, photo):
    """The owner replaces the picture, or takes the wish back, while the worker cuts."""
    pending = cutting.request(shirt)
    keeping.update_item(shirt, pictures=[images.clean(picture)])
    backgrounds.remove(pending, b"late")
    backgrounds.give_up(pending, "no_garment")

    shirt.refresh_from_db()
    assert (shirt.background, len(shirt.images)) == ("", 1)
    assert storage.read(shirt.images[0]) == images.clean(picture)

    pending = cutting.request(shirt)
    backgrounds.restore(shirt)
    cutting.request(shirt)
    backgrounds.give_up(pending, "no_garment")
    shirt.refresh_from_db()
    assert shirt.background == "pending"
    keeping.remove(shirt)
    backgrounds.remove(pending, b"late")
    cutting.cut_out(pending.pk)


def test_sending_back_what_one_got_changes_nothing(as_aigerim, shirt, remove):
    told = remove(shirt)

    again = as_aigerim.put(f"{WARDROBE}/{shirt.pk}", told).json()

    del told["updated_at"], again["updated_at"]
    assert again == told


@pytest.mark.django_db(transaction=True)
def test_new_pictures_replace_the_cut_out_and_the_original(as_aigerim, shirt, remove, picture):
    remove(shirt)
    keeping.update_item(shirt, pictures=[])

    shirt.refresh_from_db()
    assert (shirt.background, shirt.images) == ("", [])
    left = [name for name in storage.pictures_of(shirt.user_id) if f"/{shirt.pk}/" in name]
    assert left == []


def test_a_worker_that_comes_second_keeps_the_original(shirt, photo, picture):
    pending = cutting.request(shirt)
    for _ in range(2):
        backgrounds.remove(pending, images.clean(picture))

    shirt.refresh_from_db()
    assert storage.read(shirt.original_image) == photo


def test_the_owners_colour_stays(as_aigerim, shirt, work, remove):
    work()
    keeping.update_item(shirt, colour="purple")

    assert remove(shirt)["colour"] == "purple"


def test_the_database_refuses_a_half_removed_background(shirt):
    row = UserWardrobeItem.objects.filter(pk=shirt.pk)
    for wrong in (
        {"background": "removed"},
        {"background": "failed"},
        {"original_image": "x.jpg"},
        {"background_error": "no_garment"},
        {"background": "gone"},
    ):
        with pytest.raises(IntegrityError, match="wardrobe_"), transaction.atomic():
            row.update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_an_owner_at_once(shirt, picture):
    """One worker writes, whoever is first; the original is never lost."""
    cut = images.clean(picture)
    before = storage.read(shirt.images[0])
    pending = cutting.request(shirt)

    def act(number):
        return backgrounds.restore(shirt) if number == 5 else backgrounds.remove(pending, cut)

    assert sorted(at_once(6, act)) == ["NoneType"] * 5 + ["UserWardrobeItem"]

    shirt.refresh_from_db()
    assert shirt.background == ""
    assert storage.read(shirt.images[0]) == before
