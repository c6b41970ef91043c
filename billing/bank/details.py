"""Where the payouts of a shop go. The numbers are encrypted at rest, and masked in every log."""

import json
from dataclasses import asdict, dataclass, replace

from django.utils import timezone
from django.utils.crypto import salted_hmac

from billing.models import BankDetails
from core import audit
from core.encryption import decrypt, encrypt
from core.transactions import atomic
from shops.models import Shop

SHOWN_LETTERS = 4


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account at a bank in Kazakhstan, and whose it is."""

    beneficiary: str
    iin_bin: str
    iban: str
    bic: str
    bank_name: str = ""

    def masked(self) -> "BankAccount":
        """As people may see it: enough to recognise it, too little to use it."""
        iban = self.iban[:SHOWN_LETTERS] + _masked(self.iban[SHOWN_LETTERS:])
        return replace(self, iin_bin=_masked(self.iin_bin), iban=iban)


def seal(account: BankAccount) -> str:
    """The account as the database keeps it."""
    return encrypt(json.dumps(asdict(account)))


def unseal(sealed: str) -> BankAccount:
    return BankAccount(**json.loads(decrypt(sealed)))


def mark(iin_bin: str) -> str:
    """By what the same BIN or IIN is found at other shops, without being told."""
    return salted_hmac("bank_details.iin_bin", iin_bin, algorithm="sha256").hexdigest()


def account_of(shop: Shop) -> BankAccount | None:
    """The shop's account, or None when it has named none."""
    row = BankDetails.objects.filter(shop=shop).first()
    return unseal(row.encrypted) if row else None


@atomic
def change(shop: Shop, account: BankAccount) -> None:
    """Send later payouts there; what is asked for already goes where it was asked to go.

    Payouts pause for a day: see billing.payouts.lifecycle. The same details again change nothing.
    """
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    before = account_of(shop)
    if account == before:
        return
    kept = {
        "encrypted": seal(account),
        "iin_bin_mark": mark(account.iin_bin),
        "changed_at": timezone.now(),
    }
    BankDetails.objects.update_or_create(shop=shop, defaults=kept)
    audit.record("bank_details.change", shop, before=_numbers(before), after=_numbers(account))


def _masked(number: str) -> str:
    return "•" * (len(number) - SHOWN_LETTERS) + number[-SHOWN_LETTERS:]


def _numbers(account: BankAccount | None) -> dict[str, str]:
    if account is None:
        return {}
    masked = account.masked()
    return {"iban": masked.iban, "iin_bin": masked.iin_bin, "bic": masked.bic}
