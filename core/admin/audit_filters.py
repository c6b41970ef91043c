"""How the audit log is narrowed down: by action, by days, by exact words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy

from core.audit_actions import ACTIONS
from core.models import AuditEntry

Entries = QuerySet[AuditEntry]
EXACT = ("actor", "action", "subject", "request_id", "ip")


def matching(entries: Entries, words: str) -> Entries:
    """The entries in which every word is a whole value. Each column has an index for that."""
    wanted = set(words.split())
    if len(wanted) > len(EXACT):
        return entries.none()
    for word in sorted(wanted):
        found = Q()
        for column in EXACT:
            found |= Q(**{column: word})
        entries = entries.filter(found)
    return entries


class ActionFilter(admin.SimpleListFilter):
    title = gettext_lazy("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ACTIONS.items())

    def queryset(self, request: HttpRequest, queryset: Entries) -> Entries:
        return queryset.filter(action=self.value()) if self.value() else queryset


class PeriodFilter(admin.ListFilter):
    """Two days, of which each may be left out; both are included."""

    title = gettext_lazy("period")
    template = "admin/period.html"
    bounds: ClassVar[list[str]] = ["from", "to"]

    def __init__(
        self, request: HttpRequest, params: dict[str, list[str]], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        sent = {name: params.pop(name)[-1] for name in self.bounds if name in params}
        self.days = {name: text for name, text in sent.items() if _day(text)}

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [*self.bounds]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        others = changelist.params.items()
        yield {
            "bounds": {name: self.days.get(name, "") for name in self.bounds},
            "others": [(name, value) for name, value in others if name not in self.bounds],
        }

    def queryset(self, request: HttpRequest, queryset: Entries) -> Entries:
        first, last = (_day(self.days.get(name, "")) for name in self.bounds)
        if first:
            queryset = queryset.filter(at__gte=_begin(first))
        if last:
            queryset = queryset.filter(at__lt=_begin(last + timedelta(days=1)))
        return queryset


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1900 < day.year < 9999 else None  # noqa: PLR2004 - room for a zone


def _begin(day: date) -> str:
    """When the day begins here, as the records write it."""
    begin = make_aware(datetime.combine(day, time.min))
    return begin.astimezone(UTC).isoformat(timespec="microseconds")
