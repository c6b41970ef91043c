"""The text that people agree to: public, in three languages, and tied to its version."""

import hashlib

from django.utils.translation import override

from config.personal_data import photo_consent

# Whoever changes the text decides whether it means something else, and then makes a new version.
FINGERPRINTS = {"2026-11": "89172b14c12775cc"}


def test_anybody_may_read_it(client, settings):
    response = client.get("/legal/photo-consent/")

    assert response.status_code == 200
    assert "Your photos and your consent" in response.text
    assert "Version 2026-11" in response.text
    assert response.text.count("<section>") == len(photo_consent.SECTIONS)


def test_clients_get_the_same(anyone):
    body = anyone.get("/api/v1/legal/photo-consent").json()

    assert (body["kind"], body["version"]) == ("photo_processing", "2026-11")
    assert [section["title"] for section in body["sections"]] == [
        str(title) for title, _ in photo_consent.SECTIONS
    ]


def test_the_first_page_leads_there(client, db):
    assert 'href="/legal/photo-consent/"' in client.get("/").text


def test_another_text_is_another_version(settings):
    version = settings.CONSENT_VERSIONS["photo_processing"]
    with override("en"):
        text = "\n".join([str(photo_consent.TITLE), *map(str, sum(photo_consent.SECTIONS, ()))])

    assert FINGERPRINTS[version] == hashlib.sha256(text.encode()).hexdigest()[:16]
