"""An administrator corrects a balance: signed, explained, booked in the ledger and in the log."""

from decimal import Decimal

import pytest

from accounts.models import AuthSession
from accounts.tests.signed_requests import Device, send_signed, stepped_up
from billing.models import Posting
from conftest import signed_in
from core.models import AuditEntry

ADDRESS = "/api/v1/admin/adjustments"


@pytest.fixture
def adjust(admin):
    client, device = stepped_up(admin), Device(admin)

    def send(account, amount, kind="user", **changes):
        asked = {
            "account_type": kind,
            "account_id": account if isinstance(account, int) else account.pk,
            "amount": amount,
            "reason": "A top-up was lost",
            **changes,
        }
        return send_signed(client, device, "POST", ADDRESS, asked)

    return send


def balance(account):
    account.refresh_from_db()
    return account.balance


def corrections():
    return Posting.objects.filter(type="adjustment")


def test_the_balance_moves_and_its_owner_hears(adjust, aigerim, admin, published):
    with published() as events:
        response = adjust(aigerim, 250.5)

    assert response.status_code == 201
    body = response.json()
    told = (body["type"], body["amount"], body["balance_after"], body["user_id"])
    assert told == ("adjustment", 250.5, 1250.5, aigerim.pk)
    assert balance(aigerim) == Decimal("1250.50")
    [(audience, kind, data)] = events
    assert (audience, kind, data["balance"]) == (f"user:{aigerim.pk}", "balance_updated", 1250.5)
    posting = corrections().get()
    assert posting.actor == f"admin:{admin.pk}"
    assert {str(leg.user or leg.system_account): leg.amount for leg in posting.legs.all()} == {
        "Aigerim": Decimal("250.50"),
        "adjustment": Decimal("-250.50"),
    }


def test_a_shop_is_corrected_too_and_downwards(adjust, atelier):
    adjust(atelier, 700, kind="shop")

    assert adjust(atelier, -200, kind="shop").status_code == 201
    assert balance(atelier) == Decimal(500)


def test_a_balance_does_not_fall_below_zero(adjust, aigerim):
    response = adjust(aigerim, -1000.01)

    assert (response.status_code, response.json()["code"]) == (402, "insufficient_funds")
    assert balance(aigerim) == Decimal(1000)
    assert not corrections().exists()


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0},
        {"amount": "NaN"},
        {"amount": 1e13},
        {"amount": 1.001},
        {"reason": ""},
        {"reason": None},
        {"reason": "?"},
        {"account_type": "gateway"},
        {"account_id": 0},
        {"account_id": "x"},
        {"balance": 5},
    ],
)
def test_a_senseless_correction_is_refused(adjust, aigerim, change):
    response = adjust(aigerim, change.pop("amount", 5), **change)

    assert response.status_code == 422
    assert not corrections().exists()


def test_an_account_that_is_not_there_is_not_found(adjust, aigerim):
    assert adjust(aigerim.pk + 1000, 5).status_code == 404
    assert adjust(aigerim.pk, 5, kind="shop").status_code == 404
    assert not corrections().exists()


def test_without_a_second_factor_nothing_moves(admin, aigerim):
    asked = {"account_type": "user", "account_id": aigerim.pk, "amount": 5, "reason": "Because"}
    client = signed_in(admin, "web")
    AuthSession.objects.update(mfa_at=None)

    response = send_signed(client, Device(admin), "POST", ADDRESS, asked)

    assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")
    assert balance(aigerim) == Decimal(1000)


@pytest.mark.django_db(transaction=True)
def test_the_log_says_who_why_and_how_much(timur, admin):
    asked = {"account_type": "user", "account_id": timur.pk, "amount": 5, "reason": "Lost top-up"}

    send_signed(stepped_up(admin), Device(admin), "POST", ADDRESS, asked)

    entry = AuditEntry.objects.get(action="balance.adjust")
    assert (entry.actor, entry.subject) == (f"admin:{admin.pk}", f"user:{timur.pk}")
    assert '"reason": "Lost top-up"' in entry.record
    assert '"before": {"balance": "0.00"}' in entry.record
    assert '"balance": "5.00"' in entry.record
