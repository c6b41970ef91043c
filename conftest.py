"""The cast: who appears in the tests. Each test adds what is particular to it."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from channels.layers import channel_layers
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from PIL import Image
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts import consents, tokens
from accounts.mfa import factors
from accounts.models import AuthSession, User
from accounts.signing_keys import key_ring
from billing import ledger
from billing.models import Transaction
from catalog import moderation
from catalog.models import Category, Product
from catalog.products import create_product
from core import images
from core.models import PlatformSetting
from core.platform_settings.setting import known
from realtime.models import Event
from shops.models import Shop

pytest_plugins = ["config.tests.together", "config.tests.whole_platform"]
Happening = tuple[str, str, dict[str, Any]]
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of everybody's authenticator app
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STAYING = {  # Django would write them anew after each test
    '"django_content_type"',
    '"auth_permission"',
}
Published = Callable[[], AbstractContextManager[list[Happening]]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--shuffles", type=int, default=1, help="in how many orders messages of gateways come"
    )


def pytest_collection_finish() -> None:
    """Look for garbage as rarely as `manage.py` does, and never among what is loaded now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Copy the database that `./leema test` has migrated: each process would take half a minute."""
    if template := os.environ.get("TESTS_TEMPLATE"):
        connection.settings_dict["TEST"] |= {"TEMPLATE": template, "MIGRATE": False}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Let Django empty the database its own way between transactional tests: see `_emptied`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "sql_flush", _emptied)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)  # it stays
        yield


def _emptied(operations: Any, style: Any, tables: list[str], **how: Any) -> list[str]:
    """Statements that delete every row, whatever triggers say.

    Where few tables hold rows this takes milliseconds, and TRUNCATE of all of them half a second.
    """
    named = {operations.quote_name(table) for table in tables} - STAYING
    with connection.cursor() as cursor:
        is_filled = " UNION ALL ".join(
            f"SELECT $${table}$$ WHERE EXISTS (SELECT FROM {table})" for table in sorted(named)
        )
        cursor.execute(is_filled)
        filled = [table for (table,) in cursor.fetchall()]
    without_triggers = "SET LOCAL session_replication_role = replica"
    return [without_triggers, *(f"DELETE FROM {table}" for table in filled)]


@pytest.fixture(scope="session", autouse=True)
def _looked_at_once() -> Iterator[None]:
    """The pictures of tests are few, and looking at one takes some milliseconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images, "look", lru_cache(maxsize=256)(images.look))
        yield


@pytest.fixture(autouse=True)
def _isolated(settings: Settings, tmp_path: Path) -> None:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.MEDIA_ROOT = settings.UPLOAD_DIR
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns of a folder that is not there
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "realtime.testing.RecordingLayer"}}
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "process": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.LANGUAGE_CODE = "en"
    settings.ALLOWED_HOSTS = ["*"]
    settings.SIGNING_KEYS_CACHED_SECONDS = 3600  # so that no test counts the reading of them
    settings.PLATFORM_SETTINGS_CACHED_SECONDS = 3600  # as above
    settings.LIMITS_KEY_PREFIX = f"limits:{uuid4().hex}"  # every test starts with full limits
    channel_layers.backends = {}
    forget()


def forget() -> None:
    """Let nothing remember what stood in the database."""
    key_ring.forget()
    known.forget()
    cache.clear()


@pytest.fixture(autouse=True)
def _ledger_holds(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test with a database, all money is accounted for."""
    uses_database = {"db", "transactional_db"} & set(request.fixturenames)
    if uses_database or request.node.get_closest_marker("django_db"):
        transactional = "transactional_db" in request.fixturenames
        request.getfixturevalue("transactional_db" if transactional else "db")
        yield
        assert breaches() == []
    else:
        yield


def breaches() -> list[Any]:
    """What `ledger.breaches` finds, by a plan that is kept: making it takes longer.

    It is named in SQL, since psycopg forgets what it has prepared at every rollback, and then
    drops this, too, if there was anything.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_prepared_statements WHERE name = 'breaches'")
        if not cursor.rowcount:
            cursor.execute(f"PREPARE breaches AS {ledger.BREACHES}")
        cursor.execute("EXECUTE breaches")
        found: list[Any] = cursor.fetchall()
    return found


@pytest.fixture(autouse=True)
def _nothing_deadlocks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No test passes because a transaction that deadlocked was tried again."""
    yield
    said = [record.message for record in caplog.get_records("call")]
    assert not [text for text in said if "begins anew" in text]


@pytest.fixture
def aigerim(db: None) -> User:
    """A shopper with 1000 ₸ and nothing free."""
    user = User.objects.create(google_id="g-aigerim", email="aigerim@example.kz", name="Aigerim")
    return funded(agreed(user), Decimal(1000))


@pytest.fixture
def timur(db: None) -> User:
    """Another shopper, with nothing."""
    user = User.objects.create(google_id="g-timur", email="timur@example.kz", name="Timur")
    return agreed(user)


@pytest.fixture
def dana(db: None) -> User:
    """A newcomer, who has not yet agreed to the processing of photos."""
    return User.objects.create(google_id="g-dana", email="dana@example.kz", name="Dana")


@pytest.fixture
def admin(db: None) -> User:
    """An administrator of the platform."""
    return User.objects.create(
        google_id="g-admin", email="admin@example.kz", name="Arman", role=User.Role.ADMIN
    )


@pytest.fixture
def atelier(db: None) -> Shop:
    """An approved shop."""
    return Shop.objects.create(
        google_id="g-atelier", email="atelier@example.kz", shop_name="Atelier", is_approved=True
    )


@pytest.fixture
def bazaar(db: None) -> Shop:
    """Another approved shop."""
    return Shop.objects.create(
        google_id="g-bazaar", email="bazaar@example.kz", shop_name="Bazaar", is_approved=True
    )


@pytest.fixture
def categories(db: None) -> None:
    """Those that every platform starts with, whatever an earlier test has emptied."""
    first = import_module("catalog.migrations.0002_categories").CATEGORIES
    for order, (slug, ru, kk, en, garment) in enumerate(first):
        names = {"name_ru": ru, "name_kk": kk, "name_en": en}
        told = {**names, "garment": garment, "order": order}
        Category.objects.get_or_create(slug=slug, defaults=told)


@pytest.fixture
def dresses(db: None) -> Category:
    category, _ = Category.objects.get_or_create(
        slug="dresses",
        defaults={
            "name_ru": "Платья",
            "name_kk": "Көйлектер",
            "name_en": "Dresses",
            "garment": Category.Garment.DRESS,
        },
    )
    return category


@pytest.fixture
def picture() -> bytes:
    """A small plain JPEG."""
    output = BytesIO()
    Image.new("RGB", (120, 160), (30, 60, 160)).save(output, "JPEG")
    return output.getvalue()


@pytest.fixture
def dress(atelier: Shop, dresses: Category, picture: bytes) -> Product:
    """A dress of the atelier's for 400 ₸, still waiting for moderation."""
    return create_product(
        atelier, name="Silk dress", price=Decimal(400), category=dresses, images=[picture]
    )


@pytest.fixture
def dress_on_sale(dress: Product, admin: User) -> Product:
    """The same dress, approved."""
    moderation.approve(dress, by=admin)
    return dress


@pytest.fixture
def as_admin(admin: User) -> APIClient:
    return signed_in(admin, "web")


@pytest.fixture
def as_admin_without_factor(admin: User) -> APIClient:
    return signed_in(admin, "web", second_factor=False)


@pytest.fixture
def desk(admin: User) -> Client:
    """The administrator's browser, second factor shown."""
    return browser_of(admin)


@pytest.fixture
def unlimited(settings: Settings) -> None:
    """For tests that ask for more than a person would; test_limits.py is about the limits."""
    settings.LIMITS = {scope: [] for scope in settings.LIMITS}


@pytest.fixture
def as_aigerim(aigerim: User) -> APIClient:
    return signed_in(aigerim)


@pytest.fixture
def as_timur(timur: User) -> APIClient:
    return signed_in(timur)


@pytest.fixture
def as_dana(dana: User) -> APIClient:
    return signed_in(dana)


@pytest.fixture
def as_atelier(atelier: Shop) -> APIClient:
    return signed_in(atelier)


@pytest.fixture
def as_bazaar(bazaar: Shop) -> APIClient:
    return signed_in(bazaar)


@pytest.fixture
def anyone() -> APIClient:
    return APIClient()


def signed_in(
    account: User | Shop, platform: str = "mobile", *, second_factor: bool = True
) -> APIClient:
    """A client with a real access token of a real session; on the web, second factor shown."""
    session = AuthSession.objects.create(
        user=account if isinstance(account, User) else None,
        shop=account if isinstance(account, Shop) else None,
        platform=platform,
        mfa_at=timezone.now() if platform == "web" and second_factor else None,
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.issue(session).access}")
    return client


def browser_of(
    user: User,
    *,
    second_factor: bool = True,
    shown_ago: float = 0,
    client: Client | None = None,
) -> Client:
    """A signed-in browser; an administrator's has shown a second factor, so many seconds ago."""
    client = client or Client()
    client.force_login(user, backend=BACKEND)
    if user.is_staff and second_factor:
        factor = Authenticator.objects.filter(user=user).first()
        factor = factor or factors.enrol_app(user, APP_SECRET)
        record = {"method": "mfa", "id": factor.pk, "type": factor.type, "reauthenticated": True}
        session = client.session
        session["account_authentication_methods"] = [{**record, "at": time.time() - shown_ago}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client


def agreed(user: User) -> User:
    """Let the user agree to the processing of photos."""
    consents.give(user, consents.PHOTOS, consents.current_version(consents.PHOTOS))
    return user


def with_setting(key: str, text: str) -> None:
    """Let a platform setting be this, as if an administrator had said so."""
    PlatformSetting.objects.update_or_create(key=key, defaults={"value": text})
    known.forget()


def funded(user: User, amount: Decimal) -> User:
    """Give the user money the way the ledger knows it."""
    ledger.transfer(
        f"test:{user.pk}:{user.ledger_seq}",
        Transaction.Type.PROMO,
        amount,
        source=Transaction.Account.PROMO,
        target=user,
    )
    user.refresh_from_db()
    return user


@pytest.fixture
def published(db: None) -> Published:
    """Run the block and give every (audience, type, data) that it published, in order."""

    @contextmanager
    def capture() -> Iterator[list[Happening]]:
        newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        happenings: list[Happening] = []
        yield happenings
        rows = Event.objects.filter(pk__gt=newest).order_by("pk")
        happenings += [(row.audience, row.type, row.data) for row in rows]

    return capture


@pytest.fixture
def work(db: None) -> Callable[[], int]:
    """Do what the worker would do with everything that is queued now, in the order of asking.

    Returns how many tasks.
    """

    def run() -> int:
        queued = list(OrmQ.objects.order_by("pk"))
        for row in queued:
            task = row.task
            import_string(task["func"])(*task["args"])
            row.delete()
        return len(queued)

    return run
