"""People in the administrators' site: their role, whether they may come in, where they are."""

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import change_access, end_session
from accounts.devices.description import in_words
from accounts.mfa.browser import require_recent_factor
from accounts.models import AuthSession, User
from core.admin import AuditedAdmin, ReadOnlyAdmin, moment, tenge

# Google says who people are, and the role says what they may do: nothing here is to be edited.
admin.site.unregister([Group, Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken])
DECIDED_HERE = ["role", "is_active"]


@admin.register(User)
class UserAdmin(AuditedAdmin):
    list_display = [
        "name",
        "email",
        "role",
        "is_active",
        "money",
        "free_generations_left",
        "free_try_ons_left",
        "joined",
    ]
    list_filter = ["role", "is_active"]
    list_per_page = 50
    search_fields = ["name", "email"]
    ordering = ["-pk"]
    fields = [
        "name",
        "email",
        "role",
        "is_active",
        "money",
        "free_generations_left",
        "free_try_ons_left",
        "joined",
        "last_login",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """All but the role and the access; of oneself these too, so that nobody locks up.

        Whoever is erased stays so.
        """
        fields = ["name", "email", "money", "free_generations_left", "free_try_ons_left"]
        fields += ["joined", "last_login"]
        is_settled = obj is not None and (obj == request.user or obj.erased_at is not None)
        return [*fields, *DECIDED_HERE] if is_settled else fields

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            require_recent_factor(request)
        return super().change_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:  # noqa: FBT001 - Django's signature
        if form.changed_data:
            change_access(obj, role=obj.role, is_active=obj.is_active)

    @admin.display(description=gettext_lazy("Balance"), ordering="balance")
    def money(self, user: User) -> SafeString:
        address = reverse("admin:billing_transaction_changelist")
        return format_html(
            '<a href="{}?user__id__exact={}">{}</a>', address, user.pk, tenge(user.balance)
        )

    @admin.display(description=gettext_lazy("Joined"), ordering="created_at")
    def joined(self, user: User) -> str:
        return moment(user.created_at)


class AliveFilter(admin.SimpleListFilter):
    title = gettext_lazy("status")
    parameter_name = "alive"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", gettext_lazy("Signed in"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        alive = AuthSession.objects.alive().values("pk")
        return queryset.filter(pk__in=alive) if self.value() == "1" else queryset


@admin.register(AuthSession)
class AuthSessionAdmin(ReadOnlyAdmin):
    """Where people and shops are signed in; the panels' cookies are not among these."""

    list_display = ["__str__", "device", "ip", "created_at", "last_seen_at", "revoked_at"]
    list_filter = [AliveFilter, "platform"]
    list_select_related = ["user", "shop"]
    search_fields = ["user__name", "user__email", "shop__shop_name", "shop__email", "ip"]
    ordering = ["-last_seen_at"]
    fields = ["user", "shop", "platform", "device", "ip", "created_at", "last_seen_at"]
    fields += ["revoked_at"]
    actions = ["end_selected"]

    @admin.action(description=gettext_lazy("Sign out on the selected devices"))
    def end_selected(self, request: HttpRequest, rows: QuerySet[AuthSession]) -> None:
        for session in rows.filter(revoked_at=None):
            done = _("%(name)s is signed out.") % {"name": session}
            self.attempt(request, partial(end_session, session), done)

    @admin.display(description=gettext_lazy("Device"))
    def device(self, session: AuthSession) -> str:
        return in_words(session.user_agent)
