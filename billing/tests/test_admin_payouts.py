"""Administrators decide about payouts in the Django admin."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from billing.models import Payout
from billing.payouts import lifecycle
from billing.tests.shops_with_money import IBAN, earned, with_bank_details

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def payout(atelier) -> Payout:
    """10 000 of the atelier's 600 000 ₸."""
    return lifecycle.request(with_bank_details(earned(atelier, 600_000)), Decimal(10_000))


def page_of(payout: Payout) -> str:
    return reverse("admin:billing_payout_change", args=[payout.pk])


def decide(desk: Client, payout: Payout, action: str, **words: str):
    address = reverse("admin:billing_payout_decide", args=[payout.pk, action])
    response = desk.post(address, words, follow=True)
    payout.refresh_from_db()
    return response.content.decode()


def test_a_payout_is_approved_and_noted_as_paid(desk, admin, payout, atelier):
    page = decide(desk, payout, "approve")
    assert (payout.status, payout.approved_by) == ("processing", admin)
    assert f"The decision about payout № {payout.pk} is noted." in page

    decide(desk, payout, "paid", bank_reference="BR-1")

    atelier.refresh_from_db()
    assert (payout.status, payout.bank_reference) == ("paid", "BR-1")
    assert atelier.balance == Decimal(590_000)


def test_a_payout_is_given_back_with_a_reason(desk, payout, atelier):
    decide(desk, payout, "fail", reason="No such account")

    atelier.refresh_from_db()
    assert (payout.status, payout.failure_reason) == ("returned", "No such account")
    assert atelier.balance == Decimal(600_000)


@pytest.mark.parametrize("action", ["paid", "fail"])
def test_without_a_word_nothing_happens_and_a_message_says_why(desk, admin, payout, action):
    lifecycle.approve(payout, by=admin)

    page = decide(desk, payout, action, bank_reference=" ", reason="")

    assert payout.status == "processing"
    assert "Write the bank&#x27;s reference, or the reason." in page


def test_one_administrator_does_not_approve_twice(desk, atelier):
    big = lifecycle.request(with_bank_details(earned(atelier, 600_000)), Decimal(600_000))
    decide(desk, big, "approve")

    page = decide(desk, big, "approve")

    assert (big.status, big.seconded_by) == ("requested", None)
    assert "A second administrator has to approve this payout." in page


def test_the_page_shows_where_the_money_goes_and_what_may_be_done(desk, admin, payout):
    def offered():
        page = desk.get(page_of(payout)).content.decode()
        assert IBAN in page
        return {act for act in ("approve", "paid", "fail") if f"/decide/{act}/" in page}

    assert offered() == {"approve", "fail"}
    lifecycle.approve(payout, by=admin)
    assert offered() == {"paid", "fail"}
    lifecycle.mark_paid(payout, bank_reference="BR-1")
    assert offered() == set()


def test_following_a_link_decides_nothing(desk, payout):
    address = reverse("admin:billing_payout_decide", args=[payout.pk, "approve"])

    assert desk.get(address).status_code == 405
    assert desk.post(address.replace("approve", "steal")).status_code == 404
    payout.refresh_from_db()
    assert payout.status == "requested"


def test_a_shopper_decides_nothing(payout, aigerim):
    client = Client()
    client.force_login(aigerim, backend=BACKEND)

    decide(client, payout, "approve")

    assert payout.status == "requested"
    assert not User.objects.filter(pk=payout.approved_by_id).exists()


def test_words_that_cannot_be_stored_are_refused(desk, payout):
    decide(desk, payout, "approve")
    address = reverse("admin:billing_payout_decide", args=[payout.pk, "paid"])

    response = desk.post(address, {"bank_reference": "a\0b"})

    payout.refresh_from_db()
    assert (response.status_code, payout.status) == (400, "processing")
