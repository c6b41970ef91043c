"""Where a shop's payouts go: checked, encrypted, masked, and changed by signed requests alone."""

import pytest
from django.db import connection

from accounts.tests.signed_requests import Device, send_signed, stepped_up
from billing.bank import numbers
from billing.models import BankDetails
from billing.tests.shops_with_money import BIN, IBAN, with_bank_details
from core.models import AuditEntry

ADDRESS = "/api/v1/shops/me/bank-details"
DETAILS = {
    "beneficiary": "Atelier LLP",
    "iin_bin": BIN,
    "iban": IBAN,
    "bic": "CASPKZKA",
    "bank_name": "Kaspi Bank",
}
MASKED = {**DETAILS, "iin_bin": "••••••••1315", "iban": "KZ86••••••••••••0100"}


@pytest.fixture
def client(atelier):
    return stepped_up(atelier)


@pytest.fixture
def device(atelier):
    return Device(atelier)


def put(client, device, **changes):
    return send_signed(client, device, "PUT", ADDRESS, {**DETAILS, **changes})


def test_a_shop_says_where_its_payouts_go_and_sees_it_masked(client, device, as_atelier):
    response = put(client, device)

    assert (response.status_code, response.json()) == (200, MASKED)
    assert as_atelier.get(ADDRESS).json() == MASKED


def test_the_numbers_are_encrypted_at_rest(client, device):
    put(client, device)

    with connection.cursor() as cursor:
        cursor.execute("SELECT bank_details::text FROM bank_details")
        [[row]] = cursor.fetchall()
    assert not {IBAN, BIN, "Atelier LLP"} & set(row.split('"'))
    assert IBAN not in row
    assert BIN not in row


def test_numbers_may_come_as_banks_print_them(client, device):
    assert put(client, device, iban="kz86 125K ZT50 0410 0100", bic="caspkzka").json() == MASKED


def test_without_any_there_is_nothing(as_atelier):
    assert as_atelier.get(ADDRESS).status_code == 404


def test_an_unsigned_change_changes_nothing(client, atelier):
    with_bank_details(atelier)

    response = client.put(ADDRESS, {**DETAILS, "beneficiary": "Thief"})

    assert (response.status_code, response.json()["code"]) == (401, "bad_signature")
    assert client.get(ADDRESS).json() == MASKED


def test_a_signed_change_without_a_second_factor_changes_nothing(as_atelier, device):
    response = put(as_atelier, device)

    assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")
    assert not BankDetails.objects.exists()


def test_a_shopper_and_an_administrator_have_none(aigerim, admin):
    for account in (aigerim, admin):
        response = put(stepped_up(account), Device(account))
        assert (response.status_code, response.json()["code"]) == (403, "wrong_account_type")
    assert not BankDetails.objects.exists()


def test_the_same_again_is_no_change(client, device, atelier):
    with_bank_details(atelier)
    [rested] = BankDetails.objects.values_list("changed_at", flat=True)

    put(client, device)

    [after] = BankDetails.objects.values_list("changed_at", flat=True)
    assert after == rested


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iin_bin", "971240001316"),
        ("iin_bin", "97124000131"),
        ("iin_bin", "97124000131x"),
        ("iin_bin", "٩٧١٢٤٠٠٠١٣١٥"),
        ("iban", "KZ87125KZT5004100100"),
        ("iban", "KZ86125KZT5004100101"),
        ("iban", "DE89370400440532013000"),
        ("iban", "KZ86125KZT500410010"),
        ("bic", "DEUTDEFF"),
        ("bic", "CASPKZK"),
        ("beneficiary", ""),
        ("shop_id", 1),
    ],
)
def test_a_wrong_number_is_refused_by_name(client, device, name, value):
    response = put(client, device, **{name: value})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"/{name}"
    assert not BankDetails.objects.exists()


@pytest.mark.parametrize(
    "number",
    [
        BIN,  # Kaspi Bank's own
        "940140000385",  # Halyk Bank's own
        "000000000101",  # by the second weights
    ],
)
def test_a_bin_has_a_check_digit(number):
    assert numbers.is_identification_number(number)
    for digit in set("0123456789") - {number[-1]}:
        assert not numbers.is_identification_number(number[:-1] + digit)


def test_numbers_that_have_no_check_digit_are_not_given_out():
    assert not any(numbers.is_identification_number(f"00000000281{digit}") for digit in range(10))


def test_every_wrong_letter_of_an_iban_is_noticed():
    wrong = [
        IBAN[:at] + letter + IBAN[at + 1 :]
        for at in range(2, len(IBAN))
        for letter in "0123456789ABCXYZ"
        if letter != IBAN[at]
    ]

    assert numbers.is_iban(IBAN)
    assert not any(map(numbers.is_iban, wrong))


@pytest.mark.django_db(transaction=True)
def test_the_log_knows_the_change_and_not_the_numbers(bazaar):
    client, device = stepped_up(bazaar), Device(bazaar)
    put(client, device)
    put(client, device, iban="KZ75125KZT1001300335")

    first, second = AuditEntry.objects.filter(action="bank_details.change").order_by("seq")
    assert (second.actor, second.subject) == (f"shop:{bazaar.pk}", f"shop:{bazaar.pk}")
    assert "KZ86" in second.record
    assert "KZ75" in second.record
    for entry in (first, second):
        assert not [told for told in (IBAN, BIN, "Atelier LLP") if told in entry.record]
