"""Which row of the table of limits a request counts in, and for whom."""

import re

from django.http import HttpRequest

from accounts import callers
from core.client_address import client_network
from core.limits import scopes
from core.limits.scopes import Scope
from core.principal import Principal, Role

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


def _under(*starts: str) -> re.Pattern[str]:
    """Addresses that begin like one of these; * stands for one part of the way."""
    return re.compile("|".join(re.escape(start).replace(r"\*", "[^/]+") for start in starts))


NEVER_LIMITED = _under("/healthz", "/readyz", "/uploads/", "/static/")
PAGES_THAT_SIGN_IN = _under("/accounts/*/login/callback/", "/api/v1/auth/*/callback")
# Writing there is counted apart; all other writing is in WRITES or SHOP.
ANYBODYS_WRITES = [
    (scopes.SIGN_IN, _under("/api/v1/auth/google/", "/api/v1/auth/apple/")),
    (scopes.SECOND_FACTOR, _under("/api/v1/auth/mfa", "/accounts/second-factor/")),
    (scopes.REFRESH, _under("/api/v1/auth/refresh")),
    (scopes.UPLOADS, _under("/api/v1/products/search-by-image")),
    (
        scopes.PAYMENT_CALLBACKS,
        _under("/api/v1/payments/*/callback", "/api/v1/payments/paypal/webhook"),
    ),
]
ACCOUNTS_WRITES = [
    (scopes.GENERATIONS, _under("/api/v1/generations/")),
    (scopes.UPLOADS, _under("/api/v1/wardrobe/*/remove-background")),  # as much work as a picture
    (
        scopes.ORDERS,
        _under(
            *("/api/v1/products/*/purchase", "/api/v1/checkout"),
            "/api/v1/orders/create-from-cart",
        ),
    ),
    (
        scopes.MONEY,
        _under(
            *("/api/v1/users/me/topup", "/api/v1/users/me/keys", "/api/v1/orders/"),
            *("/api/v1/shops/me/topup", "/api/v1/shops/me/keys", "/api/v1/shops/me/orders/"),
            "/api/v1/payments/",
            *("/api/v1/shops/me/payouts", "/api/v1/shops/me/bank-details"),
            *("/api/v1/admin/payouts/", "/api/v1/admin/adjustments", "/api/v1/admin/settings/"),
            *("/api/v1/admin/orders/", "/api/v1/admin/refunds/"),
            *("/panel/orders/", "/panel/balance/", "/admin/orders/", "/admin/billing/"),
            "/admin/core/platformsetting/",
        ),
    ),
]


def counted_as(request: HttpRequest) -> tuple[Scope, str] | None:
    """The row, and the account or the network whose use it is; None where nothing is counted."""
    if NEVER_LIMITED.match(request.path_info):
        return None
    principal = _caller(request)
    scope = _scope(request, principal)
    if scope is scopes.REFRESH:
        # By session, so that a token that is over uses up nothing of a session that goes on.
        refresher = callers.refresher(request)
        return scope, refresher.session_id if refresher else f"ip:{client_network(request)}"
    if scope.by_address or principal is None:
        return scope, f"ip:{client_network(request)}"
    return scope, principal.account


def _caller(request: HttpRequest) -> Principal | None:
    return callers.bearer(request) if _is_api(request) else callers.visitor(request)


def _scope(request: HttpRequest, principal: Principal | None) -> Scope:
    is_read = request.method in SAFE_METHODS
    if PAGES_THAT_SIGN_IN.match(request.path_info):
        return scopes.SIGN_IN
    if is_read and not _is_api(request):
        return scopes.PAGES
    apart = None if is_read else _counted_apart(request, principal)
    if apart or principal is None:
        return apart or scopes.ANONYMOUS
    if not is_read and request.content_type == "multipart/form-data":
        return scopes.UPLOADS
    if principal.role is Role.SHOP:
        return scopes.SHOP
    return scopes.READS if is_read else scopes.WRITES


def _counted_apart(request: HttpRequest, principal: Principal | None) -> Scope | None:
    """A stranger's write at the address of an account's is just a stranger's write."""
    rows = ANYBODYS_WRITES + (ACCOUNTS_WRITES if principal else [])
    fitting = (scope for scope, addresses in rows if addresses.match(request.path_info))
    return next(fitting, None)


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")
