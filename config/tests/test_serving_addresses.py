import contextlib
import http.client
import socket

import pytest

from config.serving.server import serve
from config.tests.conftest import small_server


def has_ipv6():
    with socket.socket(socket.AF_INET6) as one, contextlib.suppress(OSError):
        one.bind(("::1", 0))
        return True
    return False


@pytest.mark.parametrize(
    ("host", "address"), [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("::", "::1")]
)
def test_hosts_of_both_families_are_served(host, address):
    if ":" in host and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    with small_server(LISTEN_ON=host) as server:
        connection = http.client.HTTPConnection(address, server.port, timeout=10)
        connection.request("GET", "/")

        assert connection.getresponse().status == 200
        connection.close()


def test_a_port_that_somebody_has_can_not_be_had():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
        assert serve(None, host="127.0.0.1", port=other.getsockname()[1]) is False
