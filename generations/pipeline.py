"""Carrying out a generation: engine, picture, event, wardrobe; or failure and refund."""

import logging
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing import ledger
from billing.models import Transaction
from catalog.models import Product
from core import storage
from core.errors import Refusal
from core.transactions import atomic
from generations import drawing, engines, events, photos, provenance, queue, store
from generations.engines.base import DesignRequest, GenerationError, Picture
from generations.models import Generation

logger = logging.getLogger(__name__)
Status = Generation.Status


class TooLate(Refusal):
    code = "already_begun"


def run(generation_id: int) -> None:
    """Run the engine for a queued generation, or one whose worker died; otherwise do nothing."""
    generation = _claimed(generation_id)
    if generation is None:
        return
    try:
        picture = drawing.draw(generation)  # Takes seconds, so no transaction is open here.
    except drawing.TakenAway:
        logger.warning("Generation %s was taken away from this worker", generation_id)
    except GenerationError as error:
        logger.warning("Generation %s failed: %s", generation_id, error)
        _fail(generation, error.code)
    else:
        _finish(generation, picture)
    photos.delete(photos.due().filter(pk=generation_id))


@atomic
def cancel(generation: Generation) -> None:
    """Stop a generation and give the money back; one that is finished stays as it is.

    The worker that has it in hand finds its lease gone, and writes nothing.
    """
    unfinished = Generation.objects.filter(pk=generation.pk).unfinished()
    if _close(generation, unfinished, status=Status.FAILED, error_code="canceled"):
        _refund(generation)


@atomic
def call_off(generation: Generation) -> None:
    """Stop a generation that no worker has in hand yet and give the money back; or TooLate."""
    queued = Generation.objects.filter(pk=generation.pk, status=Status.QUEUED)
    if not _close(generation, queued, status=Status.FAILED, error_code="canceled"):
        raise TooLate(_("It is being made already."))
    _refund(generation)


def draw(prompt: str, seed: int = 0) -> bytes:
    """A marked picture of the garment that the prompt describes, outside any generation."""
    engine = engines.load(engines.DESIGN["local"])
    return provenance.mark(engine.design(DesignRequest(prompt, seed)).jpeg)


def sweep() -> None:
    """Wake a worker for every generation whose worker died; give up on those tried too often."""
    expired = Generation.objects.filter(status=Status.RUNNING, lease_until__lt=timezone.now())
    for generation in expired.select_related("user"):
        if generation.attempt < settings.GENERATION_MAX_ATTEMPTS:
            queue.enqueue(generation.pk)
        else:
            _fail(generation, "internal")


def recover() -> int:
    """Wake a worker for everything unfinished, whoever had it; returns how many.

    For when every worker is gone: one that still works on a generation finds its lease over when
    another takes it, and writes nothing.
    """
    unfinished = Generation.objects.unfinished()
    unfinished.filter(status=Status.RUNNING).update(lease_until=timezone.now())
    waiting = list(unfinished.values_list("pk", flat=True))
    for pk in waiting:
        queue.enqueue(pk)
    return len(waiting)


@atomic
def _claimed(generation_id: int) -> Generation | None:
    """Take the row for this worker alone; a worker whose token was replaced writes nothing."""
    now = timezone.now()
    free = Q(status=Status.QUEUED) | Q(status=Status.RUNNING, lease_until__lt=now)
    token = uuid4()
    claimed = Generation.objects.filter(
        free, pk=generation_id, attempt__lt=settings.GENERATION_MAX_ATTEMPTS
    ).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        lease_token=token,
        lease_until=now + timedelta(seconds=settings.GENERATION_LEASE_SECONDS),
    )
    if not claimed:
        return None
    generation = Generation.objects.select_related("user").get(pk=generation_id)
    events.generation_updated(generation)
    return generation


@atomic
def _finish(generation: Generation, picture: Picture) -> None:
    name = storage.generation_result(generation.user_id, generation.pk)
    marked = provenance.mark(picture.jpeg)
    finished = _release(
        generation,
        status=Status.SUCCEEDED,
        result=name,
        result_sha256=provenance.fingerprint(marked),
        provider=picture.provider,
        model=picture.model,
    )
    if not finished:
        return
    storage.write(name, marked)
    _count_try_ons(generation)  # products are locked before users, here as everywhere
    if generation.save_to_wardrobe:
        store.keep(generation)
    if generation.cost:
        _resolve(generation, Transaction.Type.GENERATION_CAPTURE)
    events.generation_updated(generation)


def _count_try_ons(generation: Generation) -> None:
    worn = {garment.get("product_id") for garment in generation.garments} - {None}
    products = Product.objects.filter(pk__in=worn)
    list(products.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    products.update(try_ons_count=F("try_ons_count") + 1)


@atomic
def _fail(generation: Generation, code: str) -> None:
    if _release(generation, status=Status.FAILED, error_code=code):
        _refund(generation)


def _refund(generation: Generation) -> None:
    if generation.cost:
        _resolve(generation, Transaction.Type.GENERATION_REFUND)
    elif generation.free_on:
        Generation.objects.filter(pk=generation.pk).update(free_on=None)  # another one may be free
    else:
        _give_back_free_use(generation)
    events.generation_updated(generation)


def _release(generation: Generation, **outcome: str) -> bool:
    """Write the outcome if this worker still holds the lease."""
    held = Generation.objects.filter(
        pk=generation.pk, status=Status.RUNNING, lease_token=generation.lease_token
    )
    if not _close(generation, held, **outcome):
        logger.warning("Generation %s was taken away from this worker", generation.pk)
        return False
    return True


def _close(generation: Generation, still: QuerySet[Generation], **outcome: str) -> bool:
    """Write the outcome if the row is still one of those."""
    now = timezone.now()
    if not still.update(lease_token=None, lease_until=None, finished_at=now, **outcome):
        return False
    generation.refresh_from_db()
    return True


def _resolve(generation: Generation, kind: Transaction.Type) -> None:
    captured = kind == Transaction.Type.GENERATION_CAPTURE
    target = Transaction.Account.GENERATION_REVENUE if captured else generation.user
    ledger.transfer(
        f"generation:{generation.pk}:{'capture' if captured else 'refund'}",
        kind,
        generation.cost,
        source=Transaction.Account.GENERATION_HOLD,
        target=target,
        generation_id=generation.pk,
    )


def _give_back_free_use(generation: Generation) -> None:
    is_try_on = generation.type == Generation.Type.TRY_ON
    quota = "free_try_ons_left" if is_try_on else "free_generations_left"
    User.objects.filter(pk=generation.user_id).update(**{quota: F(quota) + 1})
