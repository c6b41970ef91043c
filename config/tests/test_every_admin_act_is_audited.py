"""Whatever an administrator does, by whichever door, leaves one entry in the audit log.

The doors are walked: an act that this file does not name fails the test until it is named here,
and then until it writes its entry.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.models import LogEntry
from django.core.management import call_command, get_commands
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from accounts.models import AuthSession, User
from accounts.tests.signed_requests import Device, send_signed
from billing.admin import DECISIONS
from billing.models import CommissionRule, Payment, Payout
from billing.payments import refunding, starting
from billing.payments.admin import DECISIONS as PAYMENT_DECISIONS
from billing.payouts import lifecycle
from billing.tests.sandbox_payer import hear, paid
from billing.tests.shops_with_money import earned, with_bank_details
from catalog import moderation
from catalog.models import Category, ModerationDecision, Product
from catalog.reports import reporting
from catalog.reviews import reviewing
from catalog.reviews.tests.buyers import buyers
from catalog.tables import ProductReport, Review
from config.tests.rows import undone
from conftest import signed_in
from core.admin import AuditedAdmin
from core.audit_actions import ACTIONS
from core.guards import IsAdmin, IsUser
from core.models import AuditEntry
from orders.admin import STEPS
from orders.checkout import buy_from_balance
from orders.models import Order, OrderEvent
from orders.saying import Said
from orders.tests.rentals import booked, for_rent, overdue
from orders.tests.steps import TO_COMPLETED, completed, settled, take
from orders.transitions import Event
from shops.models import Shop

CATEGORY = {"name_ru": "Шапки", "name_kk": "Бас киім", "name_en": "Hats", "slug": "slippers"}
CATEGORY |= {"garment": "auto", "order": "5", "is_active": "on"}


@dataclass
class Scene:
    """An administrator before things to decide about."""

    api: APIClient
    desk: Client
    device: Device
    admin: User
    aigerim: User
    newcomer: Shop
    dress: Product
    category: Category
    report: ProductReport
    review: Review
    hidden_review: Review
    order: Order
    refund: OrderEvent
    payout: Payout
    approved_payout: Payout
    reviewed_payment: Payment
    paid_payment: Payment
    lost_refund: Payment
    session: AuthSession
    rule: CommissionRule


Act = Callable[[Scene], Any]


def of_api(route: str, pk: Callable[[Scene], int], **body: Any) -> Act:
    return lambda scene: scene.api.post(f"/api/v1/{route % pk(scene)}", body)


def of_page(name: str, row: Callable[[Scene], Any], **form: Any) -> Act:
    return lambda scene: scene.desk.post(reverse(f"admin:{name}", args=[row(scene).pk]), form)


def of_payout(action: str, row: Callable[[Scene], Payout], **form: Any) -> Act:
    def act(scene: Scene) -> Any:
        address = reverse("admin:billing_payout_decide", args=[row(scene).pk, action])
        return scene.desk.post(address, form)

    return act


def of_step(event: str) -> Act:
    """The step of an order, once it has come so far."""

    def act(scene: Scene) -> Any:
        order = WAYS[event](scene)
        address = reverse("admin:orders_order_step", args=[order.pk, event])
        return scene.desk.post(address, {"percent": "50", "amount": "10", **REASON})

    return act


def of_payment(action: str, row: Callable[[Scene], Payment], **form: Any) -> Act:
    def act(scene: Scene) -> Any:
        address = reverse("admin:billing_payment_decide", args=[row(scene).pk, action])
        return scene.desk.post(address, form)

    return act


def bought(*events: str) -> Callable[[Scene], Order]:
    return lambda scene: take(scene.order, *events, said=EXPLAINED)


def rented(*events: str) -> Callable[[Scene], Order]:
    def way(scene: Scene) -> Order:
        rental = booked(scene.aigerim, for_rent(scene.order.product))
        return take(rental, *events, said=EXPLAINED)

    return way


def of_list(name: str, action: str, row: Callable[[Scene], Any]) -> Act:
    def act(scene: Scene) -> Any:
        form = {"action": action, "_selected_action": [row(scene).pk], "post": "yes"}
        form |= {"reason_code": "bad_pictures"} if action == "reject_selected" else {}
        return scene.desk.post(reverse(f"admin:{name}_changelist"), form)

    return act


def reopen_a_shop(scene: Scene) -> Any:
    Shop.objects.filter(pk=scene.order.shop_id).update(is_active=False)
    return scene.desk.post(reverse("admin:shops_shop_reopen", args=[scene.order.shop_id]))


def correct_a_balance(scene: Scene) -> Any:
    asked = {"account_type": "user", "account_id": scene.aigerim.pk, "amount": 500, **REASON}
    return send_signed(scene.api, scene.device, "POST", "/api/v1/admin/adjustments", asked)


REASON = {"reason": "The address is missing."}
RULE = {"percent": "7.5", "fixed": "0", "minimum": "0", "is_active": "on"}
REFERENCE = {"bank_reference": "BR-1"}
EXPLAINED = Said(amount=Decimal(20), photos=[b"a photo"], **REASON)
DISPUTED = bought("accept", "ship", "dispute")
# How an order comes to the stage in which an administrator may take the step.
WAYS = {
    "cancel": bought(),
    "deliver": bought("accept", "ship"),
    "dispute": bought("accept", "ship"),
    "resolve_buyer": DISPUTED,
    "resolve_shop": DISPUTED,
    "resolve_split": DISPUTED,
    "return_accept": bought("accept", "ship", "deliver", "request_return"),
    "return_reject": bought(*TO_COMPLETED, "request_return_late"),
    "refund_settled": lambda scene: settled(completed(scene.order)),
    "decline": rented(),
    "lost": lambda scene: overdue(rented("hand_over")(scene)),
    "claim_decide": rented("hand_over", "return_damaged"),
}
API_ACTS: dict[str, tuple[str, Act]] = {
    "POST api/v1/admin/shops/<int:pk>/approve": (
        "shop.approve",
        of_api("admin/shops/%d/approve", lambda scene: scene.newcomer.pk),
    ),
    "POST api/v1/admin/shops/<int:pk>/reject": (
        "shop.reject",
        of_api("admin/shops/%d/reject", lambda scene: scene.newcomer.pk, **REASON),
    ),
    "POST api/v1/admin/products/<int:pk>/approve": (
        "product.approve",
        of_api("admin/products/%d/approve", lambda scene: scene.dress.pk, action="approve"),
    ),
    "POST api/v1/admin/products/<int:pk>/reject": (
        "product.reject",
        of_api("admin/products/%d/reject", lambda scene: scene.dress.pk, **REASON),
    ),
    "POST api/v1/admin/products/<int:pk>/take-down": (
        "product.take_down",
        of_api("admin/products/%d/take-down", lambda scene: scene.order.product_id, **REASON),
    ),
    "POST api/v1/admin/products/<int:pk>/undo": (
        "product.undo",
        of_api("admin/products/%d/undo", lambda scene: scene.order.product_id),
    ),
    "POST api/v1/admin/adjustments": ("balance.adjust", correct_a_balance),
    "POST api/v1/admin/payouts/<int:pk>/approve": (
        "payout.approve",
        of_api("admin/payouts/%d/approve", lambda scene: scene.payout.pk),
    ),
    "POST api/v1/admin/payouts/<int:pk>/paid": (
        "payout.paid",
        of_api("admin/payouts/%d/paid", lambda scene: scene.approved_payout.pk, **REFERENCE),
    ),
    "POST api/v1/admin/payouts/<int:pk>/fail": (
        "payout.fail",
        of_api("admin/payouts/%d/fail", lambda scene: scene.payout.pk, **REASON),
    ),
    "PUT api/v1/admin/settings/<slug:key>": (
        "setting.change",
        lambda scene: scene.api.put("/api/v1/admin/settings/refund_period_days", {"value": "20"}),
    ),
    "POST api/v1/admin/orders/<int:pk>/<slug:action>": (
        "order.cancel",
        of_api("admin/orders/%d/cancel", lambda scene: scene.order.pk),
    ),
    "POST api/v1/admin/orders/<int:pk>/refund": (
        "order.cancel",
        of_api("admin/orders/%d/refund", lambda scene: scene.order.pk, **REASON),
    ),
    "POST api/v1/admin/refunds/<int:pk>/process": (
        "order.resolve_buyer",
        of_api("admin/refunds/%d/process", lambda scene: scene.refund.pk, action="approve"),
    ),
    # The same under the older clients' address.
    "POST api/v1/admin/moderation/<int:pk>/approve": (
        "product.approve",
        of_api("admin/moderation/%d/approve", lambda scene: scene.dress.pk),
    ),
    "POST api/v1/admin/moderation/<int:pk>/reject": (
        "product.reject",
        of_api("admin/moderation/%d/reject", lambda scene: scene.dress.pk, **REASON),
    ),
}
ADMIN_ACTS: dict[str, tuple[str, Act]] = {
    "shops_shop_approve": (
        "shop.approve",
        of_page("shops_shop_approve", lambda scene: scene.newcomer),
    ),
    "shops_shop_reject": (
        "shop.reject",
        of_page("shops_shop_reject", lambda scene: scene.newcomer, **REASON),
    ),
    "shops_shop_suspend": (
        "shop.suspend",
        of_page("shops_shop_suspend", lambda scene: scene.order.shop, **REASON),
    ),
    "shops_shop_reopen": ("shop.reopen", reopen_a_shop),
    "shops_shop action approve_selected": (
        "shop.approve",
        of_list("shops_shop", "approve_selected", lambda scene: scene.newcomer),
    ),
    "catalog_product_approve": (
        "product.approve",
        of_page("catalog_product_approve", lambda scene: scene.dress),
    ),
    "catalog_product_reject": (
        "product.reject",
        of_page("catalog_product_reject", lambda scene: scene.dress, **REASON),
    ),
    "catalog_product_take_down": (
        "product.take_down",
        of_page("catalog_product_take_down", lambda scene: scene.order.product, **REASON),
    ),
    "catalog_product_undo": (
        "product.undo",
        of_page("catalog_product_undo", lambda scene: scene.order.product),
    ),
    "catalog_product action reject_selected": (
        "product.reject",
        of_list("catalog_product", "reject_selected", lambda scene: scene.dress),
    ),
    "catalog_product action approve_selected": (
        "product.approve",
        of_list("catalog_product", "approve_selected", lambda scene: scene.dress),
    ),
    "catalog_productreport_approve": (
        "product_report.dismiss",
        of_page("catalog_productreport_approve", lambda scene: scene.report),
    ),
    "catalog_productreport_reject": (
        "product.take_down",
        of_page("catalog_productreport_reject", lambda scene: scene.report, **REASON),
    ),
    "catalog_review_reject": (
        "review.hide",
        of_page("catalog_review_reject", lambda scene: scene.review, **REASON),
    ),
    "catalog_review_approve": (
        "review.show",
        of_page("catalog_review_approve", lambda scene: scene.hidden_review),
    ),
    "catalog_category add": (
        "category.add",
        lambda scene: scene.desk.post(reverse("admin:catalog_category_add"), CATEGORY),
    ),
    "catalog_category change": (
        "category.change",
        of_page("catalog_category_change", lambda scene: scene.category, **CATEGORY),
    ),
    "catalog_category delete": (
        "category.delete",
        of_page("catalog_category_delete", lambda scene: scene.category, post="yes"),
    ),
    "catalog_category action delete_selected": (
        "category.delete",
        of_list("catalog_category", "delete_selected", lambda scene: scene.category),
    ),
    "accounts_user change": (
        "user.access",
        of_page("accounts_user_change", lambda scene: scene.aigerim, role="admin", is_active="on"),
    ),
    "accounts_authsession action end_selected": (
        "session.end",
        of_list("accounts_authsession", "end_selected", lambda scene: scene.session),
    ),
    "billing_payout_decide approve": (
        "payout.approve",
        of_payout("approve", lambda scene: scene.payout),
    ),
    "billing_payout_decide paid": (
        "payout.paid",
        of_payout("paid", lambda scene: scene.approved_payout, **REFERENCE),
    ),
    "billing_payout_decide fail": (
        "payout.fail",
        of_payout("fail", lambda scene: scene.payout, **REASON),
    ),
    "billing_commissionrule add": (
        "commission_rule.add",
        lambda scene: scene.desk.post(reverse("admin:billing_commissionrule_add"), RULE),
    ),
    "billing_payment_decide accept": (
        "payment.accept",
        of_payment("accept", lambda scene: scene.reviewed_payment),
    ),
    "billing_payment_decide refuse": (
        "payment.refuse",
        of_payment("refuse", lambda scene: scene.reviewed_payment, **REASON),
    ),
    "billing_payment_decide ask": (
        "payment.ask",
        of_payment("ask", lambda scene: scene.reviewed_payment),
    ),
    "billing_payment_decide refund": (
        "payment.refund",
        of_payment("refund", lambda scene: scene.paid_payment, amount="50"),
    ),
    "billing_payment_decide refund_ok": (
        "payment.refund_ok",
        of_payment("refund_ok", lambda scene: scene.lost_refund),
    ),
    "billing_payment_decide refund_fail": (
        "payment.refund_fail",
        of_payment("refund_fail", lambda scene: scene.lost_refund),
    ),
    "billing_commissionrule change": (
        "commission_rule.change",
        of_page("billing_commissionrule_change", lambda scene: scene.rule, **RULE),
    ),
    "core_platformsetting_set": (
        "setting.change",
        lambda scene: scene.desk.post(
            reverse("admin:core_platformsetting_set", args=["refund_period_days"]), {"value": "20"}
        ),
    ),
    **{f"orders_order_step {event}": (f"order.{event}", of_step(event)) for event in STEPS},
    "orders_order action cancel_selected": (
        "order.cancel",
        of_list("orders_order", "cancel_selected", lambda scene: scene.order),
    ),
    "core_auditentry_export": (
        "audit.export",
        lambda scene: scene.desk.post(reverse("admin:core_auditentry_export")),
    ),
}
COMMANDS: dict[str, tuple[str, Act]] = {
    "make_admin": ("user.access", lambda scene: call_command("make_admin", scene.aigerim.email)),
    "reset_second_factor": (
        "mfa_reset",
        lambda scene: call_command("reset_second_factor", scene.admin.email),
    ),
    "rotate_keys": ("signing_keys.rotate", lambda scene: call_command("rotate_keys")),
}
# They run, show or fill the platform, and decide about nobody.
NO_ACTS = {
    "audit_headers",
    "check_ledger",
    "demo",
    "demo_google",
    "fetch_models",
    "index_products",
    "look_at_wardrobes",
    "make_picture_sizes",
    "order_document",
    "prepare",
    "reconcile_payments",
    "recover_generations",
    "serve",
    "story",
}
NO_ACTS |= {"try_engine", "verify_audit", "worker"}
# Who looks at a product, and until when, is decided about nothing.
AT_THE_DESK = {f"catalog_product_{name}" for name in ("desk", "next", "take", "leave")}
# Addresses of the administrators' site that end in the name of one of several acts.
NAMED_ACTS = {
    "billing_payment_decide": PAYMENT_DECISIONS,
    "billing_payout_decide": DECISIONS,
    "orders_order_step": STEPS,
}
EVERY_ACT = API_ACTS | ADMIN_ACTS | COMMANDS


def routes(patterns, prefix=""):
    """Every (address, view class) below these patterns."""
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "view_class"):
            yield address, pattern.callback.view_class


def api_acts(patterns):
    """The writing methods that ask for an administrator."""
    return {
        f"{method.upper()} {address}"
        for address, view_class in routes(patterns)
        if issubclass(view_class, APIView)
        for method in view_class.http_method_names
        if method.upper() not in SAFE_METHODS and hasattr(view_class, method)
        if any(map(asks_for_admin, permissions(view_class, method)))
    }


def permissions(view_class, method):
    view = view_class()
    view.request = RequestFactory().generic(method.upper(), "/")
    return view.get_permissions()


def asks_for_admin(permission):
    parts = [getattr(permission, name) for name in ("op1", "op2") if hasattr(permission, name)]
    return isinstance(permission, IsAdmin) or any(map(asks_for_admin, parts))


def pages_of(site):
    """The pages that belong to no model."""
    return {pattern.name for pattern in site.get_urls() if isinstance(pattern, URLPattern)}


def admin_acts(request, registry):
    """What the administrators' site offers beyond showing rows."""
    for model, model_admin in registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for right in ("add", "change", "delete"):
            if getattr(model_admin, f"has_{right}_permission")(request):
                yield f"{name} {right}"
        yield from (f"{name} action {action}" for action in model_admin.get_actions(request))
        plain = {pattern.name for pattern in ModelAdmin(model, model_admin.admin_site).get_urls()}
        for own in {pattern.name for pattern in model_admin.get_urls()} - plain:
            yield from (f"{own} {act}".strip() for act in NAMED_ACTS.get(own, [""]))


@pytest.fixture
def scene(as_admin, desk, admin, aigerim, atelier, dress, dresses):
    newcomer = Shop.objects.create(google_id="g-n", email="n@example.kz", shop_name="Newcomer")
    on_sale = Product.objects.create(
        shop=atelier, name="Coat", price=100, moderation_status="approved", is_active=True
    )
    before = {name: getattr(dress, name) for name in moderation.STATE}
    ModerationDecision.objects.create(
        product=on_sale, act="approve", before=before, decided_by=admin, decided_at=timezone.now()
    )
    on_sale.variants.create()
    order, disputed = (buy_from_balance(aigerim, on_sale) for _ in range(2))
    steps = (Event.ACCEPT, Event.SHIP, Event.DISPUTE)
    take(disputed, *steps, said=Said(reason="Torn"))
    said = [reviewing.write(person, on_sale.pk, rating=5) for person in buyers(2, on_sale)]
    reviewing.hide(said[1], "Rude")
    with_bank_details(earned(atelier, 10_000))
    payout, approved = (lifecycle.request(atelier, Decimal(5000)) for _ in range(2))
    lifecycle.approve(approved, by=admin)
    signed_in(aigerim)
    lost = paid(aigerim)
    refunding.hold(lost, Decimal(100))
    return Scene(
        api=as_admin,
        desk=desk,
        device=Device(admin),
        admin=admin,
        aigerim=aigerim,
        newcomer=newcomer,
        dress=dress,
        category=dresses,
        report=reporting.report(aigerim, on_sale.pk, reason="fraud")[0],
        review=said[0],
        hidden_review=said[1],
        order=order,
        refund=disputed.events.last(),
        payout=payout,
        approved_payout=approved,
        reviewed_payment=hear(starting.start_topup(aigerim, Decimal(500)), "succeeded", amount=400),
        paid_payment=paid(aigerim),
        lost_refund=lost,
        session=aigerim.sessions.latest("created_at"),
        rule=CommissionRule.objects.create(shop=atelier, percent=5, is_active=False),
    )


def entries_after(act: Act, scene: Scene) -> list[AuditEntry]:
    newest = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    act(scene)
    return list(AuditEntry.objects.filter(pk__gt=newest))


def test_every_writing_route_for_administrators_is_known():
    assert api_acts(get_resolver().url_patterns) == set(API_ACTS)


def test_a_new_route_for_administrators_is_noticed():
    class ForAdministrators(APIView):
        permission_classes = [IsAdmin]

        def delete(self, request):
            return Response()

    class ForUsers(ForAdministrators):
        permission_classes = [IsUser]

    class ForSomeAdministrators(ForAdministrators):
        permission_classes = [IsUser & IsAdmin]

    found = api_acts(
        [
            path("new", ForAdministrators.as_view()),
            path("own", ForUsers.as_view()),
            path("some", ForSomeAdministrators.as_view()),
        ]
    )

    assert found == {"DELETE new", "DELETE some"}


def test_everything_that_the_administrators_site_offers_is_known(rf, admin):
    request = rf.get("/")
    request.user = admin

    found = set(admin_acts(request, django_admin.site._registry))
    assert found == set(ADMIN_ACTS) | AT_THE_DESK
    assert pages_of(django_admin.site) == {*pages_of(AdminSite()), "app_list"}


def test_no_model_keeps_djangos_own_history():
    plain = [
        model
        for model, model_admin in django_admin.site._registry.items()
        if not isinstance(model_admin, AuditedAdmin)
    ]

    assert plain == []


def test_a_new_button_of_the_administrators_site_is_noticed(rf, admin):
    class Careless(ModelAdmin):
        actions = ["burn"]

        @django_admin.action
        def burn(self, request, queryset):
            pass

        def get_urls(self):
            return [path("burn/", self.burn, name="burn_all"), *super().get_urls()]

    request = rf.get("/")
    request.user = admin
    found = set(admin_acts(request, {Shop: Careless(Shop, AdminSite())}))

    assert {"shops_shop action burn", "burn_all", "shops_shop add"} <= found


def test_every_command_is_known():
    ours = {name for name, app in get_commands().items() if app in OUR_APPS}

    assert ours == set(COMMANDS) | NO_ACTS


OUR_APPS = {"core", "realtime", "shops", "accounts", "billing", "catalog", "wardrobe"}
OUR_APPS |= {"generations", "orders", "config"}


@pytest.mark.usefixtures("unlimited")
def test_every_act_leaves_one_entry_without_names_and_nothing_in_djangos_own_log(scene):
    wanted = {name: [(action, actor_of(name, scene))] for name, (action, _) in EVERY_ACT.items()}
    assert {action for [(action, _)] in wanted.values()} <= set(ACTIONS)

    left = {name: traces(act, scene) for name, (_, act) in EVERY_ACT.items()}

    assert {name: told for name, told in left.items() if told != wanted[name]} == {}


def actor_of(name, scene):
    return f"command:{name}" if name in COMMANDS else f"admin:{scene.admin.pk}"


def traces(act, scene):
    """What an act leaves in the logs, and what should not be there."""
    with undone():
        entries = entries_after(act, looked_up(scene))
        named = [word for entry in entries for word in personal_data(entry.record, scene)]
        told = [(entry.action, entry.actor) for entry in entries]
        return [*told, *named, *LogEntry.objects.all()]


def personal_data(record, scene):
    people = (scene.admin, scene.aigerim)
    return [word for person in people for word in (person.email, person.name) if word in record]


def looked_up(scene):
    """The scene with its rows as they stand in the database."""
    rows = {name: row for name, row in vars(scene).items() if isinstance(row, Model)}
    return replace(scene, **{name: type(row).objects.get(pk=row.pk) for name, row in rows.items()})


def test_a_leak_is_answered_with_an_entry_for_each_of_both_steps(scene):
    entries = entries_after(lambda scene: call_command("rotate_keys", "--revoke-old"), scene)

    actions = [entry.action for entry in entries]
    assert actions == ["signing_keys.rotate", "signing_keys.revoke_others"]
    assert {entry.actor for entry in entries} == {"command:rotate_keys"}


def test_what_is_refused_leaves_no_entry(scene):
    approve = API_ACTS["POST api/v1/admin/shops/<int:pk>/approve"][1]
    cancel = ADMIN_ACTS["orders_order_step cancel"][1]
    approve(scene)
    cancel(scene)

    assert entries_after(approve, scene) == []
    assert entries_after(cancel, scene) == []


def test_what_shops_and_shoppers_do_is_no_act_of_an_administrator(scene, as_aigerim):
    pay = f"/api/v1/products/{scene.order.product_id}/purchase"
    cancel = f"/api/v1/orders/{scene.order.pk}/cancel"

    assert entries_after(lambda scene: as_aigerim.post(cancel), scene) == []
    assert entries_after(lambda scene: as_aigerim.post(pay), scene) == []
    assert Order.objects.filter(status="cancelled").count() == 1


def test_the_entry_says_what_became_of_the_row(scene):
    act = ADMIN_ACTS["shops_shop_reject"][1]

    [entry] = entries_after(act, scene)

    assert entry.subject == f"shop:{scene.newcomer.pk}"
    assert entry.said["before"] == {"rejection_reason": ""}
    assert entry.said["after"] == {"rejection_reason": REASON["reason"]}
