"""Many photographed things at once, each kept once under its key."""

import json
from io import BytesIO
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from billing.tests.test_ledger import at_once
from conftest import signed_in
from core import images, storage
from wardrobe import keeping
from wardrobe.models import UserWardrobeItem

BULK = "/api/v1/wardrobe/bulk"


def photo(shade=0):
    output = BytesIO()
    Image.new("RGB", (80, 80), (shade, 90, 160)).save(output, "PNG")
    return output.getvalue()


def send(client, things, **headers):
    """Send {key: content}, or pairs."""
    pairs = list(things.items()) if isinstance(things, dict) else things
    body = {
        "items": json.dumps([{"key": key, "name": f"Thing {key}"} for key, _ in pairs]),
        "files": [SimpleUploadedFile("a.png", content) for _, content in pairs],
    }
    return client.post(BULK, body, format="multipart", headers=headers)


def statuses(response):
    assert response.status_code == 200, response.content
    return {each["key"]: each["status"] for each in response.json()["results"]}


def test_each_is_kept_with_its_picture(as_aigerim, aigerim, published):
    with published() as events:
        response = send(as_aigerim, {"a": photo(1), "b": photo(2)})

    assert statuses(response) == {"a": "created", "b": "created"}
    first, second = aigerim.wardrobe.order_by("pk")
    assert [each["item_id"] for each in response.json()["results"]] == [first.pk, second.pk]
    assert (first.name, first.client_key, first.source) == ("Thing a", "a", "uploaded")
    assert storage.read(second.images[0]) == images.clean(photo(2))
    assert [data["action"] for _, _, data in events] == ["created", "created"]


def test_repeating_and_sending_the_rest_adds_nothing(as_aigerim, aigerim):
    send(as_aigerim, {"a": photo(1), "b": photo(2)})

    again = send(as_aigerim, {"a": photo(1), "b": photo(2)})
    rest = send(as_aigerim, {"b": photo(2), "c": photo(3)})

    assert statuses(again) == {"a": "already_there", "b": "already_there"}
    assert statuses(rest) == {"b": "already_there", "c": "created"}
    assert aigerim.wardrobe.count() == 3


def test_a_key_twice_in_one_request_is_one_thing(as_aigerim, aigerim):
    response = send(as_aigerim, [("a", photo(1)), ("a", photo(2))])

    told = [each["status"] for each in response.json()["results"]]
    assert (told, aigerim.wardrobe.count()) == (["created", "already_there"], 1)


def test_one_that_is_refused_leaves_the_others_alone(as_aigerim, aigerim):
    response = send(as_aigerim, {"text": b"<svg/>", "empty": b"", "fine": photo()})

    told = {each["key"]: each["code"] for each in response.json()["results"]}
    assert told == {"text": "unsupported_format", "empty": "empty_file", "fine": ""}
    assert [item.client_key for item in aigerim.wardrobe.all()] == ["fine"]
    assert statuses(send(as_aigerim, {"text": photo()})) == {"text": "created"}


def test_the_limit_is_kept_to_the_item(as_aigerim, aigerim, settings):
    settings.MAX_WARDROBE_ITEMS_PER_USER = 2

    response = send(as_aigerim, {"a": photo(), "b": photo(), "c": photo()})

    last = response.json()["results"][2]
    assert (last["status"], last["code"]) == ("refused", "wardrobe_full")
    assert aigerim.wardrobe.count() == 2
    assert statuses(send(as_aigerim, {"a": photo()})) == {"a": "already_there"}


def test_keys_are_each_persons_own(as_aigerim, as_timur):
    assert statuses(send(as_aigerim, {"a": photo()})) == {"a": "created"}
    assert statuses(send(as_timur, {"a": photo()})) == {"a": "created"}


def test_an_idempotency_key_is_heeded_too(as_aigerim, aigerim):
    first = send(as_aigerim, {"a": photo()}, **{"Idempotency-Key": "k"})
    again = send(as_aigerim, {"a": photo()}, **{"Idempotency-Key": "k"})
    other = send(as_aigerim, {"b": photo()}, **{"Idempotency-Key": "k"})

    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert aigerim.wardrobe.count() == 1


def test_a_removed_thing_may_be_sent_again(as_aigerim, aigerim):
    send(as_aigerim, {"a": photo()})
    keeping.remove(aigerim.wardrobe.get())

    assert statuses(send(as_aigerim, {"a": photo()})) == {"a": "created"}


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"key": "a"}, {"key": "b"}],
        [{"key": ""}],
        [{"key": "with space"}],
        [{"key": "x" * 65}],
        [{"name": "no key"}],
        [{"key": "a", "user_id": 1}],
        [{"key": "a", "season": "mud"}],
        "nonsense",
        {"key": "a"},
    ],
)
def test_senseless_lists_are_refused(as_aigerim, aigerim, items):
    body = {"items": json.dumps(items), "files": [SimpleUploadedFile("a.png", photo())]}

    assert as_aigerim.post(BULK, body, format="multipart").status_code == 422
    assert not aigerim.wardrobe.exists()


def test_more_than_ten_are_too_many(as_aigerim, aigerim):
    response = send(as_aigerim, {f"{number}": photo() for number in range(11)})

    assert response.status_code == 422
    assert not aigerim.wardrobe.exists()


def test_the_database_keeps_a_key_once(aigerim):
    keeping.keep(aigerim, "uploaded", name="x", client_key="a")

    with pytest.raises(IntegrityError, match="wardrobe_client_key_once"), transaction.atomic():
        UserWardrobeItem.objects.create(user=aigerim, source="uploaded", name="y", client_key="a")


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_once_adds_each_thing_once(aigerim, settings):
    """A phone that loses its connection sends again while the first request is under way."""
    settings.MAX_WARDROBE_ITEMS_PER_USER = 3
    clients = [signed_in(aigerim) for _ in range(5)]
    things = {key: photo(number) for number, key in enumerate("abcd")}
    found = []

    at_once(5, lambda number: found.append(statuses(send(clients[number], things))))

    counted = [status for each in found for status in each.values()]
    assert len(found) == 5
    assert counted.count("created") == aigerim.wardrobe.count() == 3
    assert counted.count("already_there") == 4 * 3
    assert counted.count("refused") == 5


@pytest.mark.django_db(transaction=True)
def test_without_holding_the_owner_the_key_would_be_there_twice(aigerim, monkeypatch):
    """The negative control: both look before either writes; only the database stands between."""
    keep, both_have_looked = keeping.keep, Barrier(2)

    def keep_late(*args, **about):
        both_have_looked.wait(timeout=10)
        return keep(*args, **about)

    monkeypatch.setattr(keeping, "hold", lambda pk: aigerim)
    monkeypatch.setattr(keeping, "keep", keep_late)

    outcomes = at_once(2, lambda number: keeping.keep_once(aigerim, "a", name=f"{number}"))

    assert sorted(outcomes) == ["IntegrityError", "tuple"]
    assert aigerim.wardrobe.count() == 1
