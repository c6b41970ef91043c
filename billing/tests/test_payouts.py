"""A shop's money on its way to its bank: the whole table, and nothing beside it."""

import json
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.tests.signed_requests import Device, send, send_signed, signature, stepped_up
from billing import ledger
from billing.bank import details
from billing.bank.details import BankAccount
from billing.models import BankDetails, Payout, Transaction
from billing.payouts import lifecycle, transitions
from billing.payouts.transitions import Action, Actor
from billing.tests.shops_with_money import ACCOUNT, earned, with_bank_details
from billing.tests.test_ledger import at_once
from conftest import signed_in
from core.models import AuditEntry

OWN, ALL = "/api/v1/shops/me/payouts", "/api/v1/admin/payouts"
BIG = Decimal(500_001)


@pytest.fixture
def rich(atelier):
    """The atelier with 1 000 000 ₸ and bank details."""
    return with_bank_details(earned(atelier, 1_000_000))


@pytest.fixture
def client(rich):
    return stepped_up(rich)


@pytest.fixture
def device(rich):
    return Device(rich)


@pytest.fixture
def desk(admin):
    return stepped_up(admin)


@pytest.fixture
def second():
    return User.objects.create(
        google_id="g-second", email="second@example.kz", name="Second", role=User.Role.ADMIN
    )


@pytest.fixture
def payout(rich):
    """10 000 ₸, asked for."""
    return lifecycle.request(rich, Decimal(10_000))


def balance(shop):
    shop.refresh_from_db()
    return shop.balance


def lying(account):
    """How much lies on an account of the platform."""
    legs = Transaction.objects.filter(system_account=account)
    return sum(legs.values_list("amount", flat=True), Decimal(0))


def test_a_request_holds_the_money_and_says_so(client, device, rich, published):
    with published() as events:
        response = send_signed(client, device, "POST", OWN, {"amount": 10000})

    assert response.status_code == 201
    body = response.json()
    assert (body["amount"], body["status"]) == (10000, "requested")
    assert body["iban"] == "KZ86••••••••••••0100"
    assert balance(rich) == Decimal(990_000)
    assert lying("payout_hold") == Decimal(10_000)
    assert [(audience, kind) for audience, kind, _ in events] == [
        (f"shop:{rich.pk}", "balance_updated"),
        ("admins", "payout_updated"),
        (f"shop:{rich.pk}", "payout_updated"),
    ]
    assert client.get(OWN).json()["items"] == [body]


def test_an_unsigned_request_moves_nothing(client, rich):
    response = client.post(OWN, {"amount": 10000})

    assert (response.status_code, response.json()["code"]) == (401, "bad_signature")
    assert balance(rich) == Decimal(1_000_000)


def test_a_signed_request_without_a_second_factor_moves_nothing(rich, device):
    response = send_signed(signed_in(rich), device, "POST", OWN, {"amount": 10000})

    assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")
    assert not Payout.objects.exists()


@pytest.mark.parametrize("amount", [4999.99, 0, -5000, "NaN", 1e13, 5000.001, None])
def test_less_than_five_thousand_and_nonsense_are_refused(client, device, amount):
    response = send_signed(client, device, "POST", OWN, {"amount": amount})

    assert response.status_code == 422
    assert not Payout.objects.exists()


def test_five_thousand_is_enough(client, device):
    assert send_signed(client, device, "POST", OWN, {"amount": 5000}).status_code == 201


def test_more_than_the_balance_is_refused(client, device, rich):
    response = send_signed(client, device, "POST", OWN, {"amount": 1_000_000.01})

    assert (response.status_code, response.json()["code"]) == (402, "insufficient_funds")
    assert not Payout.objects.exists()
    assert balance(rich) == Decimal(1_000_000)


def test_without_bank_details_there_is_no_payout(atelier):
    earned(atelier, 10_000)

    response = send_signed(stepped_up(atelier), Device(atelier), "POST", OWN, {"amount": 5000})

    assert (response.status_code, response.json()["code"]) == (409, "bank_details_missing")
    assert balance(atelier) == Decimal(10_000)


def test_for_a_day_after_a_change_of_them_there_is_none_either(client, device, rich):
    details.change(rich, BankAccount(**{**details_of(ACCOUNT), "beneficiary": "Thief"}))

    response = send_signed(client, device, "POST", OWN, {"amount": 5000})

    assert (response.status_code, response.json()["code"]) == (409, "bank_details_too_new")
    assert not Payout.objects.exists()
    BankDetails.objects.update(changed_at=timezone.now() - timedelta(hours=24))
    assert send_signed(client, device, "POST", OWN, {"amount": 5000}).status_code == 201


def details_of(account):
    return {name: getattr(account, name) for name in account.__slots__}


def test_what_is_asked_for_goes_where_it_was_asked_to_go(payout, rich):
    details.change(rich, BankAccount(**{**details_of(ACCOUNT), "beneficiary": "Another"}))

    payout.refresh_from_db()
    assert details.unseal(payout.encrypted_account) == ACCOUNT


def test_approved_and_paid_the_money_has_left(desk, admin, payout, rich):
    approved = desk.post(f"{ALL}/{payout.pk}/approve").json()
    paid = desk.post(f"{ALL}/{payout.pk}/paid", {"bank_reference": "BR-77"}).json()

    assert (approved["status"], approved["approved_by_id"]) == ("processing", admin.pk)
    assert (paid["status"], paid["bank_reference"]) == ("paid", "BR-77")
    assert balance(rich) == Decimal(990_000)
    assert (lying("payout_hold"), lying("payout")) == (0, Decimal(10_000))


def test_failed_the_money_is_back_and_the_shop_reads_why(desk, payout, rich, client):
    desk.post(f"{ALL}/{payout.pk}/approve")

    response = desk.post(f"{ALL}/{payout.pk}/fail", {"reason": "The bank knows no such account"})

    assert response.json()["status"] == "returned"
    [shown] = client.get(OWN).json()["items"]
    assert shown["failure_reason"] == "The bank knows no such account"
    assert balance(rich) == Decimal(1_000_000)
    assert lying("payout_hold") == 0
    assert rich.transactions.order_by("-pk").first().type == "payout_return"


def test_the_shop_changes_its_mind_before_the_approval(client, payout, rich):
    response = client.post(f"{OWN}/{payout.pk}/cancel")

    assert (response.status_code, response.json()["status"]) == (200, "returned")
    assert balance(rich) == Decimal(1_000_000)


def test_and_not_after_it(client, desk, payout, rich):
    desk.post(f"{ALL}/{payout.pk}/approve")

    response = client.post(f"{OWN}/{payout.pk}/cancel")

    assert (response.status_code, response.json()["code"]) == (409, "transition_not_allowed")
    assert balance(rich) == Decimal(990_000)


def test_above_the_limit_a_second_administrator_has_to_agree(desk, second, rich, published):
    payout = lifecycle.request(rich, BIG)
    approve = f"{ALL}/{payout.pk}/approve"

    first = desk.post(approve).json()
    again = desk.post(approve)
    with published() as events:
        agreed = stepped_up(second).post(approve).json()

    assert (first["status"], first["lacks_approval"]) == ("requested", True)
    assert (again.status_code, again.json()["code"]) == (409, "second_admin_needed")
    assert (agreed["status"], agreed["seconded_by_id"]) == ("processing", second.pk)
    assert {data["status"] for _, _, data in events} == {"processing"}


def test_at_the_limit_one_is_enough(desk, rich):
    payout = lifecycle.request(rich, Decimal(500_000))

    assert desk.post(f"{ALL}/{payout.pk}/approve").json()["status"] == "processing"


@pytest.mark.parametrize("act", ["approve", "paid", "fail"])
def test_without_a_recent_second_factor_an_administrator_decides_nothing(admin, payout, act):
    client = stepped_up(admin)
    admin.sessions.update(mfa_at=timezone.now() - timedelta(minutes=11))

    response = client.post(f"{ALL}/{payout.pk}/{act}", {"bank_reference": "x", "reason": "x"})

    assert (response.status_code, response.json()["code"]) == (403, "second_factor_stale")
    payout.refresh_from_db()
    assert payout.status == "requested"


@pytest.mark.parametrize(("act", "body"), [("paid", {}), ("fail", {}), ("fail", {"reason": " "})])
def test_a_reference_and_a_reason_must_be_there(desk, payout, act, body):
    assert desk.post(f"{ALL}/{payout.pk}/{act}", body).status_code == 422
    payout.refresh_from_db()
    assert payout.status == "requested"


def test_strangers_neither_see_nor_decide(payout, bazaar, as_aigerim, as_atelier, anyone):
    assert signed_in(bazaar).get(OWN).json()["items"] == []
    assert signed_in(bazaar).post(f"{OWN}/{payout.pk}/cancel").status_code == 404
    for client in (as_aigerim, as_atelier):
        assert client.get(ALL).status_code == 403
        assert client.post(f"{ALL}/{payout.pk}/approve").status_code == 403
    assert anyone.get(ALL).status_code == 401
    payout.refresh_from_db()
    assert payout.status == "requested"


def test_administrators_see_all_and_what_waits(desk, payout, rich):
    other = lifecycle.request(rich, Decimal(5000))
    lifecycle.cancel(other)

    assert [each["id"] for each in desk.get(ALL).json()["items"]] == [other.pk, payout.pk]
    [waiting] = desk.get(f"{ALL}?status=requested").json()["items"]
    assert (waiting["id"], waiting["shop_name"]) == (payout.pk, "Atelier")
    assert desk.get(f"{ALL}?status=x").status_code == 422


ACTS = {
    (Action.APPROVE, Actor.ADMIN): lambda payout, admin: lifecycle.approve(payout, by=admin),
    (Action.PAID, Actor.ADMIN): lambda payout, _: lifecycle.mark_paid(payout, bank_reference="x"),
    (Action.FAIL, Actor.ADMIN): lambda payout, _: lifecycle.fail(payout, reason="x"),
    (Action.CANCEL, Actor.SHOP): lambda payout, _: lifecycle.cancel(payout),
}


@pytest.mark.parametrize("status", Payout.Status.values)
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act[0])
def test_every_listed_step_is_taken_and_every_other_one_refused(payout, admin, status, act):
    at(payout, status, admin)
    target = transitions.target(payout, *act)

    if target:
        assert ACTS[act](payout, admin).status == target
    else:
        with pytest.raises(lifecycle.TransitionNotAllowed):
            ACTS[act](payout, admin)
        payout.refresh_from_db()
        assert payout.status == status


def at(payout, status, admin):
    """Bring the payout to the status by the way that leads there."""
    if status in {"processing", "paid"}:
        lifecycle.approve(payout, by=admin)
    if status == "paid":
        lifecycle.mark_paid(payout, bank_reference="x")
    if status == "returned":
        lifecycle.cancel(payout)
    payout.refresh_from_db()


def test_the_table_is_the_one_of_the_design():
    assert {(t.source, t.action, t.target, t.actor) for t in transitions.PAYOUT} == {
        ("requested", "approve", "processing", "admin"),
        ("processing", "paid", "paid", "admin"),
        ("requested", "fail", "returned", "admin"),
        ("processing", "fail", "returned", "admin"),
        ("requested", "cancel", "returned", "shop"),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 4999},
        {"amount": 10**11},
        {"status": "sent"},
        {"status": "processing"},
        {"status": "paid", "bank_reference": "x"},
        {"bank_reference": "x"},
    ],
)
def test_the_database_refuses_what_must_never_be(payout, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Payout.objects.filter(pk=payout.pk).update(**change)


def test_the_database_wants_two_people_above_the_limit(rich, admin):
    payout = lifecycle.request(rich, BIG)
    rows = Payout.objects.filter(pk=payout.pk)

    for seconded_by in (None, admin):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(status="processing", approved_by=admin, seconded_by=seconded_by)


BREACHES = {
    "payout was not held": {"amount": 6000},
    "payout was paid and is not, or the reverse": {"status": "paid", "bank_reference": "x"},
    "payout was returned and is not, or the reverse": {"status": "returned"},
    "payout hold is not the sum of open payouts": {"amount": 6000},
}


@pytest.mark.parametrize("what", BREACHES)
def test_the_ledger_notices_a_payout_that_was_meddled_with(payout, admin, what):
    lifecycle.approve(payout, by=admin)
    rows = Payout.objects.filter(pk=payout.pk)
    [before] = rows.values("amount", "status", "bank_reference")

    rows.update(**BREACHES[what])

    assert what in dict(ledger.breaches())
    rows.update(**before)


@pytest.mark.django_db(transaction=True)
def test_of_ten_requests_at_once_only_those_with_money_pass(bazaar):
    with_bank_details(earned(bazaar, 30_000))

    outcomes = at_once(10, lambda _: lifecycle.request(bazaar, Decimal(10_000)))

    assert outcomes.count("Payout") == 3
    assert outcomes.count("InsufficientFunds") == 7
    assert balance(bazaar) == 0
    assert lying("payout_hold") == Decimal(30_000)


@pytest.mark.django_db(transaction=True)
def test_of_one_signed_request_sent_ten_times_at_once_one_counts(bazaar):
    with_bank_details(earned(bazaar, 100_000))
    client, body = stepped_up(bazaar), json.dumps({"amount": 10000}).encode()
    headers = signature(Device(bazaar), "POST", OWN, body)
    statuses = []

    at_once(10, lambda _: statuses.append(send(client, "POST", OWN, body, headers).status_code))

    assert sorted(statuses) == [201, *[401] * 9]
    assert balance(bazaar) == Decimal(90_000)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(5))
def test_of_cancelling_and_approving_at_once_one_wins(bazaar, admin, _round):
    with_bank_details(earned(bazaar, 10_000))
    payout = lifecycle.request(bazaar, Decimal(10_000))

    def act(number):
        if number % 2:
            return lifecycle.cancel(payout)
        return lifecycle.approve(payout, by=admin)

    outcomes = at_once(8, act)

    assert outcomes.count("Payout") == 1
    payout.refresh_from_db()
    held = {"processing": 10_000, "returned": 0}[payout.status]
    assert (lying("payout_hold"), balance(bazaar)) == (held, 10_000 - held)


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_once_one_pays(bazaar, admin):
    with_bank_details(earned(bazaar, 10_000))
    payout = lifecycle.approve(lifecycle.request(bazaar, Decimal(10_000)), by=admin)

    def act(number):
        if number % 2:
            return lifecycle.fail(payout, reason="no")
        return lifecycle.mark_paid(payout, bank_reference=f"BR-{number}")

    outcomes = at_once(8, act)

    assert outcomes.count("Payout") == 1
    assert outcomes.count("TransitionNotAllowed") == 7
    assert lying("payout_hold") == 0
    assert lying("payout") + balance(bazaar) == 10_000


@pytest.mark.django_db(transaction=True)
def test_one_administrator_in_ten_places_is_not_two(bazaar, admin):
    with_bank_details(earned(bazaar, 600_000))
    payout = lifecycle.request(bazaar, Decimal(600_000))

    outcomes = at_once(10, lambda _: lifecycle.approve(payout, by=admin))

    assert outcomes.count("Payout") == 1
    assert outcomes.count("SecondAdminNeeded") == 9
    payout.refresh_from_db()
    assert (payout.status, payout.seconded_by_id) == ("requested", None)


@pytest.mark.django_db(transaction=True)
def test_looking_before_leaping_would_pay_twice(bazaar, admin):
    """The negative control: the same race without the lock takes both steps."""
    with_bank_details(earned(bazaar, 10_000))
    payout = lifecycle.request(bazaar, Decimal(10_000))
    looked = threading.Barrier(2)
    taken = []

    def naive(number):
        row = Payout.objects.get(pk=payout.pk)
        looked.wait()
        action, actor = [(Action.APPROVE, Actor.ADMIN), (Action.CANCEL, Actor.SHOP)][number]
        if transitions.target(row, action, actor):
            taken.append(action)

    at_once(2, naive)

    assert sorted(taken) == ["approve", "cancel"]


@pytest.mark.django_db(transaction=True)
def test_the_log_has_every_step(bazaar, admin):
    with_bank_details(earned(bazaar, 10_000))
    client, desk = stepped_up(bazaar), stepped_up(admin)
    body = send_signed(client, Device(bazaar), "POST", OWN, {"amount": 5000}).json()
    desk.post(f"{ALL}/{body['id']}/approve")
    desk.post(f"{ALL}/{body['id']}/paid", {"bank_reference": "BR-1"})

    steps = AuditEntry.objects.filter(subject=f"payout:{body['id']}").order_by("seq")
    assert [(each.actor, each.action) for each in steps] == [
        (f"shop:{bazaar.pk}", "payout.request"),
        (f"admin:{admin.pk}", "payout.approve"),
        (f"admin:{admin.pk}", "payout.paid"),
    ]
