"""Bodies that no rule could make sense of are answered, never with a 500."""

import json

import pytest

WARDROBE = "/api/v1/wardrobe"
DEEP = "[" * 100_000 + "]" * 100_000


def send(client, address, body, kind="application/json"):
    return client.generic("POST", address, body, content_type=kind)


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        '{"name": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"name": "x", "price": 1e999}',
        '{"name": "x", "category_id": 1e999}',
        '{"name": "x", "price": NaN}',
        '{"name": "x", "characteristics": ' + '{"a":' * 30 + "1" + "}" * 31,
    ],
)
def test_json_that_cannot_be_stored_is_refused(as_aigerim, body):
    response = send(as_aigerim, WARDROBE, body)

    assert (response.status_code, response.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize("body", [DEEP, '{"code": "x", "account_type": "\\ud800"}'])
def test_a_stranger_is_answered_too(anyone, body, db):
    for address in ("auth/refresh", "auth/google/login"):
        assert send(anyone, f"/api/v1/{address}", body).status_code == 400


@pytest.mark.parametrize("text", [DEEP, '{"a": "\\ud800"}', '{"a": 1e999}', "{"])
def test_json_inside_a_form_is_refused_by_name(as_aigerim, text):
    sent = {"name": "x", "characteristics": text}
    response = as_aigerim.post(WARDROBE, sent, format="multipart")
    named = as_aigerim.post(WARDROBE, {"name": "x", "image_urls": text}, format="multipart")

    assert (response.status_code, named.status_code) == (422, 422)
    assert response.json()["errors"][0]["pointer"] == "/characteristics"


@pytest.mark.parametrize("body", ["[1]", '"abc"', "5", "null"])
def test_anything_but_an_object_is_refused(as_aigerim, body):
    for address in ("wardrobe", "generations/try-on", "generations/generate"):
        assert send(as_aigerim, f"/api/v1/{address}", body).status_code == 422


def test_a_form_in_another_encoding_is_refused(as_aigerim):
    kind = "application/x-www-form-urlencoded; charset=punycode"

    assert send(as_aigerim, WARDROBE, b"name=x", kind).status_code == 415


def test_a_broken_multipart_body_is_a_problem(as_aigerim):
    response = send(as_aigerim, WARDROBE, b"zzz", "multipart/form-data; boundary=x")

    assert response.status_code in {400, 422}
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("url", ["http://[", "/uploads/users/1/" + "a" * 400])
def test_an_address_that_is_none_is_an_unknown_upload(as_aigerim, aigerim, url):
    own = url.replace("/1/", f"/{aigerim.pk}/")

    response = as_aigerim.post(WARDROBE, {"name": "x", "image_urls": [own]})

    assert (response.status_code, response.json()["code"]) == (422, "unknown_upload")


def test_too_many_characteristics_are_refused(as_aigerim):
    many = {str(number): number for number in range(51)}

    response = as_aigerim.post(WARDROBE, {"name": "x", "characteristics": json.dumps(many)})

    assert response.json()["errors"][0]["pointer"] == "/characteristics"


def test_a_long_avatar_address_is_refused(as_aigerim):
    response = as_aigerim.put("/api/v1/users/me", {"avatar_url": "https://" + "a" * 600})

    assert response.json()["errors"][0]["pointer"] == "/avatar_url"
