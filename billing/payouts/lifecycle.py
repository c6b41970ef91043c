"""What happens to a payout: each step and its money in one transaction.

Asked for, the money leaves the shop's balance for the hold; from there it goes to the bank or back.
"""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing import events, ledger
from billing.models import BankDetails, Payout, Transaction
from billing.payouts import transitions
from billing.payouts.transitions import Action, Actor
from core import audit
from core.errors import Refusal
from core.platform_settings import registry
from core.transactions import atomic
from shops.models import Shop

BANK_DETAILS_REST = timedelta(hours=24)
HOLD = Transaction.Account.PAYOUT_HOLD
Type = Transaction.Type


class PayoutTooSmall(Refusal):
    code = "payout_too_small"
    status = 422


class BankDetailsMissing(Refusal):
    code = "bank_details_missing"


class BankDetailsTooNew(Refusal):
    code = "bank_details_too_new"


class TransitionNotAllowed(Refusal):
    code = "transition_not_allowed"


class SecondAdminNeeded(Refusal):
    code = "second_admin_needed"


class Unexplained(Refusal):
    code = "unexplained"
    status = 422


@atomic
def request(shop: Shop, amount: Decimal) -> Payout:
    """Ask for `amount` KZT to be sent to the shop's bank; the money is held from now on.

    Raises PayoutTooSmall, BankDetailsMissing, BankDetailsTooNew for 24 hours after a change of
    them, and InsufficientFunds.
    """
    least = registry.SHOP_PAYOUT_MIN.value()
    if amount < least:
        raise PayoutTooSmall(_("The smallest payout is %(least)s ₸.") % {"least": least})
    details = _settled_details(shop)
    payout = Payout.objects.create(shop=shop, amount=amount, encrypted_account=details.encrypted)
    _move(payout, "request", Type.PAYOUT, source=shop, target=HOLD)
    _tell(payout, "request", before={})
    return payout


@atomic
def approve(payout: Payout, *, by: User) -> Payout:
    """Let the money go to the bank; above the limit only a second administrator's yes does."""
    payout, target = _next(payout, Action.APPROVE, Actor.ADMIN)
    if payout.approved_by_id == by.pk:
        raise SecondAdminNeeded(_("A second administrator has to approve this payout."))
    if payout.approved_by_id is None:
        payout.approved_by = by
    else:
        payout.seconded_by = by
    return _save(payout, Action.APPROVE, payout.status if payout.lacks_approval else target)


@atomic
def mark_paid(payout: Payout, *, bank_reference: str) -> Payout:
    """Note that the bank has paid, under this reference of its own."""
    payout, target = _next(payout, Action.PAID, Actor.ADMIN)
    payout.bank_reference = _said(bank_reference)
    _move(payout, "paid", Type.PAYOUT, source=HOLD, target=Transaction.Account.PAYOUT)
    return _save(payout, Action.PAID, target)


@atomic
def fail(payout: Payout, *, reason: str) -> Payout:
    """Give the money back to the shop, which reads the reason."""
    payout, target = _next(payout, Action.FAIL, Actor.ADMIN)
    payout.failure_reason = _said(reason)
    return _return(payout, Action.FAIL, target)


@atomic
def cancel(payout: Payout) -> Payout:
    """The shop changes its mind, before the payout is approved."""
    payout, target = _next(payout, Action.CANCEL, Actor.SHOP)
    return _return(payout, Action.CANCEL, target)


def _settled_details(shop: Shop) -> BankDetails:
    details = BankDetails.objects.filter(shop=shop).first()
    if details is None:
        raise BankDetailsMissing(_("Say first where the money is to go: the bank details."))
    if timezone.now() - details.changed_at < BANK_DETAILS_REST:
        text = _("The bank details have changed. Payouts are possible again after 24 hours.")
        raise BankDetailsTooNew(text)
    return details


def _next(payout: Payout, action: Action, actor: Actor) -> tuple[Payout, Payout.Status]:
    """The payout, locked, and where the action leads; TransitionNotAllowed if nowhere."""
    rows = Payout.objects.select_for_update(of=("self",)).select_related("shop")
    payout = rows.get(pk=payout.pk)
    target = transitions.target(payout, action, actor)
    if target is None:
        allowed = ", ".join(transitions.allowed(payout, actor)) or _("nothing")
        message = _("This payout does not allow that now. Allowed: %(allowed)s.")
        raise TransitionNotAllowed(message % {"allowed": allowed})
    return payout, target


def _said(text: str) -> str:
    if not text.strip():
        raise Unexplained(_("Write the bank's reference, or the reason."))
    return text.strip()


def _return(payout: Payout, action: Action, target: Payout.Status) -> Payout:
    _move(payout, "return", Type.PAYOUT_RETURN, source=HOLD, target=payout.shop)
    return _save(payout, action, target)


def _move(
    payout: Payout, step: str, kind: Type, *, source: ledger.Account, target: ledger.Account
) -> None:
    key = f"payout:{payout.pk}:{step}"
    ledger.transfer(key, kind, payout.amount, source=source, target=target)


def _save(payout: Payout, action: Action, status: str) -> Payout:
    before = {"status": payout.status}
    payout.status = status
    payout.save()
    _tell(payout, action, before)
    return payout


def _tell(payout: Payout, step: str, before: dict[str, str]) -> None:
    after = {"status": payout.status, "amount": payout.amount}
    audit.record(f"payout.{step}", payout, before=before, after=after)
    events.payout_updated(payout)
