"""Setting a second factor up, keeping it and taking it away, on the pages."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mfa import factors
from accounts.mfa.tests.phone import code, wrong_code
from accounts.models import AuthSession
from conftest import APP_SECRET, browser_of, signed_in
from core import encryption
from core.models import AuditEntry

pytestmark = pytest.mark.usefixtures("unlimited")

INDEX, ADD_APP = reverse("mfa_index"), reverse("mfa_activate_totp")
REMOVE_APP, ADD_KEY = reverse("mfa_deactivate_totp"), reverse("mfa_add_webauthn")
CODES, NEW_CODES = reverse("mfa_view_recovery_codes"), reverse("mfa_generate_recovery_codes")
SHOW = reverse("mfa_reauthenticate")
RESPONSE = {"clientDataJSON": "e30", "attestationObject": "oA"}  # of no key


@pytest.fixture
def newcomer(admin) -> Client:
    """The browser of an administrator who has no second factor yet."""
    return browser_of(admin, second_factor=False)


def secret_on(page):
    return re.search(r'<code id="secret">(\w+)</code>', page.content.decode())[1]


def codes_on(page):
    return re.findall(r"<li>(\d{8})</li>", page.content.decode())


def audited():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    entries = [json.loads(entry.record) for entry in AuditEntry.objects.order_by("seq")]
    return [
        (entry["actor"], entry["action"], (entry["after"] or entry["before"]).get("type"))
        for entry in entries
    ]


def enrolled_through(browser):
    secret = secret_on(browser.get(ADD_APP))
    return browser.post(ADD_APP, {"code": code(secret)})


def test_what_comes_at_once_is_recorded_in_the_order_of_its_coming(admin):
    for pk, kind in ((7, "totp"), (8, "recovery_codes")):  # a set of these begins with the 8
        Authenticator.objects.create(pk=pk, user=admin, type=kind, data={})

    assert factors.record_changes(admin, before={}) == [7, 8]

    assert [kind for _, _, kind in audited()] == ["totp", "recovery_codes"]


def test_the_app_is_set_up_with_a_code_and_the_recovery_codes_are_shown(newcomer, admin):
    page = newcomer.get(ADD_APP)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    secret = secret_on(page)

    done = newcomer.post(ADD_APP, {"code": code(secret)})

    assert (done.status_code, done["Location"]) == (302, CODES)
    assert len(set(codes_on(newcomer.get(CODES)))) == 10
    assert newcomer.get(reverse("admin:index")).status_code == 200
    assert sorted(factors.of(admin).values()) == ["recovery_codes", "totp"]
    assert audited() == [
        (f"admin:{admin.pk}", "mfa_added", "totp"),
        (f"admin:{admin.pk}", "mfa_added", "recovery_codes"),
    ]


def test_a_wrong_code_sets_nothing_up_and_keeps_the_secret(newcomer):
    secret = secret_on(newcomer.get(ADD_APP))

    page = newcomer.post(ADD_APP, {"code": wrong_code(secret)})

    assert page.status_code == 200
    assert secret_on(page) == secret
    assert "This is not right." in page.content.decode()
    assert not Authenticator.objects.exists()


def test_the_code_that_set_the_app_up_is_used_up(newcomer, admin):
    secret = secret_on(newcomer.get(ADD_APP))
    newcomer.post(ADD_APP, {"code": code(secret)})

    answer = signed_in(admin).post("/api/v1/auth/mfa/verify", {"code": code(secret)})

    assert answer.json()["code"] == "wrong_code"


def test_secrets_are_encrypted_at_rest(newcomer):
    secret = secret_on(newcomer.get(ADD_APP))
    newcomer.post(ADD_APP, {"code": code(secret)})
    kept = {row.type: row.data for row in Authenticator.objects.all()}

    assert encryption.decrypt(kept["totp"]["secret"]) == secret
    assert secret not in json.dumps(kept)
    assert kept["recovery_codes"]["seed"].startswith("gAAAA")
    assert secret not in str(newcomer.session.items())


def test_the_session_id_changes_when_a_factor_is_set_up_and_when_it_is_shown(newcomer, admin):
    ids = [newcomer.session.session_key]
    enrolled_through(newcomer)
    ids.append(newcomer.session.session_key)
    factors_secret = encryption.decrypt(Authenticator.objects.get(type="totp").data["secret"])

    newcomer.post(SHOW, {"code": code(factors_secret, later=1)})

    ids.append(newcomer.session.session_key)
    assert len(set(ids)) == 3
    for old in ids[:2]:
        stolen = Client()
        stolen.cookies["session"] = old
        assert stolen.get(INDEX).status_code == 302


def test_recovery_codes_are_shown_once(newcomer):
    enrolled_through(newcomer)
    first, again = newcomer.get(CODES), newcomer.get(CODES)

    assert len(codes_on(first)) == 10
    assert codes_on(again) == []
    assert "were shown already" in again.content.decode()
    for said in codes_on(first):
        assert said not in again.content.decode()


def test_new_recovery_codes_end_the_old_ones(newcomer, admin):
    enrolled_through(newcomer)
    old = codes_on(newcomer.get(CODES))

    newcomer.post(NEW_CODES)

    new = codes_on(newcomer.get(CODES))
    assert len(new) == 10
    assert not set(old) & set(new)
    answer = signed_in(admin).post("/api/v1/auth/mfa/verify", {"code": old[0]})
    assert answer.json()["code"] == "wrong_code"
    assert audited()[2:] == [
        (f"admin:{admin.pk}", "mfa_added", "recovery_codes"),
        (f"admin:{admin.pk}", "mfa_removed", "recovery_codes"),
    ]


@pytest.mark.parametrize("address", [REMOVE_APP, ADD_KEY, NEW_CODES])
def test_a_change_wants_the_factor_shown_within_ten_minutes(admin, address):
    browser = browser_of(admin, shown_ago=601)

    for answer in (browser.get(address), browser.post(address)):
        assert answer["Location"].startswith(SHOW)
    assert factors.is_enrolled(admin)
    assert audited() == []


def test_removing_the_last_factor_puts_an_administrator_back_to_setting_one_up(desk, admin):
    api = signed_in(admin, "web")
    page = desk.get(REMOVE_APP)
    assert page.status_code == 200

    desk.post(REMOVE_APP)

    assert factors.of(admin) == {}
    assert audited() == [(f"admin:{admin.pk}", "mfa_removed", "totp")]
    assert desk.get(reverse("admin:index"))["Location"] == INDEX
    assert api.get("/api/v1/admin/dashboard").json()["code"] == "second_factor_required"


def test_a_shop_of_the_person_has_to_show_it_again_too(db, atelier, aigerim):
    owner = factors.User.objects.create(google_id="g-atelier", email="o@x.kz", name="Owner")
    app = factors.enrol_app(owner, APP_SECRET)
    of_shop = AuthSession.objects.create(shop=atelier, platform="web", mfa_at=timezone.now())
    of_other = AuthSession.objects.create(user=aigerim, platform="web", mfa_at=timezone.now())
    before = factors.of(owner)
    app.delete()

    factors.record_changes(owner, before)

    of_shop.refresh_from_db()
    of_other.refresh_from_db()
    assert (of_shop.mfa_at, of_other.mfa_at is None) == (None, False)


def test_a_factor_that_is_gone_proves_nothing_any_more(desk, admin):
    """Two factors, one stolen and removed: sessions that have shown that one show the other."""
    Authenticator.objects.filter(user=admin).delete()
    factors.enrol_app(admin, APP_SECRET)

    assert desk.get(reverse("admin:index"))["Location"].startswith(SHOW)


def test_a_key_has_to_be_a_key(newcomer, admin):
    for credential in [
        "",
        "null",
        "[]",
        "{}",
        '"x"',
        "{" * 2000,
        '{"id": "\\u0000"}',
        json.dumps({"id": "x" * 20000}),
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
        '{"id": "AA", "rawId": "AA", "response": {"clientDataJSON": "AA"}}',
        json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": RESPONSE}),
    ]:
        newcomer.get(ADD_KEY)
        answer = newcomer.post(ADD_KEY, {"name": "k", "credential": credential})
        assert answer.status_code == 200, credential
    assert factors.of(admin) == {}


def test_an_answer_of_a_key_has_to_be_one(desk, admin):
    for credential in ["", "null", "[]", "{}", '{"id": "AA", "response": {}}', "[" * 3000]:
        desk.get(SHOW)
        answer = desk.post(SHOW, {"credential": credential})
        assert answer.status_code == 200, credential


def test_nobody_renames_or_removes_the_key_of_another(desk, timur):
    key = Authenticator.objects.create(
        user=timur, type="webauthn", data={"name": "Timur's", "credential": {}}
    )
    missing = desk.get(reverse("mfa_remove_webauthn", args=[key.pk + 1]))

    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        address = reverse(name, args=[key.pk])
        assert desk.get(address).status_code == missing.status_code == 404
        assert desk.post(address, {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Timur's"


def test_strangers_sign_in_first(client, db):
    for address in (INDEX, ADD_APP, REMOVE_APP, ADD_KEY, CODES, NEW_CODES, SHOW):
        assert client.get(address)["Location"].startswith(reverse("panel-sign-in"))
        assert client.post(address).status_code == 302


def test_nothing_of_it_is_stored_by_caches(newcomer, desk):
    for browser, addresses in (
        (newcomer, [INDEX, ADD_APP, ADD_KEY]),
        (desk, [INDEX, SHOW, REMOVE_APP]),
    ):
        for address in addresses:
            assert "no-store" in browser.get(address)["Cache-Control"], address


def test_a_page_goes_on_only_to_a_page_of_ours(admin):
    browser = browser_of(admin, second_factor=False)
    factors.enrol_app(admin, APP_SECRET)

    answer = browser.post(f"{SHOW}?next=https://evil.example/", {"code": code()})

    assert answer["Location"] == "/panel/"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("page", ["mfa_deactivate_totp", "mfa_generate_recovery_codes"])
def test_factors_are_changed_by_posts_alone(desk, admin, method, page):
    """Django's form views take PUT for POST, past what audits a POST."""
    before = list(Authenticator.objects.filter(user=admin).values_list("pk", "data"))

    response = getattr(desk, method)(reverse(page))

    assert response.status_code == 405
    assert list(Authenticator.objects.filter(user=admin).values_list("pk", "data")) == before
