"""The seed's overview of endpoints, literally: each one answers as the contract says."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import signed_in
from shops.models import Shop

USER = {
    "id",
    "email",
    "name",
    "avatar_url",
    "balance",
    "free_generations_left",
    "free_try_ons_left",
    "role",
    "created_at",
    "updated_at",
}
SHOP = {
    "id",
    "email",
    "shop_name",
    "owner_name",
    "description",
    "avatar_url",
    "phone",
    "whatsapp_number",
    "address",
    "balance",
    "is_approved",
    "is_active",
    "rejection_reason",
    "created_at",
    "updated_at",
}
PRODUCT = {
    "id",
    "shop_id",
    "category_id",
    "name",
    "description",
    "price",
    "characteristics",
    "images",
    "rent_expires_at",
    "is_active",
    "moderation_status",
    "moderation_notes",
    "views_count",
    "try_ons_count",
    "purchases_count",
    "created_at",
    "updated_at",
}
ITEM = {
    "id",
    "user_id",
    "source",
    "original_product_id",
    "generation_id",
    "name",
    "description",
    "characteristics",
    "images",
    "price",
    "category_id",
    "shop_name",
    "is_favorite",
    "folder",
    "created_at",
    "updated_at",
}
GENERATION = {
    "id",
    "user_id",
    "product_id",
    "type",
    "image_url",
    "cost",
    "created_at",
    "charge_info",
    "wardrobe_item_id",
}
ORDER = {
    "id",
    "order_number",
    "user_id",
    "order_type",
    "status",
    "payment_method",
    "total_amount",
    "product_id",
    "shop_id",
    "quantity",
    "items",
    "created_at",
    "updated_at",
}
DASHBOARD = {
    "total_users",
    "total_shops",
    "total_products",
    "active_products",
    "total_generations",
    "total_revenue",
    "pending_moderation",
    "pending_refunds",
    "total_user_balances",
    "total_shop_balances",
}


@pytest.fixture
def newcomer(db):
    return Shop.objects.create(google_id="g-new", email="new@example.kz", shop_name="New")


@pytest.fixture
def item(as_aigerim):
    return as_aigerim.post("/api/v1/wardrobe/", {"name": "Hat"}).json()


@pytest.fixture
def drawn(as_aigerim, work):
    body = as_aigerim.post("/api/v1/generations/generate", {"prompt": "a red dress"}).json()
    work()
    return body


def has(response, keys, status=200):
    """The answer has the status and, in its one object, at least these keys."""
    assert response.status_code == status, response.content
    body = response.json()
    assert keys <= (body[0] if isinstance(body, list) else body).keys()
    return body


def test_auth_google_login(anyone, db):
    sent = {"id_token": "x", "account_type": "user", "platform": "mobile"}
    assert anyone.post("/api/v1/auth/google/login", sent).status_code == 401


def test_auth_google_url(anyone, db):
    body = has(
        anyone.get("/api/v1/auth/google/url", {"account_type": "shop", "platform": "web"}),
        {"authorization_url", "account_type", "platform"},
    )
    assert body["account_type"] == "shop"
    assert "code_challenge_method=S256" in body["authorization_url"]


def test_auth_refresh(anyone, db):
    response = anyone.post("/api/v1/auth/refresh", {"refresh_token": "x"})
    assert response.status_code == 401


def test_auth_logout(as_aigerim):
    has(as_aigerim.post("/api/v1/auth/logout", {}), {"message"})
    assert as_aigerim.get("/api/v1/users/me").status_code == 401


def test_users_me(as_aigerim):
    has(as_aigerim.get("/api/v1/users/me"), USER)
    assert has(as_aigerim.put("/api/v1/users/me", {"name": "A"}), USER)["name"] == "A"


def test_users_me_balance(as_aigerim):
    keys = {"balance", "free_generations_left", "free_try_ons_left"}
    assert has(as_aigerim.get("/api/v1/users/me/balance"), keys)["balance"] == 1000


def test_users_me_transactions(as_aigerim):
    keys = {"id", "type", "amount", "user_id", "shop_id", "status", "created_at"}
    has(as_aigerim.get("/api/v1/users/me/transactions"), keys)


def test_users_me_orders(as_aigerim, dress_on_sale):
    has(as_aigerim.post(f"/api/v1/products/{dress_on_sale.pk}/purchase", {}), ORDER, 201)
    has(as_aigerim.get("/api/v1/users/me/orders", {"status": "confirmed"}), ORDER)
    assert as_aigerim.get("/api/v1/users/me/orders", {"status": "pending"}).json() == []


def test_wardrobe_list_and_create(as_aigerim, item):
    assert item.keys() >= ITEM
    page = has(
        as_aigerim.get("/api/v1/wardrobe/", {"skip": 0, "limit": 10}),
        {"items", "total", "page", "page_size", "has_more"},
    )
    assert page["items"][0].keys() >= ITEM


def test_wardrobe_item_read_change_delete(as_aigerim, item):
    address = f"/api/v1/wardrobe/{item['id']}"
    has(as_aigerim.get(address), ITEM)
    assert has(as_aigerim.put(address, {"name": "Cap"}), ITEM)["name"] == "Cap"
    assert has(as_aigerim.delete(address), {"message", "id"})["id"] == item["id"]


def test_wardrobe_from_shop(as_aigerim, dress_on_sale):
    address = f"/api/v1/wardrobe/from-shop/{dress_on_sale.pk}"
    assert has(as_aigerim.post(address), ITEM, 201)["source"] == "shop_product"


def test_wardrobe_from_generation(as_aigerim, drawn):
    address = f"/api/v1/wardrobe/from-generation/{drawn['id']}"
    body = has(as_aigerim.post(address, {"folder": "AI Creations"}), ITEM, 201)
    assert (body["source"], body["generation_id"]) == ("generated", drawn["id"])


def test_products_list_and_detail(anyone, dress_on_sale):
    page = has(
        anyone.get("/api/v1/products/", {"skip": 0, "limit": 5, "search": "silk"}),
        {"products", "total", "page", "page_size"},
    )
    assert page["products"][0].keys() >= PRODUCT
    has(anyone.get(f"/api/v1/products/{dress_on_sale.pk}"), PRODUCT)


def test_products_create_change_delete(as_atelier, picture):
    sent = {
        "name": "Coat",
        "price": "45000",
        "characteristics": '{"size": "M"}',
        "images": [SimpleUploadedFile("coat.jpg", picture)],
    }
    body = has(as_atelier.post("/api/v1/products/", sent, format="multipart"), PRODUCT, 201)
    assert (body["moderation_status"], len(body["images"])) == ("pending", 1)
    address = f"/api/v1/products/{body['id']}"
    changed = has(as_atelier.put(address, {"price": 40000}), PRODUCT)
    assert (changed["price"], changed["name"]) == (40000, "Coat")
    has(as_atelier.delete(address), {"message"})
    assert as_atelier.get(address).status_code == 404


def test_shops_list_and_detail(anyone, dress_on_sale, atelier):
    page = has(anyone.get("/api/v1/shops/", {"skip": 0}), {"shops", "total", "page", "page_size"})
    assert page["shops"][0]["products_count"] == 1
    body = has(anyone.get(f"/api/v1/shops/{atelier.pk}"), {"shop_name", "description"})
    assert not {"email", "balance"} & body.keys()


def test_shops_me(as_atelier):
    has(as_atelier.get("/api/v1/shops/me"), SHOP)
    assert has(as_atelier.put("/api/v1/shops/me", {"phone": "1"}), SHOP)["phone"] == "1"


def test_shops_me_analytics(as_atelier, dress_on_sale):
    body = has(
        as_atelier.get("/api/v1/shops/me/analytics"),
        {
            "total_products",
            "active_products",
            "total_views",
            "total_try_ons",
            "total_purchases",
            "total_revenue",
        },
    )
    assert (body["total_products"], body["active_products"]) == (1, 1)


def test_generations_generate(as_aigerim):
    sent = {"prompt": "a red dress"}
    has(as_aigerim.post("/api/v1/generations/generate", sent), GENERATION, 202)


def test_generations_try_on(as_aigerim, dress_on_sale, picture):
    sent = {"product_id": dress_on_sale.pk, "photo": SimpleUploadedFile("me.jpg", picture)}
    address = "/api/v1/generations/try-on"
    body = has(as_aigerim.post(address, sent, format="multipart"), GENERATION, 202)
    assert (body["type"], body["product_id"]) == ("try_on", dress_on_sale.pk)


def test_generations_history(as_aigerim, drawn):
    [row] = has(as_aigerim.get("/api/v1/generations/history"), {"items"})["items"]
    assert (row["id"], row["status"]) == (drawn["id"], "succeeded")


def test_admin_dashboard(as_admin, dress):
    body = has(as_admin.get("/api/v1/admin/dashboard"), DASHBOARD)
    assert (body["pending_moderation"], body["total_shops"]) == (1, 1)


def test_admin_users(as_admin):
    keys = {"id", "email", "name", "balance", "free_generations", "free_try_ons", "created_at"}
    has(as_admin.get("/api/v1/admin/users"), keys)


def test_admin_shops(as_admin, atelier):
    keys = {"id", "shop_name", "email", "balance", "created_at"}
    has(as_admin.get("/api/v1/admin/shops"), keys)


def test_admin_shops_approve(as_admin, newcomer):
    address = f"/api/v1/admin/shops/{newcomer.pk}/approve"
    has(as_admin.post(address, {"notes": "ok"}), {"message", "shop_id", "shop_name"})


def test_admin_shops_reject(as_admin, newcomer):
    address = f"/api/v1/admin/shops/{newcomer.pk}/reject"
    sent = {"reason": "There is no address"}
    has(as_admin.post(address, sent), {"message", "shop_id", "shop_name", "reason"})


def test_admin_products_moderation(as_admin, dress):
    has(as_admin.get("/api/v1/admin/products/moderation"), PRODUCT)


def test_admin_products_approve(as_admin, dress):
    has(as_admin.post(f"/api/v1/admin/products/{dress.pk}/approve", {}), {"message"})


def test_admin_products_reject(as_admin, dress):
    address = f"/api/v1/admin/products/{dress.pk}/reject"
    has(as_admin.post(address, {"reason": "Blurred"}), {"message"})


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "users/me"),
        ("get", "users/me/balance"),
        ("get", "users/me/transactions"),
        ("get", "users/me/orders"),
        ("get", "wardrobe/"),
        ("post", "wardrobe/"),
        ("get", "wardrobe/1"),
        ("put", "wardrobe/1"),
        ("delete", "wardrobe/1"),
        ("post", "wardrobe/from-shop/1"),
        ("post", "wardrobe/from-generation/1"),
        ("post", "products/"),
        ("put", "products/1"),
        ("delete", "products/1"),
        ("get", "shops/me"),
        ("put", "shops/me"),
        ("get", "shops/me/analytics"),
        ("post", "generations/generate"),
        ("post", "generations/try-on"),
        ("get", "generations/history"),
        ("get", "admin/dashboard"),
        ("get", "admin/users"),
        ("get", "admin/shops"),
        ("post", "admin/shops/1/approve"),
        ("post", "admin/shops/1/reject"),
        ("get", "admin/products/moderation"),
        ("post", "admin/products/1/approve"),
        ("post", "admin/products/1/reject"),
    ],
)
def test_everything_private_asks_for_a_token(anyone, method, address):
    response = getattr(anyone, method)(f"/api/v1/{address}")

    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"


def test_an_administrator_is_a_user_too(admin):
    assert signed_in(admin, "web").get("/api/v1/users/me").json()["role"] == "admin"
