"""The table of limits: the kinds of requests that are counted apart.

The numbers are settings: LIMIT_SIGN_IN is the one of SIGN_IN, written as `limits` reads it
("20/minute;200/day"); "off" lifts a limit.
"""

from dataclasses import dataclass

from limits import RateLimitItem, parse_many


@dataclass(frozen=True, slots=True)
class Scope:
    """One row. `fails_closed`: better refused with 503 than served uncounted."""

    name: str
    default: str
    fails_closed: bool = False
    by_address: bool = False  # whatever token the caller shows


ANONYMOUS = Scope("anonymous", "60/minute", by_address=True)
SIGN_IN = Scope("sign_in", "10/minute", fails_closed=True, by_address=True)
SECOND_FACTOR = Scope("second_factor", "10/minute", fails_closed=True)
REFRESH = Scope("refresh", "30/minute")
READS = Scope("reads", "300/minute")
WRITES = Scope("writes", "60/minute")
UPLOADS = Scope("uploads", "20/minute;200/day")
GENERATIONS = Scope("generations", "10/minute;300/day", fails_closed=True)
ORDERS = Scope("orders", "10/minute", fails_closed=True)
MONEY = Scope("money", "60/minute", fails_closed=True)
SHOP = Scope("shop", "600/minute")
PAYMENT_CALLBACKS = Scope("payment_callbacks", "600/minute", by_address=True)
PAGES = Scope("pages", "300/minute")
SOCKET_MESSAGES = Scope("socket_messages", "30/minute")

TABLE = (
    ANONYMOUS,
    SIGN_IN,
    SECOND_FACTOR,
    REFRESH,
    READS,
    WRITES,
    UPLOADS,
    GENERATIONS,
    ORDERS,
    MONEY,
    SHOP,
    PAYMENT_CALLBACKS,
    PAGES,
    SOCKET_MESSAGES,
)


def parsed(text: str) -> list[RateLimitItem]:
    """The limits of a setting, the shortest first; ValueError for what is none."""
    return [] if text == "off" else sorted(parse_many(text), key=RateLimitItem.get_expiry)
