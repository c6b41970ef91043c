"""One picture from one of the engines: retries, deadlines, and the next engine where one fails.

An engine is tried again where nothing was begun that costs money. The next one is asked when one
fails by itself, never because of what the person sent; the price stays what was held.
"""

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from time import monotonic
from typing import Any, cast

from django.conf import settings

from core import storage
from generations import circuit, engines, events, places
from generations.engines.base import (
    DesignRequest,
    GarmentCategory,
    GenerationError,
    Picture,
    Ticket,
    TryOnRequest,
)
from generations.models import EngineCall, Generation

MAX_TRIES = 4
FIRST_PAUSE_SECONDS = 1
POLL_SECONDS = 1
NEED_A_PERSON = {"provider_auth", "provider_quota"}
logger = logging.getLogger(__name__)


class TakenAway(Exception):
    """The generation was cancelled, or another worker has it; nobody wants the picture."""


@dataclass(frozen=True, slots=True)
class Work:
    """A generation in the hands of an engine; the deadline is `monotonic`."""

    engine: str
    generation: Generation
    deadline: float

    @property
    def maker(self) -> Any:
        is_design = self.generation.type == Generation.Type.GENERATION
        return engines.load((engines.DESIGN if is_design else engines.TRY_ON)[self.engine])


def draw(generation: Generation) -> Picture:
    """The picture that a running generation asks for.

    Takes up to GENERATION_SECONDS and what the last engine needs, so no transaction may be open.
    Raises GenerationError when no engine makes it, and TakenAway.
    """
    deadline = monotonic() + settings.GENERATION_SECONDS
    failure = GenerationError("provider_unavailable", provider_code="every engine rests")
    for engine in _chain(generation):
        try:
            return _tried(Work(engine, generation, deadline))
        except GenerationError as error:
            if not error.is_providers:
                raise
            logger.warning("%s failed generation %s: %s", engine, generation.pk, error)
            failure = error
    raise failure


def _chain(generation: Generation) -> list[str]:
    """The engines to ask, in turn; one that has begun already comes first."""
    is_design = generation.type == Generation.Type.GENERATION
    chain = settings.DESIGN_ENGINES if is_design else settings.TRY_ON_ENGINES
    rested = [engine for engine in chain if not circuit.is_open(engine)]
    begun = [generation.provider] if generation.external_id else []
    return list(dict.fromkeys([*begun, *rested]))


def _tried(work: Work) -> Picture:
    for attempt in count(1):
        try:
            with _recorded(work), places.held(work.engine):
                return _made(work)
        except GenerationError as error:
            pause = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(0.5, 1)  # noqa: S311
            is_late = monotonic() + pause > work.deadline
            if not error.retryable or attempt == MAX_TRIES or is_late:
                raise
            time.sleep(pause)
    raise AssertionError


@contextmanager
def _recorded(work: Work) -> Iterator[None]:
    """Keep how long the call took and how it ended; administrators hear what only they can mend."""
    began, code, told = monotonic(), "", ""
    try:
        yield
    except GenerationError as error:
        code, told = error.code, error.provider_code
        raise
    finally:
        call = EngineCall.objects.create(
            generation_id=work.generation.pk,
            engine=work.engine,
            seconds=monotonic() - began,
            error_code=code,
            provider_code=told[:100],
        )
        if code in NEED_A_PERSON:
            events.engine_needs_attention(call)


def _made(work: Work) -> Picture:
    generation = work.generation
    is_begun = generation.external_id and generation.provider == work.engine
    if is_begun and len(generation.garments) <= 1:  # of an outfit, one garment alone is begun
        return _awaited(work)
    if generation.type == Generation.Type.GENERATION:
        asked = DesignRequest(generation.prompt, generation.seed, _key(generation))
        return _finished(work, work.maker.design(asked))
    return _dressed(work)


def _dressed(work: Work) -> Picture:
    """One garment after the other is put on."""
    person = _stored(work.generation.original)
    for place, garment in enumerate(work.generation.garments):
        asked = TryOnRequest(
            person=person,
            garment=_stored(garment["image"]),
            category=GarmentCategory(garment["category"]),
            sleeve=garment["sleeve"],
            seed=work.generation.seed,
            key=f"{_key(work.generation)}-{place}",
        )
        picture = _finished(work, work.maker.try_on(asked))
        person = picture.jpeg
    return picture


def _key(generation: Generation) -> str:
    """The same for a worker that takes over, another after a failure."""
    return f"leema-{generation.pk}-{generation.calls.count()}"


def _stored(name: str) -> bytes:
    try:
        return storage.read(name)
    except FileNotFoundError as error:
        raise GenerationError("image_unreadable", str(error)) from error


def _finished(work: Work, answer: Picture | Ticket) -> Picture:
    if isinstance(answer, Picture):
        return answer
    _remember(work, answer.external_id, provider=work.engine, external_id=answer.external_id)
    return _awaited(work)


def _awaited(work: Work) -> Picture:
    """The picture that was begun, looked for again and again."""
    ticket = work.generation.external_id
    try:
        while (picture := work.maker.poll(ticket)) is None:
            _remember(work, ticket)
            _check_time(work, ticket)
            time.sleep(POLL_SECONDS)
    except GenerationError as error:
        if not error.retryable:
            _remember(work, ticket, external_id="")
        raise
    _remember(work, ticket, external_id="")
    return cast("Picture", picture)


def _check_time(work: Work, ticket: str) -> None:
    if monotonic() > work.deadline:
        work.maker.cancel(ticket)
        raise GenerationError("provider_timeout", provider_code="not done in time")


def _remember(work: Work, ticket: str, **told: str) -> None:
    """Write it into the row while it is ours; else stop what was begun, and raise TakenAway."""
    row = work.generation
    ours = Generation.objects.filter(pk=row.pk, lease_token=row.lease_token)
    if not ours.update(lease_token=row.lease_token, **told):
        work.maker.cancel(ticket)
        raise TakenAway
    for name, value in told.items():
        setattr(row, name, value)
