import http.client
import json
import socket
import time

import pytest

from config.tests.conftest import small_server

MIB = 1024 * 1024
LIMIT = 12 * MIB


@pytest.fixture(scope="module")
def server():
    with small_server() as process:
        yield process


def post(server, body, path="/photos", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", path, body=body, headers=headers)
    response = connection.getresponse()
    answer = response.status, response.getheader("Content-Type"), response.read()
    connection.close()
    return answer


def test_a_body_of_exactly_the_limit_is_let_through(server):
    status, _, body = post(server, b"x" * LIMIT)

    assert (status, body) == (200, b"12582912 bytes at root ''")


def test_a_body_one_byte_larger_is_refused_with_a_problem(server):
    status, media_type, body = post(server, b"x" * (LIMIT + 1))

    problem = json.loads(body)
    assert (status, media_type) == (413, "application/problem+json")
    assert len(problem.pop("request_id")) == 32
    assert problem == {
        "type": "about:blank",
        "title": problem["title"],
        "status": 413,
        "code": "body_too_large",
        "detail": "The request is too large.",
        "instance": "/photos",
    }


def test_it_is_refused_before_the_body_is_sent(server):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 419430400\r\n\r\n"
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(head)
        answer = client.recv(65536)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - began < 1


def test_a_body_sent_in_pieces_of_unknown_number_is_refused_too(server):
    status, _, _ = post(server, (b"x" * MIB for _ in range(13)))

    assert status == 413


def test_the_application_hears_the_length_of_a_body_sent_in_pieces(server):
    status, _, body = post(server, iter([b"abc", b"defg"]), path="/said")

    assert (status, body) == (200, b"7 bytes at root ''")


@pytest.mark.parametrize(
    ("media_type", "piece"),
    [
        ("application/x-www-form-urlencoded", b"a=&"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
        ),
    ],
)
def test_a_form_of_countless_fields_holds_nobody_up(server, media_type, piece):
    """The loop that serves everybody takes no form apart: it would stand still."""
    began = time.monotonic()
    status, _, _ = post(server, piece * (LIMIT // len(piece)), **{"Content-Type": media_type})

    assert status == 200
    assert time.monotonic() - began < 5


def test_a_form_that_cannot_be_read_reaches_the_application(server):
    status, _, body = post(server, b"--x", **{"Content-Type": "multipart/form-data"})

    assert (status, body) == (200, b"3 bytes at root ''")


def test_the_line_of_a_refused_client_is_cut_when_it_goes_on_sending(server):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 419430400\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(head)
        client.recv(65536)
        began = time.monotonic()
        try:
            while client.recv(65536):
                pass
        except ConnectionResetError:
            pass

    assert 1 < time.monotonic() - began < 4


def test_the_next_request_is_served(server):
    post(server, b"x" * (LIMIT + 1))

    assert post(server, b"small")[0] == 200
