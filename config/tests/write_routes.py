"""Every route of the API that writes: who may call it, a valid body, and which fields it takes."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern

from config.urls import v1

WRITES = ("POST", "PUT", "PATCH", "DELETE")
NOTE = {"name", "description", "folder", "is_favorite"}
GARMENT = {"name", "description", "price", "characteristics", "category_id", "images", "image_urls"}
WISH = {"save_to_wardrobe", "saveToWardrobe", "seed", "user_image_url", "userImageUrl"}
LOGIN = {"id_token", "code", "state", "account_type", "platform"}


@dataclass(frozen=True)
class Route:
    """One route. `row` names the row of the world whose id stands in the address.

    `body` is None where no body is looked at; `takes` are the fields that may change something.
    """

    method: str
    address: str
    who: str
    status: int
    body: dict[str, Any] | None = None
    takes: frozenset[str] = frozenset()
    row: str = ""
    files: tuple[str, ...] = ()
    only_multipart: bool = False

    def __str__(self):
        return f"{self.method} {self.address}"

    def path(self, world):
        address = self.address.replace("<slug:provider>", "sandbox")
        address = address.replace("<slug:action>", "cancel")
        return f"/api/v1/{address}".replace("<int:pk>", str(world[self.row].pk if self.row else 0))

    def valid_body(self, world, picture):
        """The valid body with its files; names of the world's rows become their ids."""
        body = {name: world[said].pk if said in world else said for name, said in self.body.items()}
        return body | {name: SimpleUploadedFile("me.jpg", picture) for name in self.files}


def route(method, address, who, status, body=None, takes=(), **about):
    return Route(method, address, who, status, body, frozenset(takes), **about)


WRITE_ROUTES = [
    route(
        "POST", "auth/google/login", "anyone", 401, {"id_token": "x", "account_type": "user"}, LOGIN
    ),
    route("POST", "auth/refresh", "anyone", 401, {"refresh_token": "x"}, {"refresh_token"}),
    route("POST", "auth/logout", "as_aigerim", 200, {}, {"refresh_token"}),
    route("PUT", "users/me", "as_aigerim", 200, {"name": "A"}, {"name", "avatar_url"}),
    route("POST", "users/me/topup", "as_aigerim", 201, {"amount": 500}, {"amount"}),
    route(
        "PUT",
        "shops/me",
        "as_atelier",
        200,
        {"shop_name": "A"},
        {"shop_name", "owner_name", "description", "phone", "whatsapp_number", "address"},
    ),
    route("POST", "shops/me/topup", "as_atelier", 201, {"amount": 500}, {"amount"}),
    route(
        "POST",
        "shops/upload-avatar",
        "as_atelier",
        200,
        {},
        {"file"},
        files=("file",),
        only_multipart=True,
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
    route("POST", "products", "as_atelier", 201, {"name": "Coat", "price": 5}, GARMENT),
    route(
        "POST",
        "products/upload-images",
        "as_atelier",
        200,
        {},
        {"files"},
        files=("files",),
        only_multipart=True,
    ),
    route("PUT", "products/<int:pk>", "as_atelier", 200, {"price": 7}, GARMENT, row="product"),
    route("DELETE", "products/<int:pk>", "as_atelier", 200, row="product"),
    *(
        route(
            "POST", f"admin/{place}/<int:pk>/{act}", "as_admin", 200, body, takes, row="new_product"
        )
        for place in ("products", "moderation")
        for act, body, takes in (
            ("approve", {"notes": "ok"}, {"notes", "action"}),
            ("reject", {"reason": "Blurred"}, {"reason", "notes", "action"}),
        )
    ),
    route("POST", "wardrobe", "as_aigerim", 201, {"name": "Hat"}, {*GARMENT, *NOTE, "shop_name"}),
    route(
        "POST",
        "wardrobe/upload-images",
        "as_aigerim",
        200,
        {},
        {"files"},
        files=("files",),
        only_multipart=True,
    ),
    route(
        "PUT",
        "wardrobe/<int:pk>",
        "as_aigerim",
        200,
        {"name": "Cap"},
        {*GARMENT, *NOTE, "shop_name"},
        row="item",
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
        {"product_id", "photo", *WISH},
        files=("photo",),
    ),
    route(
        "POST", "generations/generate", "as_aigerim", 202, {"prompt": "a dress"}, {"prompt", *WISH}
    ),
    route("POST", "products/<int:pk>/purchase", "as_aigerim", 201, {}, {"quantity"}, row="product"),
    route("POST", "orders/<int:pk>/<slug:action>", "as_aigerim", 200, row="order"),
    route("POST", "shops/me/orders/<int:pk>/<slug:action>", "as_atelier", 200, row="order"),
]


def served():
    """(method, address) of every route that writes, as the resolver knows them."""
    return {
        (method, str(pattern.pattern))
        for pattern in v1
        if isinstance(pattern, URLPattern)
        for method in WRITES
        if hasattr(pattern.callback.view_class, method.lower())
    }
