"""The keys of a provider: how long they are trusted, and how often it is asked for them."""

import json

import pytest

from accounts.providers.jwks import KeysUnavailable, PublishedKeys, UnknownKey

DAY = 24 * 3600


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def theirs(google_house):
    return google_house


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
