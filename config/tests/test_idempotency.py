"""What a client asks for twice under one Idempotency-Key happens once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient, APIRequestFactory

from accounts.tests.signed_requests import Device, send_signed, stepped_up
from billing import ledger
from billing.models import Payment, Posting, Transaction
from billing.tests.test_ledger import at_once
from conftest import funded, signed_in
from core import idempotency
from core.models import IdempotencyKey
from core.principal import Principal, Role
from generations.models import Generation
from orders.models import Order

GENERATE = "/api/v1/generations/generate"
TOPUP = "/api/v1/users/me/topup"
BODY = {"prompt": "a blue linen dress"}
KEY = {"HTTP_IDEMPOTENCY_KEY": 'order 66: the "blue" one'}
pytestmark = pytest.mark.usefixtures("unlimited")


def buy(client, product, **headers):
    return client.post(f"/api/v1/products/{product.pk}/purchase", {"quantity": 1}, **headers)


def balance(account):
    account.refresh_from_db()
    return account.balance


def test_the_same_answer_comes_again_and_nothing_else(as_aigerim, aigerim, published):
    first = as_aigerim.post(GENERATE, BODY, **KEY)

    with published() as events:
        second = as_aigerim.post(GENERATE, BODY, **KEY)

    assert (first.status_code, second.status_code) == (202, 202)
    assert second.content == first.content
    assert second["Location"] == first["Location"]
    assert second["Content-Type"] == first["Content-Type"]
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Generation.objects.count() == 1
    assert balance(aigerim) == Decimal(750)
    assert events == []


def test_without_a_key_it_happens_as_often_as_it_is_asked(as_aigerim, aigerim):
    """The negative control."""
    as_aigerim.post(GENERATE, BODY)
    as_aigerim.post(GENERATE, BODY)

    assert balance(aigerim) == Decimal(500)
    assert not IdempotencyKey.objects.exists()


def test_another_body_under_the_key_is_refused(as_aigerim, aigerim):
    as_aigerim.post(GENERATE, BODY, **KEY)

    response = as_aigerim.post(GENERATE, {"prompt": "a red one"}, **KEY)

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert balance(aigerim) == Decimal(750)


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "a\tb"])
def test_a_key_is_printable_and_not_long(as_aigerim, key):
    response = as_aigerim.post(TOPUP, {"amount": 500}, HTTP_IDEMPOTENCY_KEY=key)

    assert (response.status_code, response.json()["code"]) == (400, "bad_idempotency_key")
    assert not Payment.objects.exists()


def test_the_longest_key_is_kept(as_aigerim):
    longest = {"HTTP_IDEMPOTENCY_KEY": "x" * 255}
    as_aigerim.post(TOPUP, {"amount": 500}, **longest)

    assert as_aigerim.post(TOPUP, {"amount": 500}, **longest)["Idempotency-Replayed"] == "true"


def test_anothers_key_is_another_key(as_aigerim, as_timur):
    as_aigerim.post(TOPUP, {"amount": 500}, **KEY)

    response = as_timur.post(TOPUP, {"amount": 500}, **KEY)

    assert response.status_code == 201
    assert "Idempotency-Replayed" not in response
    assert Payment.objects.count() == 2


def test_the_key_of_one_address_is_none_of_another(as_aigerim, aigerim, dress_on_sale):
    orders = [buy(as_aigerim, dress_on_sale).json()["id"] for _ in range(2)]

    cancelled = [as_aigerim.post(f"/api/v1/orders/{pk}/cancel", **KEY) for pk in orders]

    assert [response.json()["id"] for response in cancelled] == orders
    assert balance(aigerim) == Decimal(1000)


def test_a_slash_at_the_end_is_the_same_address(as_aigerim):
    as_aigerim.post(TOPUP, {"amount": 500}, **KEY)
    as_aigerim.post(f"{TOPUP}/", {"amount": 500}, **KEY)

    assert Payment.objects.count() == 1


def test_a_refusal_is_not_kept(as_timur, timur, dress_on_sale):
    poor = buy(as_timur, dress_on_sale, **KEY)
    funded(timur, Decimal(400))
    rich = buy(as_timur, dress_on_sale, **KEY)

    assert (poor.status_code, rich.status_code) == (402, 201)
    assert balance(timur) == 0


def test_the_parts_of_a_form_count_and_not_its_boundary(as_aigerim, dress_on_sale, picture):
    def ask(content):
        photo = SimpleUploadedFile("me.jpg", content, "image/jpeg")
        body = {"product_id": dress_on_sale.pk, "photo": photo}
        return as_aigerim.post("/api/v1/generations/try-on", body, format="multipart", **KEY)

    first, second, other = ask(picture), ask(picture), ask(picture + b"\0")

    assert first.status_code == 202, first.content
    assert second.content == first.content
    assert other.json()["code"] == "idempotency_key_reused"
    assert Generation.objects.count() == 1


def test_a_signed_request_is_signed_anew_and_happens_once(admin, aigerim):
    client, device = stepped_up(admin), Device(admin)
    client.credentials(**client._credentials, **KEY)
    asked = {"account_type": "user", "account_id": aigerim.pk, "amount": 5, "reason": "Was lost"}

    answers = [
        send_signed(client, device, "POST", "/api/v1/admin/adjustments", asked) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert balance(aigerim) == Decimal(1005)


def test_it_is_forgotten_after_a_day(as_aigerim):
    as_aigerim.post(TOPUP, {"amount": 500}, **KEY)
    as_aigerim.post(TOPUP, {"amount": 500}, HTTP_IDEMPOTENCY_KEY="younger")
    old = timezone.now() - timedelta(hours=24, seconds=1)
    IdempotencyKey.objects.exclude(key="younger").update(created_at=old)

    assert idempotency.clear_old() == 1

    assert IdempotencyKey.objects.get().key == "younger"


def test_it_goes_with_the_person(as_timur, as_aigerim):
    for client in (as_timur, as_aigerim):
        client.post(TOPUP, {"amount": 500}, **KEY)
    Payment.objects.update(status="failed")

    assert as_timur.delete("/api/v1/users/me").status_code == 200

    [kept] = IdempotencyKey.objects.values_list("principal", flat=True)
    assert kept == f"user:{as_aigerim.get('/api/v1/users/me').json()['id']}"


def test_a_browser_may_read_that_it_is_a_replay(as_aigerim, settings):
    origin = settings.CORS_ALLOWED_ORIGINS[0]
    response = as_aigerim.post(TOPUP, {"amount": 500}, **KEY, HTTP_ORIGIN=origin)

    assert "Idempotency-Replayed" in response["Access-Control-Expose-Headers"]


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_at_once_one_is_carried_out(timur, dress_on_sale):
    funded(timur, Decimal(10_000))
    token = signed_in(timur)._credentials
    answers = []

    def ask(_number):
        client = APIClient()
        client.credentials(**token)
        answers.extend(buy(client, dress_on_sale, **KEY) for _ in range(2))

    at_once(50, ask)

    fresh = [each for each in answers if each.status_code == 201 and not replayed(each)]
    again = [each for each in answers if each.status_code == 201 and replayed(each)]
    running = [each for each in answers if each.status_code == 409]
    assert (len(answers), len(fresh)) == (100, 1)
    assert len(again) + len(running) == 99
    assert {each.content for each in again} <= {fresh[0].content}
    assert {(each.json()["code"], each["Retry-After"]) for each in running} <= {
        ("idempotency_key_in_use", "1")
    }
    assert balance(timur) == Decimal(9600)
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_a_key_all_at_once_are_carried_out(timur, dress_on_sale):
    """The negative control."""
    funded(timur, Decimal(10_000))
    token = signed_in(timur)._credentials

    def ask(_number):
        client = APIClient()
        client.credentials(**token)
        assert buy(client, dress_on_sale).status_code == 201

    at_once(4, ask)

    assert Order.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_while_the_first_runs_the_second_is_told_so(timur):
    """The second asks while the first has moved the money and has not committed yet."""
    request = asked_by(timur)
    told = []

    def first():
        book(timur)
        told.extend(at_once(1, lambda _: idempotency.once(request, Response)))
        return Response({"done": True})

    idempotency.once(request, first)

    assert told == ["StillRunning"]
    assert balance(timur) == Decimal(100)


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_has_not_happened(timur):
    request = asked_by(timur)

    def killed():
        book(timur)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        idempotency.once(request, killed)
    connection.close()

    assert balance(timur) == 0
    assert not Posting.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert "Idempotency-Replayed" not in idempotency.once(request, lambda: booked(timur))
    assert idempotency.once(request, lambda: booked(timur))["Idempotency-Replayed"] == "true"
    assert balance(timur) == Decimal(100)


def replayed(response):
    return response.headers.get("Idempotency-Replayed") == "true"


def asked_by(user):
    request = Request(APIRequestFactory().post("/api/v1/somewhere", {}, format="json", **KEY))
    request.auth = Principal(Role.USER, user.pk)
    return request


def book(user):
    source = Transaction.Account.PROMO
    ledger.transfer("test:promo", Transaction.Type.PROMO, Decimal(100), source=source, target=user)


def booked(user):
    book(user)
    return Response({"done": True})
