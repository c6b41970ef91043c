"""Bodies that no rule could make sense of are answered, never with a 500."""

import json

import pytest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.bodies import valid
from core.problems import _field_errors

WARDROBE = "/api/v1/wardrobe"
DEEP = "[" * 100_000 + "]" * 100_000


def send(client, address, body, kind="application/json"):
    return client.generic("POST", address, body, content_type=kind)


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


def test_a_field_of_a_form_that_holds_one_value_is_sent_once(as_aigerim):
    sent = "name=Hat&name=Cap&image_urls=a&image_urls=b"

    response = send(as_aigerim, WARDROBE, sent, "application/x-www-form-urlencoded")

    [error] = response.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/name", "repeated")


def test_unknown_fields_are_refused_at_any_depth():
    class Name(serializers.Serializer):
        first = serializers.CharField()

    class Person(serializers.Serializer):
        name = Name()
        others = Name(many=True)
        lists = serializers.ListField(child=Name())

    known = {"first": "A"}
    unknown = {"first": "A", "a/b~c": 1}
    sent = {"name": unknown, "others": [known, unknown], "lists": [unknown], "x": None}

    with pytest.raises(ValidationError) as refused:
        valid(Person(data=sent))

    pointers = [error["pointer"] for error in _field_errors(refused.value.detail)]
    assert sorted(pointers) == ["/lists/0/a~1b~0c", "/name/a~1b~0c", "/others/1/a~1b~0c", "/x"]
    assert valid(Person(data={"name": known, "others": [known], "lists": []}))["name"] == known


def test_a_client_may_send_back_what_it_got(as_atelier, as_aigerim, dress):
    product = as_atelier.get(f"/api/v1/products/{dress.pk}").json()
    shop = as_atelier.get("/api/v1/shops/me").json()
    person = as_aigerim.get("/api/v1/users/me").json()
    item = as_aigerim.post(WARDROBE, {"name": "Hat"}).json()

    assert as_atelier.put(f"/api/v1/products/{dress.pk}", product).status_code == 200
    assert as_atelier.put("/api/v1/shops/me", shop).status_code == 200
    assert as_aigerim.put("/api/v1/users/me", person).status_code == 200
    assert as_aigerim.put(f"{WARDROBE}/{item['id']}", item).status_code == 200


@pytest.mark.parametrize(
    ("who", "address", "sent", "status"),
    [
        ("as_aigerim", "users/me/topup", {"amount": 500, "payment_type": "top_up"}, 201),
        ("as_admin", "admin/products/{}/approve", {"action": "approve", "notes": "ok"}, 200),
        ("as_admin", "admin/moderation/{}/reject", {"action": "reject", "notes": "Blurred"}, 200),
        ("as_aigerim", "generations/generate", {"prompt": "a hat", "userImageUrl": None}, 202),
        (
            "as_aigerim",
            "generations/generate",
            {"prompt": "a hat", "user_image_url": "", "saveToWardrobe": True},
            202,
        ),
    ],
)
def test_what_older_clients_say_besides_is_taken(request, dress, who, address, sent, status):
    client = request.getfixturevalue(who)

    assert client.post(f"/api/v1/{address}".format(dress.pk), sent).status_code == status


def test_the_older_spelling_means_the_same(as_aigerim, aigerim):
    as_aigerim.post("/api/v1/generations/generate", {"prompt": "a hat", "saveToWardrobe": True})

    assert aigerim.generations.get().save_to_wardrobe
