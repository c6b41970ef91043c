"""What the worker does with a sheet: look at all of it, and, once the shop says so, import it.

Each product is a transaction of its own, with the mark that it has been gone through: a worker that
is killed is followed by one that goes on there, and of two at work only one makes each product.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_q.tasks import async_task

from catalog import events
from catalog.bulk import requesting, sheets
from catalog.bulk.columns import Fault, Heading
from catalog.bulk.pictures import Pictures
from catalog.bulk.planning import Group, Plan, Planner, groups
from catalog.bulk.sheets import SheetRefused
from catalog.models import ProductImport, ProductImportError
from catalog.products import create_product, update_product
from catalog.tables import StockMovement
from core import storage
from core.errors import Refusal
from core.transactions import atomic

Status = ProductImport.Status
MANY: Any = {"is_announced": False, "stock_reason": StockMovement.Reason.IMPORTED}
WORK_SECONDS = 30  # then others are let in; a task may take 120
PICTURES_SECONDS = 40  # for looking at pictures before anything is imported
TOLD_SECONDS = 1  # between two events
BATCH = 500
MOST_ERRORS = 2000  # kept; all are counted


class Overtaken(Exception):
    """Another worker has gone through this product."""


def work_on(import_id: int) -> None:
    """Check the sheet or import a piece of it, whichever is its turn; again, it goes on."""
    job = ProductImport.objects.select_related("shop").filter(pk=import_id).first()
    if job is None or job.status not in requesting.RUNNING:
        return
    with override(job.language):
        try:
            sheet, planner = _read(job)
        except (SheetRefused, FileNotFoundError) as error:
            code = getattr(error, "code", "sheet_lost")
            text = (
                str(error) if isinstance(error, Refusal) else _("The file is gone: send it again.")
            )
            requesting.finish(job, Status.FAILED, failure_code=code, failure=text[:500])
            return
        if job.status == Status.IMPORTING:
            _import(job, sheet, planner)
        else:
            _check(job, sheet, planner)


def _read(job: ProductImport) -> tuple[list[Group], Planner]:
    heading_row, *rows = sheets.rows(storage.read(storage.product_sheet(job.shop_id, job.pk)))
    heading = Heading(heading_row)
    sheet = groups(heading.line(row) for row in rows)
    if not sheet:
        raise SheetRefused("sheet_empty", _("The sheet is empty."))
    name = storage.product_sheet_pictures(job.shop_id, job.pk)
    pictures = Pictures(storage.read(name) if job.has_pictures else None)
    return sheet, Planner(job.shop, heading, sheet, pictures)


def _check(job: ProductImport, sheet: list[Group], planner: Planner) -> None:
    rows = sum(map(len, sheet))
    ours = ProductImport.objects.filter(pk=job.pk, status__in=[Status.QUEUED, Status.CHECKING])
    ours.update(status=Status.CHECKING, rows_count=rows, products_count=len(sheet))
    planner.known.pictures.look_for(PICTURES_SECONDS)
    outcomes: Counter[str] = Counter()
    faults: list[Fault] = []
    for position, plan in enumerate(_plans(planner, sheet), 1):
        outcomes[plan.outcome] += 1
        faults += plan.faults
        if position % BATCH == 0:
            ours.update(position=position, worked_at=timezone.now())
            _tell(job)
    _checked(job, outcomes, sorted(faults, key=lambda fault: fault.row))


def _plans(planner: Planner, sheet: list[Group]) -> Iterator[Plan]:
    for start in range(0, len(sheet), BATCH):
        batch = sheet[start : start + BATCH]
        products = planner.products_of(batch)
        yield from (planner.plan(group, products) for group in batch)


@atomic
def _checked(job: ProductImport, outcomes: Counter[str], faults: Sequence[Fault]) -> None:
    ours = ProductImport.objects.filter(pk=job.pk, status=Status.CHECKING)
    counts = {f"{outcome}_count": count for outcome, count in outcomes.items()}
    now = timezone.now()
    if ours.update(status=Status.CHECKED, errors_count=len(faults), worked_at=now, **counts):
        ProductImport.objects.filter(pk=job.pk).update(position=F("products_count"))
        _note(job, faults[:MOST_ERRORS])
        _tell(job)


def _import(job: ProductImport, sheet: list[Group], planner: Planner) -> None:
    ends = monotonic() + WORK_SECONDS
    tells = monotonic() + TOLD_SECONDS
    for position in range(job.position, len(sheet)):
        try:
            with planner.opened_pictures(sheet[position]):
                _import_one(job, position, sheet[position], planner)
        except Overtaken:
            return
        if monotonic() > tells:
            tells = monotonic() + TOLD_SECONDS
            _tell(job)
        if monotonic() > ends:
            async_task("catalog.tasks.work_on_import", job.pk)
            return
    _finish(job)


@atomic
def _import_one(job: ProductImport, position: int, group: Group, planner: Planner) -> None:
    plan = planner.plan(group, planner.products_of([group], are_held=True))
    if not plan.faults:
        plan = _carried_out(job, group, plan)
    if plan.faults:
        _note(job, plan.faults[: max(0, MOST_ERRORS - job.errors.count())])
    _mark(job, position, plan)


def _mark(job: ProductImport, position: int, plan: Plan) -> None:
    """Count the product as gone through; Overtaken when another worker has done that."""
    ours = ProductImport.objects.filter(pk=job.pk, status=Status.IMPORTING, position=position)
    counter = f"{plan.outcome}_count"
    more = {counter: F(counter) + 1, "errors_count": F("errors_count") + len(plan.faults)}
    if not ours.update(position=position + 1, worked_at=timezone.now(), **more):
        raise Overtaken


def _carried_out(job: ProductImport, group: Group, plan: Plan) -> Plan:
    """The plan, or the same with what the rules say against it."""
    try:
        if plan.product is None:
            create_product(job.shop, **MANY, **plan.changes)
        elif plan.changes:
            update_product(plan.product, **MANY, **plan.changes)
    except Refusal as refusal:
        return Plan(plan.product, faults=[Fault(group[0].number, "", refusal.code, str(refusal))])
    return plan


def _note(job: ProductImport, faults: Sequence[Fault]) -> None:
    rows = [
        ProductImportError(
            of=job,
            row=fault.row,
            column=fault.column[:200],
            code=fault.code[:40],
            detail=fault.detail[:500],
        )
        for fault in faults
    ]
    ProductImportError.objects.bulk_create(rows)


@atomic
def _finish(job: ProductImport) -> None:
    if requesting.finish(job, Status.DONE) and (count := job.created_count + job.changed_count):
        events.products_imported(job, count)


def _tell(job: ProductImport) -> None:
    job.refresh_from_db()
    events.product_import_updated(job)
