"""Guards: which role a view asks for, and the account behind the request."""

from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from core.errors import Refusal
from core.principal import Principal, Role

AccountT = TypeVar("AccountT", bound=Model)


class SecondFactorRequired(Refusal):
    """The session has not shown a second factor."""

    code: ClassVar[str] = "second_factor_required"
    status: ClassVar[int] = 403


class SecondFactorStale(Refusal):
    """It has, but too long ago for this."""

    code: ClassVar[str] = "second_factor_stale"
    status: ClassVar[int] = 403


class Guard(BasePermission):
    """Lets in the listed roles: 401 without a valid token, 403 `code` with one of another kind."""

    roles: frozenset[Role] = frozenset()
    code = "wrong_account_type"
    message = _("This address is for another kind of account.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Principal) and request.auth.role in self.roles


class IsSignedIn(Guard):
    roles = frozenset(Role)


class IsUser(Guard):
    roles = frozenset({Role.USER, Role.ADMIN})


class IsShop(Guard):
    roles = frozenset({Role.SHOP})


class IsAdmin(Guard):
    roles = frozenset({Role.ADMIN})
    code = "admin_only"
    message = _("Only administrators may do this.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        """The role, and a second factor shown in this session; without: SecondFactorRequired."""
        allowed = super().has_permission(request, view)
        if allowed:
            _second_factor(request)
        return allowed


class HasRecentSecondFactor(BasePermission):
    """Step-up, beside a guard that names the role: a second factor shown 10 minutes ago or less.

    SecondFactorRequired without one, SecondFactorStale with an older one.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, Principal):
            return False
        oldest = timezone.now() - timedelta(seconds=settings.SECOND_FACTOR_RECENT_SECONDS)
        if _second_factor(request) < oldest:
            text = gettext("Show your second factor again: send a code to %(address)s.")
            raise SecondFactorStale(text % {"address": reverse("second-factor-verify")})
        return True


class IsReading(BasePermission):
    """For `IsReading | Guard`: the guard stands before changes only."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS


def current(request: Request, model: type[AccountT]) -> AccountT:
    """The account behind the request: `current(request, Shop)`."""
    if not isinstance(request.user, model):
        raise PermissionDenied
    return request.user


def second_factor_page() -> str:
    """Where a person sets a second factor up."""
    return f"{settings.API_BASE_URL}{reverse('mfa_index')}"


def _second_factor(request: Request) -> datetime:
    assert isinstance(request.auth, Principal)
    shown_at = request.auth.second_factor_at
    if shown_at is None:
        text = gettext(
            "A second factor is needed. Set one up at %(page)s and send its code to %(address)s."
        )
        where = {"page": second_factor_page(), "address": reverse("second-factor-verify")}
        raise SecondFactorRequired(text % where)
    return shown_at
