"""The authenticator app on somebody's phone."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from conftest import APP_SECRET


def code(secret=APP_SECRET, *, later=0):
    """What the app shows now, or so many codes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def wrong_code(secret=APP_SECRET):
    """Six digits that no app shows around now."""
    near = {code(secret, later=later) for later in range(-3, 4)}
    return next(number for number in map("{:06}".format, range(10)) if number not in near)
