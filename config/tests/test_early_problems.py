"""What is refused before Django sees it, as browsers of other sites receive it."""

import http.client

import pytest

from config.early_problems import headers_of
from config.tests.conftest import small_server

OURS = "https://leema.example"


def test_only_listed_origins_may_read_it(settings):
    settings.CORS_ALLOWED_ORIGINS = [OURS]

    ours, foreign, none = (dict(headers_of(b"{}", origin)) for origin in (OURS, "https://x.kz", ""))

    assert ours[b"Access-Control-Allow-Origin"] == OURS.encode()
    assert ours[b"Access-Control-Allow-Credentials"] == b"true"
    assert b"Access-Control-Allow-Origin" not in {*foreign, *none}


@pytest.mark.parametrize(("origin", "allowed"), [(OURS, OURS), ("https://x.kz", None)])
def test_a_body_too_large_says_so_across_origins(origin, allowed):
    with small_server() as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("POST", "/", headers={"Content-Length": "99999999", "Origin": origin})
        response = connection.getresponse()
        connection.close()

    assert response.status == 413
    assert response.getheader("Access-Control-Allow-Origin") == allowed
