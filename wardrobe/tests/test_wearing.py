"""The diary of wearing, and what it says of a wardrobe."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from billing.tests.test_ledger import at_once
from wardrobe import keeping
from wardrobe.models import UserWardrobeItem, Wear
from wardrobe.outfits import composing
from wardrobe.wearing import diary

WEARS = "/api/v1/wardrobe/wears"
STATS = "/api/v1/wardrobe/stats"
DAY = date(2026, 3, 21)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def coat(aigerim):
    return keeping.keep(aigerim, "uploaded", name="Coat", price=10000)


@pytest.fixture
def hat(aigerim):
    return keeping.keep(aigerim, "uploaded", name="Hat")


def lines(user):
    return sorted(user.wears.values_list("item__name", "day", "is_planned"))


def names(client, **query):
    return [item["name"] for item in client.get(f"{STATS}/items", query).json()["items"]]


def test_what_was_worn_is_written_down(as_aigerim, aigerim, coat, hat, published):
    with published() as events:
        response = as_aigerim.post(WEARS, {"day": "2026-03-21", "items": [hat.pk, coat.pk]})

    assert response.status_code == 200
    assert lines(aigerim) == [("Coat", DAY, False), ("Hat", DAY, False)]
    assert {line["item_id"] for line in response.json()} == {coat.pk, hat.pk}
    about = {"action": "worn", "day": "2026-03-21", "items": [coat.pk, hat.pk]}
    assert events == [(f"user:{aigerim.pk}", "wear_updated", {**about, "user_id": aigerim.pk})]


def test_an_outfit_stands_for_its_items(as_aigerim, aigerim, coat, hat):
    wishes = [{"item_id": coat.pk}, {"item_id": hat.pk}]
    outfit = composing.compose(aigerim, wishes, name="Winter")

    written = as_aigerim.post(WEARS, {"day": "2026-03-21", "outfit_id": outfit.pk}).json()

    assert {line["outfit_id"] for line in written} == {outfit.pk}
    assert len(lines(aigerim)) == 2
    composing.take_apart(outfit)
    assert set(aigerim.wears.values_list("outfit", flat=True)) == {None}


def test_twice_a_day_is_once(as_aigerim, aigerim, coat):
    for _ in range(2):
        as_aigerim.post(WEARS, {"day": "2026-03-21", "items": [coat.pk, coat.pk]})

    assert lines(aigerim) == [("Coat", DAY, False)]


def test_a_plan_turns_out_to_be_worn_and_not_the_other_way_round(aigerim, coat):
    diary.write(aigerim, DAY, [coat.pk], is_planned=True)
    assert lines(aigerim) == [("Coat", DAY, True)]

    diary.write(aigerim, DAY, [coat.pk])
    diary.write(aigerim, DAY, [coat.pk], is_planned=True)

    assert lines(aigerim) == [("Coat", DAY, False)]


def test_tomorrow_can_be_planned_and_not_worn(as_aigerim, aigerim, coat, today):
    tomorrow = {"day": str(today + timedelta(days=1)), "items": [coat.pk]}

    worn = as_aigerim.post(WEARS, tomorrow)
    planned = as_aigerim.post(WEARS, {**tomorrow, "is_planned": True})

    assert (worn.status_code, worn.json()["code"]) == (422, "not_yet")
    assert [line["is_planned"] for line in planned.json()] == [True]
    far = {**tomorrow, "is_planned": True, "day": str(today + timedelta(days=367))}
    assert as_aigerim.post(WEARS, far).json()["code"] == "not_yet"


@pytest.mark.parametrize(
    "wish",
    [
        {"day": "2026-03-21"},
        {"day": "2026-03-21", "items": [1], "outfit_id": 1},
        {"day": "1999-12-31", "items": [1]},
        {"day": "today", "items": [1]},
    ],
)
def test_senseless_lines_are_refused(as_aigerim, wish):
    assert as_aigerim.post(WEARS, wish).status_code == 422


def test_the_calendar_is_a_span_of_the_diary(as_aigerim, aigerim, coat):
    for number in range(4):
        is_planned = number == 3
        diary.write(aigerim, DAY + timedelta(days=number), [coat.pk], is_planned=is_planned)

    def days(**query):
        return [line["day"] for line in as_aigerim.get(WEARS, query).json()["wears"]]

    assert days(day_from="2026-03-22", day_to="2026-03-23") == ["2026-03-23", "2026-03-22"]
    assert days(is_planned="true") == ["2026-03-24"]
    assert as_aigerim.get(WEARS, {"day_from": "soon"}).status_code == 422


def test_a_line_is_struck_out(as_aigerim, aigerim, coat, published):
    [line] = diary.write(aigerim, DAY, [coat.pk])

    with published() as events:
        assert as_aigerim.delete(f"{WEARS}/{line.pk}").json()["id"] == line.pk

    assert lines(aigerim) == []
    assert [data["action"] for _, _, data in events] == ["removed"]


def test_strangers_write_nothing_about_it(as_timur, timur, aigerim, coat):
    [line] = diary.write(aigerim, DAY, [coat.pk])
    outfit = composing.compose(aigerim, [{"item_id": coat.pk}], name="x")

    answers = [
        as_timur.post(WEARS, {"day": "2026-03-21", "items": [coat.pk]}),
        as_timur.post(WEARS, {"day": "2026-03-21", "outfit_id": outfit.pk}),
        as_timur.delete(f"{WEARS}/{line.pk}"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (lines(timur), lines(aigerim)) == ([], [("Coat", DAY, False)])


def test_the_database_refuses_a_line_about_an_item_of_somebody_else(timur, coat):
    @transaction.atomic
    def write():
        Wear.objects.create(user=timur, item=coat, day=DAY)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="worn_by_its_owner"):
        write()


def test_the_price_is_shared_among_the_days(as_aigerim, aigerim, coat, hat, today):
    for number in range(3):
        diary.write(aigerim, DAY + timedelta(days=number), [coat.pk, hat.pk])
    diary.write(aigerim, today + timedelta(days=1), [coat.pk], is_planned=True)

    stats = {each["name"]: each for each in as_aigerim.get(f"{STATS}/items").json()["items"]}

    kept = ("times_worn", "last_worn_on", "cost_per_wear")
    assert [stats["Coat"][name] for name in kept] == [3, "2026-03-23", 3333.33]
    assert [stats["Hat"][name] for name in kept] == [3, "2026-03-23", None]


def test_what_was_never_worn(as_aigerim, aigerim, coat, hat, today):
    diary.write(aigerim, DAY, [coat.pk])
    diary.write(aigerim, today, [hat.pk], is_planned=True)

    assert names(as_aigerim, never_worn="true") == ["Hat"]
    assert names(as_aigerim, never_worn="false") == ["Coat"]
    assert as_aigerim.get(STATS).json()["never_worn"] == 1


def test_what_was_not_worn_for_long(as_aigerim, aigerim, coat, hat, today):
    """A new item is no old friend: it has to have been there for as long."""
    scarf = keeping.keep(aigerim, "uploaded", name="Scarf")
    old = timezone.now() - timedelta(days=100)
    UserWardrobeItem.objects.filter(pk__in=[coat.pk, hat.pk]).update(created_at=old)
    diary.write(aigerim, today - timedelta(days=91), [coat.pk])
    diary.write(aigerim, today - timedelta(days=90), [hat.pk])

    assert names(as_aigerim, not_worn_days="90") == ["Coat"]
    assert names(as_aigerim, not_worn_days="89") == ["Hat", "Coat"]
    assert scarf.name not in names(as_aigerim, not_worn_days="1")
    for senseless in ("0", "3651", "1.5", "x"):
        assert as_aigerim.get(f"{STATS}/items", {"not_worn_days": senseless}).status_code == 422


def test_what_is_archived_is_no_reproach(as_aigerim, coat, hat):
    keeping.update_item(coat, archived_at=timezone.now())

    assert names(as_aigerim) == ["Hat"]


@pytest.mark.django_db(transaction=True)
def test_many_devices_write_one_line(aigerim, coat):
    outcomes = at_once(8, lambda number: diary.write(aigerim, DAY, [coat.pk]))

    assert outcomes == ["list"] * 8
    assert lines(aigerim) == [("Coat", DAY, False)]
