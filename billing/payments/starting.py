"""Starting a payment: its row first, then the gateway, which may take its time."""

from decimal import Decimal

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from billing import gateways
from billing.gateways.base import Bill, GatewayRefused, GatewayUnavailable, Started
from billing.models import Payment
from billing.payments import links, steps
from billing.payments.transitions import Actor, Event
from core.errors import Refusal
from core.transactions import atomic
from shops.models import Shop

LANGUAGES = {"ru", "kk", "en"}


class NoGateway(Refusal):
    code = "no_gateway"
    status = 503


class GatewayNotOffered(Refusal):
    code = "gateway_not_offered"
    status = 422


class GatewayDoesNotAnswer(Refusal):
    code = "gateway_unavailable"
    status = 503
    wait = 30  # seconds


class PaymentRefused(Refusal):
    code = "payment_refused"


def start_topup(
    owner: User | Shop, amount: Decimal, *, provider: str = "", platform: str = ""
) -> Payment:
    """Begin to put `amount` KZT on the owner's balance; the owner pays at `pay_page`.

    Raises NoGateway where the deployment has none, GatewayNotOffered, GatewayDoesNotAnswer, and
    PaymentRefused when the gateway says no. Not to be called in a transaction.
    """
    return open_page(create_topup(owner, amount, provider=provider), platform=platform)


def create_topup(owner: User | Shop, amount: Decimal, *, provider: str = "") -> Payment:
    """The first half of `start_topup`, which is quick; `open_page` is the other."""
    return Payment.objects.create(
        user=owner if isinstance(owner, User) else None,
        shop=owner if isinstance(owner, Shop) else None,
        provider=chosen(provider),
        amount=amount,
        currency=settings.CURRENCY,
    )


def create_for_checkout(
    user: User, checkout_id: int, amount: Decimal, *, provider: str = ""
) -> Payment:
    """A payment of `amount` KZT, after which the balance pays the checkout; then `open_page`."""
    return Payment.objects.create(
        user=user,
        checkout_id=checkout_id,
        purpose=Payment.Purpose.CHECKOUT,
        provider=chosen(provider),
        amount=amount,
        currency=settings.CURRENCY,
    )


def chosen(provider: str) -> str:
    """The gateway of that name, or the first where none is named; NoGateway, GatewayNotOffered."""
    offered = gateways.offered()
    if not offered:
        raise NoGateway(_("Payments are not possible here yet."))
    if provider and provider not in offered:
        raise GatewayNotOffered(_("Pay with one of: %(names)s.") % {"names": ", ".join(offered)})
    return provider or offered[0]


def open_page(payment: Payment, *, platform: str = "") -> Payment:
    """Tell the gateway what is to be paid, and learn where; a `mobile` payer comes back to the app.

    A payment about which the gateway does not answer stays begun: had it heard, its message or the
    last query before the payment expires will tell.
    """
    try:
        started = gateways.load(payment.provider).init(_bill(payment, platform))
    except GatewayUnavailable as error:
        text = _("The payment service does not answer. Nothing was charged; please try again.")
        raise GatewayDoesNotAnswer(text) from error
    except GatewayRefused as error:
        _begin(payment, Event.INIT_FAILED)
        raise PaymentRefused(_("The payment service does not take this payment.")) from error
    return _begin(payment, Event.INIT, started)


def opened(pk: int, *, platform: str = "") -> Payment:
    """The payment with its page; the gateway is asked only where it was not heard yet."""
    payment = Payment.objects.get(pk=pk)
    if payment.status == Payment.Status.CREATED:
        return open_page(payment, platform=platform)
    return payment


@atomic
def _begin(payment: Payment, event: Event, started: Started | None = None) -> Payment:
    """Note the gateway's answer; its message about the payment may have been faster."""
    found = steps.locked(payment.pk)
    assert found is not None
    if started:
        found.pay_page = started.pay_page
        found.external_id = found.external_id or started.external_id
    if found.status == Payment.Status.CREATED:
        return steps.take(found, event, Actor.GATEWAY)
    found.save(update_fields=["pay_page", "external_id"])
    return found


def _bill(payment: Payment, platform: str) -> Bill:
    language = (get_language() or "")[:2]
    return Bill(
        payment_id=payment.pk,
        amount=payment.amount,
        currency=payment.currency,
        description=_("Leema, payment %(number)d") % {"number": payment.pk},
        language=language if language in LANGUAGES else "ru",
        return_url=links.return_url(payment, platform),
        callback_url=links.callback_url(payment.provider),
    )
