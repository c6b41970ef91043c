"""Reading events back: what a client has not heard yet."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from realtime.models import Event, EventCounter

KEEP_DAYS = 7
MAX_BEHIND = 1000
MAX_SEQ = 2**62


class ResyncRequired(Exception):
    """The client was away too long: its events are gone, and it should load its lists anew."""


def newest(audiences: Iterable[str]) -> dict[str, int]:
    """The newest number of each audience, 0 where nothing has happened."""
    audiences = list(audiences)
    known = EventCounter.objects.filter(audience__in=audiences).values_list("audience", "seq")
    return dict.fromkeys(audiences, 0) | dict(known)


def between(audience: str, after: int, until: int) -> list[Event]:
    """The events numbered after+1 to until, in order; ResyncRequired if some are out of reach."""
    if until - after > MAX_BEHIND:
        raise ResyncRequired
    rows = Event.objects.filter(audience=audience, seq__gt=after, seq__lte=until)
    events = list(rows.order_by("seq"))
    if len(events) < until - after:
        raise ResyncRequired
    return events


def parse_id(wire_id: str) -> tuple[str, int]:
    """Split "user:456:57" into its audience and number; ValueError for anything else."""
    audience, _, seq = wire_id.rpartition(":")
    return audience, min(int(seq), MAX_SEQ)


def forget(audience: str) -> None:
    """Delete what one person or shop was told."""
    Event.objects.filter(audience=audience).delete()


def forget_said_by(user_id: int, event: str) -> None:
    """Delete such events of whichever audience that say what this person said."""
    Event.objects.filter(type=event, data__user_id=user_id).delete()


def clear_old() -> int:
    """Forget events older than a week; returns how many."""
    deleted, _ = Event.objects.filter(
        created_at__lt=timezone.now() - timedelta(days=KEEP_DAYS)
    ).delete()
    return deleted
