"""The money of an order: what each step books, under the key `order:{id}:{step}`.

The price waits in escrow, a deposit beside it; what a shop has earned waits for the end of the
return window. All amounts are KZT.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet, Sum

from accounts.models import User
from billing import ledger
from billing.models import Transaction
from orders import rentals
from orders.models import Order
from orders.saying import Said
from orders.transitions import Event, Money
from shops.models import Shop

Account = Transaction.Account
Kind = Transaction.Type
Legs = dict[ledger.Account, Decimal]
CENT = Decimal("0.01")


def move(order: Order, event: Event, money: Money, said: Said) -> None:
    """Book what a step costs whom; the order is locked."""
    if money is not Money.NONE:
        MOVES[money](order, event, said)


def pending(order: Order) -> Decimal:
    """What of this order still waits for the end of the return window."""
    return _sum(order.transactions.filter(system_account=Account.SHOP_PENDING))


def released(order: Order) -> Decimal:
    """What of this order its shop may use."""
    return -_sum(order.transactions.filter(system_account=Account.SHOP_PENDING, type=Kind.RELEASE))


def owed_by(shop: Shop) -> Decimal:
    """What the shop owes for refunds that its balance did not cover."""
    legs = Transaction.objects.filter(order__shop=shop, system_account=Account.SHOP_RECEIVABLE)
    return -_sum(legs)


def _pay(order: Order, event: Event, said: Said) -> None:
    _post(order, event, Kind.PURCHASE, {order.user: -order.total_amount}, Account.ESCROW)
    _post(
        order,
        "deposit",
        Kind.RENTAL_DEPOSIT,
        {order.user: -order.deposit_amount},
        Account.DEPOSIT,
    )


def _extend(order: Order, event: Event, said: Said) -> None:
    """The rent and the commission grow with the days; each extension is a fact of its own."""
    assert said.until
    assert order.rental_end_date
    more = rentals.price_of_days(order, (said.until - order.rental_end_date).days)
    order.commission_amount += _share(order.commission_amount, more, order.items_amount)
    order.items_amount += more
    order.total_amount += more
    fact = f"{event}:{said.until:%Y%m%d}"
    _post(order, fact, Kind.RENTAL_EXTENSION, {order.user: -more}, Account.ESCROW)
    order.rental_end_date = said.until


def _refund(order: Order, event: Event, said: Said) -> None:
    _post(order, event, Kind.REFUND, {order.user: order.total_amount}, Account.ESCROW)
    _return_deposit(order, Decimal(0))


def _refund_half(order: Order, event: Event, said: Said) -> None:
    """Half of the rent stays with the shop; what the delivery cost goes back whole."""
    rent_back = _rounded(order.items_amount / 2)
    to_buyer = order.delivery_amount + rent_back
    _divide(order, event, to_buyer=to_buyer, earns_from=order.items_amount)
    _return_deposit(order, Decimal(0))


def _split(order: Order, event: Event, said: Said) -> None:
    assert said.share is not None
    to_buyer = _rounded(order.total_amount * said.share)
    _divide(order, event, to_buyer=to_buyer, earns_from=order.total_amount)


def _settle(order: Order, event: Event, said: Said) -> None:
    earned = _earned(order, order.total_amount, of=order.total_amount)
    _post(order, event, Kind.SALE, earned, Account.ESCROW)


def _settle_and_return_deposit(order: Order, event: Event, said: Said) -> None:
    _settle(order, event, said)
    _return_deposit(order, order.late_fee_amount)


def _settle_and_keep_deposit(order: Order, event: Event, said: Said) -> None:
    _settle(order, event, said)
    _return_deposit(order, order.deposit_amount)


def _divide_deposit(order: Order, event: Event, said: Said) -> None:
    _return_deposit(order, order.late_fee_amount + order.claim_amount)


def _refund_late(order: Order, event: Event, said: Said) -> None:
    _take_back(order, event, {Account.SHOP_PENDING: -pending(order)})


def _refund_settled(order: Order, event: Event, said: Said) -> None:
    """What the shop's balance lacks is owed, and kept from what is released to it next."""
    User.objects.select_for_update(no_key=True).get(pk=order.user_id)
    shop = Shop.objects.select_for_update(no_key=True).get(pk=order.shop_id)
    net = released(order)
    covered = min(net, shop.balance)
    _take_back(order, event, {shop: -covered, Account.SHOP_RECEIVABLE: covered - net})


def _release(order: Order, event: Event, said: Said) -> None:
    shop = Shop.objects.select_for_update(no_key=True).get(pk=order.shop_id)
    net = pending(order)
    kept = min(net, owed_by(shop))
    legs: Legs = {shop: net - kept, Account.SHOP_RECEIVABLE: kept}
    _post(order, event, Kind.RELEASE, legs, Account.SHOP_PENDING)


def _divide(order: Order, event: Event, *, to_buyer: Decimal, earns_from: Decimal) -> None:
    earned = _earned(order, order.total_amount - to_buyer, of=earns_from)
    _post(order, event, Kind.REFUND, {order.user: to_buyer, **earned}, Account.ESCROW)


def _return_deposit(order: Order, to_shop: Decimal) -> None:
    back: Legs = {order.user: order.deposit_amount - to_shop, Account.SHOP_PENDING: to_shop}
    _post(order, "deposit_return", Kind.RENTAL_DEPOSIT_RETURN, back, Account.DEPOSIT)


def _earned(order: Order, amount: Decimal, *, of: Decimal) -> Legs:
    """The shop's part of what is left of a price, and the platform's."""
    commission = _share(order.commission_amount, amount, of)
    return {Account.SHOP_PENDING: amount - commission, Account.COMMISSION: commission}


def _take_back(order: Order, event: Event, from_shop: Legs) -> None:
    """Everything that the shop and the platform got of it goes back to the buyer."""
    commission = _sum(order.transactions.filter(system_account=Account.COMMISSION))
    legs = {**from_shop, Account.COMMISSION: -commission}
    _post(order, event, Kind.REFUND, {order.user: -sum(legs.values(), Decimal(0)), **legs})


def _share(whole: Decimal, part: Decimal, of: Decimal) -> Decimal:
    return _rounded(whole * part / of) if of else Decimal(0)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def _post(
    order: Order,
    step: str,
    kind: Transaction.Type,
    legs: Legs,
    other_side: Transaction.Account | None = None,
) -> None:
    """Book the legs that move something; the other side gets what makes them sum to 0."""
    moved: Legs = {account: amount for account, amount in legs.items() if amount}
    if not moved:
        return
    if other_side:
        moved[other_side] = -sum(moved.values(), Decimal(0))
    ledger.post(f"order:{order.pk}:{step}", kind, moved, order_id=order.pk)


def _sum(legs: QuerySet[Transaction]) -> Decimal:
    total: Decimal | None = legs.aggregate(total=Sum("amount"))["total"]
    return total or Decimal(0)


MOVES: dict[Money, Callable[[Order, Event, Said], None]] = {
    Money.PAY: _pay,
    Money.EXTEND: _extend,
    Money.REFUND: _refund,
    Money.REFUND_HALF: _refund_half,
    Money.SPLIT: _split,
    Money.SETTLE: _settle,
    Money.SETTLE_AND_RETURN_DEPOSIT: _settle_and_return_deposit,
    Money.SETTLE_AND_KEEP_DEPOSIT: _settle_and_keep_deposit,
    Money.DIVIDE_DEPOSIT: _divide_deposit,
    Money.REFUND_LATE: _refund_late,
    Money.REFUND_SETTLED: _refund_settled,
    Money.RELEASE: _release,
}
