"""Views of products: counted in each process, told Valkey every second, added up once a minute.

A batch is a hash {product id: views} that bears an id of its own. It is taken over by renaming, so
that every view is in one batch, and its id is written in the transaction that adds it up, so that a
batch is added once, wherever the worker is killed. Views that happen while Valkey is away, and
those that it forgets with its memory, are not counted: nobody waits for a number. A server that is
killed, and not stopped, takes the views of its last second with it.

Try-ons and purchases are counted in the transactions that finish them: those hold the product
anyway, are exact, and come a thousand times less often.
"""

import atexit
import re
from collections import Counter
from contextlib import suppress
from threading import Lock, Timer
from uuid import uuid4

from django.conf import settings
from django.db import connection
from redis.client import Pipeline

from catalog.models import Product
from core.limits import valkey
from core.principal import Principal, Role
from core.transactions import atomic

HELD_SECONDS = 1
ID = "id"
MACHINES = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor", re.IGNORECASE)
# Drop the batch that was added up, and no other one that has come into its place meanwhile.
DROP = "if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('DEL', KEYS[1]) end"
# A day is longer than any worker sleeps between reading a batch and adding it up.
FORGET = "DELETE FROM counted_batches WHERE created_at < now() - interval '1 day'"
NOTE = "INSERT INTO counted_batches (id, created_at) VALUES (%s, now()) ON CONFLICT DO NOTHING"
ADD = """
UPDATE products SET views_count = least(views_count + batch.views, 2147483647)
  FROM unnest(%s::bigint[], %s::bigint[]) AS batch (id, views) WHERE products.id = batch.id
"""


def is_counted(shop_id: int, caller: object, user_agent: str) -> bool:
    """Whether a look is a shopper's: neither the shop's own nor an administrator's nor a machine's.

    `caller` is the Principal who asks, if any.
    """
    if isinstance(caller, Principal) and caller.role is not Role.USER:
        return caller.role is Role.SHOP and caller.id != shop_id
    return MACHINES.search(user_agent) is None


class Looks:
    """Those that Valkey has not been told of yet, by batch and product."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: Counter[tuple[str, int]] = Counter()

    def add(self, product_id: int) -> None:
        with self._lock:
            is_first = not self._held
            self._held[_running(), product_id] += 1
        if is_first:
            later = Timer(HELD_SECONDS, self.tell)
            later.daemon = True
            later.start()

    def tell(self) -> None:
        """Count on Valkey what is held; while it is away nothing is counted."""
        with self._lock:
            held, self._held = self._held, Counter()
        if not held:
            return

        def queue(pipe: Pipeline) -> None:
            for (batch, product_id), number in held.items():
                pipe.hincrby(batch, str(product_id), number)
                pipe.hsetnx(batch, ID, uuid4().hex)

        with suppress(valkey.Unavailable):
            # At once, so that nobody takes the batch over before it has its id.
            valkey.shared().run(queue, at_once=True)


_looks = Looks()
count = _looks.add
atexit.register(_looks.tell)


def add_up() -> int:
    """Add what has been counted to the products, each view once; returns how many views.

    Takes up first what a killed worker had in hand.
    """
    _looks.tell()
    with suppress(valkey.Unavailable):
        return _finish_taken() + (_finish_taken() if _take() else 0)
    return 0


def _take() -> bool:
    """Take the running batch over, unless there is none or another worker has one in hand."""

    def queue(pipe: Pipeline) -> None:
        pipe.eval(
            "return redis.call('EXISTS', KEYS[1]) == 1"
            " and redis.call('RENAMENX', KEYS[1], KEYS[2]) or 0",
            2,
            _running(),
            _taken(),
        )

    return bool(valkey.shared().run(queue)[0])


def _finish_taken() -> int:
    [batch] = valkey.shared().run(lambda pipe: pipe.hgetall(_taken()))
    views = {field.decode(): value.decode() for field, value in batch.items()}
    if not views:
        return 0
    batch_id = views.pop(ID)
    added = _add(batch_id, {int(pk): int(number) for pk, number in views.items()})
    valkey.shared().run(lambda pipe: pipe.eval(DROP, 1, _taken(), ID, batch_id))
    return added


@atomic
def _add(batch_id: str, views: dict[int, int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        cursor.execute(NOTE, [batch_id])
        if not cursor.rowcount:
            return 0  # it has been added up, and the worker was killed before it could drop it
        # Whoever locks several products does it by their numbers.
        products = Product.objects.filter(pk__in=views).order_by("pk")
        list(products.select_for_update(no_key=True).values_list("pk"))
        cursor.execute(ADD, [list(views), list(views.values())])
    return sum(views.values())


def _running() -> str:
    return f"{settings.LIMITS_KEY_PREFIX}:views"


def _taken() -> str:
    return f"{settings.LIMITS_KEY_PREFIX}:views:taken"
