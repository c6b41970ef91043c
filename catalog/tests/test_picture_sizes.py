"""Small copies of a product's pictures, and what is told of each picture."""

import re
from io import BytesIO

import pytest
from django.core.management import call_command
from PIL import Image, ImageDraw

from catalog import moderation, picture_sizes, pictures
from catalog.desk import findings
from catalog.models import PictureLook, Product
from catalog.products import create_product, delete_product, update_product
from core import images, storage

HERE = "http://127.0.0.1:8000"


def shirt(colour="#c21a2c", width=1000, sleeve=60):
    """A shirt on a plain ground, as the pipeline stores it."""
    picture = Image.new("RGB", (400, 400), "#c8c8c8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((130, 100, 270, 340), colour)
    draw.rectangle((130 - sleeve, 100, 270 + sleeve // 2, 150), colour)
    output = BytesIO()
    picture.resize((width, width)).save(output, "JPEG")
    return images.clean(output.getvalue())


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """What is left for after the commit happens at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def blouse(atelier):
    return create_product(atelier, name="Blouse", price=900, images=[shirt()])


def files_of(product):
    folder = storage._path(storage.product_picture(product.shop_id, product.pk, 0)).parent
    return sorted(path.name for path in folder.glob("*"))


def test_the_worker_makes_a_picture_smaller_twice_when_it_is_1000_wide(blouse, work):
    assert work() == 1

    assert files_of(blouse) == ["image_0.jpg", "image_0.w400.webp", "image_0.w800.webp"]
    for width in (400, 800):
        copy = Image.open(BytesIO(storage.read(storage.sized(blouse.images[0], width))))
        assert (copy.format, copy.size) == ("WEBP", (width, width))


def test_a_small_picture_asks_for_no_work(dress, work):
    assert work() == 0
    assert dress.picture_facts[dress.images[0]]["sizes"] == []


def test_the_api_tells_what_is_known_of_a_picture(blouse, as_atelier, work):
    work()

    shown = as_atelier.get(f"/api/v1/products/{blouse.pk}").json()

    [told] = shown["pictures"]
    assert told["url"] == shown["images"][0]
    assert (told["width"], told["height"]) == (1000, 1000)
    assert re.fullmatch("#[0-9a-f]{6}", told["colour"])
    red, green, blue = bytes.fromhex(told["colour"][1:])
    assert red > 2 * max(green, blue)
    assert told["placeholder"].startswith("data:image/webp;base64,")
    assert len(told["placeholder"]) < 500
    assert list(told["sizes"]) == ["400", "800"]
    small = as_atelier.get(told["sizes"]["400"].removeprefix(HERE))
    assert (small.status_code, small["Content-Type"]) == (200, "image/webp")


def test_making_them_again_does_no_harm(blouse, work):
    work()
    before = files_of(blouse)

    assert picture_sizes.make(blouse.pk) == 0
    assert files_of(blouse) == before


def test_the_copies_go_with_the_picture(blouse, work, committing):
    work()

    with committing():
        update_product(blouse, images=[shirt("#123a8c", width=300)])

    assert files_of(blouse) == ["image_1.jpg"]
    assert PictureLook.objects.get().name.endswith("image_1.jpg")


def test_a_picture_that_went_while_it_was_made_smaller_leaves_nothing(
    blouse, monkeypatch, committing
):
    make = picture_sizes._made

    def slowly(name):
        made = make(name)
        update_product(blouse, images=[])
        return made

    monkeypatch.setattr(picture_sizes, "_made", slowly)
    with committing():
        picture_sizes.make(blouse.pk)

    assert files_of(blouse) == []
    assert Product.objects.get().picture_facts == {}


def test_a_deleted_product_leaves_no_file(blouse, work, settings, committing):
    work()

    with committing():
        delete_product(blouse)

    assert [path for path in settings.UPLOAD_DIR.rglob("*") if path.is_file()] == []


def test_pictures_of_before_are_caught_up_with(blouse, work, capsys):
    """Nothing was noted of pictures once; the sweep and the command see to them."""
    work()
    Product.objects.update(picture_facts={})
    PictureLook.objects.all().delete()

    call_command("make_picture_sizes")

    assert capsys.readouterr().out.strip() == "1 pictures are done."
    blouse.refresh_from_db()
    assert blouse.picture_facts[blouse.images[0]]["sizes"] == [400, 800]
    assert PictureLook.objects.count() == 1
    assert not picture_sizes.unfinished().exists()


def cut_off(name):
    """The disk has kept the beginning of the picture alone."""
    path = storage._path(name)
    path.write_bytes(path.read_bytes()[:2000])


def lose(name):
    storage._path(name).unlink()


@pytest.mark.parametrize("spoil", [cut_off, lose])
@pytest.mark.parametrize("was_looked_at", [True, False])
def test_what_cannot_be_read_is_in_nobodys_way(atelier, blouse, spoil, was_looked_at):
    other = create_product(atelier, name="Shirt", price=900, images=[shirt("#123a8c")])
    spoil(blouse.images[0])
    if not was_looked_at:
        Product.objects.update(picture_facts={})

    assert picture_sizes.make_missing(most=2) == 2

    assert not picture_sizes.unfinished().exists()
    assert picture_sizes.make_missing(most=2) == 0
    blouse.refresh_from_db()
    other.refresh_from_db()
    assert blouse.picture_facts[blouse.images[0]]["sizes"] == []
    assert other.picture_facts[other.images[0]]["sizes"] == [400, 800]
    assert "image_0.w400.webp" not in files_of(blouse)


def test_a_picture_that_cannot_be_read_is_replaced_as_any_other(as_atelier, blouse):
    Product.objects.update(picture_facts={})
    PictureLook.objects.all().delete()
    cut_off(blouse.images[0])
    picture_sizes.make(blouse.pk)
    blouse.refresh_from_db()
    hints = [finding.code for finding in findings.of(blouse)]

    [shown] = as_atelier.get(f"/api/v1/products/{blouse.pk}").json()["pictures"]
    update_product(blouse, images=[shirt(width=300)])

    assert "small_picture" not in hints
    assert (shown["width"], shown["sizes"]) == (None, {})
    assert Product.objects.get().images == [blouse.images[0].replace("image_0", "image_1")]


def test_a_full_disk_is_no_fault_of_the_picture(blouse, monkeypatch):
    def full(name, content):
        raise storage.StorageFull

    monkeypatch.setattr(storage, "write", full)
    with pytest.raises(storage.StorageFull):
        picture_sizes.make(blouse.pk)

    assert picture_sizes.unfinished().get() == blouse


def test_what_is_sent_again_is_not_stored_again_and_a_new_order_is_enough(
    as_atelier, atelier, work
):
    one, other = shirt("#c21a2c", 300), shirt("#123a8c", 300)
    product = create_product(atelier, name="Blouse", price=900, images=[one, other])
    address = f"/api/v1/products/{product.pk}"
    [first, second] = as_atelier.get(address).json()["images"]
    written = [storage._path(name).stat().st_mtime_ns for name in product.images]

    as_atelier.put(address, {"image_urls": [second, first]})

    turned = Product.objects.get()
    assert turned.images == product.images[::-1]
    assert files_of(product) == ["image_0.jpg", "image_1.jpg"]
    assert [storage._path(name).stat().st_mtime_ns for name in product.images] == written


def test_a_small_copy_names_its_picture(blouse, as_atelier, work):
    work()
    address = f"/api/v1/products/{blouse.pk}"
    small = as_atelier.get(address).json()["pictures"][0]["sizes"]["400"]

    as_atelier.put(address, {"image_urls": [small]})

    assert Product.objects.get().images == blouse.images


def test_the_address_of_a_public_picture_says_what_is_in_it_and_lasts(blouse, anyone, admin, work):
    work()
    moderation.approve(blouse, by=admin)
    [shown] = pictures.details(Product.objects.get())

    for url in (shown["url"], *shown["sizes"].values()):
        response = anyone.get(url.removeprefix(HERE))
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "expires" not in url

    assert shown["url"].endswith(f"?v={storage.version_of(shirt())}")
    other = anyone.get(shown["url"].removeprefix(HERE).replace("?v=", "?v=0"))
    assert other["Cache-Control"] == "public, max-age=300"
