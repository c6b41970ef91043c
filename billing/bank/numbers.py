"""Whether the numbers that banks use in Kazakhstan are what they seem: form and check digits."""

import re

IDENTIFICATION_NUMBER = re.compile(r"[0-9]{12}")
IBAN = re.compile(r"KZ[0-9]{5}[A-Z0-9]{13}")  # the SWIFT registry of ISO 13616: KZ2!n3!n13!c
BIC = re.compile(r"[A-Z]{4}KZ[A-Z0-9]{2}(?:[A-Z0-9]{3})?")  # ISO 9362, a bank in Kazakhstan
FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
NO_DIGIT = 10


def is_identification_number(text: str) -> bool:
    """Whether it may be a BIN (of a company) or an IIN (of a person): both have one check digit.

    Rules for forming the identification number, Government of Kazakhstan, 22 May 2007, No. 406
    (adilet.zan.kz/rus/docs/P070000406_): the sum by the first weights modulo 11; when that is 10,
    by the second ones; when it is 10 again, the number is not given out.
    """
    if not IDENTIFICATION_NUMBER.fullmatch(text):
        return False
    digits = [int(digit) for digit in text]
    check = _weighed(digits, FIRST_WEIGHTS)
    if check == NO_DIGIT:
        check = _weighed(digits, SECOND_WEIGHTS)
    return check == digits[-1]


def is_iban(text: str) -> bool:
    """Whether it is an IBAN of Kazakhstan: ISO 13616 with the check digits of ISO 7064."""
    if not IBAN.fullmatch(text):
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def is_bic(text: str) -> bool:
    return bool(BIC.fullmatch(text))


def _weighed(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
