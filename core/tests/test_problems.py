"""Every error is problem+json with a detail a person can read."""

import pytest


def test_an_unknown_address_is_a_problem(anyone):
    response = anyone.get("/api/v1/nowhere", HTTP_X_REQUEST_ID="abc-1")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "not_found",
        "detail": "There is nothing at this address.",
        "instance": "/api/v1/nowhere",
        "request_id": "abc-1",
    }


@pytest.mark.django_db
def test_field_errors_stand_in_errors_and_in_detail(as_atelier):
    response = as_atelier.post("/api/v1/products", {"price": "x"})

    body = response.json()
    assert response.status_code == 422
    assert {error["pointer"] for error in body["errors"]} == {"/name", "/price"}
    assert "name: This field is required." in body["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "code"), [(b"{", "malformed_json"), (b"\xff", "not_utf8"), (b"[1]", "invalid")]
)
def test_nonsense_in_the_body_is_a_problem(as_aigerim, sent, code):
    response = as_aigerim.generic("POST", "/api/v1/wardrobe", sent, "application/json")

    assert response.status_code in {400, 422}
    assert response.json()["code"] == code


@pytest.mark.django_db
def test_a_wrong_method_and_a_wrong_type_are_problems(as_aigerim):
    assert as_aigerim.patch("/api/v1/users/me", {}).json()["code"] == "method_not_allowed"
    response = as_aigerim.generic("POST", "/api/v1/wardrobe", b"<x/>", "application/xml")
    assert response.json()["code"] == "unsupported_media_type"


@pytest.mark.django_db
def test_addresses_work_with_and_without_a_slash(anyone):
    assert anyone.get("/api/v1/products").status_code == 200
    assert anyone.get("/api/v1/products/").status_code == 200


@pytest.mark.django_db
def test_other_sites_may_read_errors_too(anyone, settings):
    origin = settings.CORS_ALLOWED_ORIGINS[0]

    response = anyone.get("/api/v1/nowhere", HTTP_ORIGIN=origin)

    assert response["Access-Control-Allow-Origin"] == origin
    assert "Access-Control-Allow-Origin" not in anyone.get(
        "/api/v1/nowhere", HTTP_ORIGIN="https://elsewhere.example"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("limit", ["0", "-1", "x", "1000000", "9" * 400, ""])
def test_a_senseless_limit_never_breaks_a_list(anyone, limit):
    assert anyone.get("/api/v1/products", {"limit": limit, "skip": limit}).status_code == 200
