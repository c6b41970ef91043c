"""No write route lets a client set a field that it was not given to set."""

from itertools import islice
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import models

from config.tests import rows
from config.tests.write_routes import FORM, WRITE_ROUTES

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


@pytest.fixture
def send(request, route, world, picture):
    client = request.getfixturevalue(route.who)
    ask = getattr(client, route.method.lower())

    def call(extra):
        sent = {**extra, **route.valid_body(world, picture)}
        if route.only == FORM:
            return ask(route.path(world), urlencode(sent), content_type=FORM)
        return ask(route.path(world), sent, format="multipart" if route.files else "json")

    return call


@pytest.mark.parametrize("route", TAKING, ids=str)
def test_only_what_a_route_takes_changes_anything(route, send):
    """A valid body changes the same, whichever field that is not taken stands beside it."""
    before, numbers = rows.everything(), rows.next_numbers()

    def attempt(fields):
        with rows.undone(numbers):
            answer = send(fields)
            return answer, rows.difference(before, rows.everything())

    plain, expected = attempt({})
    again = attempt({})[1]
    lasting = {what for what in expected if expected[what] == again.get(what)}  # no moments
    assert plain.status_code == route.status

    others = {name: value for name, value in every_field().items() if name not in route.takes}
    for name in tolerated(attempt, others):
        changes = attempt({name: others[name]})[1]
        assert changes.keys() == expected.keys(), name
        assert [what for what in lasting if changes[what] != expected[what]] == [], name


def tolerated(attempt, fields):
    """The fields that are not refused as unknown; whatever is refused has changed nothing."""
    found, left = [], dict(fields)
    while left:
        some = dict(islice(left.items(), MOST_FIELDS))
        answer, changes = attempt(some)
        dealt_with = some.keys()
        if answer.status_code == 422:
            errors = answer.json()["errors"]
            assert ({error["code"] for error in errors}, changes) == ({"unknown_field"}, {})
            dealt_with = {error["pointer"][1:] for error in errors}
        else:
            found += some
        left = {name: value for name, value in left.items() if name not in dealt_with}
    return found
