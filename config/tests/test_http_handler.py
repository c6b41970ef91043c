"""The door for HTTP: one thread for a request, and answers that stream, fail or find nobody."""

import asyncio
import threading

import pytest
from asgiref.sync import async_to_sync
from django.core.signals import request_finished, request_started
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.concurrency import ALWAYS_ANSWERED, AT_WORK_MAX, ConcurrencyLimit
from config.http_handler import HTTPHandler
from core.tests.communicators import HttpCommunicator

HOST = (b"host", b"localhost")
seen: list[str] = []
gate = threading.Event()
everybody = threading.Barrier(AT_WORK_MAX)


def where(request):
    """In which thread it is answered, and what was sent."""
    seen.append(threading.current_thread().name)
    return HttpResponse(request.body, headers={"Thread": threading.current_thread().name})


def waiting(request):
    gate.wait(10)
    seen.append("went on")
    return HttpResponse("late")


def meeting(request):
    """Answered when as many are here as may work at once."""
    everybody.wait(5)
    return HttpResponse("met")


def streaming_late(request):
    gate.wait(10)
    return streaming(request)


def streaming(request):
    async def pieces():
        for number in range(3):
            yield b"%d" % number
            await asyncio.sleep(0)

    return StreamingHttpResponse(pieces(), content_type="text/plain")


def failing(request):
    raise RuntimeError


VIEWS = (where, waiting, meeting, streaming_late, streaming, failing)
urlpatterns = [path(f"api/v1/{view.__name__}", csrf_exempt(view)) for view in VIEWS]
urlpatterns += [path(address[1:], where) for address in ALWAYS_ANSWERED]


@pytest.fixture(autouse=True)
def _door(settings):
    settings.ROOT_URLCONF = __name__
    seen.clear()
    gate.clear()
    yield
    gate.set()


@pytest.fixture
def signals():
    """How many requests have begun and ended."""
    told = {"began": 0, "ended": 0}

    def begin(**about):
        told["began"] += 1

    def end(**about):
        told["ended"] += 1

    request_started.connect(begin)
    request_finished.connect(end)
    yield told
    request_started.disconnect(begin)
    request_finished.disconnect(end)


def asking(handler, address):
    return HttpCommunicator(handler, "POST", f"/api/v1/{address}", headers=[HOST])


async def abandoned(handler, address):
    """A client that has asked and gone away again."""
    client = asking(handler, address)
    await client.send_input({"type": "http.request", "body": b""})
    await client.send_input({"type": "http.disconnect"})
    return client


def asked(handler, address, body=b""):
    """The status and the whole body, when all is over."""

    async def ask():
        client = asking(handler, address)
        await client.send_input({"type": "http.request", "body": body})
        status, pieces, more = (await client.receive_output(10))["status"], [], True
        while more:
            message = await client.receive_output(10)
            pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
        await client.wait(10)
        return status, b"".join(pieces)

    return async_to_sync(ask)()


def test_a_request_is_answered_in_one_of_a_few_threads(signals):
    handler = HTTPHandler()

    answers = [asked(handler, "where", b"body %d" % number) for number in range(20)]

    assert answers == [(200, b"body %d" % number) for number in range(20)]
    assert all(name.startswith("http") for name in seen)
    assert len(set(seen)) < len(seen)
    assert signals == {"began": 20, "ended": 20}


def test_what_streams_comes_whole_and_ends(signals):
    assert asked(HTTPHandler(), "streaming") == (200, b"012")
    assert signals == {"began": 1, "ended": 1}


def test_a_fault_is_an_answer(signals):
    status, _problem = asked(HTTPHandler(), "failing")

    assert status == 500
    assert signals == {"began": 1, "ended": 1}


def test_who_goes_away_does_not_end_the_work(signals):
    async def leave():
        client = await abandoned(HTTPHandler(), "waiting")
        await asyncio.sleep(0.1)
        before = list(seen)
        gate.set()
        await client.wait(timeout=5)
        return before

    assert async_to_sync(leave)() == []
    assert seen == ["went on"]
    assert signals == {"began": 1, "ended": 1}


def test_what_streams_is_closed_when_nobody_waits_for_it(signals):
    async def leave():
        client = await abandoned(HTTPHandler(), "streaming_late")
        gate.set()
        await client.wait(timeout=5)
        return client.output_queue.empty()

    assert async_to_sync(leave)()
    assert signals == {"began": 1, "ended": 1}


def test_who_goes_away_keeps_the_place_until_the_thread_is_free():
    async def ask():
        limit = ConcurrencyLimit(HTTPHandler(), at_work=1, waiting=0)
        client = await abandoned(limit, "waiting")
        await asyncio.sleep(0.1)
        refused = await asking(limit, "where").get_response(timeout=5)
        gate.set()
        await client.wait(timeout=5)
        answer = await asking(limit, "where").get_response(timeout=5)
        return refused["status"], answer["status"]

    assert async_to_sync(ask)() == (503, 200)


def test_health_checks_are_answered_while_all_threads_do_work_that_nobody_waits_for():
    async def ask():
        limit = ConcurrencyLimit(HTTPHandler())
        gone = [await abandoned(limit, "waiting") for _ in range(2 * AT_WORK_MAX)]
        await asyncio.sleep(0.2)
        checks = [HttpCommunicator(limit, "GET", each, headers=[HOST]) for each in ALWAYS_ANSWERED]
        answers = [await check.get_response(timeout=5) for check in checks]
        before = seen.count("went on")
        gate.set()
        for client in gone:
            await client.wait(timeout=10)
        return [answer["status"] for answer in answers], before

    assert async_to_sync(ask)() == ([200, 200], 0)
    assert seen.count("went on") == 2 * AT_WORK_MAX


def test_as_many_as_may_work_are_at_work_at_once():
    async def ask():
        handler = HTTPHandler()
        asked = [asking(handler, "meeting").get_response(timeout=10) for _ in range(AT_WORK_MAX)]
        return [answer["body"] for answer in await asyncio.gather(*asked)]

    assert async_to_sync(ask)() == [b"met"] * AT_WORK_MAX
