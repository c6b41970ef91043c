"""The administrators' site opens after the second factor, and closes when nobody is there."""

import time

import pytest
from django.contrib import admin as django_admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.mfa import factors
from accounts.mfa.tests.phone import code
from accounts.models import User
from catalog.models import Category
from conftest import APP_SECRET, browser_of

pytestmark = pytest.mark.usefixtures("unlimited")

INDEX, SHOW = reverse("mfa_index"), reverse("mfa_reauthenticate")
CATEGORY = {
    "name_ru": "Зонты",
    "name_kk": "Қолшатырлар",
    "name_en": "Umbrellas",
    "slug": "umbrellas",
    "garment": "auto",
    "order": "5",
    "is_active": "on",
}


def addresses():
    """Every address of the administrators' site, by name, with some row where one is wanted."""
    urls, _app, _namespace = django_admin.site.urls
    flat = [one for url in urls for one in (url, *getattr(url, "url_patterns", []))]
    for name in sorted({url.name for url in flat if getattr(url, "name", None)}):
        for arguments in ([], [1], ["accounts"], ["1", "2"]):
            try:
                yield name, reverse(f"admin:{name}", args=arguments)
            except NoReverseMatch:
                continue
    yield "unknown", reverse("admin:index") + "nothing/here/"


ADDRESSES = dict(addresses())
GUARDED = [address for name, address in ADDRESSES.items() if name != "logout"]
LISTS = [address for name, address in ADDRESSES.items() if name.endswith("_changelist")]


def page_of(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def test_the_walk_knows_the_whole_site():
    models = len(django_admin.site._registry)
    assert len(GUARDED) > 5 * models


def test_without_a_factor_every_address_leads_to_setting_one_up(admin):
    browser = browser_of(admin, second_factor=False)

    for address in GUARDED:
        for answer in (browser.get(address), browser.post(address)):
            assert (answer.status_code, answer["Location"]) == (302, INDEX), address
    page = browser.get(INDEX).content.decode()
    assert "Administrators need a second factor" in page
    assert reverse("admin:index") not in page


def test_with_one_that_was_not_shown_every_address_asks_for_it(admin):
    browser = browser_of(admin, second_factor=False)
    factors.enrol_app(admin, APP_SECRET)

    for address in GUARDED:
        for answer in (browser.get(address), browser.post(address)):
            assert answer.status_code == 302
            assert answer["Location"].startswith(f"{SHOW}?next=%2Fadmin%2F"), address


def test_signing_out_the_language_and_the_panel_stay_open(admin):
    browser = browser_of(admin, second_factor=False)

    assert browser.get("/panel/")["Location"] == reverse("panel-open-shop")
    sent = {"language": "kk", "next": INDEX}
    assert browser.post(reverse("set_language"), sent)["Location"] == INDEX
    browser.post(reverse("admin:logout"))
    assert "_auth_user_id" not in browser.session


def test_the_form_that_was_interrupted_goes_on_after_the_code(admin):
    browser = browser_of(admin, second_factor=False)
    factors.enrol_app(admin, APP_SECRET)
    asked = browser.post(reverse("admin:catalog_category_add"), CATEGORY)
    assert not Category.objects.filter(slug="umbrellas").exists()

    done = browser.post(asked["Location"], {"code": code()})

    assert done["Location"] == reverse("admin:catalog_category_changelist")
    assert Category.objects.get(slug="umbrellas").name_kk == "Қолшатырлар"


def test_a_form_of_another_site_is_not_kept_for_later(admin):
    browser = browser_of(admin, client=Client(enforce_csrf_checks=True), shown_ago=31 * 60)

    answer = browser.post(reverse("admin:catalog_category_add"), CATEGORY)

    assert answer.status_code == 403
    assert "account_reauthentication_state" not in browser.session


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 302)])
def test_after_half_an_hour_of_nothing_it_is_asked_for_again(admin, minutes, status):
    browser = browser_of(admin, shown_ago=minutes * 60)

    assert browser.get(reverse("admin:index")).status_code == status


def test_who_goes_on_working_is_not_asked(admin):
    browser = browser_of(admin, shown_ago=29 * 60)
    browser.get(reverse("admin:index"))
    seen_at = browser.session["admin_seen_at"]
    assert seen_at == pytest.approx(time.time(), abs=60)

    session = browser.session
    session["account_authentication_methods"][0]["at"] -= 3600
    session.save()
    assert browser.get(reverse("admin:index")).status_code == 200

    session = browser.session
    session["admin_seen_at"] -= 31 * 60
    session.save()
    assert browser.get(reverse("admin:index"))["Location"].startswith(SHOW)


def test_another_person_in_the_same_browser_has_shown_nothing(admin, timur):
    browser = browser_of(admin)
    User.objects.filter(pk=timur.pk).update(role=User.Role.ADMIN)
    timur.refresh_from_db()
    factors.enrol_app(timur, APP_SECRET)

    browser_of(timur, client=browser, second_factor=False)

    assert browser.get(reverse("admin:index"))["Location"].startswith(SHOW)


@pytest.mark.parametrize("sent", [{"role": "admin", "is_active": "on"}, {"role": "user"}])
def test_a_role_and_a_block_want_a_factor_of_the_last_ten_minutes(admin, aigerim, sent):
    browser = browser_of(admin, shown_ago=11 * 60)
    before = User.objects.filter(pk=aigerim.pk).values().get()

    asked = browser.post(page_of(aigerim), sent)

    assert asked["Location"].startswith(SHOW)
    assert User.objects.filter(pk=aigerim.pk).values().get() == before
    browser.post(asked["Location"], {"code": code()})
    aigerim.refresh_from_db()
    assert (aigerim.role, aigerim.is_active) == (sent["role"], "is_active" in sent)
