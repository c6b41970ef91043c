"""Only what a key of the caller signed, as it was sent, now and for the first time, is done."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test.utils import override_settings
from django.utils import timezone
from http_message_signatures import algorithms
from http_sf import parse
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from accounts.models import UsedNonce
from accounts.signatures import keys
from accounts.tests.signed_requests import (
    COVERED,
    Device,
    Partner,
    digest,
    send,
    send_signed,
    signature,
    stepped_up,
)
from billing.models import Posting
from billing.tests.test_ledger import at_once
from shops.models import Shop

pytestmark = pytest.mark.usefixtures("unlimited")

ADDRESS = "/api/v1/admin/adjustments"


@pytest.fixture
def client(admin):
    return stepped_up(admin)


@pytest.fixture
def device(admin):
    return Device(admin)


@pytest.fixture
def partner(admin):
    return Partner(admin)


@pytest.fixture
def order(timur):
    """500 ₸ for Timur, who has nothing."""
    return {
        "account_type": "user",
        "account_id": timur.pk,
        "amount": 500,
        "reason": "A lost top-up",
    }


@pytest.fixture
def refused(timur):
    """Says that the answer is the one refusal there is, and that nothing has moved."""

    def check(response):
        assert (response.status_code, response.json()["code"]) == (401, "bad_signature")
        detail = "The signature is missing, wrong, too old or was used before."
        assert response.json()["detail"] == detail
        assert response["WWW-Authenticate"] == 'Signature realm="leema"'
        wanted = 'leema=("@method" "@target-uri" "content-digest");created;tag="leema-v1"'
        assert response["Accept-Signature"] == wanted
        assert not Posting.objects.filter(type="adjustment").exists()
        timur.refresh_from_db()
        assert timur.balance == 0

    return check


def test_a_device_signs_and_the_money_moves(client, device, order, timur):
    response = send_signed(client, device, "POST", ADDRESS, order)

    assert response.status_code == 201
    timur.refresh_from_db()
    device.key.refresh_from_db()
    assert timur.balance == Decimal(500)
    assert timezone.now() - device.key.last_used_at < timedelta(minutes=1)


def test_a_partner_signs_with_the_shared_secret(client, partner, order):
    assert send_signed(client, partner, "POST", ADDRESS, order).status_code == 201


def test_sha_512_is_as_good(client, device, order):
    told = digest(json.dumps(order).encode(), "sha-512")

    assert send_signed(client, device, "POST", ADDRESS, order, digest=told).status_code == 201


def test_the_algorithm_need_not_be_said_because_the_key_has_one(client, device, order):
    response = send_signed(client, device, "POST", ADDRESS, order, include_alg=False)

    assert response.status_code == 201


@pytest.mark.parametrize("seconds", [-3, 0, 290])
def test_clocks_may_differ_a_little_and_answers_take_a_while(client, device, order, seconds):
    created = datetime.now(UTC) - timedelta(seconds=seconds)

    response = send_signed(client, device, "POST", ADDRESS, order, created=created)

    assert response.status_code == 201


def test_more_may_be_covered_than_is_asked_for(client, device, order):
    changes = {
        "more": {"Idempotency-Key": "7"},
        "covered_component_ids": (*COVERED, "idempotency-key", "@authority"),
    }

    assert send_signed(client, device, "POST", ADDRESS, order, **changes).status_code == 201


def test_the_address_is_signed_as_the_client_writes_it(client, device, order):
    for path in (f"{ADDRESS}/", f"{ADDRESS}?from=the%20desk&x="):
        assert send_signed(client, device, "POST", path, order).status_code == 201


def test_another_signature_beside_ours_is_not_our_business(client, device, partner, order):
    body = json.dumps(order).encode()
    headers = signature(partner, "POST", ADDRESS, body, tag="somebody-elses")
    ours = signature(device, "POST", ADDRESS, body, label="ours")
    both = {name: f"{headers[name]}, {ours[name]}" for name in ("Signature-Input", "Signature")}

    assert send(client, "POST", ADDRESS, body, {**ours, **both}).status_code == 201


def test_an_unsigned_request_is_refused(client, order, refused):
    refused(client.post(ADDRESS, order))


def test_the_guards_before_it_answer_first(as_aigerim, as_admin, anyone, order):
    assert anyone.post(ADDRESS, order).json()["code"] == "not_authenticated"
    assert as_aigerim.post(ADDRESS, order).json()["code"] == "admin_only"
    assert not Posting.objects.filter(type="adjustment").exists()


SIGNED_OTHERWISE = {
    "another method": {"method": "PUT"},
    "another path": {"path": "/api/v1/shops/me/payouts"},
    "another path by a slash": {"path": f"{ADDRESS}/"},
    "another query": {"path": f"{ADDRESS}?x=1"},
    "another host": {"base": "https://leema.example"},
    "another port": {"base": "http://127.0.0.1:1"},
    "another scheme": {"base": "https://127.0.0.1:8000"},
    "the host in capitals": {"base": "HTTP://127.0.0.1:8000"},
    "a user in the address": {"body": b'{"x": 1}', "base": "http://me@127.0.0.1:8000"},
    "another body": {"body": b'{"amount": 500000}'},
    "no body": {"body": b""},
    "a digest of another body": {"digest": digest(b"{}")},
    "a digest of a kind nobody may use": {"digest": "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:"},
    "sha-1": {"digest": "sha=:2jmj7l5rSw0yVb/vlWAYkK/YBwk=:"},
    "a digest that is none": {"digest": "sha-256=nonsense"},
    "an empty digest": {"digest": ""},
    "the method left out": {"covered_component_ids": COVERED[1:]},
    "the address left out": {"covered_component_ids": ("@method", "content-digest")},
    "the path instead of the address": {
        "covered_component_ids": ("@method", "@path", "content-digest")
    },
    "the digest left out": {"covered_component_ids": COVERED[:2]},
    "a part of the digest": {
        "covered_component_ids": (*COVERED[:2], '"content-digest";key="sha-256"')
    },
    "nothing covered": {"covered_component_ids": ()},
    "too old": {"created": -timedelta(seconds=310)},
    "a year old": {"created": -timedelta(days=365)},
    "in the future": {"created": timedelta(seconds=60)},
    "before time began": {"created": -timedelta(days=365 * 66)},
    "expired by its own word": {"expires": -timedelta(seconds=10)},
    "no nonce": {"nonce": None},
    "a nonce of nothing": {"nonce": ""},
    "a short nonce": {"nonce": "123456789012345"},
    "a long nonce": {"nonce": "n" * 129},
    "a nonce with a space": {"nonce": "a nonce with a space in it"},
    "no tag": {"tag": None},
    "another tag": {"tag": "leema-v2"},
}


@pytest.mark.parametrize("change", SIGNED_OTHERWISE.values(), ids=SIGNED_OTHERWISE)
@pytest.mark.parametrize("kind", [Device, Partner])
def test_what_was_signed_otherwise_is_refused(client, admin, order, refused, kind, change):
    sent = json.dumps(order).encode()
    told = {"method": "POST", "path": ADDRESS, "body": sent, **change}
    for name in {"created", "expires"} & change.keys():
        told[name] = datetime.now(UTC) + change[name]

    headers = signature(kind(admin), **told)

    refused(send(client, "POST", ADDRESS, sent, headers))


def without(name, part):
    """Cut a part out of a header after signing."""
    return lambda headers: {**headers, name: headers[name].replace(part(headers[name]), "")}


def parameter(name):
    def find(text):
        return next(f";{part}" for part in text.split(";") if part.startswith(f"{name}="))

    return find


def changed(name, old, new):
    return lambda headers: {**headers, name: headers[name].replace(old, new)}


def dropped(name):
    return lambda headers: {key: text for key, text in headers.items() if key != name}


TAMPERED = {
    "created cut out": without("Signature-Input", parameter("created")),
    "nonce cut out": without("Signature-Input", parameter("nonce")),
    "keyid cut out": without("Signature-Input", parameter("keyid")),
    "tag cut out": without("Signature-Input", parameter("tag")),
    "algorithm cut out": without("Signature-Input", parameter("alg")),
    "a component added": changed("Signature-Input", '"@method"', '"@method" "@authority"'),
    "a component twice": changed("Signature-Input", '"@method"', '"@method" "@method"'),
    "a component unknown": changed("Signature-Input", '"@method"', '"@method" "@body"'),
    "a header that is not there": changed("Signature-Input", '"@method"', '"@method" "x-none"'),
    "a parameter unknown": changed("Signature-Input", ";tag=", ';role="admin";tag='),
    "req on a request": changed("Signature-Input", '"@method"', '"@method";req'),
    "created as text": changed("Signature-Input", ";created=", ';created="1";was='),
    "created as a decimal": changed("Signature-Input", ";nonce=", ".5;nonce="),
    "the label changed in one": changed("Signature-Input", "pyhms=", "other="),
    "algorithm of the other kind": changed("Signature-Input", 'alg="ed25519"', 'alg="hmac-sha256"'),
    "algorithm none": changed("Signature-Input", 'alg="ed25519"', 'alg="none"'),
    "no input": dropped("Signature-Input"),
    "no signature": dropped("Signature"),
    "no digest": dropped("Content-Digest"),
    "two digests": lambda headers: {
        **headers,
        "Content-Digest": f"{headers['Content-Digest']}, sha-512=:AAAA:",
    },
    "an empty signature": lambda headers: {**headers, "Signature": "pyhms=::"},
    "a signature of zeros": lambda headers: {**headers, "Signature": f"pyhms=:{'A' * 86}==:"},
    "twice the same": lambda headers: {
        **headers,
        "Signature": f"{headers['Signature']}, {headers['Signature']}",
        "Signature-Input": f"{headers['Signature-Input']}, {headers['Signature-Input']}",
    },
    "a line break": changed("Signature-Input", ";tag=", "\r\nX-Admin: yes;tag="),
    "a line break in the nonce": changed("Signature-Input", 'nonce="', 'nonce="\n'),
    "a null": changed("Signature-Input", 'nonce="', 'nonce="\0'),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_what_was_tampered_with_is_refused(client, device, order, refused, tamper):
    body = json.dumps(order).encode()
    headers = signature(device, "POST", ADDRESS, body)

    refused(send(client, "POST", ADDRESS, body, tamper(headers)))
    assert not UsedNonce.objects.exists()


def test_a_covered_header_that_was_changed_is_refused(client, device, order, refused):
    body = json.dumps(order).encode()
    covered = (*COVERED, "idempotency-key")
    headers = signature(
        device, "POST", ADDRESS, body, more={"Idempotency-Key": "7"}, covered_component_ids=covered
    )

    refused(send(client, "POST", ADDRESS, body, {**headers, "Idempotency-Key": "8"}))


def test_two_signatures_with_our_tag_are_one_too_many(client, device, order, refused):
    body = json.dumps(order).encode()
    one = signature(device, "POST", ADDRESS, body, label="one")
    two = signature(device, "POST", ADDRESS, body, label="two")
    both = {name: f"{one[name]}, {two[name]}" for name in ("Signature-Input", "Signature")}

    refused(send(client, "POST", ADDRESS, body, {**one, **both}))


def test_headers_that_claim_another_address_change_nothing(client, device, order):
    body = json.dumps(order).encode()
    headers = signature(device, "POST", ADDRESS, body)
    claims = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-HTTP-Method-Override": "DELETE",
        "X-Original-Url": "/api/v1/nothing",
    }

    assert send(client, "POST", ADDRESS, body, {**headers, **claims}).status_code == 201


def test_a_wrong_key_is_refused(client, device, order, refused):
    device.private = Ed25519PrivateKey.generate()

    refused(send_signed(client, device, "POST", ADDRESS, order))


def test_an_unknown_key_is_refused(client, device, order, refused):
    refused(send_signed(client, device, "POST", ADDRESS, order, key_id="nobody"))


def test_a_key_of_somebody_else_is_refused(client, timur, atelier, order, refused):
    for owner in (timur, atelier):
        refused(send_signed(client, Device(owner), "POST", ADDRESS, order))


def test_a_shop_with_the_number_of_the_user_is_somebody_else(client, admin, order, refused):
    same = Shop.objects.create(
        pk=admin.pk, google_id="g-same", email="same@example.kz", shop_name="Same number"
    )

    refused(send_signed(client, Device(same), "POST", ADDRESS, order))


def test_a_removed_key_is_refused(client, device, order, refused):
    keys.remove(device.key)

    refused(send_signed(client, device, "POST", ADDRESS, order))


def test_a_public_key_is_no_shared_secret(client, device, order, refused):
    """The classic confusion: HMAC under what everybody may know."""
    public = device.private.public_key().public_bytes_raw()
    forger = SimpleNamespace(key=device.key, private=public, algorithm=algorithms.HMAC_SHA256)

    refused(send_signed(client, forger, "POST", ADDRESS, order))
    refused(send_signed(client, forger, "POST", ADDRESS, order, include_alg=False))


def test_a_shared_secret_is_no_private_key(client, partner, order, refused):
    private = Ed25519PrivateKey.from_private_bytes(partner.private)
    forger = SimpleNamespace(key=partner.key, private=private, algorithm=algorithms.ED25519)

    refused(send_signed(client, forger, "POST", ADDRESS, order))
    refused(send_signed(client, forger, "POST", ADDRESS, order, include_alg=False))


def test_the_same_request_again_is_refused(client, device, order, timur):
    body = json.dumps(order).encode()
    headers = signature(device, "POST", ADDRESS, body)

    answers = [send(client, "POST", ADDRESS, body, headers) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 401, 401]
    timur.refresh_from_db()
    assert timur.balance == Decimal(500)


def test_the_same_nonce_signed_anew_is_refused(client, device, order):
    nonce = "n" * 16

    answers = [
        send_signed(client, device, "POST", ADDRESS, order, nonce=nonce, created=created)
        for created in (datetime.now(UTC), datetime.now(UTC) - timedelta(seconds=9))
    ]

    assert [answer.status_code for answer in answers] == [201, 401]


def test_the_same_nonce_under_another_key_is_another(client, device, partner, order):
    answers = [
        send_signed(client, signer, "POST", ADDRESS, order, nonce="n" * 16)
        for signer in (device, partner)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_a_nonce_is_forgotten_when_its_signature_is_too_old_but_corrects_no_second_time(
    client, device, order, timur
):
    send_signed(client, device, "POST", ADDRESS, order, nonce="n" * 16)
    UsedNonce.objects.update(used_at=timezone.now() - timedelta(minutes=11))

    response = send_signed(client, device, "POST", ADDRESS, order, nonce="n" * 16)

    assert (response.status_code, response.json()["code"]) == (409, "already_posted")
    assert UsedNonce.objects.count() == 1
    timur.refresh_from_db()
    assert timur.balance == Decimal(500)


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_with_one_nonce_one_counts(timur, admin, order):
    client, device = stepped_up(admin), Device(admin)
    body = json.dumps(order).encode()
    headers = signature(device, "POST", ADDRESS, body)
    statuses = []

    at_once(10, lambda _: statuses.append(send(client, "POST", ADDRESS, body, headers).status_code))

    assert sorted(statuses) == [201, *[401] * 9]
    timur.refresh_from_db()
    assert timur.balance == Decimal(500)


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_signed_anew_with_one_nonce_one_counts(timur, admin, order):
    client, device = stepped_up(admin), Device(admin)
    statuses = []

    def act(number):
        changes = {"nonce": "n" * 16, "created": datetime.now(UTC) - timedelta(seconds=number)}
        statuses.append(send_signed(client, device, "POST", ADDRESS, order, **changes).status_code)

    at_once(10, act)

    assert sorted(statuses) == [201, *[401] * 9]
    timur.refresh_from_db()
    assert timur.balance == Decimal(500)


def test_the_body_is_not_read_before_it_is_believed(client, device, refused):
    body = b'{"nested": ' * 5000

    refused(client.generic("POST", ADDRESS, body, content_type="application/json"))


def test_a_signed_body_that_makes_no_sense_is_refused_as_such(client, device):
    body = b"{"

    response = send(client, "POST", ADDRESS, body, signature(device, "POST", ADDRESS, body))

    assert response.status_code == 400


def test_a_signed_request_without_a_body_is_believed(client, device):
    response = send(client, "POST", ADDRESS, b"", signature(device, "POST", ADDRESS, b""))

    assert (response.status_code, response.json()["code"]) == (422, "invalid")


def test_the_deployment_says_what_its_address_is(client, device, order):
    with override_settings(API_BASE_URL="https://api.leema.example"):
        assert send_signed(client, device, "POST", ADDRESS, order).status_code == 201


TEXT = st.text(st.characters(max_codepoint=255), max_size=200)
PIECES = st.sampled_from(
    ["leema=(", '"@method"', '"@target-uri"', '"content-digest"', ")", ";created=1", ";tag=", "::",
     '"leema-v1"', ";nonce=", "?1", ":AAAA:", "@99", '%"%c3"', "sha-256=", ",", "\0", "é", "1.5",
     ";keyid=", '"x"', "((", "=", "leema=:AA==:", "9" * 40, ";bs", ";sf", ";req", ";tr"]
)  # fmt: skip
GARBAGE = st.one_of(TEXT, st.lists(PIECES, max_size=15).map("".join))


@effort(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=st.tuples(GARBAGE, GARBAGE, GARBAGE), body=st.binary(max_size=50))
def test_garbage_is_refused_and_never_a_fault(client, device, partner, refused, told, body):
    headers = dict(zip(("Content-Digest", "Signature-Input", "Signature"), told, strict=True))

    refused(send(client, "POST", ADDRESS, body, headers))


@effort(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(["Content-Digest", "Signature-Input", "Signature"]),
    position=st.integers(0, 400),
    letters=st.text(st.characters(max_codepoint=255), min_size=1, max_size=3),
)
def test_no_letter_of_a_signed_request_may_change(
    client, device, order, refused, name, position, letters
):
    body = json.dumps(order).encode()
    headers = signature(device, "POST", ADDRESS, body)
    text = headers[name]
    at = position % len(text)
    mutated = text[:at] + letters + text[at + len(letters) :]
    if same(name, mutated, text):
        return

    refused(send(client, "POST", ADDRESS, body, {**headers, name: mutated}))


def same(name, mutated, text):
    """Whether both mean the same: unused bits of base64, spaces between the components."""
    try:
        return parse(mutated.encode(), tltype="dictionary") == parse(
            text.encode(), tltype="dictionary"
        )
    except ValueError:
        return False
