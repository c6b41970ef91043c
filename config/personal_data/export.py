"""A copy of everything about a person: a zip of JSON files, one for each table, and pictures.

Tables are found by their foreign key to the person, so that a new one is never forgotten.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from accounts import events
from accounts.models import DataExport, User
from core import storage
from core.errors import Refusal
from orders.models import CartItem, OrderEvent, OrderItem
from realtime import groups
from realtime.models import Event

DAY_SECONDS = 24 * 3600
# What an administrator did is the platform's record, not the administrator's.
LEFT_OUT = {"django_admin_log"}
SECRET = {
    "users.password",
    "generations.lease_token",
    "mfa_authenticator.data",
    "request_keys.encrypted_secret",
}


class OnceADay(Refusal):
    code = "export_once_a_day"
    status = 429

    def __init__(self, wait: float) -> None:
        super().__init__(_("You may ask for a copy of your data once a day."))
        self.wait = max(1, int(wait))


@transaction.atomic
def request_export(user: User) -> DataExport:
    """Queue a copy of the person's data; raises OnceADay."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    newest = user.exports.order_by("-pk").first()
    age = (timezone.now() - newest.created_at).total_seconds() if newest else DAY_SECONDS
    if age < DAY_SECONDS:
        raise OnceADay(DAY_SECONDS - age)
    export = DataExport.objects.create(user=user)
    async_task("config.personal_data.tasks.make_export", export.pk)
    return export


def make(export_id: int) -> None:
    """Write the archive and tell the person; a second time changes nothing."""
    waiting = DataExport.objects.filter(pk=export_id, status=DataExport.Status.QUEUED)
    export = waiting.select_related("user").first()
    if export is None:
        return
    name = storage.export_archive(export.user_id, export.pk)
    with storage.writing(name) as file:
        write_archive(export.user, file)
    with transaction.atomic():
        if waiting.update(status=DataExport.Status.READY, finished_at=timezone.now()):
            export.refresh_from_db()
            events.export_ready(export, url(export))
            return
    if not DataExport.objects.filter(pk=export_id).exists():  # the person is erased by now
        storage.delete(name)


def url(export: DataExport) -> str:
    """What opens the archive of a ready export, for whoever holds it, until it is deleted."""
    assert export.finished_at is not None
    expires = export.finished_at + timedelta(days=storage.EXPORT_DAYS)
    name = storage.export_archive(export.user_id, export.pk)
    return storage.signed_until(name, int(expires.timestamp()))


def write_archive(user: User, file: BinaryIO) -> None:
    """Write the zip, a row and a piece of a picture at a time."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, rows in _tables(user):
            with archive.open(f"{name}.json", "w") as part:
                for piece in _as_json(rows):
                    part.write(piece)
        for name in storage.pictures_of(user.pk):
            with (
                suppress(FileNotFoundError),  # deleted meanwhile
                storage.opened(name) as picture,
                archive.open(ZipInfo(name), "w") as part,
            ):
                shutil.copyfileobj(picture, part)


def clear_old() -> None:
    """Forget exports older than 7 days, archives and rows."""
    storage.clear_exports()
    oldest = timezone.now() - timedelta(days=storage.EXPORT_DAYS)
    DataExport.objects.filter(created_at__lt=oldest).delete()


def _tables(user: User) -> Iterator[tuple[str, QuerySet[Any]]]:
    yield "profile", _rows(User, pk=user.pk)
    for relation in User._meta.related_objects:
        table = relation.related_model._meta.db_table
        if table not in LEFT_OUT:
            yield table, _rows(relation.related_model, **{relation.field.name: user})
    yield "order_items", _rows(OrderItem, order__user=user)
    yield "order_events", _rows(OrderEvent, order__user=user)
    yield "cart_items", _rows(CartItem, cart__user=user)
    yield "events", _rows(Event, audience=groups.user(user.pk))


def _rows(model: type[Model], **whose: Any) -> QuerySet[Any]:
    table = model._meta.db_table
    columns = [
        field.attname
        for field in model._meta.concrete_fields
        if f"{table}.{field.column}" not in SECRET
    ]
    return model._default_manager.filter(**whose).order_by("pk").values(*columns)


def _as_json(rows: QuerySet[Any]) -> Iterator[bytes]:
    comma = "["
    for row in rows.iterator():
        yield f"{comma}\n{json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)}".encode()
        comma = ","
    yield b"\n]\n" if comma == "," else b"[]\n"
