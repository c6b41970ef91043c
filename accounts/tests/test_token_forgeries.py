"""Tokens that nobody of ours has signed so: 401 at every door, never a fault of ours."""

import base64
import json
import time
import uuid

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tokens
from accounts.authentication import _bearer
from accounts.models import AuthSession
from accounts.signing_keys import key_ring

RSA = rsa.generate_private_key(65537, 2048)


@pytest.fixture
def session(timur):
    return AuthSession.objects.create(user=timur, platform="mobile")


@pytest.fixture
def claims(session):
    """What a good access token of Timur's says."""
    return jwt.decode(tokens.issue(session).access, options={"verify_signature": False})


def signed(claims, headers=None, key=None, algorithm="HS256"):
    """A token like ours, but for what the case changes."""
    ours = key_ring.signer()
    return jwt.encode(claims, key or ours.secret, algorithm, {"kid": ours.kid, **(headers or {})})


def raw(header, claims, signature=b""):
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def nested(depth):
    header = base64.urlsafe_b64encode(b'{"a":' + b"[" * depth).decode().rstrip("=")
    return f"{header}.e30.x"


FORGERIES = {
    "no algorithm": lambda c: raw({"alg": "none", "kid": key_ring.signer().kid}, c),
    "no algorithm, spelled oddly": lambda c: raw({"alg": "nOnE", "kid": key_ring.signer().kid}, c),
    "an algorithm that is a list": lambda c: raw({"alg": ["HS256"]}, c, b"x"),
    "RS256 with a key of their own": lambda c: signed(c, key=RSA, algorithm="RS256"),
    "HS512 with our secret": lambda c: signed(c, algorithm="HS512"),
    "HS256 with another secret": lambda c: signed(c, key="x" * 64),
    "HS256 with the SECRET_KEY": lambda c: signed(c, key=settings.SECRET_KEY),
    "HS256 with the name of our key": lambda c: signed(c, key=key_ring.signer().kid * 4),
    "no kid": lambda c: jwt.encode(c, key_ring.signer().secret, "HS256"),
    "an unknown kid": lambda c: signed(c, {"kid": "0" * 16}),
    "a kid that is a path": lambda c: signed(c, {"kid": "../../../dev/null"}),
    "a kid that is SQL": lambda c: signed(c, {"kid": "' OR 1=1; DROP TABLE signing_keys --"}),
    "a kid with a NUL": lambda c: signed(c, {"kid": "\0"}),
    "a very long kid": lambda c: signed(c, {"kid": "k" * 4000}),
    "a kid that is a number": lambda c: raw({"alg": "HS256", "kid": 1}, c, b"x"),
    "a kid that is null": lambda c: raw({"alg": "HS256", "kid": None}, c, b"x"),
    "a kid that is a list": lambda c: raw({"alg": "HS256", "kid": [{}]}, c, b"x"),
    "jku": lambda c: signed(c, {"jku": "https://evil.example/jwks", "kid": "evil"}, key="x" * 64),
    "x5u": lambda c: signed(c, {"x5u": "https://evil.example/cert", "kid": "evil"}, key="x" * 64),
    "jwk": lambda c: signed(c, {"jwk": {"kty": "oct", "k": "eHg"}}, key="x" * 64),
    "an unknown crit": lambda c: signed(c, {"crit": ["exp2"], "exp2": 1}),
    "another audience": lambda c: signed({**c, "aud": "Somebody"}),
    "no audience": lambda c: signed({k: v for k, v in c.items() if k != "aud"}),
    "another issuer": lambda c: signed({**c, "iss": "Somebody"}),
    "no issuer": lambda c: signed({k: v for k, v in c.items() if k != "iss"}),
    "another type": lambda c: signed({**c, "type": "sliding"}),
    "no type": lambda c: signed({k: v for k, v in c.items() if k != "type"}),
    "no jti": lambda c: signed({k: v for k, v in c.items() if k != "jti"}),
    "expired": lambda c: signed({**c, "exp": int(time.time()) - 1}),
    "no expiry": lambda c: signed({k: v for k, v in c.items() if k != "exp"}),
    "not yet valid": lambda c: signed({**c, "nbf": int(time.time()) + 600}),
    "another role": lambda c: signed({**c, "role": "admin"}),
    "no role": lambda c: signed({k: v for k, v in c.items() if k != "role"}),
    "an unknown session": lambda c: signed({**c, "sid": str(uuid.uuid4())}),
    "a session that is no id": lambda c: signed({**c, "sid": "' OR 1=1"}),
    "a session that is a list": lambda c: signed({**c, "sid": [{}]}),
    "no session": lambda c: signed({k: v for k, v in c.items() if k != "sid"}),
    "claims that are a list": lambda c: raw({"alg": "HS256"}, [c], b"x"),
    "a deep header": lambda c: nested(5000),
    "a lone surrogate": lambda c: "a.b.\ud800",
    "a NUL": lambda c: "a.b.\0",
    "many dots": lambda c: "." * 5000,
}


@pytest.mark.parametrize("case", FORGERIES)
def test_a_forged_access_token_is_refused_everywhere(anyone, claims, session, case):
    forged = FORGERIES[case](claims)

    with pytest.raises(tokens.InvalidToken):
        tokens.verify(forged)
    assert _bearer(forged) == {"principal": None}
    if forged.isascii() and forged.isprintable():  # a header holds nothing else
        answer = anyone.get("/api/v1/users/me", HTTP_AUTHORIZATION=f"Bearer {forged}")
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    session.refresh_from_db()
    assert session.revoked_at is None


@pytest.mark.parametrize("case", FORGERIES)
def test_a_forged_refresh_token_is_refused(anyone, claims, session, case):
    forged = FORGERIES[case]({**claims, "type": "refresh", "counter": 0})

    for address in ("refresh", "logout"):
        body = json.dumps({"refresh_token": forged})
        answer = anyone.post(f"/api/v1/auth/{address}", body, content_type="application/json")
        assert answer.status_code in ({401} if forged.isprintable() else {400, 401, 422})
    session.refresh_from_db()
    assert (session.counter, session.revoked_at) == (0, None)


@pytest.mark.parametrize("counter", [None, "0", [], 10**30, 1.5, 7])
def test_a_counter_that_we_never_gave_is_refused(anyone, claims, session, counter):
    forged = signed({**claims, "type": "refresh", "counter": counter})

    assert anyone.post("/api/v1/auth/refresh", {"refresh_token": forged}).status_code == 401
    session.refresh_from_db()
    assert session.counter == 0


def test_the_good_token_is_good(anyone, claims):
    good = signed(claims)

    answer = anyone.get("/api/v1/users/me", HTTP_AUTHORIZATION=f"Bearer {good}")

    assert answer.status_code == 200


def test_a_rush_of_unknown_keys_reads_the_keys_once_a_second(claims):
    with CaptureQueriesContext(connection) as queries:
        for number in range(50):
            with pytest.raises(tokens.InvalidToken):
                tokens.verify(signed(claims, {"kid": f"unknown-{number}"}))

    assert len(queries) <= 1
