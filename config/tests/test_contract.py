"""The OpenAPI document is true: schemathesis asks every operation, as everybody, whatever it likes.

Sensible requests and senseless ones, for rows that exist and rows that do not: every answer has a
status, a media type and a body that the document declares, and none is a fault of ours.
"""

from dataclasses import asdict
from io import BytesIO

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.tests.signed_requests import Device, signature
from billing.tests.effort import IS_FULL
from billing.tests.shops_with_money import ACCOUNT
from config.tests.write_routes import SETTING
from core.errors import MEDIA_TYPE
from orders.checkout import buy_from_balance
from orders.saying import Said
from orders.tests.steps import take
from orders.transitions import Event

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Of each operation in each mode; every caller who is let in sends them all.
EXAMPLES = {GenerationMode.POSITIVE: 3, GenerationMode.NEGATIVE: 3 if IS_FULL else 2}
SHARDS = 2  # so that processes of a test run share the work
AT_THE_DOOR = {"not_authenticated", "wrong_account_type", "admin_only"}
ANYTHING = [{"type": "string"}, {"type": "string", "format": "binary"}]
NOBODYS = 2_000_000_000  # the number of no row
READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
CALLERS = ["anyone", "aigerim_stepped_up", "atelier_stepped_up", "as_admin"]
CONFIG = {
    "seed": 1,
    "cache": {"enabled": False},
    "generation": {"with-security-parameters": False, "deterministic": True},
}
ROWS = {
    "admin/moderation": "new_product",
    "admin/orders": "order",
    "admin/payouts": "payout",
    "admin/products": "new_product",
    "admin/refunds": "refund",
    "admin/shops": "new_shop",
    "cart/items": "cart_item",
    "categories": "category",
    "checkouts": "checkout",
    "generations": "generation",
    "orders": "order",
    "payments": "payment",
    "products": "product",
    "shops/me/delivery-methods": "method",
    "shops/me/keys": "shop_key",
    "shops/me/orders": "order",
    "shops/me/payouts": "payout",
    "shops/me/products/import": "sheet",
    "shops/me/sessions": "shop_session",
    "shops": "shop",
    "users/me/addresses": "address",
    "users/me/alerts": "alert",
    "users/me/favorites": "product",
    "users/me/reviews": "review",
    "shops/me/reviews": "review",
    "shops/me/products": "product",
    "users/me/keys": "user_key",
    "users/me/photos": "person_photo",
    "users/me/sessions": "user_session",
    "wardrobe/from-generation": "generation",
    "wardrobe/from-shop": "product",
    "wardrobe/collections": "collection",
    "wardrobe/outfits": "outfit",
    "wardrobe/wears": "wear",
    "wardrobe": "item",
}
pytestmark = [
    pytest.mark.usefixtures("unlimited", "registered_with_apple"),
    # Files come piece by piece, as ASGI wants them; here they are read by WSGI.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous"),
]
bounded = {
    mode: settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for mode, examples in EXAMPLES.items()
}


@pytest.fixture
def application(db, devices):
    """The platform as it is served, on the connection of the test; signs what has to be signed."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield signing(get_wsgi_application(), devices)
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def operations(application):
    config = SchemathesisConfig.from_dict(CONFIG)
    document = schemathesis.openapi.from_wsgi("/api/schema", application, config=config)
    return [found.ok() for found in document.get_all_operations()]


@pytest.fixture
def rows(world, atelier, dresses, aigerim):
    return {
        **world,
        "shop": atelier,
        "category": dresses,
        "refund": asked_back(buy_from_balance(aigerim, world["product"])),
    }


def asked_back(order):
    """The request for money back of an order that has come torn."""
    steps = (Event.ACCEPT, Event.SHIP, Event.DISPUTE)
    return take(order, *steps, said=Said(reason="Torn")).events.last()


@pytest.fixture
def devices(callers, aigerim, atelier, admin):
    """The device with which each caller signs, by its token."""
    owners = {"aigerim_stepped_up": aigerim, "atelier_stepped_up": atelier, "as_admin": admin}
    return {callers[who]["Authorization"]: Device(owner) for who, owner in owners.items()}


@pytest.fixture
def callers(request):
    """The headers with which each caller asks."""
    clients = {who: request.getfixturevalue(who) for who in CALLERS}
    return {
        who: {"Authorization": client._credentials.get("HTTP_AUTHORIZATION", "")}
        for who, client in clients.items()
    }


@pytest.mark.contract
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_declared(operations, rows, callers, picture, mode, shard):
    connection.check_constraints()  # once, and not with every answer
    lies = [
        f"{who}: {lie}"
        for operation in operations[shard::SHARDS]
        for cases in [cases_of(operation, mode, rows, picture)]
        for who, headers in callers.items()
        for lie in lies_told(cases, headers)
    ]
    assert not lies, "\n".join(lies)


@pytest.mark.contract
@pytest.mark.parametrize(
    ("path", "lie", "complaint"),
    [
        ("categories/{id}", {"404": None}, "404"),
        ("shops/{id}", {"200": {"application/json": {"schema": {"type": "array"}}}}, "array"),
        ("products", {"200": {"text/html": {}}}, "application/json"),
    ],
)
def test_a_lie_is_found(application, rows, callers, picture, path, lie, complaint):
    """The checks can fail: each of them does, when the document is made to lie."""
    document = SchemaGenerator().get_schema(public=True)
    answers = document["paths"][f"/api/v1/{path}"]["get"]["responses"]
    for status, content in lie.items():
        answers.pop(status)
        if content:
            answers[status] = {"description": "", "content": content}
    told = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    told.app = application

    cases = cases_of(told[f"/api/v1/{path}"]["get"], GenerationMode.POSITIVE, rows, picture)
    lies = lies_told(cases, callers["anyone"])

    assert [found for found in lies if complaint in found]


def cases_of(operation, mode, rows, picture):
    """The requests that schemathesis would try; every other one is for a row that exists.

    The last of the right ones is for rows that do not.
    """
    cases = []
    if mode is GenerationMode.NEGATIVE and not can_be_wrong(operation):
        return cases

    @bounded[mode]
    @given(operation.as_strategy(mode))
    def collect(case):
        cases.append(case)

    collect()
    last = [with_rows_of_nobody(cases[0])] if mode is GenerationMode.POSITIVE else []
    for case in cases[::2]:
        make_real(case, rows, picture)
    return cases + last


def with_rows_of_nobody(case):
    """The same request, which is right in everything but that its rows do not exist."""
    return case.operation.Case(
        path_parameters=without_rows(case.path_parameters),
        headers=case.headers,
        query=case.query,
        body=without_rows(case.body),
        media_type=case.media_type,
    )


def without_rows(said, name=""):
    match said:
        case dict():
            return {name: without_rows(inner, name) for name, inner in said.items()}
        case list():
            return [without_rows(each, name) for each in said]
        case int() if name == "id" or name.endswith("_id"):
            return NOBODYS
    return said


def can_be_wrong(operation):
    """Whether something is said for which not every text, or every byte, is right."""
    named = [*operation.query, *operation.headers, *operation.cookies]
    schemas = [each.definition["schema"] for each in (*operation.path_parameters, *operation.body)]
    return bool(named) or any(schema not in ANYTHING for schema in schemas)


def signing(application, devices):
    """The application, before which a caller signs whatever has to be signed."""

    def signed(environ, start_response):
        device = devices.get(environ.get("HTTP_AUTHORIZATION"))
        if device and "HTTP_SIGNATURE" in environ:
            body = environ["wsgi.input"].read()
            path = WSGIRequest(environ).get_full_path()
            told = signature(device, environ["REQUEST_METHOD"], path, body)
            for name, value in told.items():
                environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
            environ["wsgi.input"] = BytesIO(body)
        return application(environ, start_response)

    return signed


def make_real(case, rows, picture):
    """Let a request name rows and accounts that exist, and send pictures that are pictures."""
    place = case.operation.path.removeprefix("/api/v1/")
    row = next((row for prefix, row in ROWS.items() if place.startswith(f"{prefix}/")), None)
    if "id" in case.path_parameters:
        case.path_parameters["id"] = rows[row].pk
    if "key" in case.path_parameters:
        case.path_parameters["key"] = SETTING
    if not isinstance(case.body, dict):
        return
    real = {"product_id": rows["product"].pk, "account_id": rows["customer"].pk, "amount": 5000}
    real |= asdict(ACCOUNT)
    if case.media_type == "multipart/form-data":
        real |= {"photo": picture, "file": picture, "files": [picture], "images": [picture]}
        real |= {"photos": [picture]}
    case.body |= {name: value for name, value in real.items() if name in case.body}


def lies_told(cases, headers):
    """What is not declared; whom a guard turned away need not ask again, it looks no further."""
    lies = []
    for case in cases:
        response, found = answer_to(case, headers)
        lies += found
        if code_of(response) in AT_THE_DOOR:
            break
    return lies


def answer_to(case, headers):
    """The response and the lies about it."""
    with transaction.atomic(), CaptureQueriesContext(connection) as statements:
        try:
            response = case.call(headers=headers)
            # Of what core.prepared reads, Django knows no text.
            if not all((each["sql"] or READING[0]).startswith(READING) for each in statements):
                connection.check_constraints()  # they are slow to look up
            case.validate_response(response, checks=CHECKS)
        except (FailureGroup, IntegrityError) as found:
            asked = f"{case.operation.label} {response.status_code}"
            return response, [f"{asked}: {lie}" for lie in getattr(found, "exceptions", [found])]
        finally:
            transaction.set_rollback(True)
    return response, []


def code_of(response):
    """What a problem says of itself."""
    is_problem = response.headers.get("content-type", [""])[0].startswith(MEDIA_TYPE)
    return response.json()["code"] if is_problem else None
