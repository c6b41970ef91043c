"""`manage.py audit_headers` complains about each thing that is wrong, and about nothing else."""

import pytest
from django.core.management import CommandError, call_command

from config.header_audit import addresses
from config.header_audit.complaints import complaints
from config.tests.header_pages import GOOD, answer, serving

COOKIE = GOOD["Set-Cookie"]
POLICY = GOOD["Content-Security-Policy"]
BAD = {
    "answers 500": {"status": 500},
    "answers 503": {"status": 503},
    "has no Content-Security-Policy": {"content_security_policy": None},
    "has no X-Content-Type-Options": {"x_content_type_options": None},
    "has no X-Frame-Options": {"x_frame_options": None},
    "has a weak X-Frame-Options: SAMEORIGIN": {"x_frame_options": "SAMEORIGIN"},
    "has no Referrer-Policy": {"referrer_policy": None},
    "has a weak Referrer-Policy: unsafe-url": {"referrer_policy": "unsafe-url"},
    "has no Cross-Origin-Opener-Policy": {"cross_origin_opener_policy": None},
    "has no Cross-Origin-Resource-Policy": {"cross_origin_resource_policy": None},
    "has no Permissions-Policy": {"permissions_policy": None},
    "has a weak Permissions-Policy: camera=*": {"permissions_policy": "camera=*"},
    "has no long Strict-Transport-Security": {"strict_transport_security": "max-age=60"},
    "may be stored although somebody is signed in": {"cache_control": "private, max-age=60"},
    "has a policy without default-src 'none'": {
        "content_security_policy": "default-src 'self'; frame-ancestors 'none'"
    },
    "may be shown in a frame": {"content_security_policy": "default-src 'none'"},
    "allows 'unsafe-inline' in style-src": {
        "content_security_policy": f"{POLICY}; style-src 'unsafe-inline'"
    },
    "allows * in connect-src": {"content_security_policy": f"{POLICY}; connect-src *"},
    "has an inline <script> without a nonce": {"body": "<script>alert(1)</script>"},
    "has an inline <style> without a nonce": {"body": "<style>p {}</style>"},
    "has an inline style without a nonce": {"body": '<p style="color: red">'},
    "has an inline onclick without a nonce": {"body": "<p onClick='x()'>"},
    "runs an address: javascript:alert(1)": {"body": '<a href="javascript:alert(1)">'},
    "loads from or sends to a foreign origin: cdn.example": {
        "body": '<script src="//cdn.example/x.js"></script>'
    },
    "loads from or sends to a foreign origin: leema.example": {
        "body": '<img src="http://leema.example/x.png">'
    },
    "loads from or sends to a foreign origin: evil.example": {
        "body": '<form action="https://evil.example/take">'
    },
    "sets the cookie __Host-session without HttpOnly": {
        "set_cookie": COOKIE.replace("; HttpOnly", "")
    },
    "sets the cookie __Host-session without SameSite": {
        "set_cookie": COOKIE.replace("SameSite=Lax", "SameSite=None")
    },
    "sets the cookie session without Secure and __Host-": {
        "set_cookie": COOKIE.replace("__Host-", "")
    },
    "sets the cookie __Host-session without Secure and __Host-": {
        "set_cookie": COOKIE.replace("; Secure", "")
    },
    "sets the cookie __Host-session for another place than this host": {
        "set_cookie": COOKIE + "; Domain=leema.example"
    },
}


@pytest.mark.parametrize("complaint", BAD)
def test_each_fault_is_complained_about(complaint):
    assert list(complaints(answer(**BAD[complaint]), signed_in=True)) == [complaint]


@pytest.mark.parametrize(
    "fine",
    [
        {},
        {"body": '<script nonce="abc">x()</script><style nonce="abc"></style>'},
        {"body": '<script type="application/json">{}</script>'},
        {"body": '<a href="https://elsewhere.example/">a link loads nothing</a>'},
        {"body": '<img src="https://leema.example/x.png"><link rel="icon" href="/x.svg">'},
        {"content_security_policy": "default-src 'none'; sandbox"},
        {"content_type": "image/jpeg", "cache_control": "public"},
        {"set_cookie": None},
        {"status": 404},
        {"status": 503, "retry_after": "60"},
    ],
)
def test_what_is_fine_is_not_complained_about(fine):
    assert list(complaints(answer(**fine), signed_in=True)) == []


def test_a_page_for_anybody_may_be_stored():
    assert list(complaints(answer(cache_control=None), signed_in=False)) == []


def test_the_command_lists_what_is_wrong_and_fails(db):
    bad = answer(body='<p style="color: red">', x_frame_options=None)

    with serving(bad) as url, pytest.raises(CommandError) as raised:
        call_command("audit_headers", url, "--as", "anonymous")

    lines = str(raised.value).splitlines()
    count = len([route for route in addresses.routes() if "(?P" not in route])
    assert lines[0] == f"Of {count} answers:"
    assert len(lines) == 1 + 2 * count
    assert lines[1].split(maxsplit=2)[0] == "anonymous"
    assert {line.split(maxsplit=2)[2] for line in lines[1:]} == {
        "has no X-Frame-Options",
        "has an inline style without a nonce",
    }


def test_the_command_is_content_with_good_answers(db):
    with serving(answer(set_cookie=None)) as url:
        said = call_command("audit_headers", url, "--as", "anonymous")

    assert "all as they should be" in said


def test_nobody_there_is_no_success(db):
    with serving(answer()) as url:
        pass

    with pytest.raises(CommandError, match="The walk ended early"):
        call_command("audit_headers", url, "--as", "anonymous")


def test_every_route_is_walked():
    routes = addresses.routes()

    assert {"", "panel/", "admin/", "api/v1/products", "api/docs", "healthz"} <= set(routes)
    assert "admin/shops/shop/<int:pk>/approve/" in routes
    assert "api/v1/products/<int:pk>" in routes


def test_parameters_come_from_links_or_are_made_up():
    route = "panel/products/<int:pk>/edit/"

    assert addresses.example(route, ["/panel/", "/panel/products/17/edit/"]).endswith("/17/edit/")
    assert addresses.example(route, []) == "/panel/products/1/edit/"
    assert addresses.example("uploads/<path:name>", []) == "/uploads/x"
    assert addresses.example("admin/(?P<url>.*)$", []) == ""
