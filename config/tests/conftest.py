"""Real processes for the tests of how the platform runs."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import AuthSession
from accounts.signatures import keys
from accounts.tests.signed_requests import SigningClient
from billing.payments import starting
from billing.payouts import lifecycle
from billing.tests.sandbox_payer import paid
from billing.tests.shops_with_money import earned, with_bank_details
from catalog import moderation
from catalog.alerts import waiting
from catalog.models import ProductImport
from catalog.products import create_product
from catalog.reviews import reviewing
from catalog.reviews.tests.buyers import bought
from config.launcher import binaries
from config.launcher.addresses import ROOT
from conftest import signed_in
from core import images, storage
from generations import kept_photos
from generations.models import Generation
from orders import carts, quotes
from orders.checkout import buy_from_balance
from orders.delivery import addresses, methods
from orders.models import CartItem
from shops.models import Shop
from wardrobe import keeping
from wardrobe.collecting import groups
from wardrobe.outfits import composing
from wardrobe.wearing import diary


def wait_until(is_so, *, seconds=10):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def lives(pid):
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def python(*arguments, **variables):
    """Run a Python program of the repository beside the tests; it is gone when the block ends."""
    process = subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextlib.contextmanager
def small_server(**constants):
    """The small server, listening; .port says where."""
    port = free_port()
    told = {name: str(value) for name, value in constants.items()}
    with python("config/tests/small_server.py", port, **told) as process:
        process.port = port
        wait_until(lambda: answers(port), seconds=60)
        yield process


@pytest.fixture
def server():
    with small_server() as process:
        yield process


def database_url():
    """DATABASE_URL with the tests' own database at its end."""
    whole, question, options = os.environ["DATABASE_URL"].partition("?")
    name = connections["default"].settings_dict["NAME"]
    return f"{whole.rpartition('/')[0]}/{name}{question}{options}"


@contextlib.contextmanager
def platform_server(**variables):
    """The platform itself, serving the tests' database; .port and .url say where.

    The test has to use transactional_db, so that its rows can be seen from outside.
    """
    port = free_port()
    told = {"DATABASE_URL": database_url(), "LOG_LEVEL": "CRITICAL", **variables}
    with python("manage.py", "serve", "--port", port, **told) as process:
        process.port, process.url = port, f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(port), seconds=120)
        yield process


@contextlib.contextmanager
def valkey_server(path):
    """A Valkey of the test's own, on a unix socket."""
    command = [binaries.valkey_server(), "--port", "0", "--save", "", "--unixsocket", path]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(path.exists)
            yield process
        finally:
            process.kill()
            process.wait()
            path.unlink(missing_ok=True)


def checked_sheet(shop):
    """A sheet of products that can be imported."""
    about = {"file_name": "coats.csv", "language": "en", "worked_at": timezone.now()}
    return ProductImport.objects.create(
        shop=shop, status="checked", products_count=1, created_count=1, **about
    )


@pytest.fixture
def aigerim_stepped_up(aigerim):
    return signed_in(aigerim, "web")


@pytest.fixture
def atelier_stepped_up(atelier):
    return signed_in(atelier, "web")


@pytest.fixture
def atelier_signing(atelier):
    return SigningClient(atelier)


@pytest.fixture
def admin_signing(admin):
    return SigningClient(admin)


@pytest.fixture
def registered_with_apple(settings):
    settings.APPLE_CLIENT_ID = "kz.leema.web"
    settings.APPLE_WEB_CLIENT_IDS = settings.APPLE_MOBILE_CLIENT_IDS = ["kz.leema.web"]


@pytest.fixture
def world(aigerim, admin, dress_on_sale, atelier, dresses, picture):
    """A row of each kind for the routes that name one: {name: row}."""
    photo = storage.write(storage.generation_result(aigerim.pk, 1), images.clean(picture))
    details = {"price": Decimal(400), "category": dresses, "images": [picture]}
    with_bank_details(earned(atelier, 20_000))
    approved_payout = lifecycle.request(atelier, Decimal(5000))
    lifecycle.approve(approved_payout, by=admin)
    bought_product = create_product(atelier, name="Coat", **details)
    moderation.approve(bought_product, by=admin)
    for product in (bought_product, dress_on_sale):
        bought(aigerim, product)
    order = buy_from_balance(aigerim, dress_on_sale)
    item = keeping.keep_product(aigerim, dress_on_sale, folder="Wishes")
    carts.add(aigerim, quotes.Wish(dress_on_sale.variants.get().pk))
    where = {"recipient": "Aigerim", "phone": "+77012345678", "city": "Almaty", "street": "Abai 1"}
    return {
        "cart_item": CartItem.objects.get(),
        "checkout": order.checkout,
        "address": addresses.add(aigerim, **where),
        "method": methods.add(atelier, kind="pickup", name="Here", is_active=False),
        "customer": aigerim,
        "user_key": keys.register_partner(aigerim, "Partner")[0],
        "shop_key": keys.register_partner(atelier, "Partner")[0],
        "user_session": AuthSession.objects.create(user=aigerim, platform="web"),
        "sheet": checked_sheet(atelier),
        "shop_session": AuthSession.objects.create(shop=atelier, platform="web"),
        "payout": lifecycle.request(atelier, Decimal(5000)),
        "approved_payout": approved_payout,
        "payment": starting.start_topup(aigerim, Decimal(500)),
        "paid_payment": paid(aigerim),
        "product": dress_on_sale,
        "bought_product": bought_product,
        "alert": waiting.ask(aigerim, "price_drop", product_id=dress_on_sale.pk)[0],
        "review": reviewing.write(aigerim, dress_on_sale.pk, rating=5, comment="Light"),
        "new_product": create_product(atelier, name="Linen dress", **details),
        "new_shop": Shop.objects.create(google_id="g-n", email="n@example.kz", shop_name="New"),
        "item": item,
        "wear": diary.write(aigerim, date(2026, 3, 22), [item.pk])[0],
        "collection": groups.make(aigerim, "Capsule", [item.pk]),
        "outfit": composing.compose(aigerim, [{"item_id": item.pk}], name="Evening"),
        "order": order,
        "person_photo": kept_photos.add(aigerim, images.clean(picture)),
        "queued_generation": Generation.objects.create(
            user=aigerim, type="generation", prompt="a coat", cost=0
        ),
        "generation": Generation.objects.create(
            user=aigerim,
            type=Generation.Type.GENERATION,
            prompt="a dress",
            status=Generation.Status.SUCCEEDED,
            cost=0,
            result=photo,
        ),
    }
