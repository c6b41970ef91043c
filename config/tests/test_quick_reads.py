"""What strangers ask for most is answered before Django, and nobody can tell the difference."""

from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as given
from django.db import connection, connections

from catalog import answers, moderation
from catalog.counting import views
from catalog.models import Product
from config import quick_reads
from config.http_handler import HTTPHandler
from config.quick_reads import QuickReads
from core.limits.scopes import parsed
from core.tests.communicators import HttpCommunicator

pytestmark = pytest.mark.django_db(transaction=True)
PRODUCTS = "/api/v1/products"
PHONE = {"host": "localhost", "user-agent": "Leema/3.1 (iPhone)", "accept-encoding": "gzip"}
OF_ONE_ANSWER = {b"x-request-id", b"ratelimit"}


@pytest.fixture
def door(monkeypatch):
    """Asks as a phone does; `door.by_django` is what Django was asked for."""
    monkeypatch.setattr(quick_reads, "THREADS", 1)
    handler, by_django = HTTPHandler(), []

    async def django(scope, receive, send):
        by_django.append(scope["path"])
        await handler(scope, receive, send)

    quick = QuickReads(django)

    def ask(address, *, method="GET", more=(), **headers):
        told = PHONE | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = [(name.encode(), value.encode()) for name, value in [*told.items(), *more] if value]
        client = HttpCommunicator(quick, method, address, headers=sent)
        return async_to_sync(client.get_response)(10)

    yield SimpleNamespace(ask=ask, by_django=by_django, threads=quick._threads)
    quick._threads.submit(connections.close_all).result()


@pytest.fixture
def address(dress_on_sale):
    return f"{PRODUCTS}/{dress_on_sale.pk}"


@pytest.fixture
def limit(settings):
    def change(text):
        settings.LIMITS = {**settings.LIMITS, "anonymous": parsed(text)}

    return change


def heads(answer):
    return {name.lower(): value for name, value in answer["headers"]}


def told(answer):
    """All that is the same in every answer of a kind."""
    lasting = {name: value for name, value in heads(answer).items() if name not in OF_ONE_ANSWER}
    return answer["status"], lasting, answer["body"]


@pytest.mark.parametrize("page", ["", "?limit=1", "?cursor=9999", "?limit=5&cursor=77", "?limit="])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"accept_language": "kk"},
        {"accept_language": "en-GB,en;q=0.9", "accept": "application/json"},
        {"origin": given.CORS_ALLOWED_ORIGINS[0]},
        {"origin": "https://elsewhere.example"},
        {"x_forwarded_proto": "https"},
    ],
    ids=lambda headers: ", ".join(headers) or "a phone",
)
def test_a_page_is_what_the_view_gives(door, dress_on_sale, page, headers):
    Product.objects.filter(pk=dress_on_sale.pk).update(name_kk="Көйлек")

    by_view, quick = (door.ask(PRODUCTS + page, **headers) for _ in range(2))

    assert told(quick) == told(by_view)
    assert (quick["status"], door.by_django) == (200, [PRODUCTS])


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_product_is_what_the_view_gives(door, dress_on_sale, address, language):
    Product.objects.filter(pk=dress_on_sale.pk).update(name_kk="Көйлек")

    by_view, quick = (door.ask(address, accept_language=language) for _ in range(2))

    assert told(quick) == told(by_view)
    assert ("Көйлек" in quick["body"].decode()) == (language == "kk")
    assert heads(quick)[b"content-language"] == language.encode()
    assert door.by_django == [address]


def test_it_is_read_with_one_query(rf, dress_on_sale, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert answers.page_for_strangers(rf.get(PRODUCTS))
    with django_assert_num_queries(1):
        assert answers.product_for_strangers(rf.get("/"), str(dress_on_sale.pk))


def test_one_language_is_not_answered_in_another(door, address):
    first, second = door.ask(address, accept_language="ru"), door.ask(address, accept_language="en")

    assert [heads(each)[b"content-language"] for each in (first, second)] == [b"ru", b"en"]
    assert len(door.by_django) == 2


def test_every_answer_has_an_id_of_its_own_or_the_one_that_was_sent(door, address):
    ids = [heads(door.ask(address))[b"x-request-id"] for _ in range(3)]
    sent = heads(door.ask(address, x_request_id="trace-7"))[b"x-request-id"]
    rubbish = heads(door.ask(address, x_request_id="a b"))[b"x-request-id"]

    assert len({*ids, rubbish}) == 4
    assert sent == b"trace-7"
    assert door.by_django == [address]


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer rubbish"},
        {"cookie": "django_language=kk"},
        {"content_length": "0"},
        {"content_encoding": "gzip"},
        {"if_none_match": "*"},
        {"x_anything": "new"},
        {"accept": "a" * 1001},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_who_tells_more_is_answered_by_django(door, address, headers):
    for _ in range(2):
        door.ask(address, **headers)

    assert len(door.by_django) == 2


@pytest.mark.parametrize(
    "more", [[("origin", "https://a.example")] * 2, [("accept", "*/*")] * 5000], ids=["two", "many"]
)
def test_who_says_a_thing_twice_is_answered_by_django(door, address, more):
    for _ in range(2):
        door.ask(address, more=more)

    assert len(door.by_django) == 2


def test_who_names_no_host_is_refused_by_django(door, address, settings):
    settings.ALLOWED_HOSTS = ["leema.kz"]

    statuses = [door.ask(address, host="")["status"] for _ in range(2)]

    assert (statuses, len(door.by_django)) == ([400, 400], 2)


@pytest.mark.parametrize("query", ["?q=dress", "?limit=%31", "?skip=1", "?limit=1&total", "?a=b"])
def test_who_asks_for_more_than_a_page_is_answered_by_django(door, dress_on_sale, query):
    door.ask(PRODUCTS)
    door.ask(PRODUCTS + query)

    assert len(door.by_django) == 2


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "DELETE"])
def test_only_reading_is_quick(door, address, method):
    door.ask(address)

    status = door.ask(address, method=method)["status"]

    assert (len(door.by_django), status) == (2, {"HEAD": 200, "OPTIONS": 200}.get(method, 401))


def test_a_refusal_teaches_nothing(door):
    for _ in range(2):
        assert door.ask(f"{PRODUCTS}/1")["status"] == 404

    assert len(door.by_django) == 2


def test_what_is_not_there_is_refused_in_words(door, address, dress_on_sale):
    door.ask(address)
    missing = [door.ask(f"{PRODUCTS}/{key}") for key in (dress_on_sale.pk + 1, 10**17)]

    assert [each["status"] for each in missing] == [404, 404]
    assert all(b'"not_found"' in each["body"] for each in missing)


def test_what_is_taken_down_is_gone_at_once(door, address, dress_on_sale, admin):
    assert [door.ask(address)["status"] for _ in range(2)] == [200, 200]
    moderation.take_down(dress_on_sale, by=admin)

    assert door.ask(address)["status"] == 404
    assert b'"products":[]' in door.ask(f"{PRODUCTS}?limit=1")["body"]


def test_a_look_is_counted_and_that_of_a_machine_is_not(door, address):
    for user_agent in ("Leema/3.1", "Leema/3.1", "Googlebot/2.1"):
        door.ask(address, user_agent=user_agent)

    assert door.by_django == [address]
    assert views.add_up() == 2


def test_every_request_counts_once_whoever_answers(door, address, limit):
    limit("10/minute")

    left = [
        heads(door.ask(each))[b"ratelimit"]
        for each in (address, address, f"{PRODUCTS}/1", address, PRODUCTS)
    ]

    assert left == [b'"anonymous-minute";r=%d;t=60' % rest for rest in (9, 8, 7, 6, 5)]


def test_beyond_the_limit_it_is_refused_in_words_and_nothing_is_read(door, address, limit):
    limit("2/minute")
    for _ in range(2):
        door.ask(address)

    refused = door.ask(address, accept_language="ru")

    assert (refused["status"], heads(refused)[b"retry-after"]) == (429, b"60")
    assert b'"rate_limited"' in refused["body"]
    assert views.add_up() == 2


def test_each_address_has_a_limit_of_its_own(door, address, limit, settings):
    settings.TRUSTED_PROXIES = [""]  # of a test's client
    limit("1/minute")
    door.ask(address, x_forwarded_for="203.0.113.1")

    statuses = [door.ask(address, x_forwarded_for=f"203.0.113.{last}")["status"] for last in (1, 2)]

    assert statuses == [429, 200]


@pytest.fixture
def lose(door):
    """Cut the connection on which it reads, as a database does that restarts."""

    def cut():
        lost = door.threads.submit(lambda: connection.connection.info.backend_pid).result()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [lost])

    return cut


def test_a_lost_connection_is_made_anew_and_nobody_hears_of_it(door, address, lose, monkeypatch):
    monkeypatch.setattr(quick_reads, "REST_SECONDS", 0)
    door.ask(address)
    door.ask(address)
    lose()

    statuses = [door.ask(address)["status"] for _ in range(2)]

    assert (statuses, len(door.by_django)) == ([200, 200], 2)


def test_while_the_database_may_be_away_everybody_is_answered_by_django(door, address, lose):
    door.ask(address)
    door.ask(address)
    lose()

    statuses = [door.ask(address)["status"] for _ in range(3)]

    assert (statuses, len(door.by_django)) == ([200] * 3, 4)


def test_a_connection_is_kept_for_a_while_and_given_back_then(door, address):
    def reads_on():
        assert door.ask(address)["status"] == 200
        return door.threads.submit(lambda: connection.connection.info.backend_pid).result()

    door.ask(address)
    first, second = reads_on(), reads_on()
    door.threads.submit(setattr, quick_reads._kept, "until", 0).result()

    assert first == second != reads_on()


def test_no_more_kinds_are_kept_than_there_is_room_for(door, address, monkeypatch):
    monkeypatch.setattr(quick_reads, "KINDS_MAX", 2)
    for language in ("ru", "kk", "en", "kk", "en", "ru"):
        door.ask(address, accept_language=language)

    assert len(door.by_django) == 4  # three at first, and the oldest again
