"""Idempotency keys: what a client asks for twice under one key happens once.

The answer is kept in the transaction of its effects, so a crash leaves both or neither. Only what
was done is kept: a refusal has changed nothing and may be over by the next time (money came, a
limit passed), so asking again under its key is asking anew.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Refusal
from core.models import IdempotencyKey
from core.principal import Principal
from core.transactions import atomic

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(hours=24)
KEY = re.compile(r"[ -~]{1,255}")
PARAMETERS = [
    OpenApiParameter(
        HEADER,
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
        OpenApiParameter.HEADER,
        description="Chosen by the client; the same request under it is carried out once",
    ),
    OpenApiParameter(
        REPLAYED,
        {"type": "string", "enum": ["true"]},
        OpenApiParameter.HEADER,
        description="The answer is the one that was given before",
        response=[200, 201, 202],
    ),
]
Method = Callable[..., Response]


class BadIdempotencyKey(Refusal):
    code = "bad_idempotency_key"
    status = 400


class IdempotencyKeyReused(Refusal):
    code = "idempotency_key_reused"
    status = 422


class StillRunning(Refusal):
    code = "idempotency_key_in_use"
    wait = 1  # second


@dataclass(frozen=True, slots=True)
class _Call:
    """What a key belongs to. The route is the whole path: a key of one order is none of another."""

    principal: str
    method: str
    route: str
    key: str


def idempotent(method: Method) -> Method:
    """Let a method of an API view, `(view, request, …)`, heed and declare the key: see `once`."""

    @wraps(method)
    def heeding(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        return once(request, lambda: method(view, request, *args, **kwargs))

    declared: Method = extend_schema(parameters=PARAMETERS)(heeding)
    return declared


def once(request: Request, act: Callable[[], Response]) -> Response:
    """Act in one transaction, or answer again what this key was answered within 24 hours.

    Without a key, just act. Raises BadIdempotencyKey, IdempotencyKeyReused when the body is another
    one, and StillRunning while the first request is under way. Nothing slow may happen in `act`:
    a view that asks an engine or a gateway does so afterwards, about the row it has made here.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    return _once(request, _call(request, key), act)


@atomic
def _once(request: Request, call: _Call, act: Callable[[], Response]) -> Response:
    digest = _digest(request)  # and files are at their beginning again
    _take(call)
    earlier = IdempotencyKey.objects.filter(**asdict(call)).first()
    if earlier is not None:
        return _replayed(earlier, digest)
    response = act()
    _keep(call, digest, response)
    return response


def heard_before(response: Response) -> dict[str, str]:
    """The headers that say of another answer, too, that `once` had this one already."""
    return {REPLAYED: "true"} if REPLAYED in response.headers else {}


def forget(account: str) -> None:
    """Delete what is kept of an account (`user:5`)."""
    IdempotencyKey.objects.filter(principal=account).delete()


def clear_old() -> int:
    """Delete what has been kept for long enough; returns how many."""
    oldest = timezone.now() - KEPT_FOR
    return IdempotencyKey.objects.filter(created_at__lt=oldest).delete()[0]


def _call(request: Request, key: str) -> _Call:
    if not KEY.fullmatch(key):
        raise BadIdempotencyKey(_("An Idempotency-Key is 1 to 255 printable characters of ASCII."))
    assert isinstance(request.auth, Principal)
    return _Call(request.auth.account, str(request.method), request.path_info, key)


def _digest(request: Request) -> str:
    """The SHA-256 of the body; of a multipart body, of its parts: boundaries differ every time."""
    if str(request.content_type).startswith("multipart/"):
        form: Any = request.data
        parts = [[name, list(map(_said, sent))] for name, sent in sorted(form.lists())]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return hashlib.sha256(request._request.body).hexdigest()


def _said(part: Any) -> Any:
    if not hasattr(part, "chunks"):
        return part
    digest = hashlib.sha256()
    for chunk in part.chunks():
        digest.update(chunk)
    part.seek(0)
    return {"sha256": digest.hexdigest()}


def _take(call: _Call) -> None:
    """Hold the key until the transaction ends. Never waits, so it is in nobody's way."""
    with connection.cursor() as cursor:
        name = "\n".join(asdict(call).values())
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 1))", [name])
        [is_free] = cursor.fetchone()
    if not is_free:
        raise StillRunning(_("This request is being carried out already. Ask again in a moment."))


def _replayed(earlier: IdempotencyKey, digest: str) -> Response:
    if earlier.body_sha256 != digest:
        raise IdempotencyKeyReused(_("This Idempotency-Key belongs to another request."))
    headers = {REPLAYED: "true"} | ({"Location": earlier.location} if earlier.location else {})
    return Response(json.loads(earlier.answer), earlier.status, headers=headers)


def _keep(call: _Call, digest: str, response: Response) -> None:
    IdempotencyKey.objects.create(
        **asdict(call),
        body_sha256=digest,
        status=response.status_code,
        location=response.headers.get("Location", ""),
        answer=JSONRenderer().render(response.data).decode(),
    )
