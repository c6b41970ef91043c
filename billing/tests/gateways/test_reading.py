"""What is read of a provider's answer, and what is nonsense."""

from decimal import Decimal

import pytest

from billing.gateways import reading
from billing.gateways.base import BadSignature

BOMB = b"""<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><r>&b;</r>"""
FILE = b"""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>"""


@pytest.mark.parametrize("body", [BOMB, FILE, b"<!DOCTYPE r><r/>", b"<r>", b"", b"{}", b"\xff"])
def test_a_document_with_declarations_or_without_an_end_is_nonsense(body):
    with pytest.raises(BadSignature), reading.nonsense_is(BadSignature):
        reading.xml(body)


@pytest.mark.parametrize(
    "said",
    [
        "NaN",
        "Infinity",
        "1e3",
        "1_000",
        " 1",
        "1 ",
        "1,5",
        "+1",
        "",
        "١",
        "9" * 13,
        None,
        True,
        [],
        {},
    ],
)
def test_an_amount_is_plain_digits(said):
    with pytest.raises(BadSignature), reading.nonsense_is(BadSignature):
        reading.amount(said)


@pytest.mark.parametrize("said", ["5000", "5000.00", "5000.000000", 5000, Decimal("5000.0")])
def test_an_amount_is_read_however_many_zeros_it_has(said):
    assert reading.amount(said) == 5000


@pytest.mark.parametrize("said", ["-1", "1.0", "9" * 19, "abc", None, False])
def test_a_payment_has_a_whole_number(said):
    with pytest.raises(BadSignature), reading.nonsense_is(BadSignature):
        reading.number(said)


def test_a_number_too_large_to_write_out_is_not_written_out():
    said = reading.json_object(b'{"amount": 1e999999999}')

    with pytest.raises(BadSignature), reading.nonsense_is(BadSignature):
        reading.amount(said["amount"])


@pytest.mark.parametrize(
    "body", [b"a=1&a=2", b"&".join(b"f%d=1" % number for number in range(300))]
)
def test_a_form_names_each_field_once_and_not_too_many(body):
    with pytest.raises(BadSignature), reading.nonsense_is(BadSignature):
        reading.form(body)


def test_nonsense_does_not_tell_what_it_was():
    with pytest.raises(BadSignature) as refusal, reading.nonsense_is(BadSignature):
        reading.number("4111 1111 1111 1111")

    assert (str(refusal.value), refusal.value.__cause__) == ("unreadable", None)
