"""Asking again: the same picture for nothing, others beside it, another one for a bad one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.models import Transaction
from billing.tests.test_ledger import at_once
from core import storage
from generations import drawing, engines, pipeline, store
from generations.engines.base import Picture
from generations.models import Generation
from generations.requests import PhotoGone, report, request_design, request_try_on, reroll
from generations.tests.engines.fakes import jpeg
from wardrobe.models import UserWardrobeItem

GENERATE = "/api/v1/generations/generate"
PRICE, TRY_ON = 250, 150


class Quick:
    def design(self, request):
        return Picture(jpeg(size=(64, 64)), "quick", "1", request.seed)

    try_on = design


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(drawing.engines, "load", lambda _: Quick())


@pytest.fixture
def red(aigerim):
    """A finished red dress of Aigerim's, who had 1000 ₸."""
    return made(request_design(aigerim, "a red dress"))


def made(generation):
    pipeline.run(generation.pk)
    generation.refresh_from_db()
    assert generation.status == "succeeded"
    return generation


def spent(user):
    user.refresh_from_db()
    return int(1000 - user.balance)


def test_the_same_again_is_the_same_picture_for_nothing(as_aigerim, aigerim, red):
    response = as_aigerim.post(GENERATE, {"prompt": "a red dress"})

    body = response.json()
    assert (response.status_code, body["id"], body["status"]) == (200, red.pk, "succeeded")
    assert (body["charge_info"]["charged"], body["charge_info"]["amount"]) == (False, 0)
    assert (spent(aigerim), Generation.objects.count()) == (PRICE, 1)


@pytest.mark.parametrize("other", [{"prompt": "a blue dress"}, {"seed": 1}])
def test_anything_else_is_another_picture(as_aigerim, aigerim, red, other):
    response = as_aigerim.post(GENERATE, {"prompt": "a red dress", **other})

    assert (response.status_code, spent(aigerim)) == (202, 2 * PRICE)


def test_other_engines_make_other_pictures(aigerim, red, settings, monkeypatch):
    monkeypatch.setitem(engines.DESIGN, "other", "x.Y")
    settings.DESIGN_ENGINES = ["other"]

    assert request_design(aigerim, "a red dress") != red


def test_what_another_person_made_is_theirs(timur, red):
    timur.free_generations_left = 1
    timur.save(update_fields=["free_generations_left"])

    assert request_design(timur, "a red dress") != red


def test_a_deleted_picture_is_made_anew(as_aigerim, aigerim, red):
    as_aigerim.delete(f"/api/v1/generations/{red.pk}")

    assert request_design(aigerim, "a red dress") != red
    assert spent(aigerim) == 2 * PRICE


def test_it_is_kept_in_the_wardrobe_once_if_asked_for(aigerim, red):
    for _ in range(2):
        request_design(aigerim, "a red dress", save_to_wardrobe=True)

    assert UserWardrobeItem.objects.get().generation == red


def test_a_try_on_depends_on_the_photo_and_on_the_garments_picture(aigerim, dress_on_sale, picture):
    first = made(request_try_on(aigerim, dress_on_sale, picture))

    assert request_try_on(aigerim, dress_on_sale, picture) == first
    assert request_try_on(aigerim, dress_on_sale, jpeg()) != first
    storage.write(dress_on_sale.images[0], jpeg())
    assert request_try_on(aigerim, dress_on_sale, picture) != first
    assert spent(aigerim) == 3 * TRY_ON


def test_up_to_four_variants_are_made_and_paid_each(as_aigerim, aigerim):
    response = as_aigerim.post(GENERATE, {"prompt": "a red dress", "n": 4, "seed": 5})

    body = response.json()
    rows = Generation.objects.order_by("pk")
    assert response.status_code == 202
    assert body["variants"] == [row.pk for row in rows]
    assert [row.seed for row in rows] == [5, 6, 7, 8]
    assert spent(aigerim) == 4 * PRICE
    made(rows[0])
    kinds = Transaction.objects.filter(user=aigerim, amount__lt=0).values_list("type", flat=True)
    assert list(kinds) == [Transaction.Type.GENERATION_CHARGE] * 4


def test_without_money_for_all_none_is_made(as_aigerim, aigerim):
    made(request_design(aigerim, "a coat"))

    response = as_aigerim.post(GENERATE, {"prompt": "a red dress", "n": 4})

    assert (response.status_code, spent(aigerim)) == (402, PRICE)
    assert Generation.objects.count() == 1


@pytest.mark.parametrize("n", [0, 5, "many"])
def test_other_numbers_are_refused(as_aigerim, n):
    assert as_aigerim.post(GENERATE, {"prompt": "a dress", "n": n}).status_code == 422


def test_where_some_are_new_it_is_not_finished(as_aigerim, red):
    response = as_aigerim.post(GENERATE, {"prompt": "a red dress", "n": 2})

    assert (response.status_code, response.json()["variants"][0]) == (202, red.pk)


def test_a_bad_picture_is_made_anew_for_nothing(as_aigerim, aigerim, red):
    address = f"/api/v1/generations/{red.pk}"
    complaint = {"complaint": "One sleeve is missing."}
    assert as_aigerim.post(f"{address}/report", complaint).status_code == 200

    response = as_aigerim.post(f"{address}/reroll", {"seed": 9})

    body = response.json()
    assert (response.status_code, body["seed"], body["prompt"]) == (202, 9, "a red dress")
    assert (body["charge_info"]["charged"], spent(aigerim)) == (False, PRICE)
    red.refresh_from_db()
    assert red.complaint == "One sleeve is missing."


def test_one_a_day_is_free(aigerim, red):
    report(red)
    first = reroll(red, seed=1)
    second = reroll(red, seed=2)

    assert (first.cost, second.cost) == (0, PRICE)
    Generation.objects.filter(pk=first.pk).update(free_on=timezone.localdate() - timedelta(days=1))
    assert reroll(red, seed=3).cost == 0


def test_without_a_report_it_costs_as_usual(aigerim, red):
    assert reroll(red, seed=1).cost == PRICE


def test_a_free_one_that_fails_may_be_tried_again(aigerim, red, monkeypatch):
    aigerim.refresh_from_db()
    report(red)
    pipeline.call_off(reroll(red, seed=1))

    again = reroll(red, seed=2)

    aigerim.refresh_from_db()
    assert (again.cost, aigerim.free_generations_left, spent(aigerim)) == (0, 0, PRICE)


def test_a_try_on_is_made_anew_while_its_photo_is_kept(aigerim, dress_on_sale, picture):
    first = made(request_try_on(aigerim, dress_on_sale, picture))
    again = reroll(first, seed=1)

    assert storage.read(again.original) == storage.read(first.original)
    assert (again.product, again.garments) == (dress_on_sale, first.garments)
    storage.delete(first.original)
    with pytest.raises(PhotoGone):
        reroll(first, seed=2)


def test_what_is_not_finished_is_not_reported(as_aigerim, aigerim):
    generation = request_design(aigerim, "a red dress")

    response = as_aigerim.post(f"/api/v1/generations/{generation.pk}/report", {})

    assert (response.status_code, response.json()["code"]) == (409, "no_picture_yet")


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_one_is_free(aigerim, red, settings):
    settings.LIMIT_GENERATIONS_RUNNING = 100
    report(red)

    at_once(10, lambda number: reroll(red, seed=number + 1))

    free = Generation.objects.filter(free_on__isnull=False)
    assert free.count() == 1
    assert spent(aigerim) == PRICE + PRICE * 3  # all that she had


@pytest.mark.django_db(transaction=True)
def test_the_database_lets_no_second_one_be_free(aigerim, red, monkeypatch, settings):
    settings.LIMIT_GENERATIONS_RUNNING = 100
    report(red)
    monkeypatch.setattr(store, "is_free_today", lambda user, day: True)

    outcomes = at_once(5, lambda number: reroll(red, seed=number + 1))

    assert outcomes.count("IntegrityError") == 4
    assert Generation.objects.filter(free_on__isnull=False).count() == 1
