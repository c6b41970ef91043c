"""Products are found by a picture: those of its colours and outline come first."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image, ImageDraw

from catalog import moderation, picture_sizes
from catalog.models import PictureLook, Product
from catalog.products import create_product, update_product
from core import images
from core.tests.odd_pictures import REFUSED

ASK = "/api/v1/products/search-by-image"
DRESS = [(170, 60), (230, 60), (240, 170), (300, 360), (100, 360), (160, 170)]
TROUSERS = [(140, 60), (260, 60), (290, 360), (230, 360), (200, 160), (170, 360), (110, 360)]
RED, DARK_RED, BLUE = "#c21a2c", "#9c1626", "#1a3ac2"
HIDDEN = {
    "off sale": {"is_active": False},
    "rejected": {"is_active": False, "moderation_status": "rejected"},
    "deleted": {"is_active": False, "deleted_at": timezone.now()},
}


def drawn(outline, colour, *, ground="#e4e4e4", aside=0):
    """A garment of one colour on a plain ground, as a client sends it."""
    picture = Image.new("RGB", (400, 400), ground)
    ImageDraw.Draw(picture).polygon([(x + aside, y) for x, y in outline], colour)
    output = BytesIO()
    picture.save(output, "JPEG")
    return output.getvalue()


def sent(client, picture):
    file = SimpleUploadedFile("me.jpg", picture)
    return client.post(ASK, {"file": file}, format="multipart")


@pytest.fixture
def shows(sells):
    """Put a product with these pictures, each an outline and a colour, on sale."""

    def show(name, *pictures):
        return sells(name, images=[images.clean(drawn(*each)) for each in pictures])

    return show


@pytest.fixture
def alike(anyone):
    """The names of what is found by a picture, in their order."""

    def ask(picture):
        response = sent(anyone, picture)
        assert response.status_code == 200, response.content
        return [product["name"] for product in response.json()["products"]]

    return ask


def test_the_colour_and_the_outline_count(shows, alike):
    shows("Blue trousers", (TROUSERS, BLUE))
    shows("Red trousers", (TROUSERS, RED))
    shows("Blue dress", (DRESS, BLUE))
    shows("Dark red dress", (DRESS, DARK_RED))
    shows("Red dress", (DRESS, RED))

    found = alike(drawn(DRESS, RED, ground="#f4f0e8", aside=40))

    assert found[:2] == ["Red dress", "Dark red dress"]
    assert found.index("Dark red dress") < found.index("Red trousers")
    assert found[-1] == "Blue trousers"
    assert alike(drawn(TROUSERS, BLUE))[0] == "Blue trousers"


@pytest.mark.parametrize("state", HIDDEN)
def test_what_is_not_on_sale_is_not_found(shows, alike, state):
    product = shows("Red dress", (DRESS, RED))
    shows("Blue dress", (DRESS, BLUE))
    assert alike(drawn(DRESS, RED)) == ["Red dress", "Blue dress"]

    Product.objects.filter(pk=product.pk).update(**HIDDEN[state])

    assert alike(drawn(DRESS, RED)) == ["Blue dress"]


def test_what_waits_for_moderation_is_not_found(atelier, alike):
    picture = drawn(DRESS, RED)
    create_product(atelier, name="Red dress", price=400, images=[images.clean(picture)])

    assert alike(picture) == []


def test_a_product_of_a_closed_shop_is_not_found(shows, alike, atelier):
    shows("Red dress", (DRESS, RED))
    type(atelier).objects.update(is_active=False)

    assert alike(drawn(DRESS, RED)) == []


def test_only_the_main_picture_counts_and_another_order_at_once(shows, alike):
    shows("Dark red dress", (DRESS, DARK_RED))
    shows("Changing dress", (DRESS, BLUE), (DRESS, RED))
    assert alike(drawn(DRESS, RED)) == ["Dark red dress", "Changing dress"]

    product = Product.objects.get(name="Changing dress")
    Product.objects.filter(pk=product.pk).update(images=product.images[::-1])

    assert alike(drawn(DRESS, RED)) == ["Changing dress", "Dark red dress"]


def test_a_product_is_found_by_its_new_picture_once_that_is_approved(shows, alike, admin):
    product = shows("Changing dress", (DRESS, BLUE))
    shows("Dark red dress", (DRESS, DARK_RED))

    update_product(product, images=[images.clean(drawn(DRESS, RED))])
    assert alike(drawn(DRESS, RED)) == ["Dark red dress", "Changing dress"]

    moderation.approve(product, by=admin)
    assert alike(drawn(DRESS, RED)) == ["Changing dress", "Dark red dress"]


def test_pictures_of_before_are_described_by_the_command(shows, alike, capsys):
    shows("Red dress", (DRESS, RED))
    PictureLook.objects.update(descriptor=None)
    assert alike(drawn(DRESS, RED)) == []

    call_command("make_picture_sizes")

    assert capsys.readouterr().out.strip() == "1 pictures are done."
    assert alike(drawn(DRESS, RED)) == ["Red dress"]
    assert not picture_sizes.unfinished().exists()


def test_there_are_twenty_at_most_and_as_many_queries_as_for_one(shows, alike):
    product = shows("Red dress", (DRESS, RED))
    [look] = product.looks.all()
    with CaptureQueriesContext(connection) as few:
        assert len(alike(drawn(DRESS, RED))) == 1

    for number in range(24):
        product.pk, product.name = None, f"Red dress {number}"
        product.save(force_insert=True)
        look.pk, look.product = None, product
        look.save(force_insert=True)

    with CaptureQueriesContext(connection) as many:
        assert len(alike(drawn(DRESS, RED))) == 20
    assert len(many) == len(few) == 3


def test_who_is_signed_in_sees_what_they_have_put_aside(shows, as_aigerim):
    product = shows("Red dress", (DRESS, RED))
    as_aigerim.put(f"/api/v1/users/me/favorites/{product.pk}")

    [found] = sent(as_aigerim, drawn(DRESS, RED)).json()["products"]

    assert (found["id"], found["is_favorite"]) == (product.pk, True)


@pytest.mark.parametrize("what", ["html", "one pixel", "11 MiB"])
def test_a_bad_file_is_refused_by_what_is_wrong_with_it(anyone, db, what):
    make, status, code = REFUSED[what]

    response = sent(anyone, make())

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"


def test_without_a_file_nothing_is_found(anyone, db):
    assert anyone.post(ASK, {}, format="multipart").status_code == 422


def test_nothing_of_the_picture_is_kept(alike, db, settings):
    assert alike(drawn(DRESS, RED)) == []
    assert [path for path in settings.UPLOAD_DIR.rglob("*") if path.is_file()] == []
