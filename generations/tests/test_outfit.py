"""Several things on one picture: in their order, for the price of one, or nothing at all."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Transaction
from catalog.models import Category, Product
from core import storage
from generations import drawing, pipeline
from generations.engines.base import GenerationError, Picture
from generations.models import EngineCall, Generation
from generations.tests.engines.fakes import jpeg
from wardrobe import keeping

OUTFIT = "/api/v1/generations/outfit"
TRY_ON = "/api/v1/generations/try-on"


class Tailor:
    """Remembers what it was asked, and gives back another picture each time."""

    def __init__(self):
        self.asked, self.stops_at = [], 0

    def try_on(self, request):
        self.asked.append(request)
        if len(self.asked) == self.stops_at:
            raise GenerationError("no_garment")
        return Picture(jpeg((40 * len(self.asked), 0, 0), (64, 64)), "tailor", "1", request.seed)


@pytest.fixture
def tailor(monkeypatch, settings):
    """The engine of this test, in place of one that needs seconds."""
    tailor = Tailor()
    monkeypatch.setattr(drawing.engines, "load", lambda _: tailor)
    return tailor


@pytest.fixture
def coat(aigerim, picture):
    """An item of Aigerim's own wardrobe."""
    category = Category.objects.create(
        slug="coats", name_ru="Пальто", name_kk="Пальто", name_en="Coats", garment="outer"
    )
    return keeping.keep(
        aigerim,
        "uploaded",
        name="Coat",
        category=category,
        characteristics={"sleeve": "long"},
        pictures=[picture],
    )


@pytest.fixture
def ask(as_aigerim, picture_file):
    def post(address, **body):
        return as_aigerim.post(address, {**body, "photo": picture_file()}, format="multipart")

    return post


@pytest.fixture
def picture_file(picture):
    return lambda: SimpleUploadedFile("me.jpg", picture)


def things(*named):
    return json.dumps([dict([each]) for each in named])


def test_each_is_put_on_over_what_is_worn_already(ask, tailor, dress_on_sale, coat, aigerim):
    items = things(("product_id", dress_on_sale.pk), ("wardrobe_item_id", coat.pk))

    response = ask(OUTFIT, items=items)
    pipeline.run(response.json()["id"])

    assert response.status_code == 202
    first, second = tailor.asked
    assert (first.category, second.category, second.sleeve) == ("dress", "outer", "long")
    assert first.person == storage.read(Generation.objects.get().original)
    assert second.person == jpeg((40, 0, 0), (64, 64))
    assert second.garment == storage.read(coat.images[0])
    assert len({first.key, second.key}) == 2


def test_it_is_one_charge_and_one_picture(ask, tailor, dress_on_sale, coat, aigerim):
    items = things(("wardrobe_item_id", coat.pk), ("product_id", dress_on_sale.pk))

    pipeline.run(ask(OUTFIT, items=items).json()["id"])

    generation = Generation.objects.get()
    aigerim.refresh_from_db()
    assert (generation.status, generation.product, aigerim.balance) == ("succeeded", None, 850)
    charges = Transaction.objects.filter(type=Transaction.Type.GENERATION_CHARGE, user=aigerim)
    assert charges.count() == EngineCall.objects.count() == 1
    assert Product.objects.get().try_ons_count == 1


def test_one_that_fails_gives_all_the_money_back(ask, tailor, dress_on_sale, coat, aigerim):
    tailor.stops_at = 2
    items = things(("product_id", dress_on_sale.pk), ("wardrobe_item_id", coat.pk))

    pipeline.run(ask(OUTFIT, items=items).json()["id"])

    aigerim.refresh_from_db()
    assert (Generation.objects.get().error_code, aigerim.balance) == ("no_garment", 1000)
    assert Product.objects.get().try_ons_count == 0


def test_an_item_of_ones_wardrobe_is_tried_on_alone(ask, tailor, coat):
    response = ask(TRY_ON, wardrobe_item_id=coat.pk)
    pipeline.run(response.json()["id"])

    assert (response.status_code, response.json()["product_id"]) == (202, None)
    [request] = tailor.asked
    assert (request.category, request.garment) == ("outer", storage.read(coat.images[0]))


def test_anothers_item_is_not_found(ask, timur, picture, aigerim):
    foreign = keeping.keep(timur, "uploaded", name="Coat", pictures=[picture])

    alone = ask(TRY_ON, wardrobe_item_id=foreign.pk)
    together = ask(OUTFIT, items=things(("wardrobe_item_id", foreign.pk)))

    assert alone.status_code == together.status_code == 404
    aigerim.refresh_from_db()
    assert (aigerim.balance, Generation.objects.count()) == (1000, 0)


@pytest.mark.parametrize(
    "items",
    [
        "[]",
        "[{}]",
        '[{"product_id": 1, "wardrobe_item_id": 1}]',
        json.dumps([{"product_id": 1}] * 5),
        '[{"garment_id": 1}]',
        "a dress",
    ],
)
def test_what_names_no_things_is_refused(ask, items):
    response = ask(OUTFIT, items=items)

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"].startswith("/items")
    assert Generation.objects.count() == 0


@pytest.mark.parametrize("named", [{}, {"product_id": 1, "wardrobe_item_id": 1}])
def test_a_try_on_is_of_one_thing(ask, named):
    response = ask(TRY_ON, **named)

    assert (response.status_code, Generation.objects.count()) == (422, 0)


def test_a_thing_without_a_picture_cannot_be_worn(ask, aigerim):
    bare = keeping.keep(aigerim, "uploaded", name="Hat")

    response = ask(TRY_ON, wardrobe_item_id=bare.pk)

    assert (response.status_code, response.json()["code"]) == (422, "no_garment_picture")
    aigerim.refresh_from_db()
    assert aigerim.balance == 1000
