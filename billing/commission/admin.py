"""Commission rules in the administrators' site: added and changed with a fresh second factor."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.mfa.browser import require_recent_factor
from billing.commission import changes
from billing.commission.models import CommissionRule
from core.admin import AuditedAdmin


@admin.register(CommissionRule)
class CommissionRuleAdmin(AuditedAdmin):
    list_display = ["__str__", "shop", "category", "percent", "fixed", "minimum", "maximum"]
    list_display += ["is_active"]
    list_filter = ["is_active"]
    list_select_related = ["shop", "category"]
    search_fields = ["shop__shop_name", "category__slug"]
    ordering = ["-is_active", "pk"]
    raw_id_fields = ["shop"]
    fields = ["shop", "category", "percent", "fixed", "minimum", "maximum", "is_active"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST":
            require_recent_factor(request)
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:  # noqa: FBT001 - Django's signature
        changes.save(obj)
