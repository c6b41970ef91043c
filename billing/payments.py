"""Payments: starting one, and believing a gateway about it — once, and only if it is true."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing import gateways, ledger
from billing.gateways.base import BadSignature, GatewayEvent
from billing.models import Payment, PaymentEvent, Transaction
from core.errors import Refusal
from shops.models import Shop

PAY_PAGE_HOURS = 24


class UnknownGateway(Refusal):
    code = "unknown_gateway"
    status = 404


class NoGateway(Refusal):
    code = "no_gateway"
    status = 503


class BadCallback(Refusal):
    code = "bad_signature"
    status = 401


class PaymentMismatch(Refusal):
    code = "payment_mismatch"
    status = 422


def start_topup(owner: User | Shop, amount: Decimal) -> Payment:
    """Begin to put `amount` KZT on the owner's balance; the owner pays at `pay_page`.

    Raises NoGateway where the deployment has none.
    """
    if not settings.PAYMENT_GATEWAY:
        raise NoGateway(_("Payments are not possible here yet."))
    return Payment.objects.create(
        user=owner if isinstance(owner, User) else None,
        shop=owner if isinstance(owner, Shop) else None,
        provider=settings.PAYMENT_GATEWAY,
        amount=amount,
    )


def awaited(user: User) -> bool:
    """Whether a payment of the last 24 hours may still come; older ones were abandoned."""
    oldest = timezone.now() - timedelta(hours=PAY_PAGE_HOURS)
    return user.payments.filter(status=Payment.Status.PENDING, created_at__gt=oldest).exists()


def pay_page(payment: Payment) -> str:
    """The address where the payer pays."""
    return gateways.load(payment.provider).pay_page(payment.pk)


def give_up(user: User) -> None:
    """Wait no longer for the person's payments: a late callback changes nothing."""
    waiting = user.payments.filter(status=Payment.Status.PENDING)
    waiting.update(status=Payment.Status.FAILED, updated_at=timezone.now())


def receive(provider: str, body: bytes, signature: str) -> Payment:
    """Take in a gateway's callback; the same event again changes nothing.

    Raises UnknownGateway, BadCallback for a signature that is not the gateway's, and
    PaymentMismatch when amount or currency are not what was asked.
    """
    if provider != settings.PAYMENT_GATEWAY:
        raise UnknownGateway(_("There is no such gateway."))
    try:
        event = gateways.load(provider).parse(body, signature)
    except BadSignature as error:
        raise BadCallback(_("The signature is not the gateway's.")) from error
    return _apply(provider, event, body)


@transaction.atomic
def _apply(provider: str, event: GatewayEvent, body: bytes) -> Payment:
    payments = Payment.objects.select_for_update().filter(provider=provider)
    payment = payments.filter(pk=event.payment_id).first()
    if payment is None or (event.amount, event.currency) != (payment.amount, settings.CURRENCY):
        raise PaymentMismatch(_("This is not the payment that was asked for."))
    if _is_new(provider, event, body) and payment.status == Payment.Status.PENDING:
        _settle(payment, succeeded=event.succeeded)
    return payment


def _is_new(provider: str, event: GatewayEvent, body: bytes) -> bool:
    try:
        with transaction.atomic():
            PaymentEvent.objects.create(provider=provider, event_key=event.key, body=body.decode())
    except IntegrityError:
        return False
    return True


def _settle(payment: Payment, *, succeeded: bool) -> None:
    payment.status = Payment.Status.SUCCEEDED if succeeded else Payment.Status.FAILED
    payment.save(update_fields=["status", "updated_at"])
    owner = payment.user or payment.shop
    assert owner is not None
    if succeeded:
        ledger.transfer(
            f"payment:{payment.pk}:succeed",
            Transaction.Type.TOPUP,
            payment.amount,
            source=Transaction.Account.GATEWAY,
            target=owner,
        )
