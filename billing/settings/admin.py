"""Platform settings in the administrators' site: all on one page, each with its own button."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.mfa.browser import require_recent_factor
from billing.settings import changes
from core.admin import ReadOnlyAdmin
from core.models import PlatformSetting
from core.plain_text import check_fields
from core.platform_settings import registry


@admin.register(PlatformSetting)
class PlatformSettingAdmin(ReadOnlyAdmin):
    list_display = ["key", "value", "description", "updated_at"]
    fields = ["key", "value", "description", "updated_at"]

    def get_urls(self) -> list[URLPattern]:
        change = self.admin_site.admin_view(self.set_view)
        address = path("<slug:key>/set/", change, name="core_platformsetting_set")
        return [address, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every setting there is, those that nobody has changed yet among them."""
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "settings": registry.ALL.values(),
        }
        return TemplateResponse(request, "admin/core/platformsetting/settings.html", context)

    @method_decorator(require_POST)
    def set_view(self, request: HttpRequest, key: str) -> HttpResponse:
        require_recent_factor(request)
        check_fields(request.POST)
        text, by = request.POST.get("value", ""), request.user
        done = _("The setting is saved.")
        self.attempt(request, lambda: changes.change(key, text, by=by), done)  # type: ignore[arg-type]  # the site lets administrators in alone
        return redirect("admin:core_platformsetting_changelist")
