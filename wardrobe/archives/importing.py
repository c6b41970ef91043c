"""Adding the items of a ZIP to a wardrobe: each whole or not at all, and each once by its key."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from catalog.models import Category
from core import images, storage
from core.errors import Refusal
from core.zips import ZipRefused
from wardrobe import keeping
from wardrobe.archives import requesting
from wardrobe.archives.exporting import PLAIN
from wardrobe.archives.reading import Archive
from wardrobe.models import MAX_PICTURES, UserWardrobeItem, WardrobeArchive

KEY = re.compile(r"[!-~]{1,64}")
OWN_KEY = re.compile(r"leema:(\d{1,15})")
WORK_SECONDS = 60  # half of what a task may take; what is not reached then is sent again


def run(archive_id: int) -> None:
    """Read the file and add its items, and tell the owner; again, it adds what is missing."""
    archive = (
        WardrobeArchive.objects.filter(
            pk=archive_id, kind=WardrobeArchive.Kind.IMPORT, status=WardrobeArchive.Status.QUEUED
        )
        .select_related("user")
        .first()
    )
    if archive is None:
        return
    name = storage.wardrobe_import(archive.user_id, archive.pk)
    try:
        report = _report(list(_outcomes(archive.user, Archive(storage.read(name)))))
    except (ZipRefused, FileNotFoundError) as error:
        code = getattr(error, "code", "archive_unreadable")
        requesting.finish(archive, status=WardrobeArchive.Status.FAILED, report={"code": code})
    else:
        requesting.finish(archive, status=WardrobeArchive.Status.READY, report=report)
    storage.delete(name)


def _outcomes(user: User, archive: Archive) -> Iterator[dict[str, Any]]:
    deadline = monotonic() + WORK_SECONDS
    for about in archive.items():
        key = about.get("key") if isinstance(about, dict) else None
        if not isinstance(key, str) or not KEY.fullmatch(key):
            yield {"key": "", "status": "refused", "code": "invalid"}
        elif monotonic() > deadline:
            yield {"key": key, "status": "refused", "code": "not_reached"}
        else:
            yield {"key": key} | _added(user, archive, key, about)


def _report(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    counts = Counter(outcome["status"] for outcome in outcomes)
    named = {status: counts[status] for status in ("created", "already_there", "refused")}
    return {**named, "items": outcomes}


def _added(user: User, archive: Archive, key: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """What became of one item."""
    known = _known(user, key)
    if known is not None:
        return {"status": "already_there", "item_id": known.pk}
    try:
        details = _details(about)
        pictures = [images.clean(archive.picture(name)) for name in _pictures(about)]
        item, is_new = keeping.keep_once(user, key, pictures=pictures, **details)
    except (Refusal, ZipRefused) as refusal:
        return {"status": "refused", "code": refusal.code}
    except (ValidationError, IntegrityError):
        return {"status": "refused", "code": "invalid"}
    return {"status": "created" if is_new else "already_there", "item_id": item.pk}


def _known(user: User, key: str) -> UserWardrobeItem | None:
    """The item of that key, or the one that was exported under it and is still there."""
    exported = OWN_KEY.fullmatch(key)
    own = user.wardrobe.filter(client_key=key).first()
    return own or (user.wardrobe.filter(pk=exported[1]).first() if exported else None)


def _details(about: Mapping[str, Any]) -> dict[str, Any]:
    """What the wardrobe takes of it; ValidationError where that makes no sense."""
    details = {name: about[name] for name in PLAIN if about.get(name) is not None}
    item = UserWardrobeItem(source=UserWardrobeItem.Source.UPLOADED, **details)
    fields = {field.name for field in UserWardrobeItem._meta.fields}
    item.clean_fields(exclude=fields - details.keys() - {"name"})
    if not isinstance(item.characteristics, dict):
        raise ValidationError("characteristics")
    details = {name: getattr(item, name) for name in details}
    if about.get("is_archived") is True:
        details["archived_at"] = timezone.now()
    slug = about.get("category")
    if isinstance(slug, str):
        details["category"] = Category.objects.filter(slug=slug, is_active=True).first()
    return details


def _pictures(about: Mapping[str, Any]) -> list[Any]:
    names = about.get("pictures", [])
    if not isinstance(names, list) or len(names) > MAX_PICTURES:
        raise ValidationError("pictures")
    return names
