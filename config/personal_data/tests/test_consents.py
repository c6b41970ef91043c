"""Consent: asked for before the first photo, kept as proof, and taken back with the photos."""

from decimal import Decimal

import pytest

from accounts import consents
from accounts.models import Consent
from config.personal_data.tests.conftest import files
from generations import pipeline
from generations.models import Generation
from generations.requests import request_try_on

CONSENTS = "/api/v1/users/me/consents"
PHOTOS = f"{CONSENTS}/photo_processing"
AGREEMENT = {"kind": "photo_processing", "version": "2026-11"}


def agree(client, **changes):
    return client.post(CONSENTS, {**AGREEMENT, **changes})


def test_without_it_a_photo_is_not_even_looked_at(as_dana, dana, ask, published, picture):
    with published() as events:
        response = ask(as_dana)

    body = response.json()
    page = "http://127.0.0.1:8000/legal/photo-consent/"
    assert (response.status_code, body["code"]) == (428, "consent_required")
    assert body["consent"] == {**AGREEMENT, "page": page}
    assert body["detail"].endswith(f"version 2026-11: {page}")
    assert not Generation.objects.exists()
    assert files("generations/") == []
    assert not dana.transactions.exists()
    assert events == []


def test_it_comes_before_every_other_complaint(as_dana, ask):
    response = as_dana.post("/api/v1/generations/try-on", {"product_id": "none"})

    assert response.status_code == 428


def test_an_uploaded_photo_needs_it_too(as_dana, ask, upload):
    address = upload(as_dana)

    response = ask(as_dana, user_image_url=address)

    assert response.status_code == 428
    assert files("generations/") == []


def test_the_domain_asks_for_it_whoever_calls(dana, dress_on_sale, picture):
    with pytest.raises(consents.ConsentRequired):
        request_try_on(dana, dress_on_sale, picture)


def test_words_alone_need_none(as_dana, dana):
    dana.free_generations_left = 1
    dana.save(update_fields=["free_generations_left"])

    response = as_dana.post("/api/v1/generations/generate", {"prompt": "a red dress"})

    assert response.status_code == 202


def test_with_it_the_photo_is_taken(as_dana, dana, ask):
    dana.free_try_ons_left = 1
    dana.save(update_fields=["free_try_ons_left"])
    response = as_dana.post(CONSENTS, AGREEMENT, HTTP_USER_AGENT="Phone 1")

    assert response.status_code == 201
    assert response.json()["is_current"] is True
    kept = dana.consents.get()
    assert (kept.ip, kept.user_agent) == ("127.0.0.1", "Phone 1")
    assert ask(as_dana).status_code == 202


def test_agreeing_twice_is_one_consent(as_dana, dana):
    assert agree(as_dana).json() == agree(as_dana).json()
    assert dana.consents.count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"version": "2020-01"}, 409, "consent_outdated"),
        ({"kind": "marketing"}, 422, "invalid"),
        ({"ip": "1.2.3.4"}, 422, "invalid"),
        ({"withdrawn_at": None}, 422, "invalid"),
    ],
)
def test_only_the_text_of_today_can_be_agreed_to(as_dana, changes, status, code):
    response = agree(as_dana, **changes)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not Consent.objects.exists()


def test_a_new_text_is_agreed_to_anew(as_aigerim, aigerim, ask, settings):
    settings.CONSENT_VERSIONS = {"photo_processing": "2027-01"}

    assert ask(as_aigerim).json()["consent"]["version"] == "2027-01"
    agree(as_aigerim, version="2027-01")

    assert ask(as_aigerim).status_code == 202
    listed = [(row["version"], row["is_current"]) for row in as_aigerim.get(CONSENTS).json()]
    assert listed == [("2027-01", True), ("2026-11", False)]


def test_nobody_sees_the_consents_of_others(as_aigerim, as_dana):
    assert len(as_aigerim.get(CONSENTS).json()) == 1
    assert as_dana.get(CONSENTS).json() == []


def test_a_shop_has_none(as_atelier):
    assert as_atelier.get(CONSENTS).status_code == 403


def test_withdrawing_deletes_the_photos_and_stops_what_runs(
    transactional_db, as_aigerim, aigerim, ask, upload, work, as_timur, timur
):
    timur.free_try_ons_left = 1
    timur.save(update_fields=["free_try_ons_left"])
    of_timur = ask(as_timur).json()
    ask(as_aigerim)
    work()  # a plain picture shows no person: the try-ons fail and are paid back
    running = Generation.objects.get(pk=ask(as_aigerim).json()["id"])
    pipeline._claimed(running.pk)
    waiting = ask(as_aigerim).json()
    upload(as_aigerim)

    response = as_aigerim.delete(PHOTOS)

    assert response.status_code == 200
    assert files() == [f"generations/{timur.pk}/{of_timur['id']}_original.jpg", *files("shops/")]
    shown = as_aigerim.get(f"/api/v1/generations/{waiting['id']}").json()
    assert (shown["status"], shown["original_url"]) == ("failed", None)
    assert shown["error"]["code"] == "canceled"
    aigerim.refresh_from_db()
    assert aigerim.balance == Decimal(1000)
    consent = aigerim.consents.get()
    assert consent.withdrawn_at is not None
    assert ask(as_aigerim).status_code == 428
    assert pipeline._release(running, status="succeeded", result="x") is False


def test_what_was_finished_stays(transactional_db, as_aigerim, aigerim, work):
    drawn = as_aigerim.post("/api/v1/generations/generate", {"prompt": "a red dress"}).json()
    work()

    as_aigerim.delete(PHOTOS)

    assert files("generations/") == [f"generations/{aigerim.pk}/{drawn['id']}_result.jpg"]


def test_what_is_not_given_cannot_be_withdrawn(as_dana, as_aigerim):
    assert as_dana.delete(PHOTOS).status_code == 404
    assert as_aigerim.delete(f"{CONSENTS}/everything").status_code == 404


def test_agreeing_again_begins_anew(as_aigerim, aigerim, ask):
    as_aigerim.delete(PHOTOS)
    agree(as_aigerim)

    assert ask(as_aigerim).status_code == 202
    assert aigerim.consents.count() == 2
