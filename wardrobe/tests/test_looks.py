"""What the worker sees in a picture: the colour by name, and whether it is kept already."""

from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django_q.models import OrmQ
from PIL import Image, ImageDraw

from billing.tests.test_ledger import at_once
from core import fingerprints, images
from wardrobe import keeping
from wardrobe.looks import noting, seeing
from wardrobe.models import UserWardrobeItem

WARDROBE = "/api/v1/wardrobe"
Colour = UserWardrobeItem.Colour


def garment(colour, ground="#c8c8c8", side=400, sleeve=60):
    """A shirt on a plain ground."""
    picture = Image.new("RGB", (400, 400), ground)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((130, 100, 270, 340), colour)
    draw.rectangle((130 - sleeve, 100, 270 + sleeve // 2, 150), colour)
    output = BytesIO()
    picture.resize((side, side)).save(output, "PNG")
    return images.clean(output.getvalue())


@pytest.fixture
def keep(aigerim, work):
    """Keep an item with this picture, and let the worker look at it."""

    def kept(picture, **details):
        item = keeping.keep(aigerim, "uploaded", name="x", pictures=[picture], **details)
        work()
        item.refresh_from_db()
        return item

    return kept


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#101012", Colour.BLACK),
        ("#777777", Colour.GREY),
        ("#fafafa", Colour.WHITE),
        ("#d8c3a5", Colour.BEIGE),
        ("#6b4226", Colour.BROWN),
        ("#c21a2c", Colour.RED),
        ("#ee8a22", Colour.ORANGE),
        ("#f0cc2e", Colour.YELLOW),
        ("#2f8f4f", Colour.GREEN),
        ("#8fc1e3", Colour.LIGHT_BLUE),
        ("#1e4e9c", Colour.BLUE),
        ("#6a3d9a", Colour.PURPLE),
        ("#f2a0b5", Colour.PINK),
    ],
)
def test_a_colour_has_its_name(colour, name):
    ground = "#3a3a3a" if name == Colour.WHITE else "#e0e0e0"

    assert seeing.look(garment(colour, ground)).colour == name


def test_the_ground_is_not_the_garment():
    """Most of this picture is green."""
    assert seeing.look(garment("#c21a2c", ground="#2f8f4f")).colour == Colour.RED


def test_white_on_white_is_white():
    assert seeing.look(garment("#fdfdfd", ground="#ffffff")).colour == Colour.WHITE


def test_the_same_picture_is_known_however_it_is_scaled():
    one, smaller = (seeing.look(garment("#c21a2c", side=side)) for side in (400, 150))
    other = seeing.look(garment("#c21a2c", sleeve=0))

    assert fingerprints.are_alike(one.fingerprint, smaller.fingerprint)
    assert not fingerprints.are_alike(one.fingerprint, other.fingerprint)


def test_a_flat_picture_has_no_fingerprint(picture):
    assert seeing.look(picture).fingerprint is None


def test_the_worker_notes_the_colour_and_tells_the_owner(as_aigerim, aigerim, work, published):
    item = keeping.keep(aigerim, "uploaded", name="Shirt", pictures=[garment("#1e4e9c")])
    before = as_aigerim.get(f"{WARDROBE}/{item.pk}").json()
    with published() as events:
        work()

    after = as_aigerim.get(f"{WARDROBE}/{item.pk}", headers={"Accept-Language": "kk"}).json()

    assert (before["colour"], after["colour"], after["colour_name"]) == ("", "blue", "Көк")
    assert before["updated_at"] == after["updated_at"]
    assert [data["action"] for _, _, data in events] == ["updated"]


def test_the_owner_knows_better(keep):
    assert keep(garment("#1e4e9c"), colour="purple").colour == "purple"


def test_a_new_picture_is_looked_at_anew(as_aigerim, keep, work):
    item = keep(garment("#1e4e9c"))

    keeping.update_item(item, pictures=[garment("#c21a2c")])
    work()

    item.refresh_from_db()
    assert item.colour == "red"


def test_what_has_changed_meanwhile_is_looked_at_again(aigerim, work, monkeypatch):
    """The picture is replaced while the worker looks at the one before."""
    item = keeping.keep(aigerim, "uploaded", name="x", pictures=[garment("#1e4e9c")])
    look = seeing.look

    def look_slowly(content):
        monkeypatch.setattr(seeing, "look", look)
        keeping.update_item(item, pictures=[garment("#c21a2c")])
        return look(content)

    monkeypatch.setattr(seeing, "look", look_slowly)
    noting.look_at(item.pk)
    item.refresh_from_db()
    assert item.colour == ""

    work()
    item.refresh_from_db()
    assert item.colour == "red"


def test_what_is_kept_twice_is_found(as_aigerim, keep):
    first = keep(garment("#c21a2c"))
    again = keep(garment("#c21a2c", side=150))
    keep(garment("#2f8f4f"))  # the same cut in another colour
    keep(garment("#c21a2c", sleeve=0))

    [found] = as_aigerim.get(WARDROBE, {"is_duplicate": "true"}).json()["items"]

    assert (found["id"], found["duplicate_of_id"]) == (again.pk, first.pk)
    keeping.remove(first)
    assert as_aigerim.get(WARDROBE, {"is_duplicate": "true"}).json()["items"] == []


def test_what_somebody_else_keeps_is_no_duplicate(keep, timur, work):
    keep(garment("#c21a2c"))
    keeping.keep(timur, "uploaded", name="x", pictures=[garment("#c21a2c")])
    work()

    assert timur.wardrobe.get().duplicate_of is None


def test_the_database_refuses_a_duplicate_of_somebody_elses(keep, timur):
    theirs = keeping.keep(timur, "uploaded", name="x")
    item = keep(garment("#c21a2c"))

    @transaction.atomic
    def point_at(other):
        UserWardrobeItem.objects.filter(pk=item.pk).update(duplicate_of=other)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="duplicate_of_own"):
        point_at(theirs)
    with pytest.raises(IntegrityError, match="duplicate_of_another"):
        point_at(item)


def test_lists_are_narrowed_by_colour(as_aigerim, keep):
    red = keep(garment("#c21a2c"))
    keep(garment("#1e4e9c"))

    found = as_aigerim.get(WARDROBE, {"colour": "red"}).json()["items"]

    assert [item["id"] for item in found] == [red.pk]
    assert as_aigerim.get(WARDROBE, {"colour": "loud"}).status_code == 422


def test_items_of_before_are_looked_at(aigerim, work):
    old = [
        keeping.keep(aigerim, "uploaded", name="x", pictures=[garment("#1e4e9c")]) for _ in range(3)
    ]
    keeping.keep(aigerim, "uploaded", name="without a picture")
    known = keeping.keep(aigerim, "uploaded", name="x", colour="red", pictures=[garment("#1e4e9c")])
    OrmQ.objects.all().delete()

    assert call_command("look_at_wardrobes", most=2).startswith("2 items")
    work()
    assert call_command("look_at_wardrobes", most=2).startswith("1 items")
    work()

    assert call_command("look_at_wardrobes").startswith("0 items")
    for item in (*old, known):
        item.refresh_from_db()
    assert [item.colour for item in (*old, known)] == ["blue", "blue", "blue", "red"]
    assert known.fingerprint is None  # nobody has asked


def test_an_item_that_is_gone_is_not_looked_at(aigerim, work):
    item = keeping.keep(aigerim, "uploaded", name="x", pictures=[garment("#c21a2c")])
    keeping.remove(item)

    assert work() == 1
    assert not aigerim.wardrobe.exists()


@pytest.mark.django_db(transaction=True)
def test_looking_while_a_twin_is_removed_never_waits_in_a_ring(aigerim, keep):
    first, again = keep(garment("#c21a2c")), keep(garment("#c21a2c", side=150))
    assert again.duplicate_of_id == first.pk

    def act(number):
        return keeping.remove(first) if number == 3 else noting.look_at(again.pk)

    assert at_once(6, act) == ["NoneType"] * 6
    again.refresh_from_db()
    assert again.duplicate_of_id is None
