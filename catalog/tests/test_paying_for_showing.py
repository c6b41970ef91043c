"""A shop pays for showing a product: in the panel, and over the older clients' route."""

from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import Posting
from billing.tests.shops_with_money import earned
from catalog import listing_fees
from conftest import with_setting
from shops.tests.owners import browser_of_shop

ROUTE = "/api/v1/payments/shop/rent-product"


@pytest.fixture
def costly():
    with_setting("shop_product_rent_price", "10")
    with_setting("shop_min_rent_months", "2")


@pytest.fixture
def panel(atelier):
    return browser_of_shop(atelier)


def asked(product, months=2, **more):
    about = {"extra_data": {"product_id": product.pk, "months": months}, **more}
    return {"payment_type": "product_rent", **about}


def page_of(product):
    return f"/panel/products/{product.pk}/showing/"


def paid():
    return Posting.objects.filter(type="product_rent").count()


def test_the_older_clients_pay_what_the_platform_asks(costly, as_atelier, atelier, dress_on_sale):
    earned(atelier, 100)

    answer = as_atelier.post(ROUTE, asked(dress_on_sale, months=3, amount=1), format="json").json()

    product = answer.pop("product")
    assert (product["id"], product["is_active"]) == (dress_on_sale.pk, True)
    dress_on_sale.refresh_from_db()
    until = timezone.localtime(dress_on_sale.rent_expires_at)
    assert answer == {
        "status": "completed",
        "message": f"The product is shown until {until:%d.%m.%Y}.",
        "amount": 30.0,
        "new_balance": 70.0,
    }


def test_the_same_key_pays_once(costly, as_atelier, atelier, dress_on_sale):
    earned(atelier, 100)

    both = [
        as_atelier.post(ROUTE, asked(dress_on_sale), format="json", HTTP_IDEMPOTENCY_KEY="k-1")
        for _ in range(2)
    ]

    assert both[0].json() == both[1].json()
    assert both[1].headers["Idempotency-Replayed"] == "true"
    assert paid() == 1


@pytest.mark.parametrize(
    ("months", "balance", "status", "code"),
    [(1, 100, 422, "bad_period"), (2, 19, 402, "insufficient_funds")],
)
def test_what_is_refused_costs_nothing(
    costly, as_atelier, atelier, dress_on_sale, months, balance, status, code
):
    earned(atelier, balance)

    answer = as_atelier.post(ROUTE, asked(dress_on_sale, months), format="json")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    atelier.refresh_from_db()
    assert (paid(), atelier.balance) == (0, balance)


def test_another_shops_product_is_not_there(costly, as_bazaar, bazaar, dress_on_sale):
    earned(bazaar, 100)

    assert as_bazaar.post(ROUTE, asked(dress_on_sale), format="json").status_code == 404
    assert paid() == 0


def test_while_it_is_free_the_panel_offers_nothing_to_pay(panel, dress_on_sale):
    assert "Show longer" not in panel.get("/panel/products/").content.decode()

    page = panel.get(page_of(dress_on_sale)).content.decode()
    assert "Products are shown for free at the moment." in page
    assert 'name="months"' not in page


def test_the_panel_pays_for_the_chosen_time(costly, panel, atelier, dress_on_sale):
    earned(atelier, 100)
    assert page_of(dress_on_sale) in panel.get("/panel/products/").content.decode()
    page = panel.get(page_of(dress_on_sale)).content.decode()
    assert "60 days, 20.00 ₸" in page
    assert "30 days, 10.00 ₸" not in page

    done = panel.post(page_of(dress_on_sale), {"months": "4"})

    assert (done.status_code, done["Location"]) == (302, "/panel/products/")
    atelier.refresh_from_db()
    assert (paid(), atelier.balance) == (1, Decimal(60))
    assert "Paid for until" in panel.get("/panel/products/").content.decode()


def test_the_panel_says_what_is_wrong(costly, panel, atelier, dress_on_sale):
    page = panel.post(page_of(dress_on_sale), {"months": "2"}).content.decode()
    assert "There are not enough ₸ on the shop&#x27;s balance: 20.00 ₸ are to be paid." in page

    page = panel.post(page_of(dress_on_sale), {"months": "1"}).content.decode()
    assert "Select a valid choice." in page
    assert paid() == 0


def test_another_shops_product_has_no_page(costly, panel, bazaar):
    foreign = bazaar.products.create(name="Coat", price=1)

    assert panel.get(page_of(foreign)).status_code == 404
    assert panel.post(page_of(foreign), {"months": "2"}).status_code == 404


def test_the_price_is_for_thirty_days(costly, atelier, dress_on_sale):
    earned(atelier, 100)

    receipt = listing_fees.pay(dress_on_sale, 2)

    days = (receipt.product.rent_expires_at - timezone.now()).total_seconds() / 86400
    assert (receipt.amount, round(days, 2)) == (20, 60)
