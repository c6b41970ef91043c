"""The audit log: who did what to what, in a chain that shows when a link is missing.

An entry is written in the transaction of its action: when one fails, so does the other.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Model
from django.http import HttpRequest

from core.client_address import client_address
from core.models import AuditEntry
from core.principal import Principal

SYSTEM = "system"
_request: ContextVar[HttpRequest | None] = ContextVar("audited_request", default=None)
_actor: ContextVar[str] = ContextVar("audited_actor", default=SYSTEM)


def record(
    action: str,
    subject: Model | str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write what is being done to `subject`, and how it was and will be.

    Who does it, from where and in which session is known from the request or the command. Of
    `before` and `after` only what differs is kept. Names and addresses of people do not belong
    there: entries outlive their accounts.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An audit entry belongs to the transaction of its action.")
    said = {
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        **_who(),
        "action": action,
        "subject": subject if isinstance(subject, str) else name_of(subject),
        **_difference(before or {}, after or {}),
    }
    AuditEntry.objects.create(record=json.dumps(said, sort_keys=True, default=str))


def name_of(row: Model) -> str:
    """How the log names a row: `shop:12`."""
    return f"{row._meta.model_name}:{row.pk}"


@contextmanager
def attributed_to(who: HttpRequest | str) -> Iterator[None]:
    """What happens inside is done by whoever makes the request, or by the command named."""
    if isinstance(who, HttpRequest):
        token: Any = _request.set(who)
        restore: Any = _request
    else:
        token, restore = _actor.set(who), _actor
    try:
        yield
    finally:
        restore.reset(token)


def digest(seq: int, previous: str, record: str) -> str:
    """The hash of an entry: SHA-256 over its number, the hash before it and its record."""
    return hashlib.sha256(f"{seq}\n{previous}\n{record}".encode()).hexdigest()


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    alike = {name for name in before.keys() & after.keys() if before[name] == after[name]}
    return {
        side: {name: value for name, value in values.items() if name not in alike}
        for side, values in (("before", before), ("after", after))
    }


def _who() -> dict[str, str]:
    request = _request.get()
    if request is None:
        return {"actor": _actor.get(), "session": "", "ip": "", "request_id": ""}
    return {
        **_caller(request),
        "ip": client_address(request),
        "request_id": getattr(request, "request_id", ""),
    }


def _caller(request: HttpRequest) -> dict[str, str]:
    principal = getattr(request, "auth", None)  # set by the API's authentication
    if isinstance(principal, Principal):
        return {"actor": f"{principal.role}:{principal.id}", "session": principal.session_id}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"actor": "anonymous", "session": ""}
    key = request.session.session_key or ""
    # A session key opens the account; its digest only tells sessions apart.
    session = hashlib.sha256(key.encode()).hexdigest()[:16]
    return {"actor": f"{'admin' if user.is_staff else 'user'}:{user.pk}", "session": session}
