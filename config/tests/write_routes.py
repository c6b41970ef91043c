"""Every route of the API that writes: who may call it, a valid body, and which fields it takes."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.consents import PHOTOS, current_version
from billing.payments import links
from billing.tests.shops_with_money import ACCOUNT
from config.tests.routes import API_ROUTES, V1, filled

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
NOTE = {"name", "description", "folder", "is_favorite"}
GARMENT = {"name", "description", "price", "characteristics", "category_id", "images", "image_urls"}
WORDS = {"name_kk", "name_en", "description_kk", "description_en"}
OWN = {"shop_name", "is_archived", "colour", "season"}
REVIEW = {"rating", "comment", "images", "image_urls"}
OUTFIT = {"name", "description", "is_favorite", "items"}
OFFER = {"variants", "rental_terms"}
RENTAL = {
    *("price_per_day", "deposit", "min_days", "max_days", "buffer_days", "late_fee_per_day"),
}
DAYS = {"rental_start_date", "rental_end_date"}
ORDERED = {"product_id", "variant_id", "quantity", *DAYS}
CHOICES = {"items", "delivery", "address_id"}
PAYING = {"payment": "balance", "expected_total": 400}
ADDRESS = {
    "recipient": "Aigerim",
    "phone": "+7 701 234 56 78",
    "city": "Almaty",
    "street": "Abai 1",
}
ADDRESSED = {*ADDRESS, "postal_code", "comment", "is_default"}
METHOD = {"kind": "flat", "name": "Courier", "price": 500}
DELIVERED = {*METHOD, "free_from", "is_active"}
WISH = {"save_to_wardrobe", "saveToWardrobe", "seed", "user_image_url", "userImageUrl"}
LOGIN = {"id_token", "nonce", "code", "state", "account_type", "platform"}
TOKEN = {"id_token": "x", "account_type": "user"}
BANK = asdict(ACCOUNT)
SETTING = "refund_period_days"
KEY = {"name": "Bookkeeping", "algorithm": "hmac-sha256"}
TOPUP = {"amount": 500}
WHY = {"reason": "The sleeve is torn"}
WHY_NOT = {"reason", "notes", "reason_code"}
CORRECTION = {
    "account_type": "user",
    "account_id": "customer",
    "amount": 5,
    "reason": "Was lost",
}


@dataclass(frozen=True)
class Route:
    """One route. `row` names the row of the world whose id stands in the address.

    `body` is None where no body is looked at; `takes` are the fields that may change something;
    `only` is the one media type that it reads. A tolerant route leaves unknown fields alone.
    """

    method: str
    address: str
    who: str
    status: int
    body: dict[str, Any] | None = None
    takes: frozenset[str] = frozenset()
    row: str = ""
    files: tuple[str, ...] = ()
    only: str = ""
    is_tolerant: bool = False

    def __str__(self):
        return f"{self.method} {self.address}"

    def path(self, world):
        named = {"pk": world[self.row].pk} if self.row else {}
        if "<str:order_id>" in self.address:
            named["order_id"] = links.order_id(world[self.row])
        return filled(V1 + self.address, provider="sandbox", kind=PHOTOS, key=SETTING, **named)

    def valid_body(self, world, picture):
        """The valid body with its files; names of the world's rows become their ids."""
        files = {name: SimpleUploadedFile("me.jpg", picture) for name in self.files}
        body = _with_ids(self.body, world)
        if self.files:  # a form has lists as their text
            texts = {name: json.dumps(it) for name, it in body.items() if isinstance(it, list)}
            body |= texts
        return body | files


def _with_ids(said, world):
    if isinstance(said, dict):
        return {name: _with_ids(each, world) for name, each in said.items()}
    if isinstance(said, list):
        return [_with_ids(each, world) for each in said]
    return world[said].pk if isinstance(said, str) and said in world else said


def route(method, address, who, status, body=None, takes=(), **about):
    return Route(method, address, who, status, body, frozenset(takes), **about)


WRITE_ROUTES = [
    route("POST", "auth/google/login", "anyone", 401, TOKEN, LOGIN),
    route("POST", "auth/apple/login", "anyone", 401, TOKEN, {*LOGIN, "user_data"}),
    # What Apple sends next to what we know is Apple's affair.
    route(
        "POST",
        "auth/apple/callback",
        "anyone",
        302,
        {},
        {"code", "state", "user", "error"},
        only=FORM,
        is_tolerant=True,
    ),
    route("POST", "auth/user/get-or-create-shop", "as_aigerim", 200, {}),
    # She has no second factor yet.
    route("POST", "auth/mfa/verify", "as_aigerim", 409, {"code": "123456"}, {"code"}),
    route("POST", "auth/refresh", "anyone", 401, {"refresh_token": "x"}, {"refresh_token"}),
    route("POST", "auth/logout", "as_aigerim", 200, {}, {"refresh_token"}),
    route(
        "PUT",
        "users/me",
        "as_aigerim",
        200,
        {"name": "A"},
        {"name", "avatar_url", "photo_retention"},
    ),
    route("DELETE", "users/me", "as_timur", 200),
    route(
        "POST",
        "users/me/consents",
        "as_dana",
        201,
        {"kind": PHOTOS, "version": current_version(PHOTOS)},
        {"kind", "version"},
    ),
    route("DELETE", "users/me/consents/<slug:kind>", "as_aigerim", 200),
    route("POST", "users/me/export", "as_aigerim", 202),
    *(
        route(method, address, "as_aigerim", status, {"rating": 4}, REVIEW, row=row)
        for method, address, status, row in (
            ("POST", "products/<int:pk>/reviews", 201, "bought_product"),
            ("PUT", "users/me/reviews/<int:pk>", 200, "review"),
        )
    ),
    route(
        "POST",
        "products/<int:pk>/report",
        "as_aigerim",
        201,
        {"reason": "fraud"},
        {"reason", "comment"},
        row="product",
    ),
    route("DELETE", "users/me/reviews/<int:pk>", "as_aigerim", 200, row="review"),
    route(
        "PUT",
        "shops/me/reviews/<int:pk>/answer",
        "as_atelier",
        200,
        {"answer": "Thank you!"},
        {"answer"},
        row="review",
    ),
    route("DELETE", "shops/me/reviews/<int:pk>/answer", "as_atelier", 200, row="review"),
    route(
        "POST",
        "users/me/alerts",
        "as_aigerim",
        201,
        {"kind": "price_drop", "product_id": "bought_product"},
        {"kind", "product_id", "variant_id"},
    ),
    route("DELETE", "users/me/alerts/<int:pk>", "as_aigerim", 200, row="alert"),
    # The address names no product that there is.
    route("POST", "shops/<int:pk>/products/<int:product_id>/whatsapp-inquiry", "anyone", 404),
    *(
        route(method, "users/me/favorites/<int:pk>", "as_aigerim", 200, row="product")
        for method in ("PUT", "POST", "DELETE")
    ),
    *(
        route(method, f"{place}/{address}", who, status, body, takes, row=f"{owner}_{row}")
        for owner, place, who in (
            ("user", "users/me", "aigerim_stepped_up"),
            ("shop", "shops/me", "atelier_stepped_up"),
        )
        for method, address, status, body, takes, row in (
            ("POST", "keys", 201, KEY, {*KEY, "public_key"}, "key"),
            ("DELETE", "keys/<int:pk>", 204, None, (), "key"),
            ("DELETE", "sessions", 200, None, (), "session"),
            ("DELETE", "sessions/<uuid:pk>", 200, None, (), "session"),
        )
    ),
    route("POST", "users/me/topup", "as_aigerim", 201, TOPUP, {*TOPUP, "provider"}),
    route("POST", "payments/user/top-up", "as_aigerim", 200, TOPUP, {*TOPUP, "provider"}),
    route("POST", "payments/<int:pk>/cancel", "as_aigerim", 200, {}, row="payment"),
    route(
        "POST",
        "payments/<int:pk>/refund",
        "as_aigerim",
        200,
        {"amount": 100},
        {"amount"},
        row="paid_payment",
    ),
    route("POST", "payments/capture/<str:order_id>", "anyone", 200, row="payment"),
    route(
        "PUT",
        "shops/me",
        "as_atelier",
        200,
        {"shop_name": "A"},
        {"shop_name", "owner_name", "description", "phone", "whatsapp_number", "address"},
    ),
    route("POST", "shops/me/topup", "as_atelier", 201, TOPUP, {*TOPUP, "provider"}),
    route("POST", "payments/shop/top-up", "as_atelier", 200, TOPUP, {*TOPUP, "provider"}),
    # Products are shown for free until an administrator sets a price.
    route(
        "POST",
        "payments/shop/rent-product",
        "as_atelier",
        409,
        {"extra_data": {"product_id": "product", "months": 1}},
        {"payment_type", "amount", "extra_data"},
    ),
    route("PUT", "shops/me/bank-details", "atelier_signing", 200, BANK, BANK),
    route("POST", "shops/me/payouts", "atelier_signing", 201, {"amount": 5000}, {"amount"}),
    route("POST", "shops/me/payouts/<int:pk>/cancel", "as_atelier", 200, {}, row="payout"),
    route("POST", "admin/payouts/<int:pk>/approve", "as_admin", 200, {}, row="payout"),
    route(
        "POST",
        "admin/payouts/<int:pk>/paid",
        "as_admin",
        200,
        {"bank_reference": "B-1"},
        {"bank_reference"},
        row="approved_payout",
    ),
    route(
        "POST",
        "admin/payouts/<int:pk>/fail",
        "as_admin",
        200,
        {"reason": "The account is closed"},
        {"reason"},
        row="approved_payout",
    ),
    route("PUT", "admin/settings/<slug:key>", "as_admin", 200, {"value": "20"}, {"value"}),
    route("POST", "admin/adjustments", "admin_signing", 201, CORRECTION, CORRECTION),
    route(
        "POST",
        "shops/upload-avatar",
        "as_atelier",
        200,
        {},
        {"file"},
        files=("file",),
        only=MULTIPART,
    ),
    route("POST", "admin/shops/<int:pk>/approve", "as_admin", 200, {}, {"notes"}, row="new_shop"),
    route(
        "POST",
        "admin/shops/<int:pk>/reject",
        "as_admin",
        200,
        {"reason": "There is no address"},
        {"reason"},
        row="new_shop",
    ),
    # No body is parsed: the gateway's signature is over the bytes.
    route("POST", "payments/<slug:provider>/callback", "anyone", 401),
    route("POST", "payments/paypal/webhook", "anyone", 404),  # PayPal is not on
    route(
        "POST",
        "products",
        "as_atelier",
        201,
        {"name": "Coat", "price": 5},
        {*GARMENT, *WORDS, *OFFER},
    ),
    route(
        "POST",
        "products/upload-images",
        "as_atelier",
        200,
        {},
        {"files"},
        files=("files",),
        only=MULTIPART,
    ),
    route(
        *("POST", "products/search-by-image", "anyone", 200, {}, {"file"}),
        files=("file",),
        only=MULTIPART,
    ),
    route(
        "PUT",
        "products/<int:pk>",
        "as_atelier",
        200,
        {"price": 7},
        {*GARMENT, *WORDS, *OFFER},
        row="product",
    ),
    route(
        "PUT",
        "products/<int:pk>/variants",
        "as_atelier",
        200,
        {"variants": [{"size": "M"}]},
        {"variants"},
        row="product",
    ),
    route(
        "PUT",
        "products/<int:pk>/rental-terms",
        "as_atelier",
        200,
        {"price_per_day": 50},
        RENTAL,
        row="product",
    ),
    # A picture is no sheet.
    route(
        *("POST", "shops/me/products/import", "as_atelier", 422, {}, {"file", "pictures"}),
        files=("file",),
        only=MULTIPART,
    ),
    *(
        route(method, f"shops/me/products/import/<int:pk>{act}", "as_atelier", status, row="sheet")
        for method, act, status in (("POST", "/confirm", 202), ("DELETE", "", 204))
    ),
    route("DELETE", "products/<int:pk>/rental-terms", "as_atelier", 200, row="product"),
    route("POST", "products/<int:pk>/hide", "as_atelier", 200, row="product"),
    route("POST", "products/<int:pk>/show", "as_atelier", 200, row="product"),
    route("DELETE", "products/<int:pk>", "as_atelier", 200, row="product"),
    *(
        route(
            "POST", f"admin/{place}/<int:pk>/{act}", "as_admin", 200, body, takes, row="new_product"
        )
        for place in ("products", "moderation")
        for act, body, takes in (
            ("approve", {"notes": "ok"}, {"notes", "action", "revision_id"}),
            ("reject", {"reason": "Blurred"}, {*WHY_NOT, "action", "revision_id"}),
        )
    ),
    route(
        "POST",
        "admin/products/<int:pk>/take-down",
        "as_admin",
        200,
        {"reason_code": "counterfeit"},
        WHY_NOT,
        row="product",
    ),
    route("POST", "admin/products/<int:pk>/undo", "as_admin", 200, row="product"),
    route("POST", "wardrobe", "as_aigerim", 201, {"name": "Hat"}, {*GARMENT, *NOTE, *OWN}),
    route(
        "POST",
        "wardrobe/upload-images",
        "as_aigerim",
        200,
        {},
        {"files"},
        files=("files",),
        only=MULTIPART,
    ),
    route("POST", "wardrobe/export", "as_aigerim", 202),
    # A picture is no archive.
    route(
        *("POST", "wardrobe/import", "as_aigerim", 415, {}, {"file"}),
        files=("file",),
        only=MULTIPART,
    ),
    route(
        "POST",
        "wardrobe/bulk",
        "as_aigerim",
        200,
        {"items": [{"key": "one"}]},
        {"items", "files"},
        files=("files",),
        only=MULTIPART,
    ),
    route(
        "PUT",
        "wardrobe/<int:pk>",
        "as_aigerim",
        200,
        {"name": "Cap"},
        {*GARMENT, *NOTE, *OWN},
        row="item",
    ),
    route(
        "PUT",
        "wardrobe/folders",
        "as_aigerim",
        200,
        {"folder": "Wishes", "name": "Loved"},
        {"folder", "name"},
    ),
    route(
        "POST",
        "wardrobe/move",
        "as_aigerim",
        200,
        {"items": ["item"], "folder": "Loved"},
        {"items", "folder"},
    ),
    *(
        route(method, address, "as_aigerim", status, body, OUTFIT, row=row)
        for method, address, status, body, row in (
            ("POST", "wardrobe/outfits", 201, {"name": "Day", "items": [{"item_id": "item"}]}, ""),
            ("PUT", "wardrobe/outfits/<int:pk>", 200, {"name": "Night"}, "outfit"),
        )
    ),
    route("DELETE", "wardrobe/outfits/<int:pk>", "as_aigerim", 200, row="outfit"),
    route("POST", "wardrobe/outfits/<int:pk>/clone", "as_aigerim", 201, row="outfit"),
    route(
        "POST",
        "wardrobe/outfits/<int:pk>/share",
        "as_aigerim",
        200,
        {"days": 3},
        {"days"},
        row="outfit",
    ),
    route("DELETE", "wardrobe/outfits/<int:pk>/share", "as_aigerim", 200, row="outfit"),
    route(
        "POST",
        "wardrobe/wears",
        "as_aigerim",
        200,
        {"day": "2026-03-21", "items": ["item"]},
        {"day", "items", "outfit_id", "is_planned"},
    ),
    *(
        route(method, address, "as_aigerim", status, body, {"name", "items"}, row=row)
        for method, address, status, body, row in (
            ("POST", "wardrobe/collections", 201, {"name": "Work", "items": ["item"]}, ""),
            ("PUT", "wardrobe/collections/<int:pk>", 200, {"name": "Home"}, "collection"),
        )
    ),
    *(
        route(
            "POST",
            f"wardrobe/collections/<int:pk>/{act}",
            "as_aigerim",
            200,
            {"items": ["item"]},
            {"items"},
            row="collection",
        )
        for act in ("put", "take-out")
    ),
    route("DELETE", "wardrobe/collections/<int:pk>", "as_aigerim", 200, row="collection"),
    route("DELETE", "wardrobe/wears/<int:pk>", "as_aigerim", 200, row="wear"),
    *(
        route(method, "wardrobe/<int:pk>/remove-background", "as_aigerim", status, row="item")
        for method, status in (("POST", 202), ("DELETE", 200))
    ),
    route("DELETE", "wardrobe/<int:pk>", "as_aigerim", 200, row="item"),
    route("POST", "wardrobe/from-shop/<int:pk>", "as_aigerim", 201, {}, NOTE, row="product"),
    route(
        "POST", "wardrobe/from-generation/<int:pk>", "as_aigerim", 201, {}, NOTE, row="generation"
    ),
    route(
        "POST",
        "generations/try-on",
        "as_aigerim",
        202,
        {"product_id": "product"},
        {"product_id", "wardrobe_item_id", "photo", *WISH},
        files=("photo",),
    ),
    route(
        "POST",
        "generations/outfit",
        "as_aigerim",
        202,
        {"items": [{"product_id": "product"}, {"wardrobe_item_id": "item"}]},
        {"items", "photo", *WISH},
        files=("photo",),
    ),
    route(
        "POST",
        "generations/generate",
        "as_aigerim",
        202,
        {"prompt": "a dress"},
        {"prompt", "n", *WISH},
    ),
    route(
        "POST",
        "generations/<int:pk>/cancel",
        "as_aigerim",
        200,
        {},
        row="queued_generation",
    ),
    route("DELETE", "generations/<int:pk>", "as_aigerim", 200, row="generation"),
    *(
        route(
            "POST", f"generations/<int:pk>/{act}", "as_aigerim", status, {}, takes, row="generation"
        )
        for act, status, takes in (("report", 200, {"complaint"}), ("reroll", 202, {"seed"}))
    ),
    *(
        route("POST", f"{place}/<int:pk>/<slug:action>", who, 200, {}, takes, row="order")
        for place, who, takes in (
            ("orders", "as_aigerim", {"reason"}),
            ("shops/me/orders", "as_atelier", {"reason"}),
            ("admin/orders", "as_admin", {"reason", "destination"}),
        )
    ),
    route("POST", "orders/<int:pk>/refund", "as_aigerim", 200, WHY, WHY, row="order"),
    route(
        "POST",
        "admin/orders/<int:pk>/refund",
        "as_admin",
        200,
        WHY,
        {"reason", "share", "destination"},
        row="order",
    ),
    # Nobody has asked for that refund.
    route(
        "POST",
        "admin/refunds/<int:pk>/process",
        "as_admin",
        404,
        {"action": "approve"},
        {"action", "admin_notes", "share", "destination"},
    ),
    route(
        "POST",
        "products/<int:pk>/purchase",
        "as_aigerim",
        201,
        {},
        ORDERED - {"product_id"},
        row="product",
    ),
    route("DELETE", "cart", "as_aigerim", 200),
    route("POST", "cart/items", "as_aigerim", 201, {"product_id": "product"}, ORDERED),
    route(
        "PUT",
        "cart/items/<int:pk>",
        "as_aigerim",
        200,
        {"quantity": 2},
        {"quantity", *DAYS},
        row="cart_item",
    ),
    route("DELETE", "cart/items/<int:pk>", "as_aigerim", 200, row="cart_item"),
    route("POST", "cart/quote", "as_aigerim", 200, {}, CHOICES),
    route("POST", "checkout", "as_aigerim", 201, PAYING, {*CHOICES, *PAYING, "provider"}),
    route(
        "POST",
        "orders/create-from-cart",
        "as_aigerim",
        201,
        {"payment_method": "balance"},
        {"payment_method"},
    ),
    route("POST", "users/me/photos", "as_aigerim", 201, {}, {"photo"}, files=("photo",)),
    route("DELETE", "users/me/photos/<int:pk>", "as_aigerim", 200, row="person_photo"),
    route("POST", "users/me/addresses", "as_aigerim", 201, ADDRESS, ADDRESSED),
    route(
        "PUT",
        "users/me/addresses/<int:pk>",
        "as_aigerim",
        200,
        ADDRESS,
        ADDRESSED,
        row="address",
    ),
    route("DELETE", "users/me/addresses/<int:pk>", "as_aigerim", 200, row="address"),
    route("POST", "shops/me/delivery-methods", "as_atelier", 201, METHOD, DELIVERED),
    route(
        "PUT",
        "shops/me/delivery-methods/<int:pk>",
        "as_atelier",
        200,
        METHOD,
        DELIVERED,
        row="method",
    ),
    route("DELETE", "shops/me/delivery-methods/<int:pk>", "as_atelier", 200, row="method"),
]


def served():
    """(method, address) of every route that writes, as the resolver knows them."""
    return {
        (method, address) for address, methods in API_ROUTES.items() for method in methods - {"GET"}
    }
