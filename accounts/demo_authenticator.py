"""The authenticator app of the demo's administrator: everybody may read its codes."""

import time
from collections.abc import Iterator

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

SECRET = "LEEMADEMOLEEMADEMOLEEMADEMOLEEMA"  # noqa: S105 - published, and of use in the demo alone


def code(*, later: int = 0) -> str:
    """The code that the app shows now, or so many codes later."""
    counter = int(time.time()) // app_settings.TOTP_PERIOD + later
    return str(format_hotp_value(hotp_value(SECRET, counter)))


def codes() -> Iterator[str]:
    """Every code that is taken now. Each is taken once, so somebody may have used up the first."""
    yield from (code(later=later) for later in (0, 1, -1))


def seconds_left() -> int:
    period = int(app_settings.TOTP_PERIOD)
    return period - int(time.time()) % period
