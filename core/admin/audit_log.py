"""The audit log in the administrators' site: to read, to search and to take along as CSV."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import audit
from core.admin.audit_filters import ActionFilter, Entries, PeriodFilter, matching
from core.admin.audit_rows import difference, linked_row, person_id
from core.admin.rows import ReadOnlyAdmin
from core.audit_actions import named
from core.csv_export import csv_response
from core.models import AuditEntry

LISTED_MAX = 10_000
EXPORT_BATCH = 2000


class NewestPaginator(Paginator):
    """Counts no further than anybody would turn pages: counting a million takes its time."""

    @cached_property
    def count(self) -> int:
        entries: Any = self.object_list
        return int(entries.order_by()[:LISTED_MAX].count())


class EntryList(ChangeList):
    """A page of entries together with the names of the people in it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        _name_people(self.result_list)
        self.is_cut = self.result_count == LISTED_MAX


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Entries, the newest first."""

    list_display = ["seq", "when", "who", "what", "to_what", "ip"]
    list_filter = [ActionFilter, PeriodFilter]
    sortable_by = ()
    search_fields = ["actor"]  # shows the box; `matching` does the search
    search_help_text = gettext_lazy(
        "Whole words: who (admin:5), action (shop.approve), object (shop:12), request, IP address."
    )
    ordering = ["-at"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = NewestPaginator
    fields = ["seq", "when", "who", "session", "ip", "request_id", "what", "to_what"]
    fields += ["changes", "hash"]

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="core_auditentry_export"), *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EntryList

    def get_object(self, request: HttpRequest, *args: Any) -> AuditEntry | None:
        entry: AuditEntry | None = super().get_object(request, *args)
        _name_people([entry] if entry else [])
        return entry

    def get_search_results(
        self, request: HttpRequest, queryset: Entries, search_term: str
    ) -> tuple[Entries, bool]:
        return matching(queryset, search_term), False

    @method_decorator(require_POST)
    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The list as it is filtered, whole, as a CSV file. Taking it along is an entry too."""
        try:
            entries: Entries = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:core_auditentry_changelist")
        with transaction.atomic():
            audit.record("audit.export", "audit_log", after=_asked(request))
        heading = [_("number"), _("time"), _("who"), _("session"), _("address"), _("request")]
        heading += [_("action"), _("object"), _("before"), _("after"), _("hash")]
        return csv_response("audit-log", map(capfirst, heading), _cells(entries))

    @admin.display(description=gettext_lazy("time"))
    def when(self, entry: AuditEntry) -> str:
        moment = localtime(datetime.fromisoformat(entry.at))
        return f"{date_format(moment, 'SHORT_DATE_FORMAT')} {moment:%H:%M:%S}"

    @admin.display(description=gettext_lazy("who"))
    def who(self, entry: Any) -> SafeString | str:
        person = getattr(entry, "person", None)
        return linked_row(entry.actor, f"{person} ({entry.actor})" if person else entry.actor)

    @admin.display(description=gettext_lazy("action"))
    def what(self, entry: AuditEntry) -> str:
        return named(entry.action)

    @admin.display(description=gettext_lazy("object"))
    def to_what(self, entry: AuditEntry) -> SafeString | str:
        return linked_row(entry.subject)

    @admin.display(description=gettext_lazy("session"))
    def session(self, entry: AuditEntry) -> str:
        return str(entry.said["session"])

    @admin.display(description=gettext_lazy("changes"))
    def changes(self, entry: AuditEntry) -> SafeString | str:
        return difference(entry)


def _name_people(entries: Iterable[Any]) -> None:
    """Give each entry the `person` who acted, in one query for all."""
    ids = {entry: person_id(entry.actor) for entry in entries}
    people = get_user_model()._default_manager.in_bulk(set(ids.values()) - {None})
    for entry, number in ids.items():
        entry.person = people.get(number)


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the list was narrowed by; an e-mail address that was searched is not kept."""
    names = ("action", *PeriodFilter.bounds, "q")
    return {name: request.GET[name] for name in names if "@" not in request.GET.get(name, "@")}


async def _cells(entries: Entries) -> AsyncIterator[list[Any]]:
    """The rows of the file. Batch by batch: no cursor has to stay open while it is sent."""
    older = entries = entries.order_by("-at", "-pk")
    while batch := [entry async for entry in older[:EXPORT_BATCH]]:
        for entry in batch:
            said = entry.said
            yield [
                *(entry.seq, entry.at, entry.actor, said["session"], entry.ip, entry.request_id),
                *(entry.action, entry.subject, said["before"], said["after"], entry.hash),
            ]
        last = batch[-1]
        older = entries.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)
