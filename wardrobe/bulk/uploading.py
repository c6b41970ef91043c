"""Keeping many photographed things, each under its key, and saying of each what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from core import images
from core.errors import Refusal
from wardrobe import keeping


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing as it was sent: its key, its file, and what its owner says of it."""

    key: str
    content: bytes
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is created, already_there or refused; `code` and `detail` say why it is refused."""

    key: str
    status: str
    item_id: int | None = None
    code: str = ""
    detail: str = ""


Ready = tuple[Thing, bytes | Refusal | None]  # the clean picture; None where it is kept already


def ready(user: User, things: Sequence[Thing]) -> list[Ready]:
    """The things with their pictures cleaned; slow, so no transaction may be open."""
    keys = [thing.key for thing in things]
    known = set(user.wardrobe.filter(client_key__in=keys).values_list("client_key", flat=True))
    return [(thing, None if thing.key in known else _clean(thing)) for thing in things]


def keep_all(user: User, things: Iterable[Ready]) -> list[Outcome]:
    """Keep each one that can be kept: one that is refused leaves the others alone."""
    return [_keep(user, thing, picture) for thing, picture in things]


def _clean(thing: Thing) -> bytes | Refusal:
    try:
        return images.clean(thing.content)
    except images.PictureRefused as refusal:
        return refusal


def _keep(user: User, thing: Thing, picture: bytes | Refusal | None) -> Outcome:
    try:
        if isinstance(picture, Refusal):
            raise picture
        pictures = [picture or images.clean(thing.content)]
        item, is_new = keeping.keep_once(user, thing.key, pictures=pictures, **thing.details)
    except Refusal as refusal:
        return Outcome(thing.key, "refused", code=refusal.code, detail=str(refusal))
    return Outcome(thing.key, "created" if is_new else "already_there", item.pk)
