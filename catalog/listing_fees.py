"""What shops may have to pay for being shown; both fees are off until a platform setting says more.

For the approval of a product, each time anew; and for every 30 days that it is shown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from billing import ledger
from billing.models import Posting, Transaction
from catalog.models import MOST_MONTHS, Product
from catalog.products import ProductGone
from core.errors import Refusal
from core.platform_settings import registry
from core.transactions import atomic

MONTH = timedelta(days=30)
Type = Transaction.Type


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was paid for: the product as it is now, and the amount in KZT."""

    product: Product
    amount: Decimal


class ShopLacksMoney(Refusal):
    code = "insufficient_funds"
    status = 402


class ShownForFree(Refusal):
    code = "shown_for_free"


class BadPeriod(Refusal):
    code = "bad_period"
    status = 422


def charge_for_approval(product: Product) -> Decimal:
    """Take the fee off the shop's balance, in the transaction of the approval; returns it.

    The caller holds the product's lock. Raises ShopLacksMoney.
    """
    fee = registry.SHOP_APPROVAL_FEE.value()
    if fee:
        _charge(product, "approval_fee", Type.APPROVAL_FEE, fee)
    return fee


def give_back(product: Product, fee: Decimal, key: str) -> None:
    """Put the fee of an approval that is undone back on the shop's balance."""
    source = Transaction.Account.COMMISSION
    ledger.transfer(key, Type.REFUND, fee, source=source, target=product.shop)


def price() -> Decimal:
    """What showing a product for 30 days costs, in KZT; 0 while it costs nothing."""
    return registry.SHOP_PRODUCT_RENT_PRICE.value()


def periods() -> range:
    """For how many times 30 days a shop may pay at once."""
    return range(registry.SHOP_MIN_RENT_MONTHS.value(), MOST_MONTHS + 1)


@atomic
def pay(product: Product, months: int) -> Receipt:
    """Pay from the shop's balance for showing the product so many times 30 days longer.

    A product that was hidden because its time was over is shown again. Raises ShownForFree while
    nothing is to be paid, BadPeriod, ProductGone and ShopLacksMoney.
    """
    amount = price() * months
    _check(months)
    product, now = _locked(product), timezone.now()
    _charge(product, "rent", Type.PRODUCT_RENT, amount)
    if _is_hidden(product, now):
        product.is_active = True
    product.rent_expires_at = max(product.rent_expires_at or now, now) + MONTH * months
    product.save(update_fields=["is_active", "rent_expires_at", "updated_at"])
    return Receipt(product, amount)


def hide_unpaid() -> int:
    """Take off sale what was paid for until now, while showing costs money; returns how many."""
    if not price():
        return 0
    now = timezone.now()
    over = Product.objects.filter(is_active=True, rent_expires_at__lte=now)
    return over.update(is_active=False, updated_at=now)


def _check(months: int) -> None:
    if not price():
        raise ShownForFree(_("Products are shown for free at the moment."))
    if months not in (allowed := periods()):
        text = _("Pay for %(least)d to %(most)d months at once.")
        raise BadPeriod(text % {"least": allowed.start, "most": MOST_MONTHS})


def _locked(product: Product) -> Product:
    found = Product.objects.held().filter(pk=product.pk).first()
    if found is None:
        raise ProductGone(_("This product has been deleted meanwhile."))
    return found


def _is_hidden(product: Product, now: datetime) -> bool:
    """Whether an approved product's time was over."""
    ended = product.rent_expires_at is not None and product.rent_expires_at <= now
    return ended and product.is_public


def _charge(product: Product, what: str, kind: Transaction.Type, amount: Decimal) -> None:
    # Numbered under the product's lock: the key makes each of them impossible to book twice.
    prefix = f"product:{product.pk}:{what}:"
    number = Posting.objects.filter(key__startswith=prefix).count() + 1
    target = Transaction.Account.COMMISSION
    try:
        ledger.transfer(f"{prefix}{number}", kind, amount, source=product.shop, target=target)
    except ledger.InsufficientFunds as error:
        text = _("There are not enough ₸ on the shop's balance: %(amount)s ₸ are to be paid.")
        shown = number_format(amount, decimal_pos=2, force_grouping=True)
        raise ShopLacksMoney(text % {"amount": shown}) from error
