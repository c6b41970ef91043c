"""No write route lets a client set a field that it was not given to set."""

from functools import cache, partial
from itertools import islice
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from config.tests import rows
from config.tests.write_routes import FORM, WRITE_ROUTES
from core import bodies

pytestmark = pytest.mark.usefixtures("unlimited", "registered_with_apple")

OURS = {"accounts", "billing", "catalog", "core", "generations", "orders", "realtime", "shops"}
TAKING = [route for route in WRITE_ROUTES if route.body is not None]
MOST_FIELDS = 90  # a form has at most 100
TEXT = "https://example.kz/7"  # sensible as a name and as an address
PLAUSIBLE = {
    models.BooleanField: True,
    models.DateField: "2030-01-01",
    models.DateTimeField: "2030-01-01T00:00:00Z",
    models.DecimalField: 777,
    models.GenericIPAddressField: "192.0.2.7",
    models.JSONField: '{"a": "b"}',
    models.UUIDField: "00000000-0000-4000-8000-000000000007",
}


@cache
def every_field():
    """{name: a value that would make sense} of all fields of our models, however spelled."""
    return {
        name: plausible(field)
        for model in apps.get_models()
        if model._meta.app_label in {*OURS, "wardrobe"}
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname, field.column)
    }


def plausible(field):
    if field.choices:
        return field.choices[-1][0]
    is_number = isinstance(field, models.IntegerField | models.ForeignKey)
    return PLAUSIBLE.get(type(field), 7 if is_number else TEXT)


@pytest.mark.parametrize("who", sorted({route.who for route in TAKING}))
def test_only_what_a_route_takes_changes_anything(who, world, picture, request, monkeypatch):
    """A valid body changes the same, whichever field that is not taken stands beside it."""
    monkeypatch.setattr(bodies, "SHOWN_FIELDS", MOST_FIELDS)  # fewer questions
    send = sender(request.getfixturevalue(who), world, picture)
    connection.check_constraints()  # once, and not with every attempt
    before, numbers = rows.everything(), rows.next_numbers()

    def attempt(act):
        with rows.undone(numbers):
            return act(), rows.difference(before, rows.everything())

    routes = [route for route in TAKING if route.who == who]
    wrong = {str(route): surprises(route, partial(send, route), attempt) for route in routes}
    assert {route: found for route, found in wrong.items() if found} == {}


def sender(client, world, picture):
    def send(route, extra):
        ask = getattr(client, route.method.lower())
        sent = {**extra, **route.valid_body(world, picture)}
        if route.only == FORM:
            return ask(route.path(world), urlencode(sent), content_type=FORM)
        return ask(route.path(world), sent, format="multipart" if route.files else "json")

    return send


def surprises(route, ask, attempt):
    """{the field that is not taken: what was otherwise because it was sent}."""
    plain, expected = attempt(lambda: ask({}))
    if plain.status_code != route.status:
        return {"none": plain.content}
    again = attempt(lambda: ask({}))[1]
    lasting = {what for what in expected if expected[what] == again.get(what)}  # no moments

    def otherwise(fields):
        answer, changes = attempt(lambda: ask(fields))
        if answer.status_code != route.status:
            return {"status": answer.status_code}
        unlike = {what for what in lasting if changes.get(what) != expected[what]}
        return {what: changes.get(what) for what in unlike | (changes.keys() ^ expected.keys())}

    others = {name: value for name, value in every_field().items() if name not in route.takes}
    batches, changed = attempt(lambda: tolerated(ask, others))
    wrong = {} if not changed else {"a refused one": changed}
    for batch in batches:
        if found := otherwise(batch):
            each = {name: otherwise({name: batch[name]}) for name in batch}
            wrong |= {name: it for name, it in each.items() if it} or {"together": found}
    return wrong


def tolerated(ask, fields):
    """The fields that are not refused as unknown, as many at once as may be sent."""
    found, left = [], dict(fields)
    while left:
        some = dict(islice(left.items(), MOST_FIELDS))
        unknown = refused(ask, some)
        found += [] if unknown else [some]
        left = {name: left[name] for name in left if name not in (unknown or some)}
    return found


def refused(ask, fields):
    """Which of the fields are refused as unknown; if none is, asking has not happened."""
    with transaction.atomic():
        answer = ask(fields)
        if answer.status_code != 422:
            transaction.set_rollback(True)
            return set()
    errors = answer.json()["errors"]
    assert {error["code"] for error in errors} == {"unknown_field"}, errors
    return {error["pointer"][1:] for error in errors}
