"""Every request counts against a limit: whose, which, and what the caller hears of it."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import AuthSession
from accounts.signed_tokens import AccessToken
from conftest import signed_in
from core.limits.scopes import parsed
from orders.models import Order
from shops.models import Shop

pytestmark = pytest.mark.django_db
ME, PRODUCTS, LOGIN = "/api/v1/users/me", "/api/v1/products", "/api/v1/auth/google/login"
FORGED_LOGIN = {"id_token": "x.y.z", "account_type": "user"}


@pytest.fixture
def limit(settings):
    def change(**limits):
        changed = {name: parsed(text) for name, text in limits.items()}
        settings.LIMITS = {**settings.LIMITS, **changed}

    return change


def statuses(ask, times):
    return [ask().status_code for _ in range(times)]


def test_an_answer_says_what_is_left(as_aigerim):
    as_aigerim.get(ME)
    response = as_aigerim.get(ME)

    assert response["RateLimit-Policy"] == '"reads-minute";q=300;w=60'
    assert response["RateLimit"] == '"reads-minute";r=298;t=60'
    assert "Retry-After" not in response


def test_who_asks_too_much_is_told_when_to_come_back(as_aigerim, aigerim, limit):
    limit(writes="1/minute")
    as_aigerim.put(ME, {"name": "First"})

    response = as_aigerim.put(ME, {"name": "Second"}, HTTP_ACCEPT_LANGUAGE="en")

    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "60"
    assert response["RateLimit"] == '"writes-minute";r=0;t=60'
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert (body["code"], body["status"]) == ("rate_limited", 429)
    assert body["detail"] == "Too many requests. Wait a little and try again."
    aigerim.refresh_from_db()
    assert aigerim.name == "First"


def test_scripts_of_our_own_sites_may_read_the_headers(anyone, settings):
    response = anyone.get(PRODUCTS, HTTP_ORIGIN=settings.CORS_ALLOWED_ORIGINS[0])

    exposed = response["Access-Control-Expose-Headers"].split(", ")
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(exposed)


def test_a_user_and_a_shop_of_the_same_number_are_not_the_same(aigerim, limit):
    told = {"google_id": "g-same", "email": "same@example.kz", "shop_name": "Same"}
    shop = signed_in(Shop.objects.create(pk=aigerim.pk, **told))
    limit(uploads="1/minute")

    def upload(client, address):
        return client.post(address, {"files": b"x"}, format="multipart").status_code

    user = signed_in(aigerim)
    assert upload(user, "/api/v1/wardrobe/upload-images") != 429
    assert upload(user, "/api/v1/wardrobe/upload-images") == 429
    assert upload(shop, "/api/v1/products/upload-images") != 429


def test_all_devices_of_a_person_share_the_limit(admin, limit):
    limit(reads="2/minute")

    assert signed_in(admin, "web").get(ME).status_code == 200
    assert signed_in(admin, "mobile").get(ME).status_code == 200
    assert signed_in(admin, "web").get(ME).status_code == 429


def test_strangers_are_told_apart_by_network(anyone, limit):
    limit(anonymous="1/minute")

    def ask(address):
        return anyone.get(PRODUCTS, REMOTE_ADDR=address).status_code

    assert [ask("203.0.113.1"), ask("203.0.113.1"), ask("203.0.113.2")] == [200, 429, 200]
    assert [ask("2001:db8::1"), ask("2001:db8::ffff"), ask("2001:db8:0:1::1")] == [200, 429, 200]
    assert ask("::ffff:203.0.113.1") == 429


def test_a_forged_forwarded_for_does_not_make_a_stranger_another(anyone, limit):
    limit(anonymous="3/minute")
    numbers = iter(range(9))

    def ask():
        return anyone.get(PRODUCTS, HTTP_X_FORWARDED_FOR=f"203.0.113.{next(numbers)}")

    assert statuses(ask, 5) == [200, 200, 200, 429, 429]


def test_behind_our_proxy_the_client_counts_and_not_the_proxy(anyone, limit, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    limit(anonymous="1/minute")

    def ask(forwarded):
        return anyone.get(PRODUCTS, HTTP_X_FORWARDED_FOR=forwarded).status_code

    assert [ask("203.0.113.1"), ask("203.0.113.2")] == [200, 200]
    assert ask("6.6.6.6, 203.0.113.1") == 429


def test_forged_and_expired_tokens_count_as_a_stranger(anyone, timur, limit):
    limit(anonymous="4/minute", reads="1/minute")
    pair = tokens.issue(AuthSession.objects.create(user=timur, platform="mobile"))
    expired = AccessToken(pair.access)
    expired.set_exp(lifetime=timedelta(seconds=-1))
    forgeries = iter(
        ["nonsense", pair.access[:-4] + "AAAA", str(expired), pair.refresh, pair.access[:-4]]
    )

    def ask():
        return anyone.get(ME, HTTP_AUTHORIZATION=f"Bearer {next(forgeries)}")

    assert statuses(ask, 5) == [401, 401, 401, 401, 429]
    assert signed_in(timur).get(ME).status_code == 200


def test_the_database_is_not_asked_whose_limit_it_is(as_aigerim, limit, django_assert_num_queries):
    limit(reads="1/minute")
    as_aigerim.get(ME)

    with django_assert_num_queries(0):
        assert as_aigerim.get(ME).status_code == 429


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("get", "/api/v1/nowhere", 404), ("delete", PRODUCTS, 401), ("post", ME, 401)],
)
def test_refusals_count_too(anyone, limit, method, address, status):
    limit(anonymous="2/minute")

    assert statuses(lambda: getattr(anyone, method)(address), 3) == [status, status, 429]


def test_a_wrong_method_and_a_wrong_kind_of_account_count_too(as_aigerim, limit):
    limit(writes="2/minute")

    assert as_aigerim.patch(ME).status_code == 405
    assert as_aigerim.put("/api/v1/shops/me", {}).status_code == 403
    assert as_aigerim.put(ME, {}).status_code == 429


def test_sign_in_counts_the_network_whatever_token_is_shown(anyone, as_aigerim, as_timur, limit):
    limit(sign_in="3/minute")
    clients = iter([anyone, as_aigerim, as_timur, as_timur])

    assert statuses(lambda: next(clients).post(LOGIN, FORGED_LOGIN), 4) == [401, 401, 401, 429]
    assert as_timur.get(ME).status_code == 200


def test_refreshes_are_counted_by_session(anyone, aigerim, limit):
    """So that a token that is over uses up nothing of a session that goes on; form or JSON."""
    limit(refresh="1/minute")
    first, second = (AuthSession.objects.create(user=aigerim, platform="mobile") for _ in range(2))

    def refresh(session, **form):
        told = {"refresh_token": tokens.issue(session).refresh}
        sent = {"data": urlencode(told), **form} if form else {"data": told}
        return anyone.post("/api/v1/auth/refresh", **sent).status_code

    assert [refresh(first), refresh(second), refresh(first)] == [200, 200, 429]
    assert refresh(first, content_type="application/x-www-form-urlencoded") == 429


@pytest.mark.parametrize("body", ["{", "[]", '{"refresh_token": 5}', '{"refresh_token": "x"}', ""])
def test_forged_refreshes_are_counted_by_network(anyone, limit, body):
    limit(refresh="1/minute")

    def refresh():
        return anyone.generic("POST", "/api/v1/auth/refresh", body, "application/json")

    first, second = statuses(refresh, 2)
    assert first in {400, 401, 422}
    assert second == 429


def test_the_eleventh_order_of_a_minute_is_not_placed(as_aigerim, aigerim, dress_on_sale, limit):
    limit(orders="2/minute")
    address = f"{PRODUCTS}/{dress_on_sale.pk}/purchase"

    assert statuses(lambda: as_aigerim.post(address, {}), 3) == [201, 201, 429]
    assert Order.objects.filter(user=aigerim).count() == 2


def test_uploads_have_a_limit_of_their_own(as_atelier, picture, limit):
    limit(uploads="1/minute;5/day")

    def upload():
        files = {"files": picture}
        return as_atelier.post("/api/v1/products/upload-images", files, format="multipart")

    first, second = upload(), upload()

    assert '"uploads-day";q=5;w=86400' in first["RateLimit-Policy"]
    assert second.status_code == 429
    assert as_atelier.get("/api/v1/shops/me").status_code == 200


def test_pages_refuse_in_the_readers_language(limit):
    limit(sign_in="1/minute")
    browser = Client()
    address = "/accounts/google/login/callback/"
    browser.get(address)

    response = browser.get(address, HTTP_ACCEPT_LANGUAGE="en")

    assert response.status_code == 429
    assert response["Content-Type"].startswith("text/html")
    assert response["Retry-After"] == "60"
    assert "Wait a little" in response.content.decode()


def test_what_is_posted_to_pages_counts_for_the_person_of_the_session(admin, limit):
    limit(writes="2/minute", anonymous="100/minute")
    browser, other = Client(), Client()
    browser.force_login(admin)
    addresses = iter(["/panel/profile/", "/admin/shops/shop/", "/panel/profile/"])

    form = "application/x-www-form-urlencoded"
    answers = statuses(lambda: browser.post(next(addresses), content_type=form), 3)

    assert answers[2] == 429
    assert 429 not in answers[:2]
    assert other.post("/panel/profile/", {}).status_code == 302
    api = signed_in(admin, "web")
    assert api.put(ME, {"name": "A"}).status_code == 429  # the same person


def test_a_cookie_means_nothing_to_the_limits_of_the_api(aigerim, limit):
    limit(anonymous="1/minute")
    browser = APIClient()
    browser.force_login(aigerim)

    assert statuses(lambda: browser.get(PRODUCTS), 2) == [200, 429]


def test_health_checks_and_pictures_are_never_refused(anyone, limit):
    limit(anonymous="1/minute", pages="1/minute")

    assert set(statuses(lambda: anyone.get("/healthz"), 3)) == {200}
    pictures = statuses(lambda: anyone.get("/uploads/shops/1/avatar.jpg"), 3)
    assert set(pictures) == {404}
