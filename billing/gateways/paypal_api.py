"""PayPal's calls, and what its answers say in tenge; the sources stand in the adapter."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings

from billing.gateways import reading
from billing.gateways.base import GatewayEvent, GatewayRefused, GatewayUnavailable, Outcome
from billing.gateways.http import ask

CENT = Decimal("0.01")
CAPTURES = {
    "COMPLETED": Outcome.SUCCEEDED,
    "PARTIALLY_REFUNDED": Outcome.SUCCEEDED,
    "REFUNDED": Outcome.REFUNDED,
    "DECLINED": Outcome.FAILED,
    "FAILED": Outcome.FAILED,
}


def call(path: str, said: dict[str, Any] | str | None = None, *, key: str = "") -> dict[str, Any]:
    """POST an object, written already or not, or GET without one."""
    headers = {"Authorization": f"Bearer {_token()}", "Content-Type": "application/json"}
    if key:
        headers["PayPal-Request-Id"] = key
    content = said if isinstance(said, str) else json.dumps(said)
    method = "GET" if said is None else "POST"
    body = {} if said is None else {"content": content.encode()}
    answer = ask(method, f"{settings.PAYPAL_URL}{path}", headers=headers, **body)
    with reading.nonsense_is(GatewayUnavailable):
        read = reading.json_object(answer.content)
        if answer.is_success:
            return read
        issues = [str(detail["issue"]) for detail in read.get("details", [])]
        refusal = [*issues, str(read["name"])][0], str(read.get("message", ""))
    raise GatewayRefused(*refusal)


def order(payment_id: int, external_id: str) -> dict[str, Any]:
    """The order as PayPal has it, which must be the payment's."""
    found = call(f"/v2/checkout/orders/{quote(external_id, safe='')}")
    with reading.nonsense_is(GatewayUnavailable):
        if kept(found["purchase_units"][0]["custom_id"])[0] != payment_id:
            raise ValueError("another payment")
        found["id"], found["status"]
    return found


def capture(payment_id: int, external_id: str) -> dict[str, Any]:
    """Take the money of an approved order, and tell the order as it is then.

    No key: an order is captured once anyway, and after a declined card the payer may try another.
    """
    try:
        call(f"/v2/checkout/orders/{quote(external_id, safe='')}/capture", {})
    except GatewayRefused as refusal:
        if refusal.code == "INSTRUMENT_DECLINED":
            return {**order(payment_id, external_id), "status": "DECLINED"}
        if refusal.code != "ORDER_ALREADY_CAPTURED":
            raise
    return order(payment_id, external_id)


def captures(found: dict[str, Any]) -> list[dict[str, Any]]:
    taken: list[dict[str, Any]] = found["purchase_units"][0].get("payments", {}).get("captures", [])
    return taken


def outcome(found: dict[str, Any]) -> Outcome:
    """What an order says of its payment."""
    taken = captures(found)
    if taken:
        return CAPTURES.get(taken[0]["status"], Outcome.PENDING)
    states = {"DECLINED": Outcome.FAILED, "VOIDED": Outcome.CANCELLED}
    return states.get(found["status"], Outcome.PENDING)


def event(
    key: str, order_id: str, thing: dict[str, Any], outcome: Outcome, *, needs_query: bool = False
) -> GatewayEvent:
    """The event about a purchase unit, a capture or a refund: what has custom_id and amount."""
    payment_id, asked, value = kept(thing["custom_id"])
    told, currency = reading.amount(thing["amount"]["value"]), thing["amount"]["currency_code"]
    if currency == settings.PAYPAL_CURRENCY:
        told = asked if told == value else (asked * told / value).quantize(CENT)
        currency = settings.CURRENCY
    return GatewayEvent(key, payment_id, order_id, told, currency, outcome, needs_query)


def kept(custom_id: str) -> tuple[int, Decimal, Decimal]:
    """The payment, the tenge that were asked, and what was asked of PayPal for them."""
    payment_id, asked, value = custom_id.split(":")
    return reading.number(payment_id), reading.amount(asked), reading.amount(value)


def money(value: Decimal) -> dict[str, str]:
    return {"currency_code": settings.PAYPAL_CURRENCY, "value": str(value)}


def _token() -> str:
    answer = ask(
        "POST",
        f"{settings.PAYPAL_URL}/v1/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=httpx.BasicAuth(settings.PAYPAL_CLIENT_ID, settings.PAYPAL_CLIENT_SECRET),
    )
    with reading.nonsense_is(GatewayUnavailable):
        return str(reading.json_object(answer.content)["access_token"])
