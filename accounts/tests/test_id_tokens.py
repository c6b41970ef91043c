"""Hand-made id_tokens of Google and Apple, with keys served by a real server on loopback."""

import base64
import hashlib
import hmac
import json

import jwt
import pytest

from accounts.providers import apple, google, id_tokens
from accounts.providers.memory import SignInUnavailable
from accounts.providers.provider import Identity
from accounts.tests.houses import HOUR, later


def encoded(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=")


def signed_with_a_shared_secret(them, secret):
    header = json.dumps({"alg": "HS256", "kid": "k1", "typ": "JWT"}).encode()
    body = encoded(header) + b"." + encoded(json.dumps(them.claims()).encode())
    return (body + b"." + encoded(hmac.new(secret, body, hashlib.sha256).digest())).decode()


def unsigned(them):
    return jwt.encode(them.claims(), None, "none", headers={"kid": "k1"})


def saying(them, payload):
    return jwt.api_jws.encode(payload, them.key, "RS256", headers={"kid": "k1"})


def naming_its_own_key(them):
    header = {"kid": "k1", "jku": "http://127.0.0.1:9/keys", "jwk": them.published("k1")}
    return jwt.encode(them.claims(), them.stranger, "RS256", headers=header)


GENUINE = {
    "valid": lambda them: them.token(),
    "no azp": lambda them: them.token(azp=None),
    "our clock is 20 s behind": lambda them: them.token(iat=later(20), exp=later(20 + HOUR)),
    "our clock is 20 s ahead": lambda them: them.token(iat=later(-HOUR - 20), exp=later(-20)),
    "e-mail in capitals": lambda them: them.token(email="A@Mail.Example"),
}

FORGED = {
    # The matrix of the prototype:
    "other audience": lambda them: them.token(aud="attacker.apps.googleusercontent.com"),
    "audience list with ours, other azp": lambda them: them.token(aud=[them.web, "x"], azp="x"),
    "other issuer": lambda them: them.token(iss="https://accounts.evil.com"),
    "expired": lambda them: them.token(exp=later(-10), iat=later(-4000)),
    "no exp": lambda them: them.token(exp=None),
    "signed by another key": lambda them: them.token(them.stranger),
    "unknown kid": lambda them: them.token(kid="k9"),
    "alg none": unsigned,
    "HS256 with the public key": lambda them: signed_with_a_shared_secret(them, them.public_pem()),
    "HS256 with the key set": lambda them: signed_with_a_shared_secret(them, them.body.encode()),
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
    # Beyond it:
    "audience list of ours alone": lambda them: them.token(aud=[them.web]),
    "our audience, other azp": lambda them: them.token(azp="x"),
    "azp is a list": lambda them: them.token(azp=[them.web]),
    "issued to our app in phones": lambda them: them.token(aud=them.phone, azp=them.phone),
    "issued to our app in phones for the web": lambda them: them.token(azp=them.phone),
    "expired a minute ago": lambda them: them.token(iat=later(-HOUR - 60), exp=later(-60)),
    "issued two hours ago": lambda them: them.token(iat=later(-2 * HOUR), exp=later(HOUR)),
    "no iat": lambda them: them.token(iat=None),
    "iat is no number": lambda them: them.token(iat="now"),
    "iat is infinite": lambda them: them.token(iat=float("-inf")),
    "exp is infinite": lambda them: them.token(exp=float("inf")),
    "exp is not a number": lambda them: them.token(exp=float("nan")),
    "empty sub": lambda them: them.token(sub=""),
    "sub is a number": lambda them: them.token(sub=1077),
    "sub too long to keep": lambda them: them.token(sub="1" * 65),
    "NUL in sub": lambda them: them.token(sub="10\x0077"),
    "NUL in email": lambda them: them.token(email="a\x00@mail.example"),
    "email too long to keep": lambda them: them.token(email="a" * 250 + "@b.kz"),
    "email is a list": lambda them: them.token(email=["a@mail.example"]),
    "email is empty": lambda them: them.token(email=""),
    "email_verified is other text": lambda them: them.token(email_verified="yes"),
    "email_verified is 1": lambda them: them.token(email_verified=1),
    "no email_verified": lambda them: them.token(email_verified=None),
    "no nonce": lambda them: them.token(nonce=None),
    "nonce is a list": lambda them: them.token(nonce=["n1"]),
    "no kid": lambda them: jwt.encode(them.claims(), them.key, "RS256"),
    "names a key of its own": naming_its_own_key,
    "claims are a list": lambda them: saying(them, b"[]"),
    "claims are not JSON": lambda them: saying(them, b"{"),
    "claims nested 5000 deep": lambda them: saying(them, b"[" * 5000),
    "header nested 5000 deep": lambda them: f"{encoded(b'[' * 5000).decode()}.e30.AA",
    "lone surrogate": lambda them: "\ud800.e30.AA",
}


def verify(them, raw, *, platform="web", nonce="n1"):
    return id_tokens.verify(them.module.provider(), raw, platform=platform, nonce=nonce)


def refusal_of(them, raw, **where):
    refusal = them.module.provider().refusal
    with pytest.raises(refusal) as refused:
        verify(them, raw, **where)
    assert (refused.value.code, refused.value.status) == (f"invalid_{them.name}_credentials", 401)
    return str(refused.value)


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_token_names_its_bearer(theirs, name):
    identity = verify(theirs, GENUINE[name](theirs))

    assert identity == Identity(theirs.name, "1077", "a@mail.example", *theirs.tells)


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused(theirs, name):
    said = refusal_of(theirs, FORGED[name](theirs))

    assert said == refusal_of(theirs, "")  # and does not tell a forger which rule is left


def test_google_writes_its_issuer_in_two_ways(google_house):
    raw = google_house.token(iss="accounts.google.com")

    assert verify(google_house, raw).sub == "1077"


def test_google_always_vouches_for_an_email(google_house):
    refusal_of(google_house, google_house.token(email=None))
    refusal_of(google_house, google_house.token(email_verified="true"))


def test_apple_may_keep_the_email_to_itself(apple_house):
    identity = verify(apple_house, apple_house.token(email=None, email_verified=None))

    assert (identity.sub, identity.email) == ("1077", "")


@pytest.mark.parametrize("verified", [True, "true"])
def test_apple_writes_truth_in_two_ways(apple_house, verified):
    assert verify(apple_house, apple_house.token(email_verified=verified)).sub == "1077"


@pytest.mark.parametrize("verified", [False, "false", "True", ""])
def test_an_email_that_apple_does_not_vouch_for_is_refused(apple_house, verified):
    refusal_of(apple_house, apple_house.token(email_verified=verified))


def test_a_token_of_one_provider_is_nothing_to_the_other(google_house, apple_house):
    refusal_of(apple_house, google_house.token())
    refusal_of(google_house, apple_house.token())


@pytest.mark.parametrize("azp", ["phone", "web", None])
def test_a_phone_brings_tokens_for_the_phone_and_for_the_server(theirs, azp):
    azp = azp and getattr(theirs, azp)
    for audience in [theirs.phone, theirs.web]:
        raw = theirs.token(aud=audience, azp=azp)

        assert verify(theirs, raw, platform="mobile").sub == "1077"


def test_without_a_client_there_the_provider_is_unavailable(theirs, settings):
    setattr(settings, f"{theirs.name.upper()}_WEB_CLIENT_IDS", [])
    outage = theirs.module.provider().outage

    with pytest.raises(outage) as refused:
        verify(theirs, theirs.token())

    assert (refused.value.code, refused.value.status) == (f"{theirs.name}_unavailable", 503)
    assert theirs.asked == 0


def test_a_token_works_once(theirs):
    raw = theirs.token()
    verify(theirs, raw)

    refusal_of(theirs, raw)
    refusal_of(theirs, raw, platform="mobile")


def test_spelling_the_signature_differently_does_not_make_it_another_token(theirs):
    raw = theirs.token()
    padded = raw + "=" * (-len(raw.rpartition(".")[2]) % 4)
    assert jwt.decode_complete(raw, options={"verify_signature": False}) == jwt.decode_complete(
        padded, options={"verify_signature": False}
    )
    verify(theirs, raw)

    refusal_of(theirs, padded)


def test_a_refused_token_is_not_used_up(theirs):
    raw = theirs.token()
    refusal_of(theirs, raw, nonce="another browser's")

    assert verify(theirs, raw).sub == "1077"


def test_while_nobody_remembers_used_tokens_none_is_taken(theirs, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }

    with pytest.raises(SignInUnavailable) as refused:
        verify(theirs, theirs.token())

    assert (refused.value.code, refused.value.status) == ("sign_in_unavailable", 503)


def test_a_client_that_sent_no_nonce_is_not_asked_for_one(theirs):
    assert verify(theirs, theirs.token(), nonce=None).sub == "1077"
    assert verify(theirs, theirs.token(nonce=None), nonce=None).sub == "1077"


def test_a_phone_may_ask_with_the_digest_of_its_nonce(theirs):
    digest = hashlib.sha256(b"n1").hexdigest()

    assert verify(theirs, theirs.token(nonce=digest)).sub == "1077"


@pytest.mark.parametrize(
    ("picture", "kept"),
    [
        (None, ""),
        ("http://lh3.example/a.png", ""),
        ("users/1/avatar.jpg", ""),
        ("https://lh3.example/" + "a" * 500, ""),
        (["https://lh3.example/a.png"], ""),
        ("https://lh3.example/a.png", "https://lh3.example/a.png"),
    ],
)
def test_only_an_address_is_a_picture(google_house, picture, kept):
    assert verify(google_house, google_house.token(picture=picture)).picture == kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (None, ""),
        (["A"], ""),
        (" Ә\x00\nБ\u202e ", "ӘБ"),
        ("<b>Айгүл</b>", "<b>Айгүл</b>"),
    ],
)
def test_a_name_is_one_line_of_text(google_house, name, kept):
    assert verify(google_house, google_house.token(name=name)).name == kept


def test_many_tokens_ask_for_the_keys_once(theirs):
    for _ in range(5):
        verify(theirs, theirs.token())

    assert theirs.asked == 1


def test_sign_in_survives_the_provider_being_down(theirs):
    verify(theirs, theirs.token())
    theirs.status = 503

    assert verify(theirs, theirs.token()).sub == "1077"


def test_without_keys_the_provider_is_unavailable(theirs):
    theirs.status = 503

    with pytest.raises(theirs.module.provider().outage):
        verify(theirs, theirs.token())


@pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"keys": []}', '{"keys": 1}'])
def test_an_answer_without_keys_is_no_answer(theirs, body):
    theirs.body = body

    with pytest.raises((google.GoogleUnavailable, apple.AppleUnavailable)):
        verify(theirs, theirs.token())


def test_a_token_that_is_never_signed_so_does_not_make_us_ask(theirs):
    refusal_of(theirs, unsigned(theirs))

    assert theirs.asked == 0
