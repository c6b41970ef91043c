"""Every write route gives every bad body its own answer, and changes nothing."""

import json

import pytest
from django.db import transaction

from config.tests import rows
from config.tests.write_routes import FORM, WRITE_ROUTES, served

pytestmark = pytest.mark.usefixtures("unlimited", "registered_with_apple")

JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=x"
KIB = 1024


def nested(levels):
    return b'{"name": ' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


def part(name, value):
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


# What is sent, and as what; the status and the code of the answer.
CORPUS = {
    "broken off": (b'{"name":', JSON, 400, "malformed_json"),
    "a space": (b" ", JSON, 400, "malformed_json"),
    "trailing comma": (b'{"name": 1,}', JSON, 400, "malformed_json"),
    "byte order mark": (b'\xef\xbb\xbf{"name": 1}', JSON, 400, "malformed_json"),
    "raw line end in text": (b'{"name": "a\nb"}', JSON, 400, "malformed_json"),
    "underscore number": (b'{"price": 1_0}', JSON, 400, "malformed_json"),
    "arabic digits": ('{"price": ١٢}'.encode(), JSON, 400, "malformed_json"),
    "NaN": (b'{"price": NaN}', JSON, 400, "not_a_number"),
    "Infinity": (b'{"price": Infinity}', JSON, 400, "not_a_number"),
    "-Infinity within": (b'{"characteristics": {"x": [-Infinity]}}', JSON, 400, "not_a_number"),
    "1e400": (b'{"price": 1e400}', JSON, 400, "number_out_of_range"),
    "1e30": (b'{"price": 1e30}', JSON, 400, "number_out_of_range"),
    "1e30 within": (b'{"characteristics": {"x": 1e30}}', JSON, 400, "number_out_of_range"),
    "10 ** 30": (b'{"n": 1%s}' % (b"0" * 30), JSON, 400, "number_out_of_range"),
    "5000 digits": (b'{"n": %s}' % (b"9" * 5000), JSON, 400, "number_out_of_range"),
    "2 ** 53 + 1": (b'{"n": 9007199254740993}', JSON, 400, "number_out_of_range"),
    "-2 ** 53 - 1": (b'{"n": -9007199254740993}', JSON, 400, "number_out_of_range"),
    "21 levels": (nested(21), JSON, 400, "nested_too_deeply"),
    "500 levels": (nested(500), JSON, 400, "nested_too_deeply"),
    "100 000 levels": (nested(100_000), JSON, 400, "nested_too_deeply"),
    "100 000 open": (b"[" * 100_000, JSON, 400, "nested_too_deeply"),
    "20 000 values": (b"[%s1]" % (b"1," * 20_000), JSON, 400, "too_many_values"),
    "NUL": (b'{"name": "a\\u0000b"}', JSON, 400, "control_character"),
    "raw NUL": (b'{"name": "a\x00b"}', JSON, 400, "control_character"),
    "NUL within": (b'{"characteristics": {"k": ["\\u0000"]}}', JSON, 400, "control_character"),
    "NUL in a key": (b'{"characteristics": {"\\u0000": 1}}', JSON, 400, "control_character"),
    "escape": (b'{"name": "\\u001b[31m"}', JSON, 400, "control_character"),
    "backspace": (b'{"name": "\\b"}', JSON, 400, "control_character"),
    "lone surrogate": (b'{"name": "\\ud800"}', JSON, 400, "lone_surrogate"),
    "surrogate within": (b'{"characteristics": {"k": "\\udc00"}}', JSON, 400, "lone_surrogate"),
    "surrogate in a key": (b'{"\\ud800": 1}', JSON, 400, "lone_surrogate"),
    "swapped surrogates": (b'{"name": "\\udc00\\ud800"}', JSON, 400, "lone_surrogate"),
    "same key twice": (b'{"price": 1, "price": 99999}', JSON, 400, "duplicate_key"),
    "same key within": (b'{"characteristics": {"a": 1, "\\u0061": 2}}', JSON, 400, "duplicate_key"),
    "not UTF-8": (b'{"name": "\xff"}', JSON, 400, "not_utf8"),
    "encoded surrogate": (b'{"name": "\xed\xa0\x80"}', JSON, 400, "not_utf8"),
    "UTF-16 unsaid": ('{"name": "a"}'.encode("utf-16"), JSON, 400, "not_utf8"),
    "UTF-16": (b"{}", f"{JSON}; charset=utf-16", 415, "unsupported_charset"),
    "latin-1": (b"{}", f"{JSON}; charset=latin-1", 415, "unsupported_charset"),
    "no such charset": (b"{}", f"{JSON}; charset=klingon", 415, "unsupported_charset"),
    "charset of bytes": (b"{}", f"{JSON}; charset=bz2_codec", 415, "unsupported_charset"),
    "XML": (b"<a/>", "application/xml", 415, "unsupported_media_type"),
    "text": (b"{}", "text/plain", 415, "unsupported_media_type"),
    "no type": (b"{}", "nonsense", 415, "unsupported_media_type"),
    "256 KiB and one": (b'"%s"' % (b"x" * (256 * KIB - 1)), JSON, 413, "body_too_large"),
    "3 MB": (b'{"name": "%s"}' % (b"x" * 3_000_000), JSON, 413, "body_too_large"),
    "a list": (b"[1, 2]", JSON, 422, "invalid"),
    "text alone": (b'"x"', JSON, 422, "invalid"),
    "nothing": (b"null", JSON, 422, "invalid"),
    "no such field": (b'{"is_superuser": true}', JSON, 422, "invalid"),
    "form: NUL": (b"name=a%00b", FORM, 400, "control_character"),
    "form: escape in a name": (b"na%1bme=a", FORM, 400, "control_character"),
    "form: not UTF-8": (b"name=\xff", FORM, 400, "not_utf8"),
    "form: 101 fields": (b"&".join([b"a=1"] * 101), FORM, 400, "too_many_fields"),
    "form: 1001 fields": (b"&".join([b"a=1"] * 1001), FORM, 400, "too_many_fields"),
    "form: 300 KiB": (b"name=" + b"x" * 300 * KIB, FORM, 413, "body_too_large"),
    "form: latin-1": (b"name=x", f"{FORM}; charset=latin-1", 415, "unsupported_charset"),
    "form: no such field": (b"is_superuser=1", FORM, 422, "invalid"),
    "multipart: no boundary": (b"zzz", "multipart/form-data", 400, "malformed_form"),
    "multipart: NUL": (part("name", "a\0b") + b"--x--", MULTIPART, 400, "control_character"),
    "multipart: 101 fields": (part("a", "1") * 101 + b"--x--", MULTIPART, 400, "too_many_fields"),
    "multipart: 1001 fields": (part("a", "1") * 1001 + b"--x--", MULTIPART, 400, "too_many_fields"),
    "multipart: 300 KiB": (part("name", "x" * 300 * KIB) + b"--x--", MULTIPART, 413, None),
    "multipart: 21 files": (
        part('f"; filename="f', "x") * 21 + b"--x--",
        MULTIPART,
        400,
        "too_many_files",
    ),
}
COMPRESSED = (415, "unsupported_content_encoding")
# They read their bodies through the same parsers as all others.
HEARING_ALL = {
    "POST auth/google/login",
    "POST auth/apple/callback",
    "POST products",
    "PUT products/<int:pk>",
    "POST shops/upload-avatar",
    "POST checkout",
    "POST admin/adjustments",
    "POST generations/try-on",
}
HEARING = [route for route in WRITE_ROUTES if route.body is not None]
DEAF = [route for route in WRITE_ROUTES if route.body is None]
UNASKED = ("broken off", "100 000 levels", "NUL", "3 MB", "XML", "multipart: NUL")
# The first line is what our own parsers alone refuse so; the second is for the route to refuse.
TELLING = {"same key twice", "256 KiB and one", "UTF-16", "form: NUL", "multipart: NUL", "XML"}
TELLING |= {"a list", "text alone", "nothing", "no such field", "form: no such field"}


def test_the_table_names_every_write_route():
    assert {(route.method, route.address) for route in WRITE_ROUTES} == served()
    assert {str(route) for route in WRITE_ROUTES} >= HEARING_ALL


@pytest.mark.parametrize("who", sorted({route.who for route in HEARING}))
def test_a_bad_body_has_its_own_answer_and_changes_nothing(who, world, request):
    send = sender(request.getfixturevalue(who), world)
    before = rows.everything()

    wrong = {}
    for route in HEARING:
        if route.who == who:
            wrong |= complaints(route, send)
            wrong |= {(str(route), *what): it for what, it in changes_since(before).items()}
    assert wrong == {}


def complaints(route, send):
    """{(route, what was sent): what is wrong with the answer}."""
    answers = {name: send(route, *CORPUS[name][:2]) for name in bodies_for(route)}
    found = {name: complaint(answers[name], *expected(route, name)) for name in answers}
    compressed = send(route, b"{}", HTTP_CONTENT_ENCODING="gzip")
    found["compressed"] = complaint(compressed, *COMPRESSED)
    return {(str(route), name): why for name, why in found.items() if why}


def changes_since(before):
    return rows.difference(before, rows.everything())


@pytest.mark.parametrize("who", sorted({route.who for route in DEAF}))
def test_a_body_that_nobody_asked_for_is_not_looked_at(who, world, request):
    send = sender(request.getfixturevalue(who), world)
    before = rows.everything()

    wrong = {}
    for route in DEAF:
        if route.who == who:
            answers = {name: send_and_undo(route, name, send) for name in UNASKED}
            wrong |= {(str(route), name): it for name, it in answers.items() if it != route.status}
            if why := complaint(send(route, b"{}", HTTP_CONTENT_ENCODING="gzip"), *COMPRESSED):
                wrong[str(route), "compressed"] = why
            wrong |= {(str(route), *what): it for what, it in changes_since(before).items()}
    assert wrong == {}


def send_and_undo(route, name, send):
    body, kind, *_ = CORPUS[name]
    with transaction.atomic():
        status = send(route, body, kind).status_code
        transaction.set_rollback(True)
    return status


def sender(client, world):
    def send(route, body=b"", kind=JSON, **headers):
        return client.generic(route.method, route.path(world), body, kind, **headers)

    return send


def bodies_for(route):
    """All for some routes of each kind; for the others, those that tell whose parser it is."""
    chosen = CORPUS.keys() if str(route) in HEARING_ALL else TELLING
    return chosen - ({"form: no such field"} if route.is_tolerant else set())


def expected(route, name):
    _body, kind, status, code = CORPUS[name]
    if route.only and kind.partition(";")[0] != route.only:
        return 415, "unsupported_media_type"
    return status, code


def complaint(response, status, code):
    """What is wrong with an answer, or None."""
    if response["Content-Type"] != "application/problem+json":
        return response.status_code, response["Content-Type"]
    problem = json.loads(response.content)
    is_so = (
        response.status_code == problem["status"] == status
        and code in {None, problem["code"]}
        and isinstance(problem["detail"], str)
        and problem["detail"]
    )
    return None if is_so else problem
