"""Hand-made id_tokens against the verifier, with keys served by a real server on loopback."""

import base64
import hashlib
import hmac
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from accounts import google
from accounts.jwks import KeysUnavailable, PublishedKeys, UnknownKey

WEB = "web.apps.googleusercontent.com"
ANDROID = "android.apps.googleusercontent.com"
HOUR = 3600
DAY = 24 * HOUR


class Google:
    """Publishes one key; can be switched off, and counts who asks."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.body = json.dumps({"keys": [self.published("k1")]})
        self.status = 200
        self.max_age = 19000
        self.asked = 0

    def published(self, key_id):
        return {
            **json.loads(RSAAlgorithm.to_jwk(self.key.public_key())),
            "kid": key_id,
            "alg": "RS256",
            "use": "sig",
        }

    def token(self, key=None, kid="k1", alg="RS256", **changed):
        return jwt.encode(claims(**changed), key or self.key, alg, headers={"kid": kid})

    def public_pem(self):
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@pytest.fixture(scope="module")
def started():
    google_ = Google()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self):
            google_.asked += 1
            self.send_response(google_.status)
            self.send_header("Cache-Control", f"public, max-age={google_.max_age}")
            self.end_headers()
            self.wfile.write(google_.body.encode())

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Keys) as server:
        google_.url = f"http://127.0.0.1:{server.server_port}/certs"
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield google_
        server.shutdown()


@pytest.fixture
def theirs(started, settings):
    settings.GOOGLE_CERTS_URL = started.url
    settings.GOOGLE_ISSUERS = ["https://accounts.google.com", "accounts.google.com"]
    settings.GOOGLE_CLIENT_IDS = [WEB, ANDROID]
    started.status, started.max_age, started.asked = 200, 19000, 0
    started.body = json.dumps({"keys": [started.published("k1")]})
    google._published_keys.cache_clear()
    return started


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def claims(**changed):
    now = int(time.time())
    usual = {
        "iss": "https://accounts.google.com",
        "aud": WEB,
        "azp": WEB,
        "sub": "1077",
        "email": "a@gmail.com",
        "email_verified": True,
        "name": "A B",
        "picture": "https://lh3.example/a.png",
        "iat": now,
        "exp": now + HOUR,
        "nonce": "n1",
        "jti": str(time.perf_counter_ns()),
    }
    return {name: value for name, value in {**usual, **changed}.items() if value is not None}


def encoded(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=")


def signed_with_a_shared_secret(secret):
    header = json.dumps({"alg": "HS256", "kid": "k1", "typ": "JWT"}).encode()
    body = encoded(header) + b"." + encoded(json.dumps(claims()).encode())
    return (body + b"." + encoded(hmac.new(secret, body, hashlib.sha256).digest())).decode()


def unsigned():
    return jwt.encode(claims(), None, "none", headers={"kid": "k1"})


def later(seconds):
    return int(time.time()) + seconds


GENUINE = {
    "valid": lambda them: them.token(),
    "issuer without scheme": lambda them: them.token(iss="accounts.google.com"),
    "for our application on Android": lambda them: them.token(aud=ANDROID, azp=ANDROID),
    "no azp": lambda them: them.token(azp=None),
    "our clock is 20 s behind": lambda them: them.token(iat=later(20), exp=later(20 + HOUR)),
    "our clock is 20 s ahead": lambda them: them.token(iat=later(-HOUR - 20), exp=later(-20)),
}

FORGED = {
    "other audience": lambda them: them.token(aud="attacker.apps.googleusercontent.com"),
    "audience list with ours, other azp": lambda them: them.token(aud=[WEB, "x"], azp="x"),
    "other issuer": lambda them: them.token(iss="https://accounts.evil.com"),
    "expired": lambda them: them.token(exp=later(-10), iat=later(-4000)),
    "no exp": lambda them: them.token(exp=None),
    "signed by another key": lambda them: them.token(them.stranger),
    "unknown kid": lambda them: them.token(kid="k9"),
    "alg none": lambda them: unsigned(),
    "HS256 with the public key": lambda them: signed_with_a_shared_secret(them.public_pem()),
    "HS256 with the key set": lambda them: signed_with_a_shared_secret(them.body.encode()),
    "issued in an hour": lambda them: them.token(iat=later(HOUR), exp=later(2 * HOUR)),
    "issued 23 hours ago": lambda them: them.token(iat=later(-23 * HOUR), exp=later(99999)),
    "no sub": lambda them: them.token(sub=None),
    "no iss": lambda them: them.token(iss=None),
    "no aud": lambda them: them.token(aud=None),
    "e-mail not verified": lambda them: them.token(email_verified=False),
    "other nonce": lambda them: them.token(nonce="zz"),
    "RS512": lambda them: them.token(alg="RS512"),
    "garbage": lambda them: "a.b.c",
    "empty": lambda them: "",
    # Beyond the matrix of the prototype:
    "audience list of ours alone": lambda them: them.token(aud=[WEB]),
    "our audience, other azp": lambda them: them.token(azp="x"),
    "expired a minute ago": lambda them: them.token(iat=later(-HOUR - 60), exp=later(-60)),
    "empty sub": lambda them: them.token(sub=""),
    "no email": lambda them: them.token(email=None),
    "email is a list": lambda them: them.token(email=["a@gmail.com"]),
    "email_verified is text": lambda them: them.token(email_verified="true"),
    "no nonce": lambda them: them.token(nonce=None),
    "no kid": lambda them: jwt.encode(claims(), them.key, "RS256"),
    "header nested 5000 deep": lambda them: f"{encoded(b'[' * 5000).decode()}.e30.AA",
    "lone surrogate": lambda them: "\ud800.e30.AA",
}


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_token_names_its_bearer(theirs, name):
    identity = google.verify_id_token(GENUINE[name](theirs), nonce="n1")

    assert identity == google.Identity("1077", "a@gmail.com", "A B", "https://lh3.example/a.png")


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused(theirs, name):
    with pytest.raises(google.InvalidGoogleCredentials) as refusal:
        google.verify_id_token(FORGED[name](theirs), nonce="n1")

    assert (refusal.value.code, refusal.value.status) == ("invalid_google_credentials", 401)
    assert str(refusal.value)


def test_a_token_works_once(theirs):
    raw = theirs.token()
    google.verify_id_token(raw, nonce="n1")

    with pytest.raises(google.InvalidGoogleCredentials):
        google.verify_id_token(raw, nonce="n1")


def test_spelling_the_signature_differently_does_not_make_it_another_token(theirs):
    raw = theirs.token()
    padded = raw + "=" * (-len(raw.rpartition(".")[2]) % 4)
    assert jwt.decode_complete(raw, options={"verify_signature": False}) == jwt.decode_complete(
        padded, options={"verify_signature": False}
    )
    google.verify_id_token(raw, nonce="n1")

    with pytest.raises(google.InvalidGoogleCredentials):
        google.verify_id_token(padded, nonce="n1")


def test_a_refused_token_is_not_used_up(theirs):
    raw = theirs.token()
    with pytest.raises(google.InvalidGoogleCredentials):
        google.verify_id_token(raw, nonce="another browser's")

    assert google.verify_id_token(raw, nonce="n1").sub == "1077"


def test_a_client_that_sent_no_nonce_is_not_asked_for_one(theirs):
    assert google.verify_id_token(theirs.token()).sub == "1077"
    assert google.verify_id_token(theirs.token(nonce=None)).sub == "1077"


def test_a_missing_name_and_picture_are_empty(theirs):
    identity = google.verify_id_token(theirs.token(name=None, picture=None))

    assert (identity.name, identity.picture) == ("", "")


def test_many_tokens_ask_for_the_keys_once(theirs):
    for _ in range(5):
        google.verify_id_token(theirs.token())

    assert theirs.asked == 1


def test_sign_in_survives_google_being_down(theirs):
    google.verify_id_token(theirs.token())
    theirs.status = 503

    assert google.verify_id_token(theirs.token()).sub == "1077"


def test_without_keys_google_is_unavailable(theirs):
    theirs.status = 503

    with pytest.raises(google.GoogleUnavailable) as refusal:
        google.verify_id_token(theirs.token())

    assert (refusal.value.code, refusal.value.status) == ("google_unavailable", 503)


@pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"keys": []}', '{"keys": 1}'])
def test_an_answer_without_keys_is_no_answer(theirs, body):
    theirs.body = body

    with pytest.raises(google.GoogleUnavailable):
        google.verify_id_token(theirs.token())


def test_a_token_that_google_never_signs_does_not_make_us_ask_it(theirs):
    with pytest.raises(google.InvalidGoogleCredentials):
        google.verify_id_token(unsigned())

    assert theirs.asked == 0


def test_stale_keys_are_used_for_a_day(theirs, clock):
    keys = PublishedKeys(theirs.url, clock)
    keys.find("k1")
    theirs.status = 503

    clock.now += theirs.max_age + DAY - 1
    assert keys.find("k1").key_id == "k1"

    clock.now += 2
    with pytest.raises(KeysUnavailable):
        keys.find("k1")


def test_google_down_is_asked_once_a_minute(theirs, clock):
    keys = PublishedKeys(theirs.url, clock)
    keys.find("k1")
    theirs.status, theirs.asked = 503, 0
    clock.now += theirs.max_age

    for _ in range(120):
        keys.find("k1")
        clock.now += 1

    assert theirs.asked == 2


def test_fresh_keys_are_fetched_when_the_old_ones_expire(theirs, clock):
    keys = PublishedKeys(theirs.url, clock)
    keys.find("k1")
    theirs.body = json.dumps({"keys": [theirs.published("k2")]})
    clock.now += theirs.max_age

    with pytest.raises(UnknownKey):
        keys.find("k1")
    assert keys.find("k2").key_id == "k2"


def test_an_unknown_key_is_looked_for_once_a_minute(theirs, clock):
    keys = PublishedKeys(theirs.url, clock)
    keys.find("k1")
    theirs.asked = 0

    for second in range(1, 181):
        clock.now += 1
        with pytest.raises(UnknownKey):
            keys.find(f"unknown-{second}")

    assert theirs.asked == 3


def test_a_new_key_is_found_within_a_minute(theirs, clock):
    keys = PublishedKeys(theirs.url, clock)
    keys.find("k1")
    theirs.body = json.dumps({"keys": [theirs.published("k1"), theirs.published("k2")]})

    clock.now += 60

    assert keys.find("k2").key_id == "k2"


def test_only_rsa_signing_keys_are_taken(theirs, clock):
    secret = {
        "kty": "oct",
        "kid": "shared",
        "alg": "HS256",
        "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0",
    }
    encryption = {**theirs.published("enc"), "use": "enc"}
    theirs.body = json.dumps({"keys": [theirs.published("k1"), secret, encryption]})
    keys = PublishedKeys(theirs.url, clock)

    assert keys.find("k1").key_id == "k1"
    for name in ["shared", "enc"]:
        with pytest.raises(UnknownKey):
            keys.find(name)
