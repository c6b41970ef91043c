"""People report what should not be on sale; one decision is about all reports of a product."""

import pytest
from django.urls import reverse

from billing.tests.test_ledger import at_once
from catalog.models import Product
from catalog.reports import reporting
from catalog.tables import ProductReport


def report(client, product, **said):
    return client.post(f"/api/v1/products/{product.pk}/report", {"reason": "fraud", **said})


@pytest.fixture
def reported(as_aigerim, as_timur, dress_on_sale):
    """Two reports of the dress."""
    for client in (as_aigerim, as_timur):
        report(client, dress_on_sale)
    return ProductReport.objects.order_by("pk")


def test_administrators_hear_of_it_once(as_aigerim, dress_on_sale, published):
    with published() as events:
        first = report(as_aigerim, dress_on_sale, comment="They never answer")
        again = report(as_aigerim, dress_on_sale, reason="other")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    [(audience, kind, data)] = events
    assert (audience, kind) == ("admins", "product_reported")
    assert (data["reason"], data["pending_count"]) == ("fraud", 1)
    assert ProductReport.objects.get().comment == "They never answer"


def test_what_is_not_on_sale_cannot_be_reported(as_aigerim, dress):
    assert report(as_aigerim, dress).status_code == 404
    assert not ProductReport.objects.exists()


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"reason": "ugly"}, "/reason"),
        ({"comment": "x" * 1001}, "/comment"),
        ({"decision": "dismissed"}, "/decision"),
    ],
)
def test_nonsense_is_refused_by_its_name(as_aigerim, dress_on_sale, said, pointer):
    response = report(as_aigerim, dress_on_sale, **said)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_a_product_is_taken_down_for_all_its_reports(
    reported, desk, anyone, atelier, dress_on_sale, published, as_admin
):
    page = desk.get(reverse("admin:catalog_productreport_changelist")).content.decode()
    assert "Take it down" in page
    assert as_admin.get("/api/v1/admin/dashboard").json()["pending_reports"] == 2

    with published() as events:
        address = reverse("admin:catalog_productreport_reject", args=[reported[0].pk])
        desk.post(address, {"reason": "It is a counterfeit."})

    assert [row.decision for row in reported.all()] == ["taken_down"] * 2
    assert anyone.get(f"/api/v1/products/{dress_on_sale.pk}").status_code == 404
    dress_on_sale.refresh_from_db()
    assert dress_on_sale.moderation_notes == "It is a counterfeit."
    assert (f"shop:{atelier.pk}", "product_moderation_completed") in {
        (audience, kind) for audience, kind, _ in events
    }
    assert as_admin.get("/api/v1/admin/dashboard").json()["pending_reports"] == 0


def test_or_left_on_sale(reported, desk, anyone, dress_on_sale):
    desk.post(reverse("admin:catalog_productreport_approve", args=[reported[0].pk]))

    assert [row.decision for row in reported.all()] == ["dismissed"] * 2
    assert anyone.get(f"/api/v1/products/{dress_on_sale.pk}").status_code == 200


def test_of_two_administrators_one_decides(transactional_db, reported, admin):
    row = reported[0]

    def decide(number):
        if number:
            return reporting.dismiss(row, by=admin)
        return reporting.take_down(row, "A counterfeit", by=admin)

    outcomes = at_once(2, decide)

    assert sorted(outcomes) == ["AlreadyDecided", "NoneType"]
    decision = ProductReport.objects.get(pk=row.pk).decision
    assert Product.objects.get().is_active is (decision == "dismissed")


def test_many_reports_at_once_of_one_person_are_one(transactional_db, aigerim, dress_on_sale):
    at_once(3, lambda _: reporting.report(aigerim, dress_on_sale.pk, reason="other"))

    assert ProductReport.objects.count() == 1
