"""Administrators set prices and fees: typed, checked, answered for, and in force at once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import override

from accounts.providers.provider import Identity
from accounts.registration import user_of
from accounts.tests.signed_requests import stepped_up
from billing.payouts import lifecycle
from billing.tests.shops_with_money import earned, with_bank_details
from conftest import browser_of, signed_in
from core.models import AuditEntry, PlatformSetting
from core.platform_settings import registry
from core.platform_settings.setting import known
from generations.requests import request_design

SETTINGS = "/api/v1/admin/settings"


@pytest.fixture
def put(admin):
    client = stepped_up(admin)

    def send(key, value):
        response = client.put(f"{SETTINGS}/{key}", {"value": value})
        known.forget()  # as its commit does
        return response

    return send


def values(client):
    return {each["key"]: each["value"] for each in client.get(SETTINGS).json()}


def test_every_setting_is_listed_with_its_default_as_text(as_admin, settings):
    settings.TRY_ON_PRICE = Decimal("175.50")

    assert values(as_admin) == {
        "user_generation_price": "250.00",
        "user_try_on_price": "175.50",
        "user_free_generations": "3",
        "user_free_try_ons": "5",
        "shop_commission_rate": "10.0",
        "shop_product_rent_price": "0",
        "shop_min_rent_months": "1",
        "shop_approval_fee": "0",
        "shop_payout_min": "5000",
        "refund_period_days": "14",
    }


@pytest.mark.parametrize("key", registry.ALL)
def test_each_default_is_one_that_could_be_set(key):
    setting = registry.ALL[key]

    assert setting.parsed(str(setting.default())) == setting.default()


def test_a_change_holds_is_answered_for_and_heard(put, as_admin, admin, published):
    with published() as events:
        response = put("user_generation_price", "300")

    assert response.status_code == 200
    assert response.json() == {"message": "The setting is saved."}
    assert values(as_admin)["user_generation_price"] == "300"
    entry = AuditEntry.objects.get(action="setting.change")
    assert (entry.actor, entry.subject) == (f"admin:{admin.pk}", "setting:user_generation_price")
    assert entry.said["before"] == {"value": "250.00"}
    assert entry.said["after"] == {"value": "300"}
    told = {"key": "user_generation_price", "value": "300"}
    assert events == [("admins", "settings_updated", told)]


def test_the_price_is_the_one_of_the_moment(put, aigerim):
    before = request_design(aigerim, "a dress")
    put("user_generation_price", "300.50")

    assert (before.cost, request_design(aigerim, "a dress").cost) == (250, Decimal("300.50"))
    aigerim.refresh_from_db()
    assert aigerim.balance == Decimal("449.50")


def test_a_new_user_starts_with_what_is_set(put, anyone, aigerim):
    put("user_free_generations", "7")
    put("user_free_try_ons", "0")

    user = user_of(Identity(provider="google", sub="new", email="new@example.kz"))

    assert (user.free_generations_left, user.free_try_ons_left) == (7, 0)


def test_prices_are_those_of_config(put, anyone):
    put("user_try_on_price", "99.90")

    assert anyone.get("/api/v1/config").json()["try_on_price"] == 99.9


def test_the_smallest_payout_is_set(put, atelier):
    with_bank_details(earned(atelier, 20_000))
    put("shop_payout_min", "6000")

    with pytest.raises(lifecycle.PayoutTooSmall, match="6000 ₸"):
        lifecycle.request(atelier, Decimal("5999.99"))
    assert lifecycle.request(atelier, Decimal(6000)).amount == 6000


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("user_try_on_price", "-1"),
        ("user_try_on_price", "1000000.01"),
        ("user_try_on_price", "1.001"),
        ("user_try_on_price", "NaN"),
        ("user_try_on_price", "1e3"),
        ("user_try_on_price", "١٢"),
        ("user_try_on_price", "free"),
        ("user_free_generations", "2.5"),
        ("user_free_generations", "1001"),
        ("shop_commission_rate", "100.01"),
        ("shop_min_rent_months", "0"),
        ("shop_payout_min", "4999"),
    ],
)
def test_what_it_cannot_be_is_refused_with_a_sentence(put, as_admin, key, value):
    before = values(as_admin)

    response = put(key, value)

    assert (response.status_code, response.json()["code"]) == (422, "invalid_setting")
    assert number_format(registry.ALL[key].most, force_grouping=True) in response.json()["detail"]
    assert values(as_admin) == before
    assert not AuditEntry.objects.filter(action="setting.change").exists()


@pytest.mark.parametrize("body", [{}, {"value": None}, {"value": ""}, {"value": "1" * 51}])
def test_a_body_without_a_value_is_refused(admin, body):
    response = stepped_up(admin).put(f"{SETTINGS}/refund_period_days", body)

    assert (response.status_code, response.json()["code"]) == (422, "invalid")


def test_what_is_no_setting_is_not_found(put):
    response = put("secret_key", "1")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert not PlatformSetting.objects.exists()


def test_changing_needs_a_fresh_second_factor(admin):
    client = signed_in(admin, "web", second_factor=False)

    assert client.put(f"{SETTINGS}/refund_period_days", {"value": "20"}).status_code == 403
    assert not PlatformSetting.objects.exists()


def test_settings_are_described_in_the_readers_language(as_admin):
    response = as_admin.get(SETTINGS, HTTP_ACCEPT_LANGUAGE="en")

    described = {each["key"]: each["description"] for each in response.json()}
    assert described["user_try_on_price"] == "Price of a try-on (₸, from 0 to 1,000,000)"
    with override("ru"):
        assert "₸" in registry.USER_TRY_ON_PRICE.description


def test_others_know_a_change_within_the_seconds_of_the_deployment(db, settings):
    assert registry.REFUND_PERIOD_DAYS.value() == 14
    PlatformSetting.objects.create(key="refund_period_days", value="30")

    assert registry.REFUND_PERIOD_DAYS.value() == 14
    settings.PLATFORM_SETTINGS_CACHED_SECONDS = 0
    assert registry.REFUND_PERIOD_DAYS.value() == 30


def test_reading_them_asks_the_database_once(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        for setting in registry.ALL.values():
            setting.value()


@pytest.mark.parametrize("value", ["", "-1", "NaN", "ten"])
def test_the_database_takes_numbers_alone(db, value):
    with pytest.raises(IntegrityError), transaction.atomic():
        PlatformSetting.objects.create(key="refund_period_days", value=value)


def test_the_page_lists_and_changes_them(desk, admin):
    page = desk.get(reverse("admin:core_platformsetting_changelist")).content.decode()
    assert all(f'id="{key}"' in page for key in registry.ALL)

    address = reverse("admin:core_platformsetting_set", args=["shop_approval_fee"])
    page = desk.post(address, {"value": "5"}, follow=True).content.decode()

    assert "The setting is saved." in page
    assert PlatformSetting.objects.get().value == "5"


def test_the_page_says_why_it_refuses(desk):
    address = reverse("admin:core_platformsetting_set", args=["shop_approval_fee"])

    page = desk.post(address, {"value": "5,5"}, follow=True).content.decode()

    assert "goes from 0 to 1,000,000" in page
    assert not PlatformSetting.objects.exists()


def test_the_page_asks_for_the_second_factor_again(admin):
    stale = browser_of(admin, shown_ago=700)
    address = reverse("admin:core_platformsetting_set", args=["shop_approval_fee"])

    response = stale.post(address, {"value": "5"})

    assert response.status_code == 302
    assert "second-factor" in response["Location"]
    assert not PlatformSetting.objects.exists()


def test_only_administrators_see_them(as_aigerim, as_atelier, client, aigerim):
    assert as_aigerim.get(SETTINGS).status_code == 403
    assert as_atelier.get(SETTINGS).status_code == 403
    client.force_login(aigerim, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("admin:core_platformsetting_changelist"))
    assert page.status_code == 302
