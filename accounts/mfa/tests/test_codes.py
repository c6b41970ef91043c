"""Codes cannot be guessed, and each works once: on the pages and in the API, also all at once."""

from collections import Counter
from uuid import uuid4

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.urls import reverse

from accounts.mfa import factors
from accounts.mfa.tests.phone import code, wrong_code
from accounts.models import AuthSession
from billing.tests.test_ledger import at_once
from conftest import APP_SECRET, browser_of, signed_in

pytestmark = pytest.mark.usefixtures("unlimited")

VERIFY = "/api/v1/auth/mfa/verify"
SHOW = reverse("mfa_reauthenticate")


@pytest.fixture
def real_cache(settings):
    """The cache of production: what counts and remembers is atomic there or nowhere."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": settings.REDIS_URL,
            "KEY_PREFIX": uuid4().hex,  # clearing it would clear that of another process, too
        }
    }


@pytest.fixture
def app(admin):
    return factors.enrol_app(admin, APP_SECRET)


@pytest.fixture
def recovery_codes(admin, app):
    return RecoveryCodes.activate(admin).get_unused_codes()


@pytest.fixture
def api(admin):
    return signed_in(admin, "web", second_factor=False)


@pytest.fixture
def page(admin, app):
    """The administrator's browser, which has shown nothing yet."""
    return browser_of(admin, second_factor=False)


def verify(client, said):
    """The code of the refusal, or "ok"; the client then goes on with its new token."""
    answer = client.post(VERIFY, {"code": said}).json()
    if "access_token" in answer:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer['access_token']}")
    return answer.get("code", "ok")


def show(client, said):
    """Whether the page lets the code pass."""
    return client.post(f"{SHOW}?next=/admin/", {"code": said}).status_code == 302


def test_after_five_wrong_codes_in_a_minute_none_is_looked_at(api, app, page):
    assert [verify(api, wrong_code()) for _ in range(3)] == ["wrong_code"] * 3
    assert [show(page, wrong_code()) for _ in range(2)] == [False] * 2

    refused = api.post(VERIFY, {"code": code()})

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_codes")
    assert refused["Retry-After"] == "60"
    assert not show(page, code())
    assert "Too many wrong codes" in page.post(SHOW, {"code": code()}).content.decode()
    assert AuthSession.objects.get().mfa_at is None


def test_another_person_is_not_held_up(api, app, as_timur, timur):
    for _ in range(6):
        verify(api, wrong_code())
    factors.enrol_app(timur, APP_SECRET)

    assert verify(as_timur, code()) == "ok"


def test_a_right_code_forgives_the_wrong_ones(api, app):
    for number in range(3):
        assert [verify(api, wrong_code()) for _ in range(4)] == ["wrong_code"] * 4
        assert verify(api, code(later=number - 1)) == "ok"


def test_a_used_code_forgives_nothing(api, app):
    used = code(later=1)
    verify(api, used)

    for _ in range(5):
        verify(api, used)
        assert verify(api, wrong_code()) == "wrong_code"

    assert verify(api, code()) == "too_many_codes"


def test_a_code_of_the_app_works_once_on_both_sides(api, app, page):
    assert verify(api, code()) == "ok"
    assert verify(api, code()) == "wrong_code"
    assert not show(page, code())
    assert show(page, code(later=1))
    assert verify(api, code(later=1)) == "wrong_code"
    assert verify(api, f" {code(later=1)[:3]}-{code(later=1)[3:]}") == "wrong_code"


def test_a_code_works_once_for_as_long_as_it_lives(api, app, monkeypatch):
    """Allauth forgets a used code after 30 seconds; with its tolerance it accepts it for 90."""
    used = code(later=1)
    assert verify(api, used) == "ok"

    cache.delete(f"allauth.mfa.totp.used?user={app.user_id}&code={used}")

    assert verify(api, used) == "wrong_code"


def test_a_clock_half_a_minute_off_is_fine_and_no_more(api, app):
    assert verify(api, code(later=2)) == "wrong_code"
    assert verify(api, code(later=-3)) == "wrong_code"
    assert verify(api, code(later=1)) == "ok"


def test_a_recovery_code_works_once_on_both_sides(api, page, recovery_codes):
    first, second, *_rest = recovery_codes

    assert verify(api, first) == "ok"
    assert verify(api, first) == "wrong_code"
    assert not show(page, first)
    assert show(page, second)
    assert len(set(recovery_codes)) == 10


@pytest.mark.django_db(transaction=True)
def test_of_fifty_wrong_codes_at_once_five_are_looked_at(real_cache, admin, app):
    clients = [signed_in(admin, "web", second_factor=False) for _ in range(50)]
    wrong = wrong_code()

    outcomes = []
    at_once(50, lambda number: outcomes.append(verify(clients[number], wrong)))

    assert Counter(outcomes) == {"wrong_code": 5, "too_many_codes": 45}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a_code_sent_ten_times_at_once_works_once(real_cache, admin, recovery_codes, kind):
    clients = [signed_in(admin, "web", second_factor=False) for _ in range(10)]
    said = code() if kind == "app" else recovery_codes[0]

    outcomes = []
    at_once(10, lambda number: outcomes.append(verify(clients[number], said)))

    assert len(outcomes) == 10
    assert Counter(outcomes)["ok"] == 1
    assert AuthSession.objects.exclude(mfa_at=None).count() == 1
