"""Writing a wardrobe into ZIP files, each small enough to be sent back and whole in itself.

`manifest.json` lists the items; its `pictures` name other files of the same ZIP.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder

from core import storage
from wardrobe.archives import requesting
from wardrobe.models import UserWardrobeItem, WardrobeArchive

FORMAT, VERSION = "leema-wardrobe", 1
PART_BYTES = 8 * 1024 * 1024  # of pictures; a body may have 12 MiB
PART_ITEMS = 100
PLAIN = (
    *("name", "description", "characteristics", "price", "shop_name", "season", "colour"),
    *("is_favorite", "folder"),
)
Parts = Iterator[list[UserWardrobeItem]]


def make(archive_id: int) -> None:
    """Write the files and tell the owner; a second time changes nothing."""
    waiting = WardrobeArchive.objects.filter(
        pk=archive_id, kind=WardrobeArchive.Kind.EXPORT, status=WardrobeArchive.Status.QUEUED
    )
    archive = waiting.select_related("user").first()
    if archive is None:
        return
    names = [
        _write(archive, number, items)
        for number, items in enumerate(_parts(archive.user.wardrobe.order_by("pk")))
    ]
    done = {"status": WardrobeArchive.Status.READY, "parts": len(names)}
    if not requesting.finish(archive, **done) and not _is_known(archive):
        for name in names:  # the person is erased by now
            storage.delete(name)


def urls(archive: WardrobeArchive) -> list[str]:
    """What opens the files of a ready export, for whoever holds it, until they are deleted."""
    if not archive.parts or archive.finished_at is None:
        return []
    expires = int((archive.finished_at + timedelta(days=storage.EXPORT_DAYS)).timestamp())
    names = (
        storage.wardrobe_export(archive.user_id, archive.pk, part) for part in range(archive.parts)
    )
    return [storage.signed_until(name, expires) for name in names]


def key_of(item: UserWardrobeItem) -> str:
    """The name under which an item is known wherever it is read back."""
    return item.client_key or f"leema:{item.pk}"


def _parts(items: Any) -> Parts:
    """The items in pieces; an empty wardrobe is one empty piece."""
    part: list[UserWardrobeItem] = []
    size = 0
    for item in items.select_related("category").iterator():
        more = sum(_sizes(item))
        if part and (size + more > PART_BYTES or len(part) == PART_ITEMS):
            yield part
            part, size = [], 0
        part.append(item)
        size += more
    yield part


def _sizes(item: UserWardrobeItem) -> Iterator[int]:
    for name in item.images:
        with suppress(FileNotFoundError):  # deleted meanwhile
            yield storage.size(name)


def _write(archive: WardrobeArchive, number: int, items: list[UserWardrobeItem]) -> str:
    name = storage.wardrobe_export(archive.user_id, archive.pk, number)
    with storage.writing(name) as file, ZipFile(file, "w") as zipped:
        listed = [_about(item) | {"pictures": list(_pictures(zipped, item))} for item in items]
        manifest = {"format": FORMAT, "version": VERSION, "items": listed}
        text = json.dumps(manifest, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        zipped.writestr("manifest.json", text, ZIP_DEFLATED)
    return name


def _about(item: UserWardrobeItem) -> dict[str, Any]:
    return {
        "key": key_of(item),
        **{name: getattr(item, name) for name in PLAIN},
        "category": item.category.slug if item.category else None,
        "is_archived": item.archived_at is not None,
    }


def _pictures(zipped: ZipFile, item: UserWardrobeItem) -> Iterator[str]:
    for number, stored in enumerate(item.images):
        with suppress(FileNotFoundError), storage.opened(stored) as picture:  # deleted meanwhile
            name = f"pictures/{item.pk}_{number}.jpg"
            with zipped.open(name, "w") as part:
                shutil.copyfileobj(picture, part)
            yield name


def _is_known(archive: WardrobeArchive) -> bool:
    return WardrobeArchive.objects.filter(pk=archive.pk).exists()
