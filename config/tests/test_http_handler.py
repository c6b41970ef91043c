"""The door for HTTP: one thread for a request, and answers that stream, fail or find nobody."""

import asyncio
import threading
import time

import pytest
from asgiref.sync import async_to_sync
from channels.testing import HttpCommunicator
from django.core.signals import request_finished, request_started
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.concurrency import AT_WORK_MAX
from config.http_handler import HTTPHandler

HOST = (b"host", b"localhost")
seen: list[str] = []
gate = threading.Event()


def where(request):
    """In which thread it is answered, and what was sent."""
    seen.append(threading.current_thread().name)
    return HttpResponse(request.body, headers={"Thread": threading.current_thread().name})


def waiting(request):
    gate.wait(10)
    seen.append("went on")
    return HttpResponse("late")


def streaming(request):
    async def pieces():
        for number in range(3):
            yield b"%d" % number
            await asyncio.sleep(0)

    return StreamingHttpResponse(pieces(), content_type="text/plain")


def failing(request):
    raise RuntimeError


VIEWS = (where, waiting, streaming, failing)
urlpatterns = [path(f"api/v1/{view.__name__}", csrf_exempt(view)) for view in VIEWS]


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


def test_who_goes_away_keeps_nobody_and_the_work_goes_on(signals):
    async def leave():
        client = asking(HTTPHandler(), "waiting")
        await client.send_input({"type": "http.request", "body": b""})
        await client.send_input({"type": "http.disconnect"})
        await client.wait(timeout=5)
        return client.output_queue.empty()

    assert async_to_sync(leave)()
    assert seen == []
    gate.set()
    until = time.monotonic() + 5
    while signals["ended"] == 0 and time.monotonic() < until:
        time.sleep(0.01)
    assert seen == ["went on"]
    assert signals == {"began": 1, "ended": 1}


def test_one_more_than_all_that_may_work_is_answered():
    """The health checks, which pass the limit."""

    async def ask():
        handler = HTTPHandler()
        slow = [asking(handler, "waiting") for _ in range(AT_WORK_MAX)]
        answers = [asyncio.create_task(each.get_response(timeout=10)) for each in slow]
        await asyncio.sleep(0.2)
        answer = await asking(handler, "where").get_response(timeout=5)
        gate.set()
        return answer, [each["body"] for each in await asyncio.gather(*answers)]

    answer, late = async_to_sync(ask)()

    assert answer["status"] == 200
    assert late == [b"late"] * AT_WORK_MAX
