"""Whether an engine works: it rests for a while after failing too often.

What is counted are the rows of `EngineCall`, so that every process and the administrators see the
same. Failures are forgotten after a minute, and then the engine is tried again.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from generations.models import EngineCall

FAILURES, SECONDS = 10, 60


def is_open(engine: str) -> bool:
    """Whether the engine is to be left in peace."""
    since = timezone.now() - timedelta(seconds=SECONDS)
    return EngineCall.objects.failed().filter(engine=engine, at__gt=since).count() >= FAILURES


def health() -> dict[str, str]:
    """For every engine in use: "ok", or "resting" after too many failures."""
    used = dict.fromkeys([*settings.TRY_ON_ENGINES, *settings.DESIGN_ENGINES])
    return {engine: "resting" if is_open(engine) else "ok" for engine in used}
