import http.client
import signal
import threading
import time

import websockets.sync.client

from config.tests.conftest import answers, python, small_server, wait_until


def test_requests_in_flight_are_finished_and_nobody_new_is_taken(server):
    statuses = []

    def ask():
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/slow/3")
        statuses.append(connection.getresponse().status)
        connection.close()

    askers = [threading.Thread(target=ask) for _ in range(5)]
    for asker in askers:
        asker.start()
    wait_until(lambda: get(server, "/slow") == b"5 bytes at root ''")

    server.send_signal(signal.SIGTERM)
    wait_until(lambda: not answers(server.port), seconds=2)
    for asker in askers:
        asker.join()

    assert statuses == [200] * 5
    assert server.wait(10) == 0


def get(server, path):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path)
    body = connection.getresponse().read()
    connection.close()
    return body


def test_an_idle_server_stops_within_a_second():
    """Of three, so that a busy machine may be slow once or twice."""
    assert min(seconds_to_stop() for _ in range(3)) < 1.5


def seconds_to_stop():
    with small_server() as server:
        # It listens a moment before it knows what a signal means; it answers only after that.
        asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        asked.request("GET", "/", headers={"Connection": "close"})
        asked.getresponse().read()
        asked.close()
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
        return time.monotonic() - began


def test_a_kept_alive_connection_is_told_to_close(server):
    kept = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    kept.request("GET", "/")
    assert kept.getresponse().read() == b"0 bytes at root ''"
    server.send_signal(signal.SIGTERM)
    wait_until(lambda: not answers(server.port), seconds=2)

    kept.request("GET", "/")
    response = kept.getresponse()

    assert (response.status, response.getheader("Connection")) == (200, "close")
    kept.close()


def test_sockets_are_closed_with_a_code_that_says_come_back(server):
    with websockets.sync.client.connect(f"ws://127.0.0.1:{server.port}/ws") as client:
        server.send_signal(signal.SIGTERM)
        try:
            client.recv(timeout=5)
        except websockets.ConnectionClosed as closed:
            code = closed.rcvd.code

    assert code == 1012
    assert server.wait(10) == 0


def test_who_does_not_end_in_time_is_left_behind_with_its_thread():
    with small_server(DRAIN_MAX_SECONDS=1) as server:
        asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        asked.request("GET", "/stuck")
        wait_until(lambda: get(server, "/slow") == b"0 bytes at root ''")
        server.send_signal(signal.SIGTERM)

        assert asked.getresponse().status == 500
        assert server.wait(10) == 0
        asked.close()


def test_more_signals_change_nothing(server):
    asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    asked.request("GET", "/slow/1")
    wait_until(lambda: get(server, "/slow") == b"1 bytes at root ''")
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGINT, signal.SIGTERM):
        server.send_signal(each)
        time.sleep(0.1)

    assert asked.getresponse().status == 200
    assert server.wait(10) == 0
    asked.close()


def test_what_is_still_being_sent_is_waited_for(server):
    asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    asked.putrequest("POST", "/")
    asked.putheader("Content-Length", "6")
    asked.endheaders(b"abc")
    get(server, "/")
    server.send_signal(signal.SIGTERM)
    time.sleep(1)
    asked.send(b"def")
    response = asked.getresponse()

    assert (response.status, response.getheader("Connection")) == (200, "close")
    assert response.read() == b"6 bytes at root ''"
    assert server.wait(10) == 0
    asked.close()


def test_a_second_server_on_the_same_port_ends_by_itself(server):
    with python("config/tests/small_server.py", server.port) as second:
        assert second.wait(10) == 0
    assert answers(server.port)
