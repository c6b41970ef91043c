"""What a provider's failures mean for a person: another try or engine, or the money back."""

import threading

import pytest
from django.db import connections
from django.utils import timezone

from billing.models import Transaction
from config import health
from core.tests.fake_server import Mood
from generations import circuit, drawing, pipeline, places
from generations.engines.base import GenerationError
from generations.models import EngineCall, Generation
from generations.requests import request_outfit
from generations.tests.engines.conftest import REQUEST
from generations.tests.engines.fakes import FakeReplicate
from generations.tests.engines.test_every_engine import GARBAGE

pytestmark = pytest.mark.usefixtures("fashn")
HELD = Transaction.Account.GENERATION_HOLD


def outcome(generation, user):
    pipeline.run(generation.pk)
    generation.refresh_from_db()
    user.refresh_from_db()
    return generation.status, generation.error_code, int(user.balance)


def said(fashn):
    return [asked.path.split("/")[2] for asked in fashn.asked]


def test_a_picture_is_paid_for_once(aigerim, fashn, try_on):
    fashn.polls_until_ready = 3

    assert outcome(try_on, aigerim) == ("succeeded", "", 850)
    assert said(fashn) == ["run", *["status"] * 4]
    assert (try_on.provider, try_on.external_id) == ("fashn", "")
    [call] = EngineCall.objects.all()
    assert (call.engine, call.error_code, call.generation) == ("fashn", "", try_on)


@pytest.mark.parametrize("garbage", list(GARBAGE))
def test_garbage_gives_the_money_back(aigerim, fashn, try_on, garbage):
    fashn.picture = GARBAGE[garbage]

    assert outcome(try_on, aigerim) == ("failed", "provider_bad_response", 1000)
    assert fashn.begun() == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("mood", [Mood.GARBAGE, Mood.EMPTY, Mood.SILENT, Mood.TRICKLING])
def test_so_do_answers_that_are_none(aigerim, fashn, try_on, mood):
    fashn.mood = mood

    status, _code, balance = outcome(try_on, aigerim)

    assert (status, balance) == ("failed", 1000)
    assert said(fashn) == ["run"]  # it may have begun: a second one would be paid twice


def test_one_that_never_ends_is_given_up(aigerim, fashn, try_on, settings):
    settings.GENERATION_SECONDS = 0.3
    fashn.polls_until_ready = 10**6

    assert outcome(try_on, aigerim) == ("failed", "provider_timeout", 1000)
    assert fashn.begun() == 1


def test_a_refusal_that_passes_is_tried_four_times(aigerim, fashn, try_on):
    fashn.trouble = ("run", 429, "RateLimitExceeded")

    assert outcome(try_on, aigerim) == ("failed", "provider_rate_limit", 1000)
    assert said(fashn) == ["run"] * 4
    assert EngineCall.objects.failed().count() == 4


def test_one_that_passed_is_not_noticed(aigerim, fashn, try_on, monkeypatch):
    fashn.trouble = ("run", 500, "InternalServerError")
    monkeypatch.setattr(drawing.time, "sleep", lambda _: setattr(fashn, "trouble", None))

    assert outcome(try_on, aigerim) == ("succeeded", "", 850)


def test_what_the_person_sent_is_not_sent_elsewhere(aigerim, fashn, try_on, settings):
    settings.TRY_ON_ENGINES = ["fashn", "replicate"]
    fashn.trouble = ("status", "failed", "PoseError")

    assert outcome(try_on, aigerim) == ("failed", "no_person", 1000)
    assert list(EngineCall.objects.values_list("engine", flat=True)) == ["fashn"]


@pytest.fixture
def replicate(settings):
    with FakeReplicate() as fake:
        for setting, value in fake.settings().items():
            setattr(settings, setting, value)
        settings.TRY_ON_ENGINES = ["fashn", "replicate"]
        yield fake


def test_the_next_engine_makes_it_for_the_same_price(aigerim, fashn, try_on, replicate):
    fashn.trouble = ("status", "failed", "PipelineError")

    assert outcome(try_on, aigerim) == ("succeeded", "", 850)
    assert (try_on.provider, replicate.begun()) == ("replicate", 1)
    held = Transaction.objects.filter(system_account=HELD, generation_id=try_on.pk)
    assert sum(leg.amount for leg in held) == 0


@pytest.mark.parametrize(
    ("name", "code"), [("OutOfCredits", "provider_quota"), ("Other", "provider_auth")]
)
def test_administrators_hear_what_only_they_can_mend(fashn, try_on, published, aigerim, name, code):
    fashn.trouble = ("run", 401 if code == "provider_auth" else 429, name)

    with published() as happened:
        assert outcome(try_on, aigerim) == ("failed", code, 1000)

    about = {"engine": "fashn", "code": code, "generation_id": try_on.pk}
    assert ("admins", "engine_needs_attention", about) in happened
    assert said(fashn) == ["run"]


def failed(generation, times):
    EngineCall.objects.bulk_create(
        EngineCall(
            generation=generation, engine="fashn", seconds=1, error_code="provider_unavailable"
        )
        for _ in range(times)
    )


def test_after_ten_failures_in_a_minute_it_is_left_in_peace(aigerim, fashn, try_on, rf):
    failed(try_on, 10)

    assert outcome(try_on, aigerim) == ("failed", "provider_unavailable", 1000)
    assert said(fashn) == []
    assert b'"engines": {"fashn": "resting", "local": "ok"}' in health.readyz(rf.get("/")).content


def test_the_next_engine_is_asked_at_once_then(aigerim, fashn, try_on, replicate):
    failed(try_on, 10)

    assert outcome(try_on, aigerim) == ("succeeded", "", 850)
    assert (said(fashn), replicate.begun()) == ([], 1)


def test_a_minute_later_it_is_tried_again(aigerim, fashn, try_on):
    failed(try_on, 10)
    EngineCall.objects.update(at=timezone.now() - timezone.timedelta(seconds=circuit.SECONDS + 1))

    assert outcome(try_on, aigerim) == ("succeeded", "", 850)


def test_nine_failures_are_not_enough(aigerim, fashn, try_on):
    failed(try_on, 9)

    assert outcome(try_on, aigerim)[0] == "succeeded"


def test_a_worker_that_takes_over_begins_nothing_anew(aigerim, fashn, try_on):
    """The first died between the provider's answer and the picture."""
    generation = pipeline._claimed(try_on.pk)
    work = drawing.Work("fashn", generation, drawing.monotonic())
    begun = work.maker.try_on(REQUEST).external_id
    drawing._remember(work, begun, provider="fashn", external_id=begun)
    Generation.objects.update(lease_until=timezone.now())

    assert outcome(try_on, aigerim) == ("succeeded", "", 850)
    assert said(fashn).count("run") == fashn.begun() == 1


def test_an_outfit_is_never_delivered_with_a_part_of_it(aigerim, fashn, dress_on_sale, quick):
    """The first worker died while one garment was being put on."""
    outfit = request_outfit(aigerim, [dress_on_sale, dress_on_sale], REQUEST.person)
    work = drawing.Work("fashn", pipeline._claimed(outfit.pk), drawing.monotonic())
    begun = work.maker.try_on(REQUEST).external_id
    drawing._remember(work, begun, provider="fashn", external_id=begun)
    Generation.objects.update(lease_until=timezone.now())

    assert outcome(outfit, aigerim) == ("succeeded", "", 850)
    assert said(fashn).count("run") == 3  # the one that was lost, and both of them


def test_a_cancelled_one_is_stopped_at_the_provider(aigerim, try_on, replicate, settings):
    settings.TRY_ON_ENGINES = ["replicate"]
    replicate.polls_until_ready = 10**6
    generation = pipeline._claimed(try_on.pk)
    pipeline.cancel(try_on)

    with pytest.raises(drawing.TakenAway):
        drawing.draw(generation)

    aigerim.refresh_from_db()
    assert (aigerim.balance, replicate.stopped) == (1000, list(replicate.works))


@pytest.mark.django_db(transaction=True)
def test_only_so_many_are_in_the_making_at_once(settings):
    settings.ENGINE_PLACES = {"cog": 2}
    busy, leave, refused = threading.Barrier(3), threading.Event(), []

    def work():
        with places.held("cog"):
            busy.wait(5)
            leave.wait(5)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    busy.wait(5)
    with pytest.raises(GenerationError) as caught, places.held("cog"):
        refused.append("not")
    leave.set()
    for thread in threads:
        thread.join()

    assert (caught.value.code, caught.value.retryable, refused) == ("provider_busy", True, [])
    with places.held("cog"):  # the places are free again
        pass
