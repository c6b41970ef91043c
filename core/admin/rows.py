"""Rows in the administrators' site: read here, decided about through the domain alone."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.http import urlencode
from django.utils.timezone import localtime

from core import audit
from core.errors import Refusal


def tenge(amount: Decimal) -> str:
    """The amount as people read it: 12 000,00 ₸."""
    return f"{number_format(amount, decimal_pos=2, force_grouping=True)} ₸"


def moment(when: datetime) -> str:
    """The date and the minute, in the time of Kazakhstan."""
    return date_format(localtime(when), "SHORT_DATETIME_FORMAT")


def change_url(row: Model) -> str:
    """The page of a row in the administrators' site."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


class AuditedAdmin(admin.ModelAdmin):
    """Rows whose history is the audit log, which the domain writes, and not Django's own."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        pass

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        pass

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        pass

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        name = audit.name_of(self.model(pk=object_id))
        query = urlencode({"q": name})
        return HttpResponseRedirect(f"{reverse('admin:core_auditentry_changelist')}?{query}")


class ReadOnlyAdmin(AuditedAdmin):
    """Rows to look at; what may happen to them, the domain does."""

    list_per_page = 50
    empty_value_display = "—"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def attempt(self, request: HttpRequest, act: Callable[[], object], done: str) -> None:
        """Act and say what is done; or say why it was refused."""
        try:
            act()
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
