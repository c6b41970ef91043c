"""A person does everything one can do here, is erased, and is looked for everywhere."""

import contextlib
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts.models import AuthSession, User
from accounts.providers.provider import Identity
from accounts.sign_in import Device, sign_in
from billing import ledger
from billing.gateways import sandbox
from billing.gateways.sandbox import Decision
from billing.models import Transaction
from billing.payments import starting
from catalog.models import Product
from catalog.reviews.tests.buyers import bought
from config.personal_data.tests.conftest import TRY_ON
from config.personal_data.tests.traces import traces_of
from core import audit
from orders import settling
from orders.delivery import methods

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PERSON = Identity(
    provider="google",
    sub="10900000000000000031337",
    email="aisulu.needle@example.kz",
    name="Айсұлу Иголкина",
    picture="https://pictures.example/aisulu-needle.jpg",
)
ADDRESS, AGENT, SECOND_ADDRESS = "203.0.113.77", "Needlephone/7.7", "2001:db8::7777"
PROMPT, HAT, NOTE = "a blue dress for a needle", "Шляпа-иголка", "bought for my needlework"
PHOTO = "aisulu-at-the-sea.jpg"
STREET, PHONE = "Needle street 77", "+7 701 777 77 77"
WORDS = {
    PERSON.sub,
    PERSON.email,
    PERSON.name,
    PERSON.picture,
    ADDRESS,
    SECOND_ADDRESS,
    AGENT,
    PROMPT,
    HAT,
    NOTE,
    PHOTO,
    STREET,
    PHONE,
}
API = "/api/v1"


@pytest.fixture
def person(transactional_db):
    """Somebody who came in with Google, on a phone and in a browser."""
    signed_in = sign_in(PERSON, "user", Device("mobile", ADDRESS, AGENT))
    sign_in(PERSON, "user", Device("web", SECOND_ADDRESS, AGENT))
    client = APIClient(
        HTTP_AUTHORIZATION=f"Bearer {signed_in.tokens.access}",
        HTTP_USER_AGENT=AGENT,
        REMOTE_ADDR=ADDRESS,
    )
    return signed_in.account, client


@pytest.fixture
def in_the_panel(person, client):
    """What allauth and Django keep of a person who signs in to the pages."""
    user, _client = person
    told = {"sub": PERSON.sub, "email": PERSON.email, "name": PERSON.name}
    SocialAccount.objects.create(user=user, provider="google", uid=PERSON.sub, extra_data=told)
    EmailAddress.objects.create(user=user, email=PERSON.email, verified=True, primary=True)
    client.force_login(user, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "uid": PERSON.sub}]
    session.save()
    return client


@pytest.fixture
def lived(person, in_the_panel, dress_on_sale, picture, admin, work):
    """A whole life on the platform; nothing of it is open in the end."""
    user, client = person
    photo = SimpleUploadedFile(PHOTO, picture)
    agreement = {"kind": "photo_processing", "version": "2026-11"}
    ok(client.post(f"{API}/users/me/consents", agreement))
    ok(client.post(TRY_ON, {"product_id": dress_on_sale.pk, "photo": photo}, format="multipart"))
    ok(client.post(f"{API}/generations/generate", {"prompt": PROMPT, "save_to_wardrobe": True}))
    work()
    hat = {"name": HAT, "description": NOTE, "files": [SimpleUploadedFile(PHOTO, picture)]}
    ok(client.post(f"{API}/wardrobe/", hat, format="multipart"))
    worn = {
        "name": HAT,
        "description": NOTE,
        "items": [{"item_id": user.wardrobe.get(name=HAT).pk}],
    }
    ok(client.post(f"{API}/wardrobe/outfits", worn))
    ok(client.post(f"{API}/wardrobe/export"))
    collected = {"name": HAT, "items": [user.wardrobe.get(name=HAT).pk]}
    ok(client.post(f"{API}/wardrobe/collections", collected))
    files = {"files": [SimpleUploadedFile(PHOTO, picture)]}
    ok(client.post(f"{API}/wardrobe/upload-images", files, format="multipart"))
    ok(client.post(f"{API}/wardrobe/from-shop/{dress_on_sale.pk}", {"folder": HAT}))
    top_up_and_buy(user, client, dress_on_sale)
    review_it(user, client, dress_on_sale, SimpleUploadedFile(PHOTO, picture))
    ok(client.post(f"{API}/users/me/export"))
    work()
    ok(client.get(f"{API}/users/me/export"))
    noted_by(admin, user)
    return user, client


def ok(response):
    assert response.status_code < 300, response.content
    return response.json()


def top_up_and_buy(user, client, product):
    payment = starting.start_topup(user, Decimal(400))
    [message] = sandbox.callbacks(payment.pk, payment.amount, Decision.PAY)
    settling.receive("sandbox", message)
    order = brought_home(client, product)
    ok(client.post(f"{API}/orders/{order['id']}/cancel"))
    ledger.transfer(
        "test:spend",
        Transaction.Type.ADJUSTMENT,
        Decimal(400),
        source=user,
        target=Transaction.Account.ADJUSTMENT,
    )


def brought_home(client, product):
    """Order it with delivery to an address of one's own."""
    ok(client.post(f"{API}/cart/items", {"product_id": product.pk}))
    method = methods.add(product.shop, kind="flat", name="Courier")
    where = {"recipient": PERSON.name, "phone": PHONE, "city": "Almaty", "street": STREET}
    home = ok(client.post(f"{API}/users/me/addresses", where))
    said = {"delivery": {str(product.shop_id): method.pk}, "address_id": home["id"]}
    paid = {"payment": "balance", "expected_total": 400}
    [order] = ok(client.post(f"{API}/checkout", {**said, **paid}))["orders"]
    assert STREET in order["delivery_address"]
    ok(client.post(f"{API}/cart/items", {"product_id": product.pk}))
    return order


def review_it(user, client, product, photo):
    bought(user, product)
    ok(client.put(f"{API}/users/me/favorites/{product.pk}"))
    ok(client.post(f"{API}/products/{product.pk}/report", {"reason": "other", "comment": NOTE}))
    said = {"rating": 5, "comment": NOTE, "images": [photo]}
    ok(client.post(f"{API}/products/{product.pk}/reviews", said, format="multipart"))


def noted_by(admin, user):
    LogEntry.objects.create(
        user=admin,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=str(user),
        action_flag=CHANGE,
    )


def test_nothing_of_a_person_is_left(lived, in_the_panel):
    user, client = lived
    before = {word for _place, word in traces_of(WORDS)}
    assert before == WORDS - {PHOTO}  # the name of a sent file is never used

    response = client.delete(f"{API}/users/me")

    assert response.status_code == 200
    assert traces_of(WORDS) == set()
    assert AuthSession.objects.filter(user=user).count() == 2
    assert user.transactions.count() == 6
    assert Product.objects.get().reviews_count == 0
    assert in_the_panel.get("/panel/").status_code == 302


def test_a_late_visit_leaves_nothing_either(lived, in_the_panel):
    _user, client = lived
    client.delete(f"{API}/users/me")

    client.get(f"{API}/users/me")
    client.post(f"{API}/users/me/consents", {"kind": "photo_processing", "version": "2026-11"})
    in_the_panel.get("/panel/")
    in_the_panel.get("/")

    assert traces_of(WORDS) == set()


def test_a_column_that_is_forgotten_is_found(lived, dress_on_sale):
    """The negative control: what nobody erases is found, wherever it is."""
    _user, client = lived
    with temporary_column("orders", "delivery_note"):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE orders SET delivery_note = %s", [PERSON.name])
            cursor.execute(
                "UPDATE products SET characteristics = %s", [f'{{"for": "{PERSON.email}"}}']
            )
        client.delete(f"{API}/users/me")

        assert traces_of(WORDS) == {
            ("orders.delivery_note", PERSON.name),
            ("products.characteristics", PERSON.email),
            ("product_words.document", PERSON.email),  # what the product is found by
        }


@contextlib.contextmanager
def temporary_column(table, name):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN {name} text")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def test_the_audit_log_keeps_the_address_alone(lived, rf):
    """What the log says of somebody's deeds outlives them: their number, and where from."""
    user, client = lived
    request = rf.get("/", REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT)
    request.user, request.session = user, type("Session", (), {"session_key": None})()
    with transaction.atomic(), audit.attributed_to(request):
        audit.record("test", user)

    client.delete(f"{API}/users/me")

    assert traces_of(WORDS) == {("audit_log.record", ADDRESS), ("audit_log.ip", ADDRESS)}
