"""A shop with money on its balance and bank details that have rested."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from billing import ledger
from billing.bank import details
from billing.bank.details import BankAccount
from billing.models import BankDetails, Transaction

IBAN = "KZ86125KZT5004100100"  # the example of the SWIFT registry
BIN = "971240001315"
ACCOUNT = BankAccount("Atelier LLP", BIN, IBAN, "CASPKZKA", "Kaspi Bank")


def earned(shop, amount):
    """Give the shop money the way the ledger knows it."""
    ledger.transfer(
        f"test:shop:{shop.pk}:{shop.ledger_seq}",
        Transaction.Type.PROMO,
        Decimal(amount),
        source=Transaction.Account.PROMO,
        target=shop,
    )
    shop.refresh_from_db()
    return shop


def with_bank_details(shop, account=ACCOUNT):
    details.change(shop, account)
    BankDetails.objects.filter(shop=shop).update(changed_at=timezone.now() - timedelta(days=2))
    return shop
