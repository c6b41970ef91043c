"""Every look of a shopper is counted once, whenever the worker is killed."""

import subprocess
import sys
from contextlib import suppress

import pytest

from billing.tests.test_ledger import at_once
from catalog.counting import views
from catalog.models import CountedBatch, Product
from catalog.products import create_product
from config.tests.conftest import wait_until
from core.limits import valkey


class Killed(BaseException):
    """What a worker that is killed does: nothing more."""


@pytest.fixture
def look(dress_on_sale):
    return lambda client, **headers: client.get(
        f"/api/v1/products/{dress_on_sale.pk}", headers=headers
    )


def counted(product):
    return Product.objects.values_list("views_count", flat=True).get(pk=product.pk)


def test_looks_are_there_after_the_minute_and_not_before(look, anyone, dress_on_sale):
    for _ in range(3):
        assert look(anyone).json()["views_count"] == 0

    assert views.add_up() == 3

    assert look(anyone).json()["views_count"] == 3
    assert views.add_up() == 1
    assert views.add_up() == 0
    assert counted(dress_on_sale) == 4


def test_another_process_hears_of_them_a_second_later(look, anyone, dress_on_sale, monkeypatch):
    look(anyone)
    monkeypatch.setattr(views, "_looks", views.Looks())  # as empty as those of a worker

    assert views.add_up() == 0
    wait_until(lambda: views.add_up() == 1, seconds=5)
    assert counted(dress_on_sale) == 1


def test_a_server_that_is_stopped_tells_what_it_has_counted(dress_on_sale, settings):
    look_once = (
        "import django; django.setup();"
        "from django.conf import settings; settings.LIMITS_KEY_PREFIX = sys.argv[1];"
        "from catalog.counting import views; views.count(int(sys.argv[2]))"
    )
    told = [settings.LIMITS_KEY_PREFIX, str(dress_on_sale.pk)]
    subprocess.run([sys.executable, "-c", f"import sys; {look_once}", *told], check=True)

    assert views.add_up() == 1


def test_a_look_takes_no_more_queries(look, anyone, django_assert_num_queries):
    with django_assert_num_queries(1):
        look(anyone)


def test_only_shoppers_are_counted(
    look, anyone, as_aigerim, as_atelier, as_bazaar, as_admin, dress_on_sale
):
    for client in (as_atelier, as_admin):
        assert look(client).status_code == 200
    look(anyone, user_agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
    look(anyone, user_agent="TelegramBot (like TwitterBot)")
    assert views.add_up() == 0

    for client in (anyone, as_aigerim, as_bazaar):
        look(client)
    views.add_up()

    assert counted(dress_on_sale) == 3


def test_what_is_not_on_sale_is_not_found_and_not_counted(anyone, dress):
    assert anyone.get(f"/api/v1/products/{dress.pk}").status_code == 404
    assert views.add_up() == 0


def test_a_deleted_product_is_in_nobodys_way(dress_on_sale, atelier):
    other = create_product(atelier, name="Coat", price=100)
    views.count(dress_on_sale.pk)
    views.count(other.pk)
    views.count(other.pk)
    other.delete()

    views.add_up()

    assert counted(dress_on_sale) == 1


def test_without_valkey_the_product_is_shown(look, anyone, dress_on_sale, settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/gone.sock"

    assert look(anyone).status_code == 200
    assert views.add_up() == 0
    assert counted(dress_on_sale) == 0


@pytest.mark.parametrize("point", ["before it is read", "before it is added", "before it drops"])
def test_a_worker_may_be_killed_anywhere(dress_on_sale, monkeypatch, point):
    for _ in range(5):
        views.count(dress_on_sale.pk)
    with monkeypatch.context() as patch, suppress(Killed):
        killed_at(patch, point)
        views.add_up()
    views.count(dress_on_sale.pk)  # somebody looks meanwhile

    views.add_up()

    assert counted(dress_on_sale) == 6
    assert views.add_up() == 0
    assert CountedBatch.objects.count() == 2


def killed_at(patch, point):
    """Let the second reading, the adding or the dropping never begin."""

    def die(*_):
        raise Killed

    if point == "before it is added":
        patch.setattr(views, "_add", die)
    elif point == "before it drops":
        patch.setattr(views, "DROP", "return redis.call('NO SUCH COMMAND')")
        patch.setattr(valkey, "REST_SECONDS", 0)
    else:
        take = views._take
        patch.setattr(views, "_take", lambda: take() and die())


def test_a_batch_that_were_not_noted_would_be_added_twice(dress_on_sale, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(views, "NOTE", "SELECT %s")
    views.count(dress_on_sale.pk)
    with monkeypatch.context() as patch, suppress(Killed):
        killed_at(patch, "before it drops")
        views.add_up()

    views.add_up()

    assert counted(dress_on_sale) == 2


@pytest.mark.django_db(transaction=True)
def test_no_look_is_lost_or_counted_twice_in_a_race(dress_on_sale):
    """Eight threads look fifty times each, while four workers add up."""
    still_looking = set(range(8))

    def act(number):
        for _ in range(50 if number < 8 else 0):
            views.count(dress_on_sale.pk)
        still_looking.discard(number)
        while still_looking and number >= 8:
            views.add_up()

    assert set(at_once(12, act)) == {"NoneType"}

    views.add_up()
    assert counted(dress_on_sale) == 400
