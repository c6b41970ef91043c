"""An administrator's decision about a payment: another amount came, or nothing was heard."""

from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from billing import events
from billing.gateways.base import GatewayRefused, GatewayUnavailable
from billing.models import Payment, PaymentEvent
from billing.payments import receiving, steps
from billing.payments.starting import GatewayDoesNotAnswer
from billing.payments.transitions import Actor, Event
from core import audit
from core.errors import Refusal
from core.transactions import atomic


class CannotBeAccepted(Refusal):
    code = "cannot_be_accepted"


class NotKnownThere(Refusal):
    code = "not_known_there"


class Unexplained(Refusal):
    code = "unexplained"
    status = 422


@atomic
def accept(payment: Payment) -> Payment:
    """Put what came on the balance; orders that it was for are not paid by it.

    Raises CannotBeAccepted for another currency and for the money of an erased account.
    """
    found = _locked(payment)
    amount = came(found)
    if found.status == Payment.Status.NEEDS_REVIEW and amount is None:
        raise CannotBeAccepted(_("It came in another currency, or its account is deleted."))
    done = _take(found, Event.ACCEPT, amount)
    events.money_is_on_the_balance(done)
    return done


@atomic
def refuse(payment: Payment, *, reason: str) -> Payment:
    """Leave the balance as it is: the money is given back in the provider's cabinet."""
    if not reason.strip():
        raise Unexplained(_("Say why."))
    return _take(_locked(payment), Event.REFUSE, None, reason=reason.strip())


def ask_the_gateway(payment: Payment) -> Payment:
    """Ask once more about a payment that is over: what came in vain is put on the balance.

    Orders are not paid by it. Raises GatewayDoesNotAnswer and NotKnownThere.
    """
    try:
        heard = receiving.ask(payment)
    except GatewayUnavailable as error:
        raise GatewayDoesNotAnswer(_("The gateway does not answer.")) from error
    except GatewayRefused as error:
        raise NotKnownThere(_("The gateway knows of no such payment.")) from error
    with transaction.atomic():
        taken = receiving.apply(heard)
        found = taken.payment or payment
        audit.record(
            "payment.ask", found, before={"status": payment.status}, after={"status": found.status}
        )
    return found


def came(payment: Payment) -> Decimal | None:
    """What a gateway says has come in our currency, for somebody who still has an account."""
    if payment.user and payment.user.erased_at:
        return None
    told = payment.events.filter(signature_ok=True, outcome="succeeded").order_by("-pk")
    last: PaymentEvent | None = told.first()
    is_ours = last and last.currency == settings.CURRENCY and last.amount and last.amount > 0
    return last.amount if last and is_ours else None


def _locked(payment: Payment) -> Payment:
    found = steps.locked(payment.pk)
    assert found is not None
    return found


def _take(payment: Payment, event: Event, amount: Decimal | None, **said: str) -> Payment:
    before = {"status": payment.status}
    done = steps.take(payment, event, Actor.ADMIN, amount)
    after = {"status": done.status, "amount": amount, **said}
    audit.record(f"payment.{event}", done, before=before, after=after)
    return done
