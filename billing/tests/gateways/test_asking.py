"""How a provider is asked: once, with a deadline, and never for too much."""

import logging
from decimal import Decimal
from time import monotonic

import pytest

from billing.gateways.base import GatewayUnavailable
from billing.gateways.http import MAX_BYTES, as_json, ask
from billing.tests.gateways.fake_server import Answer, FakeServer, Mood


class Saying(FakeServer):
    """Says one thing to everybody."""

    said = Answer(b"{}")

    def answer(self, asked):
        return self.said


@pytest.fixture
def provider():
    with Saying() as fake:
        yield fake


def test_a_refusal_is_an_answer(provider):
    provider.said = Answer(b'{"no":1}', 403)

    answer = ask("GET", provider.url)

    assert (answer.status_code, answer.content) == (403, b'{"no":1}')


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_provider_that_cannot_answer_is_unavailable(provider, status):
    provider.said = Answer(b"", status)

    with pytest.raises(GatewayUnavailable, match=str(status)):
        ask("GET", provider.url)
    assert len(provider.asked) == 1


def test_nobody_is_followed_elsewhere(provider):
    provider.said = Answer(b"", 302)

    assert ask("GET", provider.url).status_code == 302
    assert len(provider.asked) == 1


def test_an_answer_without_end_is_not_read(provider):
    provider.said = Answer(b"x" * (MAX_BYTES + 1))

    with pytest.raises(GatewayUnavailable):
        ask("GET", provider.url)


@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.TRICKLING])
def test_who_takes_too_long_is_not_waited_for(provider, settings, mood):
    settings.GATEWAY_TIMEOUT_SECONDS = 0.1
    provider.mood = mood

    began = monotonic()
    with pytest.raises(GatewayUnavailable):
        ask("GET", provider.url)
    assert monotonic() - began < 4  # of the 5 it would take


def test_nothing_secret_is_logged_or_told(provider, caplog):
    provider.server.server_close()
    with caplog.at_level(logging.INFO), pytest.raises(GatewayUnavailable) as refusal:
        ask("GET", f"{provider.url}/?signature=s3cret", auth=("login", "s3cret"))

    assert "s3cret" not in f"{refusal.value!r} {caplog.text}"
    assert refusal.value.__cause__ is None


def test_amounts_are_written_as_numbers():
    assert as_json({"a": Decimal("9999999999.99"), "b": Decimal(5)}) == (
        b'{"a": 9999999999.99, "b": 5.0}'
    )
