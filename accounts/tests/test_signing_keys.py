"""Keys: one signs, the earlier ones verify, and a new one is known before it is used."""

from datetime import timedelta

import jwt
import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import signing_keys, tokens
from accounts.models import AuthSession, SigningKey
from accounts.signing_keys import KeyRing, key_ring
from billing.tests.test_ledger import at_once
from core.models import AuditEntry


@pytest.fixture
def session(timur):
    return AuthSession.objects.create(user=timur, platform="mobile")


def kid_of(token):
    return jwt.get_unverified_header(token)["kid"]


def refused(token):
    with pytest.raises(tokens.InvalidToken):
        tokens.verify(token)
    return True


def later(**passed):
    """Let time pass for every key."""
    for key in SigningKey.objects.all():
        key.created_at -= timedelta(**passed)
        if key.retired_at:
            key.retired_at -= timedelta(**passed)
        key.save()
    key_ring.forget()


def rotate():
    key = signing_keys.rotate()
    key_ring.forget()
    return key


def test_the_first_token_makes_the_first_key_encrypted_at_rest(session):
    assert not SigningKey.objects.exists()

    pair = tokens.issue(session)

    key = SigningKey.objects.get()
    assert kid_of(pair.access) == kid_of(pair.refresh) == key.kid
    secret = key_ring.signer().secret
    assert len(secret) == 64
    assert secret not in key.secret
    assert jwt.decode(pair.access, secret, ["HS256"], audience="Leema", issuer="Leema")


@pytest.mark.django_db(transaction=True)
def test_processes_that_start_at_once_make_one_key():
    kids = []

    at_once(10, lambda _: kids.append(KeyRing().signer().kid))

    assert len(kids) == 10
    assert set(kids) == {SigningKey.objects.get().kid}


def test_after_a_rotation_both_keys_verify_and_the_new_one_signs_once_it_is_known(session):
    before = tokens.issue(session).access
    key = rotate()

    at_first = tokens.issue(session).access
    later(seconds=11)
    afterwards = tokens.issue(session).access

    assert kid_of(before) == kid_of(at_first) != kid_of(afterwards) == key.kid
    for token in (before, at_first, afterwards):
        assert tokens.verify(token)


def test_a_retired_key_verifies_until_its_last_refresh_token_has_expired(session):
    token = tokens.issue(session).access
    secret, kid = key_ring.signer().secret, kid_of(token)
    claims = jwt.decode(token, secret, ["HS256"], audience="Leema")
    eternal = jwt.encode({**claims, "exp": 2**33}, secret, "HS256", {"kid": kid})
    rotate()

    later(days=30)
    assert tokens.verify(eternal)
    assert signing_keys.clear_expired() == 0

    later(minutes=2)
    assert refused(eternal)
    assert signing_keys.clear_expired() == 1
    assert not SigningKey.objects.filter(kid=kid).exists()
    assert SigningKey.objects.get().retired_at is None


def test_another_process_learns_of_a_new_key_within_its_five_seconds(session, settings):
    settings.SIGNING_KEYS_CACHED_SECONDS = 0.05
    elsewhere = KeyRing()
    elsewhere.signer()
    new = rotate()
    later(seconds=11)

    def is_known():
        return elsewhere.signer().kid == new.kid

    deadline = timezone.now() + timedelta(seconds=2)
    while not is_known() and timezone.now() < deadline:
        pass
    assert is_known()


@pytest.mark.parametrize(("wait", "is_known"), [(10, True), (-1, False)])
def test_nothing_is_signed_with_a_key_that_others_do_not_know_yet(
    session, monkeypatch, wait, is_known
):
    monkeypatch.setattr(signing_keys, "KNOWN_EVERYWHERE_AFTER", timedelta(seconds=wait))
    key_ring.signer()
    elsewhere = KeyRing()
    elsewhere.find("anything")
    rotate()

    kid = kid_of(tokens.issue(session).access)

    assert (elsewhere.find(kid) is not None) == is_known


def test_the_command_says_what_it_did_and_is_audited(session):
    old = kid_of(tokens.issue(session).access)

    said = call_command("rotate_keys")

    new = SigningKey.objects.get(retired_at=None)
    assert f"The key {new.kid} signs within 15 seconds." in said
    assert f"The key {old} is retired; it verifies until" in said
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (
        "command:rotate_keys",
        "signing_keys.rotate",
        f"signingkey:{new.kid}",
    )
    assert new.secret not in entry.record


def test_after_a_leak_no_earlier_token_works_even_where_the_key_is_remembered(session, anyone):
    pair = tokens.issue(session)
    tokens.verify(pair.access)

    said = call_command("rotate_keys", "--revoke-old")

    assert refused(pair.access)  # this process still remembers the key: the session is over
    with pytest.raises(tokens.InvalidToken):
        tokens.rotate(pair.refresh)
    key = SigningKey.objects.get()
    assert f"The key {key.kid} signs. Every older key is deleted. Sessions ended: 1." in said
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["signing_keys.rotate", "signing_keys.revoke_others"]
    key_ring.forget()
    again = AuthSession.objects.create(user=session.user, platform="mobile")
    assert kid_of(tokens.issue(again).access) == key.kid
    assert tokens.verify(tokens.issue(again).access)
    assert refused(pair.access)


@pytest.mark.django_db(transaction=True)
def test_two_rotations_at_once_leave_one_key_that_signs():
    key_ring.signer()

    assert at_once(5, lambda _: signing_keys.rotate()) == ["SigningKey"] * 5

    assert SigningKey.objects.count() == 6
    assert SigningKey.objects.filter(retired_at=None).count() == 1


def test_a_new_secret_key_with_the_old_one_as_a_fallback_changes_nothing(session, settings):
    pair = tokens.issue(session)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    key_ring.forget()

    assert tokens.verify(pair.access)
    assert tokens.verify(tokens.rotate(pair.refresh).access)
    assert SigningKey.objects.count() == 1


def test_without_the_fallback_everybody_signs_in_again_and_nothing_breaks(
    session, settings, caplog
):
    pair = tokens.issue(session)
    settings.SECRET_KEY = "new" * 20
    key_ring.forget()

    assert refused(pair.access)
    assert tokens.verify(tokens.issue(session).access)
    assert "belongs to another SECRET_KEY" in caplog.text
