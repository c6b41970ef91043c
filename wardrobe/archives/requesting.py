"""Asking for a wardrobe to be written into files, or to be read from one; the worker does it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from accounts.models import User
from core import storage
from core.errors import Refusal
from core.transactions import atomic
from wardrobe import events
from wardrobe.holding import hold
from wardrobe.models import WardrobeArchive

Kind, Status = WardrobeArchive.Kind, WardrobeArchive.Status
HOUR = timedelta(hours=1)  # between two exports, and after which no worker has it any more


class StillAtIt(Refusal):
    code = "still_at_it"


class ExportedLately(Refusal):
    code = "exported_lately"
    status = 429

    def __init__(self, wait: timedelta) -> None:
        super().__init__(_("A wardrobe is exported once an hour at most."))
        self.wait = max(1, int(wait.total_seconds()))


@atomic
def export(user: User) -> WardrobeArchive:
    """Have the wardrobe written into files; raises StillAtIt and ExportedLately."""
    hold(user.pk)
    _check_free(user, Kind.EXPORT)
    done = user.wardrobe_archives.filter(kind=Kind.EXPORT, status=Status.READY)
    newest = done.order_by("-pk").first()
    if newest and timezone.now() - newest.created_at < HOUR:
        raise ExportedLately(newest.created_at + HOUR - timezone.now())
    return _queued(user, Kind.EXPORT, "wardrobe.tasks.export_wardrobe")


@atomic
def read_back(user: User, content: bytes) -> WardrobeArchive:
    """Have the items of an exported file added to the wardrobe; raises StillAtIt, StorageFull."""
    hold(user.pk)
    _check_free(user, Kind.IMPORT)
    archive = _queued(user, Kind.IMPORT, "wardrobe.tasks.import_wardrobe")
    storage.write(storage.wardrobe_import(user.pk, archive.pk), content)
    return archive


@atomic
def finish(archive: WardrobeArchive, **known: Any) -> bool:
    """Note how it ended and tell the owner; False when somebody has noted that, or it is gone."""
    queued = WardrobeArchive.objects.filter(pk=archive.pk, status=Status.QUEUED)
    if not queued.update(finished_at=timezone.now(), **known):
        return False
    archive.refresh_from_db()
    events.wardrobe_archive_updated(archive)
    return True


def clear_old() -> int:
    """Forget archives older than 7 days, whose files are swept; returns how many."""
    oldest = timezone.now() - timedelta(days=storage.EXPORT_DAYS)
    return WardrobeArchive.objects.filter(created_at__lt=oldest).delete()[0]


def _check_free(user: User, kind: WardrobeArchive.Kind) -> None:
    """Only one at a time; one that no worker has finished in an hour is given up."""
    queued = user.wardrobe_archives.filter(kind=kind, status=Status.QUEUED)
    for stale in queued.filter(created_at__lt=timezone.now() - HOUR):
        finish(stale, status=Status.FAILED, report={"code": "internal"})
    if queued.exists():
        raise StillAtIt(_("The one before is not finished yet."))


def _queued(user: User, kind: WardrobeArchive.Kind, task: str) -> WardrobeArchive:
    archive = WardrobeArchive.objects.create(user=user, kind=kind)
    async_task(task, archive.pk)
    return archive
