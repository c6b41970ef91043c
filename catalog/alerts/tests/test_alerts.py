"""Who waits for a product is told once when it is there again, or cheaper."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from billing.tests.test_ledger import at_once
from catalog import tasks
from catalog.alerts import waiting
from catalog.models import Product
from catalog.products import update_product
from catalog.tables import Alert
from catalog.variants import Offer, replace
from realtime.models import Event

ALERTS = "/api/v1/users/me/alerts"


@pytest.fixture
def sold_out(dress_on_sale):
    """The dress in S and M, of which nothing is left."""
    replace(dress_on_sale, [Offer(size="S", stock=0), Offer(size="M", stock=0)])
    return dress_on_sale


def wait(client, kind="back_in_stock", **what):
    return client.post(ALERTS, {"kind": kind, **what})


def heard(user):
    return list(
        Event.objects.filter(audience=f"user:{user.pk}", type="product_alert")
        .order_by("pk")
        .values_list("data", flat=True)
    )


def test_one_is_told_once_when_it_is_back(as_aigerim, aigerim, timur, sold_out):
    asked = wait(as_aigerim, product_id=sold_out.pk)
    assert (asked.status_code, asked.json()["variant_id"]) == (201, None)
    tasks.send_alerts()
    assert heard(aigerim) == []

    replace(sold_out, [Offer(size="S", stock=1), Offer(size="M", stock=0)])
    assert tasks.send_alerts() == 1
    assert tasks.send_alerts() == 0

    [told] = heard(aigerim)
    assert (told["kind"], told["product_id"]) == ("back_in_stock", sold_out.pk)
    assert told["product_name"] == "Silk dress"
    assert heard(timur) == []
    assert as_aigerim.get(ALERTS).json() == []


def test_one_size_is_not_another(as_aigerim, aigerim, sold_out):
    _small, middle = sold_out.variants.order_by("pk")
    wait(as_aigerim, variant_id=middle.pk)

    replace(sold_out, [Offer(size="S", stock=1), Offer(size="M", stock=0)])
    tasks.send_alerts()
    assert heard(aigerim) == []

    replace(sold_out, [Offer(size="S", stock=1), Offer(size="M", stock=1)])
    tasks.send_alerts()
    [told] = heard(aigerim)
    assert (told["variant_id"], told["size"]) == (middle.pk, "M")


def test_a_price_has_to_fall(as_aigerim, aigerim, dress_on_sale):
    asked = wait(as_aigerim, kind="price_drop", product_id=dress_on_sale.pk).json()
    assert asked["price"] == 400.0

    update_product(dress_on_sale, price=Decimal(450))
    tasks.send_alerts()
    assert heard(aigerim) == []

    update_product(dress_on_sale, price=Decimal("399.99"))
    tasks.send_alerts()
    [told] = heard(aigerim)
    assert (told["kind"], told["price"], told["price_before"]) == ("price_drop", 399.99, 400.0)


def test_what_is_hidden_is_not_told_of(as_aigerim, aigerim, sold_out):
    wait(as_aigerim, product_id=sold_out.pk)
    replace(sold_out, [Offer(stock=1)])
    Product.objects.update(is_active=False)
    tasks.send_alerts()
    assert heard(aigerim) == []

    Product.objects.update(is_active=True)
    tasks.send_alerts()
    assert len(heard(aigerim)) == 1


def test_asking_again_changes_nothing(as_aigerim, sold_out):
    first = wait(as_aigerim, product_id=sold_out.pk)
    again = wait(as_aigerim, product_id=sold_out.pk)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Alert.objects.count() == 1


def test_it_may_be_waited_for_anew_once_told(as_aigerim, aigerim, sold_out):
    for _ in range(2):
        assert wait(as_aigerim, product_id=sold_out.pk).status_code == 201
        replace(sold_out, [Offer(stock=1)])
        tasks.send_alerts()
        replace(sold_out, [Offer(stock=0)])

    assert len(heard(aigerim)) == 2


def test_what_is_there_need_not_be_waited_for(as_aigerim, dress_on_sale):
    response = wait(as_aigerim, product_id=dress_on_sale.pk)

    assert (response.status_code, response.json()["code"]) == (409, "in_stock")
    assert not Alert.objects.exists()


def test_what_nobody_sees_cannot_be_waited_for(as_aigerim, dress, dress_on_sale):
    Product.objects.update(is_active=False)
    variant = dress.variants.get()

    for what in ({"product_id": dress.pk}, {"variant_id": variant.pk}, {"variant_id": 2**40}):
        assert wait(as_aigerim, kind="price_drop", **what).status_code == 404
    assert wait(as_aigerim).status_code == 422
    assert not Alert.objects.exists()


def test_a_variant_of_another_product_is_none(as_aigerim, dress_on_sale, atelier):
    other = Product.objects.create(shop=atelier, name="Coat", price=5)
    variant = other.variants.create()

    response = wait(
        as_aigerim, kind="price_drop", product_id=dress_on_sale.pk, variant_id=variant.pk
    )

    assert response.status_code == 404


def test_one_waits_no_longer(as_aigerim, as_timur, aigerim, sold_out):
    pk = wait(as_aigerim, product_id=sold_out.pk).json()["id"]

    assert as_timur.delete(f"{ALERTS}/{pk}").status_code == 404
    assert as_aigerim.delete(f"{ALERTS}/{pk}").status_code == 200
    replace(sold_out, [Offer(stock=1)])
    tasks.send_alerts()

    assert heard(aigerim) == []


@pytest.fixture
def crowd(sold_out, monkeypatch):
    """Forty people who wait, and workers that take seven of them at a time."""
    monkeypatch.setattr(waiting, "AT_ONCE", 7)
    rows = [User(google_id=f"w{number}", email=f"w{number}@x.kz") for number in range(40)]
    people = User.objects.bulk_create(rows)
    Alert.objects.bulk_create(
        Alert(user=user, product=sold_out, kind="back_in_stock") for user in people
    )
    return people


def test_each_of_many_is_told_once_however_many_workers_tell(transactional_db, crowd, sold_out):
    with CaptureQueriesContext(connection) as captured:
        replace(sold_out, [Offer(size="S", stock=1), Offer(size="M", stock=0)])
    assert not [query for query in captured if "product_alerts" in query["sql"]]

    at_once(3, lambda _: waiting.tell_all())
    waiting.tell_all()  # what a worker skipped because another one held it

    assert [len(heard(user)) for user in crowd] == [1] * len(crowd)
    assert not Alert.objects.exists()
