"""What happens to an order after it is placed: each step and its money in one transaction."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from billing import ledger
from billing.models import Transaction
from catalog.models import Product
from core import audit
from core.errors import Refusal
from orders import events, transitions
from orders.models import Order
from orders.transitions import Action, Actor

Account = Transaction.Account


class TransitionNotAllowed(Refusal):
    code = "transition_not_allowed"


@transaction.atomic
def act(order: Order, action: Action, actor: Actor) -> Order:
    """Take one step of the lifecycle, or raise TransitionNotAllowed and change nothing."""
    order = _locked(order)
    target = transitions.target(order, action, actor)
    if target is None:
        allowed = ", ".join(transitions.allowed(order, actor)) or _("nothing")
        message = _("This order does not allow that now. Allowed: %(allowed)s.")
        raise TransitionNotAllowed(message % {"allowed": allowed})
    before, order.status = order.status, target
    order.save(update_fields=["status", "updated_at"])
    _move_money(order, action, was_paid=before == Order.Status.CONFIRMED)
    if actor == Actor.ADMIN:
        audit.record(f"order.{action}", order, before={"status": before}, after={"status": target})
    events.order_updated(order, is_new=action == Action.PAY)
    return order


def _locked(order: Order) -> Order:
    rows = Order.objects.select_for_update(of=("self",)).select_related("user", "shop", "product")
    return rows.get(pk=order.pk)


def _move_money(order: Order, action: Action, *, was_paid: bool) -> None:
    steps: dict[Action, Callable[[Order], None]] = {
        Action.PAY: _pay,
        Action.COMPLETE: _settle,
        Action.CANCEL: _refund if was_paid else _nothing,
    }
    steps[action](order)


def _pay(order: Order) -> None:
    sold = Product.objects.filter(pk=order.product_id)
    sold.update(purchases_count=F("purchases_count") + order.quantity)
    _transfer(order, "pay", Transaction.Type.PURCHASE, order.user, Account.ESCROW)


def _settle(order: Order) -> None:
    _transfer(order, "complete", Transaction.Type.SALE, Account.ESCROW, order.shop)


def _refund(order: Order) -> None:
    _transfer(order, "cancel", Transaction.Type.REFUND, Account.ESCROW, order.user)


def _nothing(order: Order) -> None:
    """An order that was never paid has no money to give back."""


def _transfer(
    order: Order, step: str, kind: Transaction.Type, source: ledger.Account, target: ledger.Account
) -> None:
    key = f"order:{order.pk}:{step}"
    ledger.transfer(key, kind, order.total_amount, source=source, target=target, order_id=order.pk)
