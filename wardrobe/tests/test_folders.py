"""Folders and the archive: where a person puts what they keep."""

import pytest

from wardrobe import keeping

WARDROBE = "/api/v1/wardrobe"


@pytest.fixture
def items(aigerim):
    """A coat and a scarf in Winter, and a hat in no folder."""
    kept = {"coat": "Winter", "scarf": "Winter", "hat": ""}
    return {
        name: keeping.keep(aigerim, "uploaded", name=name, folder=folder)
        for name, folder in kept.items()
    }


def folders_of(user):
    return dict(user.wardrobe.values_list("name", "folder"))


def names(client, **query):
    return [item["name"] for item in client.get(WARDROBE, query).json()["items"]]


def test_a_folder_is_renamed_with_all_that_is_in_it(as_aigerim, aigerim, items, published):
    with published() as events:
        response = as_aigerim.put(f"{WARDROBE}/folders", {"folder": "Winter", "name": "Cold"})

    assert response.json() == {"folder": "Cold", "moved": 2}
    assert folders_of(aigerim) == {"coat": "Cold", "scarf": "Cold", "hat": ""}
    about = {"user_id": aigerim.pk, "folder": "Cold", "items": 2}
    assert events == [(f"user:{aigerim.pk}", "wardrobe_folder_updated", about)]


def test_a_dissolved_folder_leaves_its_items(as_aigerim, aigerim, items):
    as_aigerim.put(f"{WARDROBE}/folders", {"folder": "Winter", "name": ""})

    assert folders_of(aigerim) == {"coat": "", "scarf": "", "hat": ""}
    assert as_aigerim.get(f"{WARDROBE}/folders").json() == {"folders": []}


def test_a_folder_of_somebody_else_is_none(as_timur, aigerim, items):
    response = as_timur.put(f"{WARDROBE}/folders", {"folder": "Winter", "name": "Mine"})

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert folders_of(aigerim)["coat"] == "Winter"


def test_many_items_move_at_once(as_aigerim, aigerim, items):
    wish = {"items": [items["coat"].pk, items["hat"].pk], "folder": "Travel"}

    assert as_aigerim.post(f"{WARDROBE}/move", wish).json() == {"folder": "Travel", "moved": 2}
    assert folders_of(aigerim) == {"coat": "Travel", "scarf": "Winter", "hat": "Travel"}


def test_one_foreign_item_keeps_all_where_they_are(as_aigerim, aigerim, timur, items):
    foreign = keeping.keep(timur, "uploaded", name="cap")
    wish = {"items": [items["hat"].pk, foreign.pk], "folder": "Travel"}

    assert as_aigerim.post(f"{WARDROBE}/move", wish).status_code == 404
    assert (folders_of(aigerim)["hat"], folders_of(timur)) == ("", {"cap": ""})


def test_what_is_archived_leaves_the_list_until_it_is_asked_for(as_aigerim, items):
    address = f"{WARDROBE}/{items['coat'].pk}"

    archived = as_aigerim.put(address, {"is_archived": True}).json()

    assert archived["archived_at"] is not None
    assert names(as_aigerim) == ["hat", "scarf"]
    assert names(as_aigerim, is_archived="true") == ["coat"]
    assert names(as_aigerim, is_archived="false") == ["hat", "scarf"]
    assert as_aigerim.get(address).json()["name"] == "coat"
    stats = as_aigerim.get(f"{WARDROBE}/stats").json()
    assert (stats["total"], stats["archived"]) == (3, 1)


def test_what_comes_out_of_the_archive_is_in_the_list_again(as_aigerim, items):
    address = f"{WARDROBE}/{items['coat'].pk}"
    as_aigerim.put(address, {"is_archived": True})

    as_aigerim.put(address, {"is_archived": False})

    assert names(as_aigerim) == ["hat", "scarf", "coat"]
