"""Having a garment drawn: the price is held, the worker draws, the money is kept or given back."""

from decimal import Decimal

from billing.models import Transaction
from generations.models import Generation

GENERATE = "/api/v1/generations/generate"


def lines(user):
    return [str(line.amount) for line in user.transactions.order_by("account_seq")]


def test_the_price_is_held_and_the_work_queued(as_aigerim, aigerim, published):
    with published() as events:
        response = as_aigerim.post(GENERATE, {"prompt": "a blue linen dress"})

    assert response.status_code == 202
    body = response.json()
    assert (body["status"], body["cost"], body["image_url"]) == ("queued", 250, None)
    assert response["Location"] == f"/api/v1/generations/{body['id']}"
    assert body["charge_info"]["balance_remaining"] == 750
    assert lines(aigerim) == ["1000.00", "-250.00"]
    assert [kind for _, kind, _ in events] == ["balance_updated", "generation_updated"]


def test_the_finished_picture_is_private_and_kept_if_asked(
    as_aigerim, aigerim, anyone, published, work
):
    body = as_aigerim.post(
        GENERATE, {"prompt": "красное платье в клетку", "save_to_wardrobe": True}
    ).json()

    with published() as events:
        assert work() == 1

    shown = as_aigerim.get(f"/api/v1/generations/{body['id']}").json()
    assert shown["status"] == "succeeded"
    item = aigerim.wardrobe.get()
    assert (item.source, item.name) == ("generated", "красное платье в клетку")
    assert shown["wardrobe_item_id"] == item.pk
    assert [(kind, data.get("status")) for _, kind, data in events] == [
        ("generation_updated", "running"),
        ("wardrobe_updated", None),
        ("generation_updated", "succeeded"),
    ]
    link = shown["image_url"].removeprefix("http://127.0.0.1:8000")
    assert anyone.get(link).content.startswith(b"\xff\xd8")
    assert anyone.get(link.partition("?")[0]).status_code == 404
    revenue = Transaction.objects.get(system_account="generation_revenue")
    assert revenue.amount == Decimal(250)


def test_a_prompt_without_a_garment_gives_the_money_back(as_aigerim, aigerim, work):
    body = as_aigerim.post(GENERATE, {"prompt": "hello there"}).json()

    work()

    shown = as_aigerim.get(f"/api/v1/generations/{body['id']}").json()
    assert (shown["status"], shown["error"]["code"]) == ("failed", "prompt_no_garment")
    aigerim.refresh_from_db()
    assert aigerim.balance == Decimal(1000)
    assert lines(aigerim) == ["1000.00", "-250.00", "250.00"]


def test_free_ones_are_used_before_the_balance(as_aigerim, aigerim, work):
    aigerim.free_generations_left = 1
    aigerim.save(update_fields=["free_generations_left"])

    first = as_aigerim.post(GENERATE, {"prompt": "шорты"}).json()
    second = as_aigerim.post(GENERATE, {"prompt": "шорты"}).json()

    assert (first["cost"], second["cost"]) == (0, 250)
    assert first["charge_info"] == {
        "charged": False,
        "amount": 0,
        "free_remaining": 0,
        "message": "This one is free.",
    }


def test_a_failed_free_one_is_given_back(as_timur, timur, work):
    timur.free_generations_left = 1
    timur.save(update_fields=["free_generations_left"])
    as_timur.post(GENERATE, {"prompt": "hello there"})

    work()

    timur.refresh_from_db()
    assert timur.free_generations_left == 1


def test_nothing_happens_without_the_money(as_timur, timur, published):
    with published() as events:
        response = as_timur.post(GENERATE, {"prompt": "a dress"})

    assert response.status_code == 402
    assert response.json()["code"] == "insufficient_funds"
    assert not Generation.objects.exists()
    assert events == []


def test_a_stranger_finds_nothing(as_aigerim, as_timur):
    body = as_aigerim.post(GENERATE, {"prompt": "a dress"}).json()

    foreign = as_timur.get(f"/api/v1/generations/{body['id']}")
    missing = as_timur.get("/api/v1/generations/999999")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["detail"] == missing.json()["detail"]
