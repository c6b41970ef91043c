"""A row of somebody else is answered as one that does not exist, byte for byte."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from accounts.models import AuthSession
from accounts.signatures import keys
from billing.payments import starting
from billing.payouts import lifecycle
from billing.tests.shops_with_money import earned, with_bank_details
from catalog.alerts import waiting
from catalog.reviews import reviewing
from catalog.reviews.tests.buyers import bought
from config.tests.access import API
from config.tests.conftest import checked_sheet
from config.tests.routes import V1, filled
from conftest import signed_in
from core import images
from generations import kept_photos
from generations.requests import request_design
from orders import carts
from orders.checkout import buy_from_balance
from orders.delivery import addresses, methods
from orders.models import CartItem
from orders.quotes import Wish
from wardrobe import keeping
from wardrobe.collecting import groups
from wardrobe.outfits import composing
from wardrobe.wearing import diary

pytestmark = pytest.mark.usefixtures("unlimited")

# Rows of these belong to nobody in particular, or are an administrator's to decide about.
COMMON = (
    *("shops/<int:pk>", "products/<int:pk>/purchase", "products/<int:pk>/availability"),
    "products/<int:pk>/similar",
    "users/me/favorites/",
    "products/<int:pk>/reviews",
    "products/<int:pk>/report",
    *("categories/", "wardrobe/from-shop/"),
    "payments/capture/",  # whoever holds the link
    "wardrobe/shared/",  # as above
    "shops/me/statements/",  # named by a month, and always one's own
)
OF_A_USER = (
    "users/",
    "wardrobe/",
    "generations/",
    "orders/",
    "payments/<int:pk>",
    "cart/",
    "checkouts/",
)


def owned_routes() -> list[tuple[str, str]]:
    return [
        (method, route)
        for route, methods in API.items()
        for method in methods
        if "<" in route and not route.startswith((*COMMON, "admin/")) and "callback" not in route
        if (method, route) != ("GET", "products/<int:pk>")
    ]


@pytest.fixture
def rows(aigerim, atelier, dress_on_sale, admin, work, picture) -> dict[str, Any]:
    """The id of one row for each address, of Aigerim or of the Atelier."""
    order = buy_from_balance(aigerim, dress_on_sale)
    pictures = [images.clean(picture)]
    item = keeping.keep(aigerim, "uploaded", name="Hat", pictures=pictures)
    sheet = checked_sheet(atelier)
    outfit = composing.compose(aigerim, [{"item_id": item.pk}], name="Evening")
    collection = groups.make(aigerim, "Capsule", [item.pk])
    drawn = request_design(aigerim, "a red dress")
    work()
    alert, _ = waiting.ask(aigerim, "price_drop", product_id=dress_on_sale.pk)
    review = reviewing.write(bought(aigerim, dress_on_sale), dress_on_sale.pk, rating=5)
    paid = starting.start_topup(aigerim, Decimal(500))
    payout = lifecycle.request(with_bank_details(earned(atelier, 5000)), Decimal(5000))
    carts.add(aigerim, Wish(dress_on_sale.variants.get().pk))
    where = {"recipient": "Aigerim", "phone": "+77012345678", "city": "Almaty", "street": "Abai 1"}
    return {
        "cart/items/<int:pk>": CartItem.objects.get().pk,
        "shops/me/products/import/<int:pk>": sheet.pk,
        "shops/me/products/import/<int:pk>/confirm": sheet.pk,
        "checkouts/<int:pk>": order.checkout_id,
        "users/me/addresses/<int:pk>": addresses.add(aigerim, **where).pk,
        "shops/me/delivery-methods/<int:pk>": methods.add(atelier, kind="pickup", name="Here").pk,
        "shops/me/products/<int:pk>/movements": dress_on_sale.pk,
        "products/<int:pk>/hide": dress_on_sale.pk,
        "products/<int:pk>/show": dress_on_sale.pk,
        "products/<int:pk>/variants": dress_on_sale.pk,
        "products/<int:pk>/rental-terms": dress_on_sale.pk,
        "users/me/alerts/<int:pk>": alert.pk,
        "users/me/reviews/<int:pk>": review.pk,
        "shops/me/reviews/<int:pk>/answer": review.pk,
        "users/me/consents/<slug:kind>": "photo_processing",
        "users/me/keys/<int:pk>": keys.register_partner(aigerim, "Partner")[0].pk,
        "users/me/sessions/<uuid:pk>": session_of(user=aigerim),
        "shops/me/keys/<int:pk>": keys.register_partner(atelier, "Partner")[0].pk,
        "shops/me/sessions/<uuid:pk>": session_of(shop=atelier),
        "shops/me/orders/<int:pk>": order.pk,
        "shops/me/orders/<int:pk>/<slug:action>": order.pk,
        "shops/me/payouts/<int:pk>/cancel": payout.pk,
        "products/<int:pk>": dress_on_sale.pk,
        "payments/<int:pk>": paid.pk,
        "payments/<int:pk>/cancel": paid.pk,
        "payments/<int:pk>/refund": paid.pk,
        "wardrobe/<int:pk>": item.pk,
        "wardrobe/<int:pk>/remove-background": item.pk,
        "wardrobe/<int:pk>/suggested": item.pk,
        "wardrobe/wears/<int:pk>": diary.write(aigerim, date(2026, 3, 22), [item.pk])[0].pk,
        "wardrobe/collections/<int:pk>": collection.pk,
        "wardrobe/collections/<int:pk>/put": collection.pk,
        "wardrobe/collections/<int:pk>/take-out": collection.pk,
        "wardrobe/outfits/<int:pk>": outfit.pk,
        "wardrobe/outfits/<int:pk>/clone": outfit.pk,
        "wardrobe/outfits/<int:pk>/share": outfit.pk,
        "wardrobe/from-generation/<int:pk>": drawn.pk,
        "users/me/photos/<int:pk>": kept_photos.add(aigerim, b"a photo").pk,
        "generations/<int:pk>": drawn.pk,
        "generations/<int:pk>/cancel": drawn.pk,
        "generations/<int:pk>/report": drawn.pk,
        "generations/<int:pk>/reroll": drawn.pk,
        "orders/<int:pk>": order.pk,
        "orders/<int:pk>/refund": order.pk,
        "orders/<int:pk>/<slug:action>": order.pk,
    }


def session_of(**account: Any) -> Any:
    return AuthSession.objects.create(platform="web", **account).pk


@pytest.fixture
def clients(aigerim, timur, atelier, bazaar) -> dict[bool, tuple[APIClient, APIClient]]:
    """The owner and a stranger, for what users own (True) and for what shops own."""
    pairs = {True: (aigerim, timur), False: (atelier, bazaar)}
    timur.consents.all().delete()
    return {
        of_user: (signed_in(own, "web"), signed_in(other, "web"))
        for of_user, (own, other) in pairs.items()
    }


def test_a_strangers_answer_tells_nothing(rows, clients):
    found = {
        (method, route): complaint(
            method, route, rows[route], *clients[route.startswith(OF_A_USER)]
        )
        for method, route in owned_routes()
    }

    assert {asked: wrong for asked, wrong in found.items() if wrong} == {}


def complaint(method: str, route: str, own: Any, owner: APIClient, stranger: APIClient) -> Any:
    """What is wrong with the answers about a row, or None."""
    refused = ask(stranger, method, route, own)
    told, wanted = without_path(refused), without_path(ask(stranger, method, route, unknown(own)))
    if refused.status_code != 404 or told != wanted:
        return refused.status_code, told, wanted
    owns = ask(owner, method, route, own)
    return owns.content if owns.status_code == 404 else None


def without_path(response: Any) -> bytes:
    return response.content.replace(response.request["PATH_INFO"].encode(), b"PATH")


def unknown(known: Any) -> Any:
    """An id of the same kind that nothing has."""
    return {int: 2**40, str: "no_such_kind"}.get(type(known)) or uuid4()


def ask(client: APIClient, method: str, route: str, pk: Any) -> Any:
    """Ask once, and leave the database as it was."""
    path = filled(V1 + route, pk=pk, kind=pk)
    with transaction.atomic():
        response = client.generic(
            method, path, content_type="application/json", headers={"X-Request-ID": "same"}
        )
        transaction.set_rollback(True)
    return response
