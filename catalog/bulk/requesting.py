"""Asking for a sheet to be looked at, and then to be imported; the worker does it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from catalog import events
from catalog.bulk import sheets
from catalog.bulk.pictures import Pictures
from catalog.models import ProductImport
from catalog.products import ShopNotApproved
from core import storage
from core.errors import Refusal
from core.transactions import atomic
from core.zips import ZipRefused
from shops.models import Shop

Status = ProductImport.Status
RUNNING = (Status.QUEUED, Status.CHECKING, Status.IMPORTING)
LOST_MINUTES = 5  # without a sign of life, a sheet is given to another worker
TRIED_HOURS = 24  # after its sending; then a worker that loses it was the last one
KEPT_DAYS = storage.EXPORT_DAYS


class StillAtIt(Refusal):
    code = "still_at_it"


class NotChecked(Refusal):
    code = "import_not_checked"


class NothingToImport(Refusal):
    code = "nothing_to_import"


class BadPictures(Refusal):
    code = "bad_pictures"
    status = 422


def send(shop: Shop, name: str, sheet: bytes, pictures: bytes | None = None) -> ProductImport:
    """Have a sheet, and a ZIP of pictures that it names, looked at in the active language.

    It takes the place of one that was only looked at. Raises SheetRefused, BadPictures,
    ShopNotApproved, StillAtIt, StorageFull.
    """
    if not shop.is_approved:
        raise ShopNotApproved(_("The shop has to be approved before it can offer products."))
    sheets.check(sheet)
    _check_pictures(pictures)
    return _queued(shop, name, sheet, pictures)


@atomic
def confirm(job: ProductImport) -> ProductImport:
    """Have a checked sheet imported; raises NotChecked, NothingToImport, StillAtIt."""
    Shop.objects.select_for_update(no_key=True).get(pk=job.shop_id)
    _check_free(job.shop_id)
    checked = ProductImport.objects.filter(pk=job.pk, status=Status.CHECKED)
    if not checked.exists():
        raise NotChecked(_("Only a sheet that was just checked can be imported."))
    if not checked.exclude(created_count=0, changed_count=0).exists():
        raise NothingToImport(_("The sheet would change nothing."))
    job.errors.all().delete()
    counts = dict.fromkeys(["created_count", "changed_count", "unchanged_count"], 0)
    counts |= {"refused_count": 0, "errors_count": 0, "position": 0}
    checked.update(status=Status.IMPORTING, worked_at=timezone.now(), **counts)
    return _handed_over(job)


@atomic
def discard(job: ProductImport) -> None:
    """Forget a sheet with its file; StillAtIt while a worker has it in hand."""
    if not _free(job.pk).delete()[0]:
        raise StillAtIt(_("The sheet is being worked on. Wait until that is finished."))
    forget_files(job)


@atomic
def finish(job: ProductImport, status: ProductImport.Status, **known: Any) -> bool:
    """Note how it ended and tell the shop; False when somebody has noted that, or it is gone."""
    running = ProductImport.objects.filter(pk=job.pk, status__in=RUNNING)
    if not running.update(status=status, finished_at=timezone.now(), **known):
        return False
    forget_files(job)
    job.refresh_from_db()
    events.product_import_updated(job)
    return True


def forget_files(job: ProductImport) -> None:
    """Delete the files once that is committed."""
    about = job.shop_id, job.pk
    storage.delete_after_commit(
        storage.product_sheet(*about), storage.product_sheet_pictures(*about)
    )


def resume_lost() -> int:
    """Give what no worker has touched for some minutes to one anew; returns how many.

    What was sent more than a day ago has failed then, so that its shop can send another.
    """
    oldest = timezone.now() - timedelta(minutes=LOST_MINUTES)
    tried = timezone.now() - timedelta(hours=TRIED_HOURS)
    lost = ProductImport.objects.filter(status__in=RUNNING, worked_at__lt=oldest)
    for job in lost.filter(created_at__lt=tried):
        _given_up(job)
    going_on = list(lost.filter(created_at__gte=tried))
    for job in going_on:
        _handed_over(job)
    return len(going_on)


def clear_old() -> int:
    """Forget sheets older than 7 days, with their files; returns how many."""
    storage.clear_imports()
    oldest = timezone.now() - timedelta(days=KEPT_DAYS)
    return ProductImport.objects.filter(created_at__lt=oldest).delete()[0]


def _check_pictures(content: bytes | None) -> None:
    try:
        Pictures(content)
    except ZipRefused as refused:
        raise BadPictures(_("The pictures are no ZIP file that can be read.")) from refused


@atomic
def _queued(shop: Shop, name: str, sheet: bytes, pictures: bytes | None) -> ProductImport:
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    _check_free(shop.pk)
    for earlier in shop.product_imports.filter(status=Status.CHECKED):
        discard(earlier)
    job = ProductImport.objects.create(
        shop=shop,
        file_name=name[:100],
        language=(get_language() or "ru")[:2],
        has_pictures=pictures is not None,
        worked_at=timezone.now(),
    )
    storage.write(storage.product_sheet(shop.pk, job.pk), sheet)
    if pictures is not None:
        storage.write(storage.product_sheet_pictures(shop.pk, job.pk), pictures)
    return _handed_over(job)


def _check_free(shop_id: int) -> None:
    if ProductImport.objects.filter(shop_id=shop_id, status__in=RUNNING).exists():
        raise StillAtIt(_("The one before is not finished yet."))


def _free(pk: int) -> Any:
    return ProductImport.objects.filter(pk=pk).exclude(status__in=RUNNING)


def _given_up(job: ProductImport) -> None:
    with override(job.language):
        text = _("The sheet could not be worked through. Send it again, or write to us.")
    finish(job, Status.FAILED, failure_code="worker_failed", failure=text)


def _handed_over(job: ProductImport) -> ProductImport:
    """Queue the next piece of work; the row says which one it is."""
    ProductImport.objects.filter(pk=job.pk).update(worked_at=timezone.now())
    job.refresh_from_db()
    async_task("catalog.tasks.work_on_import", job.pk)
    return job
