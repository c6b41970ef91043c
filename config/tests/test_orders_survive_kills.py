"""The web process is killed three times while people order: all is there once, and whole."""

import threading
import time
from contextlib import ExitStack
from decimal import Decimal

import httpx
import pytest

from accounts.models import User
from billing.models import Posting
from billing.tests.effort import IS_FULL
from catalog.models import ProductVariant
from config.tests.conftest import platform_server
from conftest import funded, signed_in
from core.limits.scopes import TABLE
from orders.models import Order

CLIENTS, ORDERS = (10, 500) if IS_FULL else (10, 40)
KILLS = 3
KEYED = [True, False] if IS_FULL else [True]
PRICE = 400
PLENTY = 10_000
UNLIMITED = {f"LIMIT_{scope.name.upper()}": "off" for scope in TABLE}
pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


class Crowd:
    """Clients that order one thing after the other, and write down what they were told.

    With keys they ask again until they are answered; without, they never know, and go on.
    """

    def __init__(self, product, *, keyed):
        self.address = f"/api/v1/products/{product.pk}/purchase"
        self.keyed, self.url, self.is_over = keyed, "", False
        self.told, self.unknown, self.faults = {}, [], []
        self.numbers, self.lock = iter(range(ORDERS)), threading.Lock()

    def start(self, users):
        headers = [
            {"Authorization": signed_in(user)._credentials["HTTP_AUTHORIZATION"]} for user in users
        ]
        threads = [threading.Thread(target=self.order, args=(each,)) for each in headers]
        for thread in threads:
            thread.start()
        return threads

    def order(self, headers):
        with httpx.Client(headers=headers, timeout=20, verify=False) as client:
            self.order_all(client)

    def order_all(self, client):
        while (number := self.next_number()) is not None:
            key = {"Idempotency-Key": f"order {number}"} if self.keyed else {}
            while not self.is_over:
                answer = self.ask(client, key)
                if answer is not None and answer.status_code == 201:
                    self.told[number] = answer.json()["id"]
                    break
                if answer is not None and answer.status_code not in {409, 503}:
                    self.faults.append((number, answer.status_code, answer.text))
                    break
                if answer is None and not self.keyed:
                    self.unknown.append(number)
                    break
                time.sleep(0.1)

    def next_number(self):
        with self.lock:
            return next(self.numbers, None)

    def ask(self, client, key):
        try:
            return client.post(f"{self.url}{self.address}", json={}, headers=key)
        except httpx.ConnectError:
            time.sleep(0.5)
            return httpx.Response(503)  # nothing was sent
        except httpx.TransportError:
            return None

    @property
    def answered(self):
        return len(self.told) + len(self.unknown) + len(self.faults)


@pytest.fixture
def buyers():
    made = [
        User.objects.create(google_id=f"g-{n}", email=f"{n}@example.kz") for n in range(CLIENTS)
    ]
    return [funded(user, Decimal(10**6)) for user in made]


@pytest.fixture
def counted(dress_on_sale):
    dress_on_sale.variants.update(stock=PLENTY)
    return dress_on_sale


@pytest.mark.parametrize("keyed", KEYED)
def test_every_order_is_there_once_and_whole(counted, buyers, keyed):
    if keyed:
        pytest.importorskip("core.idempotency")
    crowd = Crowd(counted, keyed=keyed)

    shoot_at_servers_of(crowd, buyers)

    orders = {order.pk: order for order in Order.objects.prefetch_related("items", "events")}
    assert crowd.faults == []
    assert len(crowd.told) == len(set(crowd.told.values())) == ORDERS - len(crowd.unknown)
    assert set(crowd.told.values()) <= set(orders)
    assert len(crowd.told) <= len(orders) <= ORDERS
    for order in orders.values():
        assert (order.stage, order.total_amount) == ("paid", PRICE)
        assert [event.event for event in order.events.all()] == ["create", "pay"]
        assert len(order.items.all()) == 1
        assert Posting.objects.filter(key__startswith=f"order:{order.pk}:").count() == 1
    assert ProductVariant.objects.get().reserved == len(orders)
    spent = sum(10**6 - user.balance for user in User.objects.filter(pk__in=[b.pk for b in buyers]))
    assert spent == len(orders) * PRICE


def shoot_at_servers_of(crowd, buyers):
    """Kill the serving process after every quarter of the orders, and start the next."""
    with ExitStack() as stack:
        stack.callback(setattr, crowd, "is_over", True)  # noqa: FBT003 - a value
        server = stack.enter_context(platform_server(**UNLIMITED))
        crowd.url = server.url
        clients = crowd.start(buyers)
        for kill in range(1, KILLS + 1):
            wait_for(crowd, clients, ORDERS * kill // (KILLS + 1))
            server.kill()
            server = stack.enter_context(platform_server(**UNLIMITED))
            crowd.url = server.url
        for client in clients:
            client.join()
        server.kill()


def wait_for(crowd, clients, answered):
    while crowd.answered < answered and any(client.is_alive() for client in clients):
        time.sleep(0.005)
