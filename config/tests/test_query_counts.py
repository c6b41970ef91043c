"""Every list takes the same literal number of queries for one row and for three."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import consents
from accounts.models import User
from accounts.signatures import keys
from billing.commission.models import CommissionRule
from billing.payments import starting
from billing.payouts import lifecycle
from billing.tests.shops_with_money import earned, with_bank_details
from catalog import moderation
from catalog.alerts import waiting
from catalog.favourites import choosing
from catalog.models import Category
from catalog.products import create_product, update_product
from catalog.reviews import reviewing
from catalog.reviews.tests.buyers import bought
from conftest import agreed, funded, signed_in
from generations.requests import request_design
from orders import carts
from orders.checkout import buy_from_balance
from orders.delivery import addresses, methods
from orders.quotes import Wish
from orders.saying import Said
from orders.tests.steps import take
from orders.transitions import Event
from shops.models import Shop
from wardrobe import keeping
from wardrobe.collecting import groups
from wardrobe.outfits import composing
from wardrobe.wearing import diary

# One query finds the session and its account, unless nobody is signed in.
LISTS = {
    ("anyone", "products"): 1,
    ("anyone", "products/search?min_price=1&sort_by=price"): 3,
    ("anyone", "products/facets"): 4,
    ("anyone", "products/suggest?q=dr"): 1,
    ("anyone", "shops"): 1,
    ("anyone", "categories"): 1,
    ("user", "products"): 2,
    ("user", "wardrobe"): 2,
    ("user", "wardrobe/folders"): 2,
    ("user", "wardrobe/outfits"): 4,
    ("user", "wardrobe/stats"): 3,
    ("user", "wardrobe/stats/items"): 2,
    ("user", "wardrobe/wears"): 2,
    ("user", "wardrobe/collections"): 2,
    ("user", "wardrobe/suggestions"): 2,
    ("user", "wardrobe/packing-list?days=7"): 2,
    ("user", "generations/history"): 3,
    ("user", "users/me/history"): 3,
    ("user", "users/me/orders"): 3,
    ("user", "orders"): 3,
    ("user", "cart"): 4,
    ("user", "users/me/addresses"): 2,
    ("user", "users/me/favorites"): 3,
    ("user", "users/me/reviews"): 2,
    ("user", "users/me/alerts"): 2,
    ("user", "users/me/photos"): 2,
    ("user", "users/me/transactions"): 2,
    ("user", "users/me/payments"): 2,
    ("user", "users/me/consents"): 2,
    ("user", "users/me/keys"): 2,
    ("user", "events?since=users:0"): 3,
    ("shop", "shops/me/products"): 4,
    ("shop", "shops/me/delivery-methods"): 2,
    ("shop", "shops/me/orders"): 3,
    ("shop", "shops/me/reviews"): 2,
    ("shop", "shops/me/transactions"): 2,
    ("shop", "shops/me/commission"): 4,
    ("shop", "shops/me/payouts"): 2,
    ("shop", "shops/me/keys"): 2,
    ("admin", "admin/orders"): 3,
    ("admin", "admin/refunds"): 2,
    ("admin", "admin/payouts"): 2,
    ("admin", "admin/settings"): 1,  # what they are is known for 5 seconds
    ("admin", "admin/users"): 2,
    ("admin", "admin/shops"): 2,
    ("admin", "admin/products/moderation"): 4,
}


@pytest.fixture
def one_more(aigerim, admin, atelier, dresses, picture):
    """Add a row to every list."""
    numbers = iter(range(100))

    def add():
        number = next(numbers)
        funded(aigerim, Decimal(1000))
        details = {"name": f"Dress {number}", "price": Decimal(100), "category": dresses}
        on_sale = create_product(atelier, images=[picture], **details)
        moderation.approve(on_sale, by=admin)
        create_product(atelier, images=[picture], **details)
        waiting.ask(aigerim, "price_drop", product_id=on_sale.pk)
        choosing.add(aigerim, on_sale.pk)
        update_product(on_sale, name=f"Gown {number}")
        kept = keeping.keep_product(aigerim, on_sale, folder=f"Folder {number}")
        diary.write(aigerim, date(2026, 3, 22), [kept.pk])
        composing.compose(aigerim, [{"item_id": kept.pk}], name="Evening")
        groups.make(aigerim, f"Collection {number}", [kept.pk])
        request_design(aigerim, "a dress")
        ordered = buy_from_balance(aigerim, on_sale)
        take(ordered, Event.ACCEPT, Event.SHIP, Event.DISPUTE, said=Said(reason="Torn"))
        reviewing.write(bought(aigerim, on_sale), on_sale.pk, rating=5)
        carts.add(aigerim, Wish(on_sale.variants.get().pk))
        addresses.add(aigerim, recipient="A", phone="77777", city="A", street="B")
        methods.add(atelier, kind="pickup", name="Here")
        consents.withdraw(aigerim, consents.PHOTOS)
        agreed(aigerim)
        starting.start_topup(aigerim, Decimal(500))
        lifecycle.request(with_bank_details(earned(atelier, 5000)), Decimal(5000))
        keys.register_partner(aigerim, "Partner")
        keys.register_partner(atelier, "Partner")
        category = Category.objects.create(slug=f"c{number}", name_ru="К", name_kk="К", name_en="C")
        CommissionRule.objects.create(category=category, percent=5)
        User.objects.create(google_id=f"u{number}", email=f"u{number}@x.kz", name="U")
        Shop.objects.create(
            google_id=f"s{number}", email=f"s{number}@x.kz", shop_name="S", is_approved=True
        )

    return add


@pytest.fixture
def queries(anyone, aigerim, admin, atelier):
    clients = {
        "anyone": anyone,
        "user": signed_in(aigerim),
        "shop": signed_in(atelier),
        "admin": signed_in(admin, "web"),
    }

    def count():
        counts = {}
        for who, address in LISTS:
            with CaptureQueriesContext(connection) as captured:
                response = clients[who].get(f"/api/v1/{address}")
            assert response.status_code == 200, response.content
            counts[who, address] = len(captured)
        return counts

    return count


def test_lists_do_not_ask_more_for_more_rows(one_more, queries):
    one_more()
    one = queries()
    one_more()
    one_more()

    assert queries() == one == LISTS
