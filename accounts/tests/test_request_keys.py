"""Registering and removing the keys that sign requests."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from django.utils import timezone

from accounts.models import AuthSession, RequestKey
from accounts.signatures import keys, points
from accounts.tests.signed_requests import Device, stepped_up
from billing.tests.test_ledger import at_once
from conftest import signed_in
from core.models import AuditEntry

OWN, SHOPS = "/api/v1/users/me/keys", "/api/v1/shops/me/keys"


def public_key():
    return Ed25519PrivateKey.generate().public_key()


def in_base64(raw):
    return base64.b64encode(raw).decode()


def device(key=None):
    raw = (key or public_key()).public_bytes_raw()
    return {"name": "Phone", "algorithm": "ed25519", "public_key": in_base64(raw)}


def test_a_device_registers_its_public_key(aigerim):
    client = stepped_up(aigerim)

    response = client.post(OWN, device())

    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"id", "key_id", "algorithm", "name", "created_at", "last_used_at"}
    assert (body["algorithm"], body["name"], body["last_used_at"]) == ("ed25519", "Phone", None)
    assert client.get(OWN).json() == [body]


def test_pem_is_as_good_as_base64(aigerim):
    key = public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    response = stepped_up(aigerim).post(OWN, {**device(), "public_key": pem})

    assert response.status_code == 201
    assert RequestKey.objects.get().public_key == in_base64(key.public_bytes_raw())


def test_a_partner_is_shown_its_secret_once_and_we_keep_it_encrypted(atelier):
    client = stepped_up(atelier)

    body = client.post(SHOPS, {"name": "Bank", "algorithm": "hmac-sha256"}).json()

    assert len(base64.b64decode(body["secret"])) == 32
    [listed] = client.get(SHOPS).json()
    assert "secret" not in listed
    with connection.cursor() as cursor:
        cursor.execute("SELECT request_keys::text FROM request_keys")
        assert body["secret"] not in cursor.fetchone()[0]


@pytest.mark.parametrize("address", [OWN, f"{OWN}/1"])
def test_without_a_second_factor_nothing_is_registered_or_removed(as_aigerim, aigerim, address):
    key = Device(aigerim).key
    act = as_aigerim.post if address == OWN else as_aigerim.delete
    address = address.replace("/1", f"/{key.pk}")

    response = act(address, device())

    assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")
    assert RequestKey.objects.live().count() == 1


def test_a_second_factor_of_more_than_ten_minutes_ago_is_stale(aigerim):
    client = stepped_up(aigerim)
    AuthSession.objects.update(mfa_at=timezone.now() - timedelta(minutes=10, seconds=1))

    response = client.post(OWN, device())

    assert (response.status_code, response.json()["code"]) == (403, "second_factor_stale")
    assert not RequestKey.objects.exists()


def test_reading_needs_no_second_factor(as_aigerim):
    assert as_aigerim.get(OWN).status_code == 200


def test_a_removed_key_is_gone_and_never_comes_back(aigerim):
    client, key = stepped_up(aigerim), public_key()
    pk = client.post(OWN, device(key)).json()["id"]

    assert client.delete(f"{OWN}/{pk}").status_code == 204

    assert client.get(OWN).json() == []
    assert client.delete(f"{OWN}/{pk}").status_code == 404
    assert client.post(OWN, device(key)).json()["code"] == "key_known"


def test_a_stranger_does_not_find_the_key(aigerim, timur, atelier):
    key = Device(aigerim).key

    strangers = [
        stepped_up(timur).delete(f"{OWN}/{key.pk}"),
        stepped_up(atelier).delete(f"{SHOPS}/{key.pk}"),
    ]

    assert [response.status_code for response in strangers] == [404, 404]
    assert RequestKey.objects.live().count() == 1


def test_an_account_of_another_kind_is_told_so(aigerim, atelier):
    assert signed_in(aigerim).get(SHOPS).json()["code"] == "wrong_account_type"
    assert signed_in(atelier).get(OWN).json()["code"] == "wrong_account_type"


def test_the_same_key_is_registered_once_whoever_has_it(aigerim, timur):
    key = public_key()
    assert stepped_up(aigerim).post(OWN, device(key)).status_code == 201

    response = stepped_up(timur).post(OWN, device(key))

    assert (response.status_code, response.json()["code"]) == (409, "key_known")


IDENTITY = (1).to_bytes(32, "little")
OFF_THE_CURVE = (2).to_bytes(32, "little")
# y of the points of order 8; the negatives have them too.
ORDER_EIGHT = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
ORDER_EIGHT_TOO = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
WEAK = {
    "identity": IDENTITY,
    "order 2": (points.P - 1).to_bytes(32, "little"),
    "order 4": bytes(32),
    "order 4, negative": bytes(31) + b"\x80",
    "order 8": ORDER_EIGHT,
    "order 8, negative": ORDER_EIGHT[:31] + bytes([ORDER_EIGHT[31] | 0x80]),
    "order 8, the other": ORDER_EIGHT_TOO,
    "identity, misspelt": (points.P + 1).to_bytes(32, "little"),
    "zero, misspelt": points.P.to_bytes(32, "little"),
    "off the curve": OFF_THE_CURVE,
    "all ones": b"\xff" * 32,
    "31 bytes": bytes(31),
    "64 bytes": bytes(64),
    "nothing": b"",
}


@pytest.mark.parametrize("raw", WEAK.values(), ids=WEAK)
def test_a_key_under_which_others_could_sign_is_refused(aigerim, raw):
    response = stepped_up(aigerim).post(OWN, {**device(), "public_key": in_base64(raw)})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/public_key"
    assert not RequestKey.objects.exists()


def test_openssl_itself_would_let_anybody_sign_under_the_identity():
    """The negative control: why such keys are refused by us."""
    key = Ed25519PublicKey.from_public_bytes(IDENTITY)

    key.verify(IDENTITY + bytes(32), b"whatever")  # a signature that needed no private key


def test_a_thousand_honest_keys_pass():
    for _number in range(1000):
        raw = public_key().public_bytes_raw()
        assert points.read(in_base64(raw)) == raw


def an_elliptic_key():
    key = generate_private_key(SECP256R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    "text",
    ["x", "ключ", an_elliptic_key(), "-----BEGIN PUBLIC KEY-----", "-----BEGIN PRIVATE KEY-----\n"],
)
def test_what_is_no_such_key_is_refused(aigerim, text):
    response = stepped_up(aigerim).post(OWN, {**device(), "public_key": text})

    assert response.status_code == 422
    assert not RequestKey.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"algorithm": "rsa-pss-sha512"},
        {"algorithm": "hmac-sha256"},  # with a public key
        {"public_key": None},
        {"name": ""},
        {"key_id": "chosen-by-me"},
        {"revoked_at": None},
    ],
)
def test_a_senseless_registration_is_refused(aigerim, change):
    assert stepped_up(aigerim).post(OWN, {**device(), **change}).status_code == 422
    assert not RequestKey.objects.exists()


def test_the_eleventh_key_waits_until_one_is_removed(aigerim):
    client = stepped_up(aigerim)
    made = [client.post(OWN, device()).json()["id"] for _ in range(10)]

    assert client.post(OWN, device()).json()["code"] == "too_many_keys"

    client.delete(f"{OWN}/{made[0]}")
    assert client.post(OWN, device()).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_of_twenty_registrations_at_once_ten_pass(timur):
    def register(number):
        return keys.register_partner(timur, f"key {number}")

    outcomes = at_once(20, register)

    assert outcomes.count("tuple") == 10
    assert outcomes.count("TooManyKeys") == 10
    assert timur.request_keys.live().count() == 10


@pytest.mark.django_db(transaction=True)
def test_the_log_says_who_registered_and_removed_which_key(timur):
    client = stepped_up(timur)
    body = client.post(OWN, device()).json()
    client.delete(f"{OWN}/{body['id']}")

    entries = AuditEntry.objects.order_by("seq")
    assert [(each.actor, each.action) for each in entries] == [
        (f"user:{timur.pk}", "key.register"),
        (f"user:{timur.pk}", "key.remove"),
    ]
    assert all(body["key_id"] in each.record for each in entries)
    assert all("Phone" not in each.record for each in entries)
