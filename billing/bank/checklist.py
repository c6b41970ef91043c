"""What an administrator looks at before a shop may sell: each point, and whether it is in order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.bank import details, numbers
from billing.models import BankDetails
from shops.models import Shop

PHONE = re.compile(r"(?:\+7|8)7\d{9}")  # the form of mobile and city numbers of Kazakhstan


@dataclass(frozen=True, slots=True)
class Point:
    """`name` and `detail` are in the reader's language."""

    name: str
    is_fine: bool
    detail: str


def of(shop: Shop) -> list[Point]:
    """All points of the shop; none of them decides."""
    return [*_contacts(shop), *_numbers(shop)]


def _contacts(shop: Shop) -> Iterator[Point]:
    yield _given(_("Owner"), shop.owner_name)
    yield _phone(_("Phone"), shop.phone)
    yield _phone(_("WhatsApp number"), shop.whatsapp_number)
    yield _given(_("Address"), shop.address)


def _numbers(shop: Shop) -> Iterator[Point]:
    account = details.account_of(shop)
    if account is None:
        yield Point(_("BIN or IIN, and IBAN"), is_fine=False, detail=_("No bank details yet"))
        return
    shown = account.masked()
    is_right = numbers.is_identification_number(account.iin_bin)
    yield _checked(_("BIN or IIN"), shown.iin_bin, is_right=is_right)
    yield _checked(_("IBAN"), shown.iban, is_right=numbers.is_iban(account.iban))
    yield _alone(shop, account.iin_bin)


def _given(name: str, text: str) -> Point:
    return Point(name, is_fine=bool(text), detail=text or _("Not said"))


def _phone(name: str, text: str) -> Point:
    is_fine = bool(PHONE.fullmatch(re.sub(r"[^\d+]", "", text)))
    wrong = _("%(text)s: not a number of Kazakhstan") % {"text": text} if text else _("Not said")
    return Point(name, is_fine=is_fine, detail=text if is_fine else wrong)


def _checked(name: str, shown: str, *, is_right: bool) -> Point:
    wrong = _("%(number)s: the check digits are wrong") % {"number": shown}
    return Point(name, is_fine=is_right, detail=shown if is_right else wrong)


def _alone(shop: Shop, iin_bin: str) -> Point:
    """Whether no other shop has the same owner by number."""
    same = BankDetails.objects.filter(iin_bin_mark=details.mark(iin_bin)).exclude(shop=shop)
    names = ", ".join(same.order_by("shop__shop_name").values_list("shop__shop_name", flat=True))
    name = _("The only shop with this BIN or IIN")
    return Point(name, is_fine=not names, detail=names or _("Yes"))
