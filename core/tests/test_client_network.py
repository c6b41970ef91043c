"""Limits tell strangers apart by network, and believe only our own proxies about it."""

import pytest
from django.test import RequestFactory

from core.client_address import client_network


def network(remote, forwarded=None):
    told = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_network(RequestFactory().get("/", REMOTE_ADDR=remote, **told))


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:cb00:7107", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_an_ipv6_client_is_its_64_and_a_mapped_one_is_ipv4(remote, expected):
    assert network(remote) == expected


@pytest.mark.parametrize("forged", ["1.2.3.4", "1.2.3.4, 5.6.7.8", "127.0.0.1", "x" * 5000, ","])
def test_a_forged_forwarded_for_changes_nothing(forged):
    assert network("203.0.113.7", forged) == "203.0.113.7"


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("1.2.3.4, nonsense", "unknown"),
    ],
)
def test_a_trusted_proxy_is_believed_about_the_last_step_only(settings, forwarded, expected):
    settings.TRUSTED_PROXIES = ["10.0.0.1", "10.0.0.2"]

    assert network("10.0.0.1", forwarded) == expected
