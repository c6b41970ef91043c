"""Outfits: what a person wears together, its picture, and links to it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from billing.tests.test_ledger import at_once
from core import storage
from wardrobe import keeping
from wardrobe.models import Outfit, OutfitItem
from wardrobe.outfits import composing, covers, sharing

OUTFITS = "/api/v1/wardrobe/outfits"
HERE = "http://127.0.0.1:8000"
RED, BLUE = (200, 30, 30), (30, 60, 160)


def plain(colour):
    output = BytesIO()
    Image.new("RGB", (300, 300), colour).save(output, "JPEG")
    return output.getvalue()


@pytest.fixture
def skirt(aigerim):
    return keeping.keep(aigerim, "uploaded", name="Skirt", pictures=[plain(RED)])


@pytest.fixture
def shirt(aigerim):
    return keeping.keep(aigerim, "uploaded", name="Shirt", pictures=[plain(BLUE)])


@pytest.fixture
def outfit(aigerim, skirt, shirt):
    wishes = [{"item_id": skirt.pk}, {"item_id": shirt.pk}]
    return composing.compose(aigerim, wishes, name="Office")


def names(outfit):
    return [item["name"] for item in outfit["items"]]


def colour_at(name, x, y):
    picture = Image.open(BytesIO(storage.read(name)))
    return picture.getpixel((round(picture.width * x), round(picture.height * y)))


def is_near(colour, other):
    return max(abs(a - b) for a, b in zip(colour, other, strict=True)) < 12


def test_an_outfit_holds_its_items_where_they_were_put(
    as_aigerim, aigerim, skirt, shirt, published
):
    items = [
        {"item_id": shirt.pk, "x": 0.5, "y": 0.25, "scale": 0.5},
        {"item_id": skirt.pk, "x": 0.5, "y": 0.75, "scale": 0.625},
    ]
    with published() as events:
        response = as_aigerim.post(OUTFITS, {"name": "Office", "items": items})

    body = response.json()
    assert (response.status_code, body["cover"], body["share_url"]) == (201, None, None)
    places = [(it["item_id"], it["layer"], it["x"], it["y"], it["scale"]) for it in body["items"]]
    assert places == [(shirt.pk, 0, 0.5, 0.25, 0.5), (skirt.pk, 1, 0.5, 0.75, 0.625)]
    about = {"action": "created", "outfit_id": body["id"], "user_id": aigerim.pk}
    assert events == [(f"user:{aigerim.pk}", "outfit_updated", about)]


def test_items_without_a_place_lie_side_by_side(outfit):
    placed = outfit.placements.values_list("x", "y", "scale")

    assert [tuple(map(float, each)) for each in placed] == [(0.25, 0.5, 0.5), (0.75, 0.5, 0.5)]


def test_the_worker_draws_the_cover(outfit, work, published):
    with published() as events:
        work()

    outfit.refresh_from_db()
    assert is_near(colour_at(outfit.cover, 0.25, 0.5), RED)
    assert is_near(colour_at(outfit.cover, 0.75, 0.5), BLUE)
    assert is_near(colour_at(outfit.cover, 0.5, 0.05), (255, 255, 255))
    about = {"action": "drawn", "outfit_id": outfit.pk, "user_id": outfit.user_id}
    assert [data for _, kind, data in events if kind == "outfit_updated"] == [about]


def test_a_higher_layer_lies_over_a_lower_one(aigerim, skirt, shirt, work):
    middle = {"x": 0.5, "y": 0.5, "scale": 0.3}
    wishes = [{"item_id": skirt.pk, **middle}, {"item_id": shirt.pk, **middle}]
    outfit = composing.compose(aigerim, wishes, name="Over")
    work()

    outfit.refresh_from_db()
    assert is_near(colour_at(outfit.cover, 0.5, 0.5), BLUE)


@pytest.mark.django_db(transaction=True)
def test_a_new_picture_of_an_item_gives_the_outfit_a_new_cover(outfit, skirt, work, settings):
    work()
    outfit.refresh_from_db()
    before = outfit.cover

    keeping.update_item(skirt, pictures=[plain((20, 160, 40))])
    work()

    outfit.refresh_from_db()
    assert is_near(colour_at(outfit.cover, 0.25, 0.5), (20, 160, 40))
    assert outfit.cover != before
    assert not (settings.UPLOAD_DIR / before).exists()


def test_a_cover_that_is_out_of_date_is_not_shown(outfit, monkeypatch, settings):
    """The outfit changes while an earlier state of it is being drawn."""

    def change(placements):
        covers.redraw([outfit.pk])
        return plain(RED)

    monkeypatch.setattr(covers, "collage", change)
    covers.draw(outfit.pk)

    outfit.refresh_from_db()
    assert outfit.cover == ""
    assert not list(settings.UPLOAD_DIR.rglob("cover_*"))


def test_an_item_that_leaves_the_wardrobe_leaves_its_outfits(as_aigerim, outfit, shirt, work):
    work()
    keeping.remove(shirt)
    work()

    body = as_aigerim.get(f"{OUTFITS}/{outfit.pk}").json()
    outfit.refresh_from_db()
    assert names(body) == ["Skirt"]
    assert is_near(colour_at(outfit.cover, 0.75, 0.5), (255, 255, 255))


def test_an_outfit_is_changed(as_aigerim, outfit, shirt):
    address = f"{OUTFITS}/{outfit.pk}"
    renamed = as_aigerim.put(address, {"name": "Work", "is_favorite": True}).json()
    lighter = as_aigerim.put(address, {"items": [{"item_id": shirt.pk}]}).json()

    assert (renamed["name"], names(renamed)) == ("Work", ["Skirt", "Shirt"])
    assert (lighter["name"], names(lighter)) == ("Work", ["Shirt"])


def test_an_answer_may_be_sent_back(as_aigerim, outfit):
    before = as_aigerim.get(f"{OUTFITS}/{outfit.pk}").json()

    after = as_aigerim.put(f"{OUTFITS}/{outfit.pk}", before).json()

    assert {**after, "updated_at": 0} == {**before, "updated_at": 0}


def test_a_copy_is_another_outfit_of_the_same_items(as_aigerim, outfit):
    copy = as_aigerim.post(f"{OUTFITS}/{outfit.pk}/clone").json()

    assert (copy["name"], names(copy)) == ("Office", ["Skirt", "Shirt"])
    assert copy["id"] != outfit.pk
    as_aigerim.delete(f"{OUTFITS}/{copy['id']}")
    assert [each["id"] for each in as_aigerim.get(OUTFITS).json()["outfits"]] == [outfit.pk]


@pytest.mark.django_db(transaction=True)
def test_a_deleted_outfit_takes_its_cover_along_and_leaves_the_items(
    as_aigerim, aigerim, outfit, work, settings
):
    work()

    assert as_aigerim.delete(f"{OUTFITS}/{outfit.pk}").json()["id"] == outfit.pk

    assert (Outfit.objects.count(), aigerim.wardrobe.count()) == (0, 2)
    assert not list(settings.UPLOAD_DIR.rglob("cover_*"))


def test_lists_are_narrowed_to_favourites(as_aigerim, outfit):
    as_aigerim.put(f"{OUTFITS}/{outfit.pk}", {"is_favorite": True})
    as_aigerim.post(f"{OUTFITS}/{outfit.pk}/clone")

    loved = as_aigerim.get(OUTFITS, {"is_favorite": "true"}).json()["outfits"]

    assert [each["id"] for each in loved] == [outfit.pk]


def test_many_items_take_no_more_queries_than_one(as_aigerim, aigerim, outfit):
    more = [keeping.keep(aigerim, "uploaded", name=f"{number}").pk for number in range(5)]
    with CaptureQueriesContext(connection) as two:
        as_aigerim.get(f"{OUTFITS}/{outfit.pk}")
    composing.change(outfit, items=[{"item_id": pk} for pk in more])

    with CaptureQueriesContext(connection) as five:
        assert len(as_aigerim.get(f"{OUTFITS}/{outfit.pk}").json()["items"]) == 5

    assert len(two) == len(five)


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"item_id": 1}] * 2,
        [{"item_id": 1, "x": 1.001}],
        [{"item_id": 1, "x": "NaN"}],
        [{"item_id": 1, "scale": 0}],
        [{"item_id": number} for number in range(1, 14)],
    ],
)
def test_senseless_items_are_refused(as_aigerim, items):
    assert as_aigerim.post(OUTFITS, {"name": "x", "items": items}).status_code == 422


def test_strangers_find_nothing_and_take_nothing(as_timur, outfit, skirt):
    address = f"{OUTFITS}/{outfit.pk}"
    stolen = {"name": "Mine", "items": [{"item_id": skirt.pk}]}

    answers = [
        as_timur.get(address),
        as_timur.put(address, {"name": "x"}),
        as_timur.delete(address),
        as_timur.post(f"{address}/clone"),
        as_timur.post(f"{address}/share", {}),
        as_timur.delete(f"{address}/share"),
        as_timur.post(OUTFITS, stolen),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert as_timur.get(OUTFITS).json()["outfits"] == []
    assert Outfit.objects.count() == 1


def test_the_database_refuses_an_item_of_somebody_else(timur, outfit):
    hat = keeping.keep(timur, "uploaded", name="Hat")
    foreign = {"outfit": outfit, "item": hat, "layer": 5, "x": 0, "y": 0, "scale": 1}

    @transaction.atomic
    def place(owner):
        OutfitItem.objects.create(user_id=owner, **foreign)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="outfit_item_of_own_item"):
        place(outfit.user_id)
    with pytest.raises(IntegrityError, match="outfit_item_in_own_outfit"):
        place(timur.pk)


def test_a_link_shows_the_outfit_to_whoever_holds_it(as_aigerim, anyone, outfit, work, published):
    work()
    with published() as events:
        shared = as_aigerim.post(f"{OUTFITS}/{outfit.pk}/share", {"days": 3}).json()

    seen = anyone.get(shared["share_url"].removeprefix(HERE)).json()

    assert set(seen) == {"name", "description", "cover", "items", "shared_until"}
    assert {name for item in seen["items"] for name in item} == {"name", "layer", "x", "y", "scale"}
    assert names(seen) == ["Skirt", "Shirt"]
    picture = anyone.get(seen["cover"].removeprefix(HERE), headers={"Accept": "image/jpeg"})
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/jpeg", "no-store")
    assert [data["action"] for _, _, data in events] == ["shared"]


def test_what_is_shared_says_nothing_of_the_owner(as_aigerim, anyone, outfit, work):
    work()
    url = as_aigerim.post(f"{OUTFITS}/{outfit.pk}/share").json()["share_url"]

    seen = anyone.get(url.removeprefix(HERE))

    assert f"users/{outfit.user_id}" not in seen.content.decode()
    assert "/uploads/" not in seen.content.decode()


def test_the_cover_ends_with_the_link(as_aigerim, anyone, outfit, work):
    url = as_aigerim.post(f"{OUTFITS}/{outfit.pk}/share").json()["share_url"]
    assert status_of(anyone, f"{url}/cover") == 404  # not drawn yet
    work()
    assert status_of(anyone, f"{url}/cover") == 200

    as_aigerim.delete(f"{OUTFITS}/{outfit.pk}/share")

    assert status_of(anyone, f"{url}/cover") == 404


def status_of(client, url):
    return client.get(url.removeprefix(HERE)).status_code


def test_a_link_ends_when_it_is_taken_back(as_aigerim, anyone, outfit):
    url = as_aigerim.post(f"{OUTFITS}/{outfit.pk}/share").json()["share_url"]
    assert status_of(anyone, url) == 200

    after = as_aigerim.delete(f"{OUTFITS}/{outfit.pk}/share").json()

    assert (after["share_url"], after["shared_until"]) == (None, None)
    assert status_of(anyone, url) == 404


def test_a_new_link_ends_the_one_before(as_aigerim, anyone, outfit):
    first, second = (
        as_aigerim.post(f"{OUTFITS}/{outfit.pk}/share").json()["share_url"] for _ in range(2)
    )

    assert (status_of(anyone, first), status_of(anyone, second)) == (404, 200)


def test_a_link_ends_with_its_days(as_aigerim, anyone, outfit):
    url = as_aigerim.post(f"{OUTFITS}/{outfit.pk}/share", {"days": 1}).json()["share_url"]
    Outfit.objects.update(shared_until=timezone.now() - timedelta(seconds=1))

    assert status_of(anyone, url) == 404
    assert as_aigerim.get(f"{OUTFITS}/{outfit.pk}").json()["share_url"] is None


def test_a_link_of_ones_own_making_shows_nothing(anyone, outfit):
    url = sharing.url(sharing.share(outfit, days=1))
    for forged in (
        url[:-1],
        url.replace(f"/{outfit.pk}.", "/7."),
        f"{HERE}/api/v1/wardrobe/shared/1.1:x",
    ):
        assert status_of(anyone, forged) == 404


@pytest.mark.django_db(transaction=True)
def test_no_more_than_the_limit_is_kept(aigerim, skirt, monkeypatch):
    monkeypatch.setattr(composing, "MAX_OUTFITS", 3)
    wishes = [{"item_id": skirt.pk}]

    outcomes = at_once(8, lambda number: composing.compose(aigerim, wishes, name=f"{number}"))

    assert (outcomes.count("Outfit"), outcomes.count("TooManyOutfits")) == (3, 5)


@pytest.mark.django_db(transaction=True)
def test_changing_outfits_while_an_item_is_removed_never_waits_in_a_ring(outfit, skirt, shirt):
    """Whoever is first, the item is gone in the end and nothing deadlocks."""
    wishes = [{"item_id": shirt.pk}, {"item_id": skirt.pk}]

    def act(number):
        return composing.change(outfit, items=wishes) if number % 2 else keeping.remove(skirt)

    outcomes = at_once(8, act)

    assert set(outcomes) <= {"Outfit", "NoneType", "NotInWardrobe", "ItemGone"}
    assert outcomes.count("NoneType") == 1
    assert not outfit.placements.filter(item_id=skirt.pk).exists()
