"""Clients who say nothing, too much or listen to nothing hold neither memory nor a connection."""

import contextlib
import itertools
import json
import socket
import time
from pathlib import Path

import pytest
import websockets.sync.client
from websockets.exceptions import ConnectionClosed

from config.tests.conftest import small_server

MIB = 1024 * 1024
PATIENCE = {"SILENT_MAX_SECONDS": 1, "UNREAD_MAX_SECONDS": 1, "KEPT_ALIVE_SECONDS": 1}
HEAD = b"POST /said HTTP/1.1\r\nHost: x\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def server():
    with small_server() as process:
        yield process


@pytest.fixture(scope="module")
def impatient():
    with small_server(**PATIENCE) as process:
        yield process


def connected(server, *pieces):
    client = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    for piece in pieces:
        client.sendall(piece)
    return client


def heard(client):
    """All that is said until the line is cut."""
    said = b""
    try:
        while piece := client.recv(MIB):
            said += piece
    except ConnectionResetError:
        pass
    return said


def endlessly(client, *pieces):
    """Say the pieces over and over; how many bytes it took until the line was cut."""
    said = 0
    try:
        for piece in itertools.islice(itertools.cycle(pieces), 50_000):
            client.sendall(piece)
            said += len(piece)
    except (ConnectionResetError, BrokenPipeError):
        pass
    return said


def memory(server):
    """What the server's process holds, in bytes."""
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 40_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * 70_000,
    ],
    ids=["address", "header", "headers", "unfinished"],
)
def test_a_head_of_more_than_64_kib_is_refused(server, head):
    with connected(server, head) as client:
        answer, _, body = heard(client).partition(b"\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"Connection: close" in answer
    assert json.loads(body)["code"] == "headers_too_large"


def test_a_head_of_almost_64_kib_is_read(server):
    with connected(server, b"GET / HTTP/1.1\r\nA: " + b"a" * 60_000) as client:
        client.sendall(b"\r\nConnection: close\r\n\r\n")

        assert heard(client).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "begin",
    [b"", b"GET / HTTP/1.1\r\nA: ", CHUNKED + b"0\r\nLate: ", CHUNKED + b"5;a="],
    ids=["a method", "a header", "a trailer", "an extension"],
)
def test_who_goes_on_for_ever_is_cut_off(server, begin):
    before = memory(server)
    with connected(server, begin) as client:
        assert endlessly(client, b"a" * 10_000) < 50_000 * 10_000
    assert memory(server) - before < 10 * MIB


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET /\xff HTTP/9.9\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: -5\r\n\r\n",
        CHUNKED + b"nonsense\r\n",
    ],
)
def test_what_is_no_http_is_answered_with_a_problem(server, request_):
    with connected(server, request_) as client:
        answer, _, body = heard(client).partition(b"\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert json.loads(body)["code"] == "bad_request"


def test_trailers_are_no_headers(server):
    body = b"POST /trailers HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    with connected(server, body, b"1\r\na\r\n0\r\nX-Late: 1\r\n\r\n") as client:
        assert heard(client).endswith(b"0 bytes at root ''")


@pytest.mark.parametrize(
    "begin",
    [b"", b"GET / HTTP/1.1\r\nHost", HEAD + b"Content-Length: 9\r\n\r\nabc", CHUNKED + b"3\r\na"],
    ids=["nothing", "half a head", "half a body", "half a chunk"],
)
def test_who_says_nothing_more_is_cut_off(impatient, begin):
    began = time.monotonic()
    with connected(impatient, begin) as client:
        assert heard(client) == b""

    assert 0.9 < time.monotonic() - began < 4


def test_who_says_half_of_a_second_request_is_cut_off_too(impatient):
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    began = time.monotonic()
    with connected(impatient, request, request[:10]) as client:
        assert heard(client).count(b"HTTP/1.1 200 ") == 1

    assert 0.9 < time.monotonic() - began < 4


def test_a_kept_connection_ends_when_nothing_is_asked(impatient):
    began = time.monotonic()
    with connected(impatient, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        assert heard(client).startswith(b"HTTP/1.1 200 ")

    assert 0.9 < time.monotonic() - began < 4


def test_who_goes_on_slowly_is_waited_for(impatient):
    with connected(impatient, b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n") as client:
        for _ in range(4):
            time.sleep(0.4)
            client.sendall(b"a")

        assert client.recv(MIB).startswith(b"HTTP/1.1 200 ")


def test_who_waits_for_the_answer_is_not_cut_off(impatient):
    with connected(impatient, b"GET /slow/2 HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        assert client.recv(MIB).startswith(b"HTTP/1.1 200 ")


def test_who_does_not_read_the_answer_is_cut_off(impatient):
    with connected(impatient, b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        time.sleep(4)
        assert len(heard(client)) < 10 * MIB


def test_requests_ahead_of_the_answer_are_few(server):
    before = memory(server)
    with connected(server, b"GET /slow/2 HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        endlessly(client, b"GET / HTTP/1.1\r\n\r\n" * 50_000)
        assert heard(client).count(b" 200 OK") == 17  # the first, and 16 that waited
    assert memory(server) - before < 10 * MIB


def test_some_requests_ahead_are_answered_in_turn(server):
    ahead = b"GET /slow/0.2 HTTP/1.1\r\n\r\n" + b"GET / HTTP/1.1\r\n\r\n" * 5
    with connected(server, ahead, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n") as client:
        assert heard(client).count(b"HTTP/1.1 200 ") == 7


def test_a_socket_whose_head_is_larger_than_sockets_take_is_refused(server):
    with connected(server, upgrading(b"/" + b"a" * 30_000)) as client:
        assert heard(client).startswith(b"HTTP/1.1 400 ")


def upgrading(address=b"/ws"):
    """What a client says to begin a socket."""
    return (
        b"GET " + address + b" HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )


def socket_of(server, **options):
    address = f"ws://127.0.0.1:{server.port}/ws"
    return websockets.sync.client.connect(address, **options)


def test_a_message_of_more_than_64_kib_closes_its_socket(server):
    with socket_of(server) as client:
        client.send("a" * 64 * 1024)
        assert client.recv(timeout=5) == "a" * 64 * 1024

        client.send("a" * (64 * 1024 + 1))
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=5)

    assert closed.value.rcvd.code == 1009


def test_a_message_of_countless_pieces_closes_its_socket(server):
    with socket_of(server) as client:
        with contextlib.suppress(ConnectionClosed):
            client.send("" for _ in range(1000))
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=5)

    assert closed.value.rcvd.code == 1009


def test_nothing_is_compressed(server):
    with socket_of(server) as client:
        assert "permessage-deflate" not in client.response.headers.get(
            "Sec-WebSocket-Extensions", ""
        )


@pytest.mark.parametrize(
    "frames",
    [(b"\x81\x84\0\0\0\0much",), (b"\x89\xfd\0\0\0\0" + b"a" * 125,) * 50_000],
    ids=["asked", "pinged"],
)
def test_a_socket_that_reads_nothing_makes_no_memory_grow_and_is_closed(impatient, frames):
    with connected(impatient, upgrading()) as client:
        before = memory(impatient)
        client.recv(1000)
        client.sendall(b"".join(frames))
        time.sleep(4)

        assert memory(impatient) - before < 10 * MIB
        assert len(heard(client)) < 10 * MIB


def test_the_server_names_itself_without_a_version(server):
    with connected(server, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n") as client:
        assert b"\r\nserver: leema\r\n" in heard(client)
    with socket_of(server) as client:
        assert client.response.headers["Server"] == "leema"


OTHERS = [
    b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: " + name for name in (b"h2c", b"TLS/1.0")
]
OTHERS += [b"CONNECT / HTTP/1.1\r\nHost: x"]
IN_A_BODY = b"GET /trailers HTTP/1.1\r\nHost: x\r\n\r\n"
BODIES = {
    "of a length": b"Content-Length: %d\r\n\r\n" % len(IN_A_BODY),
    "in pieces": b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(IN_A_BODY),
}


@pytest.mark.parametrize("head", OTHERS)
def test_another_upgrade_is_not_taken_up_and_ends_the_connection(server, head):
    """Java's client asks for HTTP/2 in every first request; how to read on, nobody knows."""
    with connected(server, head + b"\r\n\r\n") as client:
        said = heard(client)

    assert said.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in said.lower()


@pytest.mark.parametrize("head", OTHERS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_body_of_another_upgrade_is_never_a_request(server, head, body):
    """The parser does not read it: with the head it would be lost, after it be taken for a head."""
    with connected(server, head + b"\r\n" + body) as client:
        time.sleep(0.2)
        with contextlib.suppress(OSError):
            client.sendall(IN_A_BODY)
        said = heard(client)

    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1


def test_what_follows_another_upgrade_is_not_read_either(server):
    later = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(IN_A_BODY)
    with connected(server, OTHERS[0] + b"\r\n\r\n" + later) as client:
        time.sleep(0.2)
        with contextlib.suppress(OSError):
            client.sendall(IN_A_BODY)
        assert heard(client).count(b"HTTP/1.1 ") == 1


SLOW = b"GET /slow/0.5 HTTP/1.1\r\nHost: x\r\n\r\n"
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.mark.parametrize("after", [b"\x00rubbish\r\n\r\n", UPGRADE], ids=["rubbish", "upgrade"])
def test_what_comes_ahead_of_an_answer_takes_nothing_from_it(server, after):
    with connected(server, SLOW + after) as client:
        said = heard(client)

    assert said.startswith(b"HTTP/1.1 200 ")
    assert said.endswith(b"0 bytes at root ''")
    assert said.count(b"HTTP/1.1 ") == 1


def test_an_endless_head_ahead_of_an_answer_is_not_kept(server):
    before = memory(server)
    with connected(server, SLOW.replace(b"0.5", b"2"), b"GET / HTTP/1.1\r\nA: ") as client:
        client.settimeout(1)
        with contextlib.suppress(TimeoutError):  # nobody reads it
            endlessly(client, b"a" * MIB)

        assert memory(server) < before + 8 * MIB
