"""The administrators' site: its sign-in and its first page."""

from typing import Any, NoReturn

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import panel
from catalog.models import waiting_for_moderation
from config import dashboard
from config.admin import SECTIONS
from core.audit_actions import named
from core.models import AuditEntry
from orders.models import Order

NEWEST_ORDERS = 8
NEWEST_DECISIONS = 10


class LeemaAdminSite(AdminSite):
    site_header = "Leema"
    site_title = "Leema"
    index_title = _("Dashboard")
    index_template = "admin/dashboard.html"
    enable_nav_sidebar = False  # a bar of links takes less of a row

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Administrators have no password here: they sign in like everybody, with Google."""
        following = request.GET.get("next", reverse("admin:index"))
        return redirect_to_login(following, reverse("panel-sign-in"))

    def logout(  # type: ignore[override]  # Django's own may redirect, too
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return panel.sign_out(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> NoReturn:
        raise Http404

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The sections in the order of daily work."""
        order = list(SECTIONS)
        sections = super().get_app_list(request, app_label)
        return sorted(sections, key=lambda section: order.index(section["app_label"]))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With how many products wait for a moderator, to whom it is shown."""
        context = super().each_context(request)
        if context["has_permission"]:
            context["products_waiting"] = waiting_for_moderation()
        return context

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        newest = Order.objects.select_related("user", "shop", "product").order_by("-pk")
        own = AuditEntry.objects.filter(actor=f"admin:{request.user.pk}").order_by("-at")
        context = {
            "cards": _cards(),
            "newest_orders": newest[:NEWEST_ORDERS],
            "decisions": [(named(entry.action), entry) for entry in own[:NEWEST_DECISIONS]],
        }
        return super().index(request, {**context, **(extra_context or {})})


def _cards() -> list[dict[str, Any]]:
    """The numbers of the platform, each with the list it counts; what waits for us is first."""
    numbers = dashboard.numbers()
    queues = [
        (_("Products to moderate"), "pending_moderation", "catalog_product", ""),
        (_("Reported products"), "pending_reports", "catalog_productreport", ""),
        (_("Shops to approve"), "pending_shops", "shops_shop", "?status=pending"),
        (_("Orders to decide"), "pending_refunds", "orders_order", "?decision=waiting"),
    ]
    counts = [
        (_("Products"), "total_products", "catalog_product", "?status=all"),
        (_("On sale"), "active_products", "catalog_product", "?status=approved"),
        (_("Shops"), "total_shops", "shops_shop", ""),
        (_("People"), "total_users", "accounts_user", ""),
        (_("Orders"), "total_orders", "orders_order", ""),
        (_("Generations"), "total_generations", "generations_generation", ""),
    ]
    money = [
        (_("Earned"), "total_revenue", "billing_transaction", ""),
        (_("In escrow"), "total_escrow", *_legs("escrow")),
        (_("Deposits held"), "total_deposits", *_legs("deposit")),
        (_("Due to shops"), "total_due_to_shops", *_legs("shop_pending")),
        (_("On people's balances"), "total_user_balances", "accounts_user", ""),
        (_("On shops' balances"), "total_shop_balances", "shops_shop", ""),
    ]
    return [
        {
            "name": name,
            "number": numbers[key],
            "url": reverse(f"admin:{model}_changelist") + query,
            "kind": kind,
        }
        for kind, cards in (("queue", queues), ("count", counts), ("money", money))
        for name, key, model, query in cards
    ]


def _legs(account: str) -> tuple[str, str]:
    """The list of an account of the platform."""
    return "billing_transaction", f"?system_account__exact={account}"
