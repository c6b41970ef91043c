"""Generations, and the worker's queue that runs them, in the administrators' site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_q.models import Failure, OrmQ, Schedule, Success

from core import storage
from core.admin import ReadOnlyAdmin, tenge
from generations import circuit
from generations.models import EngineCall, Generation

# A schedule names any function of the server: whoever may edit one could run everything.
admin.site.unregister([Success, Failure, OrmQ, Schedule])


@admin.register(Generation)
class GenerationAdmin(ReadOnlyAdmin):
    list_display = ["id", "result_picture", "type", "user", "product", "status", "money"]
    list_display += ["error_code", "created_at", "finished_at"]
    list_filter = ["status", "type", "provider", "error_code", "created_at"]
    list_select_related = ["user", "product"]
    search_fields = ["=id", "user__email", "user__name", "product__name", "prompt"]
    ordering = ["-pk"]
    fields = ["result_picture", "type", "status", "error_code", "user", "product", "prompt"]
    fields += ["money", "provider", "model", "attempt", "created_at", "finished_at"]

    @admin.display(description=gettext_lazy("Result"))
    def result_picture(self, generation: Generation) -> SafeString | str:
        if not generation.result:
            return self.empty_value_display
        text = _("Result of generation %(number)d") % {"number": generation.pk}
        return format_html(
            '<div class="gallery"><img src="{}" alt="{}" loading="lazy"></div>',
            storage.signed_url(generation.result),
            text,
        )

    @admin.display(description=gettext_lazy("Cost"), ordering="cost")
    def money(self, generation: Generation) -> str:
        return tenge(generation.cost)


@admin.register(EngineCall)
class EngineCallAdmin(ReadOnlyAdmin):
    list_display = ["id", "engine", "generation", "at", "seconds", "error_code", "provider_code"]
    list_filter = ["engine", "error_code", "at"]
    list_select_related = ["generation"]
    search_fields = ["=generation__id", "provider_code"]
    ordering = ["-pk"]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, under a line that says how the engines are."""
        words = {"ok": _("works"), "resting": _("rests after too many failures")}
        health = [f"{engine}: {words[state]}" for engine, state in circuit.health().items()]
        title = {"subtitle": ", ".join(health)}
        return super().changelist_view(request, {**(extra_context or {}), **title})


@admin.register(Success)
class SuccessAdmin(ReadOnlyAdmin):
    list_display = ["name", "func", "started", "stopped"]
    search_fields = ["name", "func"]


@admin.register(Failure)
class FailureAdmin(ReadOnlyAdmin):
    list_display = ["name", "func", "attempt_count", "started", "stopped", "cause"]
    search_fields = ["name", "func"]

    @admin.display(description=gettext_lazy("Cause"))
    def cause(self, task: Any) -> str:
        """The last line of the traceback."""
        return str(task.result or "").strip().rpartition("\n")[2][:200]


@admin.register(OrmQ)
class QueueAdmin(ReadOnlyAdmin):
    list_display = ["id", "name", "func", "lock"]
    fields = ["id", "name", "func", "args", "lock"]


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin):
    list_display = ["name", "func", "schedule_type", "minutes", "next_run"]
