"""Guards: which role a view asks for, and the account behind the request."""

from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from core.principal import Principal, Role

AccountT = TypeVar("AccountT", bound=Model)


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


def current(request: Request, model: type[AccountT]) -> AccountT:
    """The account behind the request: `current(request, Shop)`."""
    if not isinstance(request.user, model):
        raise PermissionDenied
    return request.user
