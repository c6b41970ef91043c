"""Limits are counted atomically, and a limit of ten is ten."""

import threading
import time
from types import SimpleNamespace

import pytest

from core.limits import counting, scopes
from core.limits.scopes import parsed


def spend(times, who="user:1", scope=scopes.WRITES):
    return [counting.spend(scope, who) for _ in range(times)]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """What counting takes for the time; it stands still unless a test says otherwise."""
    # Its fifth digit after the point makes Lua, which writes four, round up.
    stopped = SimpleNamespace(now=int(time.time()) + 0.00006)
    monkeypatch.setattr(counting, "time", SimpleNamespace(time=lambda: stopped.now))
    return stopped


@pytest.fixture
def _three_a_minute(settings):
    settings.LIMITS = {**settings.LIMITS, "writes": parsed("3/minute")}


@pytest.mark.usefixtures("_three_a_minute")
def test_what_is_left_goes_down_and_then_it_is_refused():
    verdicts = spend(5)

    assert [verdict.is_granted for verdict in verdicts] == [True, True, True, False, False]
    assert [verdict.windows[0].left for verdict in verdicts] == [2, 1, 0, 0, 0]
    assert verdicts[2].headers == {
        "RateLimit-Policy": '"writes-minute";q=3;w=60',
        "RateLimit": '"writes-minute";r=0;t=60',
    }
    assert verdicts[3].headers["Retry-After"] == "60"


@pytest.mark.usefixtures("_three_a_minute")
def test_accounts_and_scopes_are_counted_apart():
    spend(3, "user:5")

    assert spend(1, "shop:5")[0].is_granted
    assert spend(1, "user:6")[0].is_granted
    assert spend(1, "user:5", scopes.READS)[0].is_granted
    assert not spend(1, "user:5")[0].is_granted


@pytest.mark.usefixtures("_three_a_minute")
def test_it_is_granted_again_when_the_oldest_has_left_the_window(clock):
    spend(1)
    clock.now += 10
    refused = spend(3)[-1]
    assert refused.headers["Retry-After"] == "50"

    clock.now += 50.1

    assert [verdict.is_granted for verdict in spend(2)] == [True, False]


def test_it_is_granted_again_after_a_real_second(settings, monkeypatch):
    """Valkey's own clock lets go of what nobody asks about any more."""
    monkeypatch.setattr(counting, "time", time)
    settings.LIMITS = {**settings.LIMITS, "writes": parsed("1/second")}
    spend(1)

    time.sleep(1.05)

    assert spend(1)[0].is_granted


def test_what_the_minute_refuses_does_not_use_up_the_day(settings):
    settings.LIMITS = {**settings.LIMITS, "uploads": parsed("50/day;2/minute")}

    verdicts = spend(9, scope=scopes.UPLOADS)

    assert [verdict.is_granted for verdict in verdicts].count(True) == 2
    assert verdicts[1].headers == {
        "RateLimit-Policy": '"uploads-minute";q=2;w=60, "uploads-day";q=50;w=86400',
        "RateLimit": '"uploads-minute";r=0;t=60, "uploads-day";r=48;t=86400',
    }
    assert verdicts[8].headers["RateLimit"] == '"uploads-minute";r=0;t=60'


def test_a_used_up_day_is_refused_until_it_is_over(settings):
    settings.LIMITS = {**settings.LIMITS, "uploads": parsed("20/minute;2/day")}

    refused = spend(3, scope=scopes.UPLOADS)[-1]

    assert not refused.is_granted
    assert refused.headers["Retry-After"] == "86400"


def test_a_limit_that_is_off_counts_nothing(settings):
    settings.LIMITS = {**settings.LIMITS, "writes": parsed("off")}

    assert spend(2) == [None, None]


@pytest.mark.parametrize("nonsense", ["", "ten", "10/fortnight", "10"])
def test_a_setting_that_is_no_limit_is_refused_at_the_start(nonsense):
    with pytest.raises(ValueError, match=r"limit|granularity"):
        parsed(nonsense)


def test_of_two_hundred_threads_exactly_ten_are_granted(settings):
    settings.LIMITS = {**settings.LIMITS, "writes": parsed("10/minute")}
    granted = []
    start = threading.Barrier(200)

    def ask():
        start.wait()
        granted.append(counting.spend(scopes.WRITES, "user:1").is_granted)

    threads = [threading.Thread(target=ask) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (granted.count(True), granted.count(False)) == (10, 190)
