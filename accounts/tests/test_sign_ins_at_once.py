"""Sign-ins in the same moment, against the real PostgreSQL and the real Valkey."""

import pytest
from django.conf import settings as configured
from rest_framework.test import APIClient

from accounts.models import AuthSession, User
from billing.tests.test_ledger import at_once
from shops.models import Shop

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(5)


@pytest.fixture(autouse=True)
def _real_cache(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": configured.REDIS_URL,
        }
    }


def answers_at_once(requests):
    """Send each (house, body) from a thread of its own; the status codes."""
    statuses = []

    def send(number):
        house, sent = requests[number]
        address = f"/api/v1/auth/{house.name}/login"
        statuses.append(APIClient().post(address, sent).status_code)

    at_once(len(requests), send)
    return sorted(statuses)


def body(house, account_type="user", **told):
    return house, {"id_token": house.token(**told), "account_type": account_type}


@pytest.mark.parametrize("round_", ROUNDS)
def test_of_ten_uses_of_one_token_one_signs_in(theirs, round_):
    answers = answers_at_once([body(theirs)] * 10)

    assert answers == [200] + [401] * 9
    assert AuthSession.objects.count() == 1


def test_ten_tokens_of_one_person_sign_in_ten_times(theirs):
    """The control: ten threads do get through, and make one account."""
    answers = answers_at_once([body(theirs) for _ in range(10)])

    assert answers == [200] * 10
    assert (AuthSession.objects.count(), User.objects.count()) == (10, 1)


def test_ten_sign_ins_of_one_shop_open_it_once(theirs, published):
    with published() as events:
        answers = answers_at_once([body(theirs, "shop") for _ in range(10)])

    assert answers == [200] * 10
    assert Shop.objects.count() == 1
    assert [kind for _audience, kind, _data in events] == ["shop_created"]


def test_one_person_with_changing_addresses_has_one_account(theirs):
    answers = answers_at_once([body(theirs, email=f"{n}@mail.example") for n in range(10)])

    assert answers == [200] * 10
    assert User.objects.count() == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_of_strangers_with_one_address_the_first_gets_it(houses, round_):
    google, apple = houses
    answers = answers_at_once(
        [
            body(house, kind, sub=f"{house.name}-{kind}-{number}")
            for house in (google, apple)
            for kind in ("user", "shop")
            for number in range(2)
        ]
    )

    assert answers == [200] + [409] * 7
    assert User.objects.count() + Shop.objects.count() == 1


def test_ten_first_visits_to_the_own_shop_open_it_once(aigerim, as_aigerim, published):
    statuses = []

    def enter(number):
        client = APIClient()
        client.credentials(**as_aigerim._credentials)
        statuses.append(client.post("/api/v1/auth/user/get-or-create-shop").status_code)

    with published() as events:
        at_once(10, enter)

    assert statuses == [200] * 10
    assert Shop.objects.get().google_id == aigerim.google_id
    assert len(events) == 1
