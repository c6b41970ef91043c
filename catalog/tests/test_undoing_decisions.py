"""Within five minutes an administrator takes a decision back, and everything is as it was."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.tests.shops_with_money import earned
from catalog import moderation, showing
from catalog.models import ModerationDecision, Product, Reason
from catalog.moderation import NotApproved, TooLateToUndo
from catalog.products import update_product
from catalog.reports import reporting
from conftest import with_setting
from core.models import AuditEntry


def state(product):
    found = Product.objects.get(pk=product.pk)
    said = (found.moderation_status, found.moderation_reason, found.moderation_notes)
    return (*said, found.is_active, found.moderated_by_id, found.name)


def undo(client, product):
    return client.post(f"/api/v1/admin/products/{product.pk}/undo")


def test_an_approval_is_taken_back_with_its_fee(dress, admin, as_admin, atelier, published):
    with_setting("shop_approval_fee", "5.50")
    earned(atelier, 100)
    before = state(dress)
    moderation.approve(dress, by=admin)

    with published() as events:
        response = undo(as_admin, dress)

    assert response.status_code == 200
    assert state(dress) == before
    atelier.refresh_from_db()
    assert atelier.balance == Decimal(100)
    assert [(audience, kind) for audience, kind, _ in events] == [
        (f"shop:{atelier.pk}", "balance_updated"),
        (f"shop:{atelier.pk}", "product_moderation_undone"),
        ("admins", "moderation_queue_updated"),
    ]
    assert AuditEntry.objects.latest("pk").action == "product.undo"


@pytest.mark.parametrize("act", ["reject", "take_down"])
def test_a_rejection_and_a_take_down_are_taken_back(dress, admin, act):
    if act == "take_down":
        moderation.approve(dress, by=admin)
    before = state(dress)
    getattr(moderation, act)(dress, "Odd", by=admin, reason=Reason.PRICE)
    assert state(dress)[:4] == ("rejected", "misleading_price", "Odd", False)

    moderation.undo(dress, by=admin)

    assert state(dress) == before


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_a_decision_about_a_revision_is_taken_back(dress_on_sale, admin, act):
    before = state(dress_on_sale)
    update_product(dress_on_sale, name="Silk gown")
    getattr(moderation, act)(dress_on_sale, by=admin)

    moderation.undo(dress_on_sale, by=admin)

    assert state(dress_on_sale) == before
    assert Product.objects.get().revision.proposed == {"name": "Silk gown"}


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_what_the_shop_has_hidden_since_stays_hidden(dress_on_sale, admin, act):
    update_product(dress_on_sale, name="Silk gown")
    getattr(moderation, act)(dress_on_sale, by=admin)
    showing.hide(dress_on_sale)

    moderation.undo(dress_on_sale, by=admin)

    dress_on_sale.refresh_from_db()
    assert not dress_on_sale.is_active


def test_a_take_down_that_is_taken_back_brings_what_waited_again(dress_on_sale, admin, aigerim):
    update_product(dress_on_sale, name="Silk gown")
    report, _is_new = reporting.report(aigerim, dress_on_sale.pk, reason="fraud")
    moderation.take_down(dress_on_sale, "Odd", by=admin)
    report.refresh_from_db()
    assert (report.decision, report.decided_by) == ("taken_down", admin)
    assert Product.objects.get().revision is None

    moderation.undo(dress_on_sale, by=admin)

    assert Product.objects.get().revision.proposed == {"name": "Silk gown"}
    report.refresh_from_db()
    assert (report.decision, report.decided_at, report.decided_by) == ("", None, None)


def test_after_five_minutes_it_is_too_late(dress, admin, as_admin):
    moderation.approve(dress, by=admin)
    ModerationDecision.objects.update(decided_at=timezone.now() - timedelta(minutes=5))

    response = undo(as_admin, dress)

    assert (response.status_code, response.json()["code"]) == (409, "too_late_to_undo")
    assert state(dress)[0] == "approved"


def test_it_is_taken_back_once(dress, admin):
    moderation.approve(dress, by=admin)
    moderation.undo(dress, by=admin)

    with pytest.raises(TooLateToUndo):
        moderation.undo(dress, by=admin)


def test_what_the_shop_has_changed_since_is_not_turned_back(dress, admin):
    moderation.reject(dress, "Blurred", by=admin)
    update_product(dress, name="Silk gown")

    with pytest.raises(TooLateToUndo):
        moderation.undo(dress, by=admin)

    assert state(dress)[0] == "pending"


def test_an_undecided_product_has_nothing_to_undo(dress, as_admin):
    assert undo(as_admin, dress).status_code == 409


def test_only_an_approved_product_is_taken_down(dress, admin, as_admin):
    address = f"/api/v1/admin/products/{dress.pk}/take-down"

    response = as_admin.post(address, {"reason_code": "counterfeit"})

    assert (response.status_code, response.json()["code"]) == (409, "transition_not_allowed")
    with pytest.raises(NotApproved):
        moderation.take_down(dress, "Again", by=admin)


def test_a_product_that_is_taken_down_closes_its_pictures(
    dress_on_sale, admin, as_admin, anyone, published
):
    [name] = dress_on_sale.images
    assert anyone.get(f"/uploads/{name}").status_code == 200

    with published() as events:
        response = as_admin.post(
            f"/api/v1/admin/products/{dress_on_sale.pk}/take-down", {"reason_code": "counterfeit"}
        )

    assert response.json()["product"]["moderation_status"] == "rejected"
    assert anyone.get(f"/uploads/{name}").status_code == 404
    assert anyone.get("/api/v1/products").json()["products"] == []
    assert events[0][2]["reason"]["code"] == "counterfeit"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.said["after"]["moderation_reason"]) == (
        "product.take_down",
        "counterfeit",
    )
