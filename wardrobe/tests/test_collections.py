"""Collections: items grouped by name, as many groups as one likes."""

import pytest
from django.db import IntegrityError, connection, transaction

from billing.tests.test_ledger import at_once
from wardrobe import keeping
from wardrobe.collecting import groups
from wardrobe.models import Collection, CollectionItem

COLLECTIONS = "/api/v1/wardrobe/collections"


@pytest.fixture
def items(aigerim):
    return [keeping.keep(aigerim, "uploaded", name=name).pk for name in ("Hat", "Coat", "Shoes")]


@pytest.fixture
def work_things(aigerim, items):
    return groups.make(aigerim, "Work", items[:2])


def listed(client, collection):
    found = client.get("/api/v1/wardrobe", {"collection": collection}).json()["items"]
    return [item["id"] for item in found]


def test_an_item_stands_in_several(as_aigerim, items):
    for name, some in (("Work", items[:2]), ("Winter", items[1:])):
        response = as_aigerim.post(COLLECTIONS, {"name": name, "items": some})
        assert (response.status_code, response.json()["items_count"]) == (201, 2)

    told = as_aigerim.get(COLLECTIONS).json()["collections"]

    assert [each["name"] for each in told] == ["Winter", "Work"]
    assert listed(as_aigerim, told[0]["id"]) == [items[2], items[1]]
    assert listed(as_aigerim, told[1]["id"]) == [items[1], items[0]]


def test_items_are_put_in_and_taken_out(as_aigerim, work_things, items, published):
    address = f"{COLLECTIONS}/{work_things.pk}"
    with published() as events:
        assert as_aigerim.post(f"{address}/put", {"items": items[1:]}).json()["items_count"] == 3
        assert (
            as_aigerim.post(f"{address}/take-out", {"items": items[:1]}).json()["items_count"] == 2
        )

    assert listed(as_aigerim, work_things.pk) == [items[2], items[1]]
    assert [(kind, data["action"]) for _, kind, data in events] == [
        ("collection_updated", "updated")
    ] * 2


def test_a_change_replaces_what_is_named(as_aigerim, work_things, items):
    address = f"{COLLECTIONS}/{work_things.pk}"
    renamed = as_aigerim.put(address, {"name": "Office"}).json()
    emptied = as_aigerim.put(address, {"items": items[2:]}).json()

    assert (renamed["name"], renamed["items_count"]) == ("Office", 2)
    assert (emptied["name"], emptied["items_count"]) == ("Office", 1)
    assert as_aigerim.put(address, emptied).status_code == 200


def test_a_name_is_taken_once_by_each(as_aigerim, as_timur, work_things, aigerim):
    response = as_aigerim.post(COLLECTIONS, {"name": "Work"})
    other = groups.make(aigerim, "Home")
    renamed = as_aigerim.put(f"{COLLECTIONS}/{other.pk}", {"name": "Work"})

    assert (response.status_code, response.json()["code"]) == (409, "name_taken")
    assert renamed.status_code == 409
    assert as_timur.post(COLLECTIONS, {"name": "Work"}).status_code == 201


def test_items_of_somebody_else_are_not_found(as_timur, timur, work_things, items):
    own = groups.make(timur, "Mine")

    for response in (
        as_timur.post(COLLECTIONS, {"name": "Hers", "items": items[:1]}),
        as_timur.post(f"{COLLECTIONS}/{own.pk}/put", {"items": items[:1]}),
        as_timur.put(f"{COLLECTIONS}/{own.pk}", {"items": items[:1]}),
    ):
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert timur.collections.count() == 1
    assert listed(as_timur, work_things.pk) == []


def test_items_stay_when_a_collection_goes_and_leave_it_when_they_go(
    as_aigerim, aigerim, work_things, items
):
    keeping.remove(aigerim.wardrobe.get(pk=items[0]))
    assert as_aigerim.get(f"{COLLECTIONS}/{work_things.pk}").json()["items_count"] == 1

    assert as_aigerim.delete(f"{COLLECTIONS}/{work_things.pk}").status_code == 200
    assert aigerim.wardrobe.count() == 2
    assert as_aigerim.get(f"{COLLECTIONS}/{work_things.pk}").status_code == 404


def test_there_is_an_end(as_aigerim, aigerim, monkeypatch):
    monkeypatch.setattr(groups, "MAX_COLLECTIONS", 1)
    groups.make(aigerim, "One")

    response = as_aigerim.post(COLLECTIONS, {"name": "Two"})

    assert (response.status_code, response.json()["code"]) == (409, "too_many_collections")


def test_the_database_refuses_what_must_never_be(aigerim, timur, work_things, items):
    theirs = keeping.keep(timur, "uploaded", name="x")
    row = {"user": aigerim, "collection": work_things}

    def collect(**more):
        with transaction.atomic():
            CollectionItem.objects.create(**row | more)
            connection.check_constraints()

    with pytest.raises(IntegrityError, match="collected_once"):
        collect(item_id=items[0])
    with pytest.raises(IntegrityError, match="collected_of_own_items"):
        collect(item=theirs)
    with pytest.raises(IntegrityError, match="collected_in_own_collection"):
        collect(item=theirs, user=timur)
    with pytest.raises(IntegrityError, match="collection_name_once"), transaction.atomic():
        Collection.objects.create(user=aigerim, name="Work")


@pytest.mark.django_db(transaction=True)
def test_two_devices_make_one_of_a_name(aigerim, monkeypatch):
    """The negative control: without looking first, the database is what refuses."""
    assert sorted(at_once(6, lambda _: groups.make(aigerim, "Work"))) == [
        "Collection",
        *["NameTaken"] * 5,
    ]
    monkeypatch.setattr(groups, "_check_name", lambda *_: None)
    assert at_once(3, lambda _: groups.make(aigerim, "Work")) == ["IntegrityError"] * 3
    assert aigerim.collections.count() == 1
