"""How a payment is named to those who only hold a link."""

from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.signing import Signer
from django.urls import reverse

from billing.models import Payment, Transaction

APP = "myapp://payment"
PAYPAL = "paypal"  # its own id cannot be guessed, and is what its redirect brings back
_signer = Signer(salt="payment-link")


def order_id(payment: Payment) -> str:
    """What the older clients call a payment by, which nobody guesses."""
    is_paypals = payment.provider == PAYPAL and payment.external_id
    return payment.external_id if is_paypals else _signer.sign(str(payment.pk))


def find(named: str) -> Payment | None:
    """The payment of that `order_id`."""
    try:
        return Payment.objects.filter(pk=int(_signer.unsign(named))).first()
    except signing.BadSignature:
        return Payment.objects.filter(provider=PAYPAL, external_id=named[:100] or None).first()


def return_url(payment: Payment, platform: str = "") -> str:
    """Where the gateway sends the payer afterwards; on a phone, from there back to the app."""
    page = reverse("paypal-success") if payment.provider == PAYPAL else page_of(payment)
    query = f"?platform={platform}" if platform == "mobile" else ""
    return f"{settings.API_BASE_URL}{page}{query}"


def page_of(payment: Payment) -> str:
    """Where the payer reads what has become of it."""
    return reverse("payment-page", args=[_signer.sign(str(payment.pk))])


def app_url(payment: Payment) -> str:
    """What brings a payer on a phone back to the app, in the older clients' words."""
    if payment.paid_amount is None:
        return f"{APP}/cancel"
    said = {"amount": payment.paid_amount, "transaction_id": transaction_id(payment) or ""}
    return f"{APP}/success?{urlencode(said)}"


def transaction_id(payment: Payment) -> int | None:
    """The line of the owner's ledger by which the money came."""
    lines = Transaction.objects.filter(posting__key=f"payment:{payment.pk}:succeed")
    return lines.filter(system_account=None).values_list("pk", flat=True).first()


def callback_url(provider: str) -> str:
    """Where the gateway's messages go."""
    return f"{settings.API_BASE_URL}{reverse('payment-callback', args=[provider])}"
