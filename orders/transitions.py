"""The order's two lifecycles as data: what is not listed is refused.

API, panel, administrators' site, timers, docs/orders.md and the tests read these tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from orders.models.kinds import Actor, Stage, Type


class Event(StrEnum):
    """A step, as the address of the API names it."""

    PAY = "pay"
    EXPIRE = "expire"
    CANCEL = "cancel"
    ACCEPT = "accept"
    REMIND = "remind"
    SHIP_TIMEOUT = "ship_timeout"
    SHIP = "ship"
    DELIVER = "deliver"
    RECEIVE = "receive"
    DISPUTE = "dispute"
    RESOLVE_BUYER = "resolve_buyer"
    RESOLVE_SHOP = "resolve_shop"
    RESOLVE_SPLIT = "resolve_split"
    REQUEST_RETURN = "request_return"
    REQUEST_RETURN_LATE = "request_return_late"
    RETURN_ACCEPT = "return_accept"
    RETURN_REJECT = "return_reject"
    RETURN_EXPIRE = "return_expire"
    RELEASE = "release"
    REFUND_SETTLED = "refund_settled"
    DECLINE = "decline"
    CANCEL_EARLY = "cancel_early"
    CANCEL_LATE = "cancel_late"
    NO_HANDOVER = "no_handover"
    HAND_OVER = "hand_over"
    CONFIRM_HANDOVER = "confirm_handover"
    PROBLEM = "problem"
    EXTEND = "extend"
    SEND_BACK = "send_back"
    OVERDUE = "overdue"
    RETURN_OK = "return_ok"
    RETURN_DAMAGED = "return_damaged"
    LOST = "lost"
    CLAIM_ACCEPT = "claim_accept"
    CLAIM_DECIDE = "claim_decide"
    CLAIM_DROP = "claim_drop"


class Money(StrEnum):
    """How a step moves money; orders.postings does it."""

    NONE = auto()
    PAY = auto()
    REFUND = auto()
    REFUND_HALF = auto()
    SETTLE = auto()
    SPLIT = auto()
    REFUND_LATE = auto()
    REFUND_SETTLED = auto()
    RELEASE = auto()
    EXTEND = auto()
    SETTLE_AND_RETURN_DEPOSIT = auto()
    SETTLE_AND_KEEP_DEPOSIT = auto()
    DIVIDE_DEPOSIT = auto()


class Goods(StrEnum):
    """What a step does with the goods; orders.goods does it."""

    NONE = auto()
    FREE = auto()  # what was reserved or booked may be ordered by others
    BOOK = auto()
    HAND_OUT = auto()
    BRING_BACK = auto()
    EXTEND = auto()


@dataclass(frozen=True, slots=True)
class Window:
    """When an actor may take a step: from `opens` to `closes` after a moment of the order.

    `since` names the moment; while it has not come, the window is shut. Without one it is always
    open. A timer takes its step when the window opens.
    """

    since: str = ""
    opens: timedelta | None = None
    closes: timedelta | None = None

    def opens_at(self, order: Order) -> datetime | None:
        return self._at(order, self.opens)

    def closes_at(self, order: Order) -> datetime | None:
        return self._at(order, self.closes)

    def is_open(self, order: Order) -> bool:
        if self.since and getattr(order, self.since) is None:
            return False
        opens_at, closes_at = self.opens_at(order), self.closes_at(order)
        now = timezone.now()
        return (opens_at is None or opens_at <= now) and (closes_at is None or now < closes_at)

    def _at(self, order: Order, delay: timedelta | None) -> datetime | None:
        moment = getattr(order, self.since) if self.since else None
        return None if moment is None or delay is None else moment + delay


@dataclass(frozen=True, slots=True)
class Transition:
    source: Stage
    event: Event
    target: Stage
    actors: Mapping[Actor, Window]
    effect: Promise
    money: Money = Money.NONE
    goods: Goods = Goods.NONE
    needs: Sequence[str] = ()  # what the actor has to say; orders.saying reads it
    provided: str = ""  # a property of the order that has to be true


def after(since: str, **delay: float) -> Window:
    return Window(since, opens=timedelta(**delay))


def until(since: str, **delay: float) -> Window:
    return Window(since, closes=timedelta(**delay))


ALWAYS = Window()
USER, SHOP, ADMIN, TIMER, GATEWAY = Actor
S, E, M, G = Stage, Event, Money, Goods
T = Transition

FULL_REFUND = _("Everything is paid back to the balance.")
NO_MONEY = _("No money moves.")
TO_SHOP = _("The shop gets the money, less the commission; it is held for the return window.")
KEPT = _("The money stays where it is until this is decided.")
RELEASED = _("The shop may use the money.")

PURCHASE = (
    T(
        S.AWAITING_PAYMENT,
        E.PAY,
        S.PAID,
        {USER: ALWAYS, GATEWAY: ALWAYS},
        _("The price is paid and held until the goods have come."),
        M.PAY,
    ),
    T(
        S.AWAITING_PAYMENT,
        E.EXPIRE,
        S.EXPIRED,
        {TIMER: after("created_at", minutes=15)},
        NO_MONEY,
        goods=G.FREE,
    ),
    T(S.AWAITING_PAYMENT, E.CANCEL, S.CANCELLED, {USER: ALWAYS}, NO_MONEY, goods=G.FREE),
    T(S.PAID, E.ACCEPT, S.PROCESSING, {SHOP: ALWAYS}, NO_MONEY),
    T(
        S.PAID,
        E.CANCEL,
        S.CANCELLED,
        {USER: ALWAYS, SHOP: ALWAYS, ADMIN: ALWAYS},
        FULL_REFUND,
        M.REFUND,
        G.FREE,
    ),
    *(
        T(
            stage,
            E.REMIND,
            stage,
            {TIMER: after("waits_for_shipment_since", days=3)},
            _("The shop is reminded to ship."),
        )
        for stage in (S.PAID, S.PROCESSING)
    ),
    *(
        T(
            stage,
            E.SHIP_TIMEOUT,
            S.CANCELLED,
            {TIMER: after("paid_at", days=7)},
            FULL_REFUND,
            M.REFUND,
            G.FREE,
        )
        for stage in (S.PAID, S.PROCESSING)
    ),
    T(
        S.PROCESSING,
        E.SHIP,
        S.SHIPPED,
        {SHOP: ALWAYS},
        NO_MONEY,
        goods=G.HAND_OUT,
        needs=("tracking_number",),
    ),
    T(
        S.PROCESSING,
        E.CANCEL,
        S.CANCELLED,
        {SHOP: ALWAYS, ADMIN: ALWAYS},
        FULL_REFUND,
        M.REFUND,
        G.FREE,
    ),
    T(S.SHIPPED, E.DELIVER, S.DELIVERED, {SHOP: ALWAYS, ADMIN: ALWAYS}, NO_MONEY),
    T(S.SHIPPED, E.RECEIVE, S.COMPLETED, {USER: ALWAYS}, TO_SHOP, M.SETTLE),
    T(
        S.SHIPPED,
        E.DISPUTE,
        S.DISPUTED,
        {USER: ALWAYS, ADMIN: ALWAYS},
        KEPT,
        needs=("reason",),
    ),
    T(
        S.DELIVERED,
        E.RECEIVE,
        S.COMPLETED,
        {USER: ALWAYS, TIMER: after("delivered_at", days=3)},
        TO_SHOP,
        M.SETTLE,
    ),
    T(
        S.DELIVERED,
        E.DISPUTE,
        S.DISPUTED,
        {USER: until("delivered_at", days=3)},
        KEPT,
        needs=("reason",),
    ),
    T(
        S.DELIVERED,
        E.REQUEST_RETURN,
        S.RETURN_REQUESTED,
        {USER: ALWAYS},
        KEPT,
        needs=("reason",),
        provided="returnable",
    ),
    T(
        S.DISPUTED,
        E.RESOLVE_BUYER,
        S.REFUNDED,
        {ADMIN: ALWAYS, TIMER: after("stage_since", days=60)},
        FULL_REFUND,
        M.REFUND,
    ),
    T(S.DISPUTED, E.RESOLVE_SHOP, S.COMPLETED, {ADMIN: ALWAYS}, TO_SHOP, M.SETTLE),
    T(
        S.DISPUTED,
        E.RESOLVE_SPLIT,
        S.CLOSED_SPLIT,
        {ADMIN: ALWAYS},
        _("The share is paid back to the balance, the rest goes to the shop."),
        M.SPLIT,
        needs=("share",),
    ),
    T(
        S.RETURN_REQUESTED,
        E.RETURN_ACCEPT,
        S.REFUNDED,
        {SHOP: ALWAYS, ADMIN: ALWAYS},
        FULL_REFUND,
        M.REFUND,
        G.BRING_BACK,
    ),
    T(S.RETURN_REQUESTED, E.RETURN_REJECT, S.DISPUTED, {SHOP: ALWAYS}, KEPT, needs=("reason",)),
    T(
        S.RETURN_REQUESTED,
        E.RETURN_EXPIRE,
        S.COMPLETED,
        {TIMER: after("stage_since", days=14)},
        TO_SHOP,
        M.SETTLE,
    ),
    T(
        S.COMPLETED,
        E.REQUEST_RETURN_LATE,
        S.RETURN_REQUESTED_LATE,
        {USER: until("return_ends_at", days=0)},
        _("The shop does not get the money before this is decided."),
        needs=("reason",),
        provided="returnable",
    ),
    T(
        S.RETURN_REQUESTED_LATE,
        E.RETURN_ACCEPT,
        S.REFUNDED_LATE,
        {SHOP: ALWAYS, ADMIN: ALWAYS},
        FULL_REFUND,
        M.REFUND_LATE,
        G.BRING_BACK,
    ),
    T(
        S.RETURN_REQUESTED_LATE,
        E.RETURN_REJECT,
        S.COMPLETED,
        {SHOP: ALWAYS, ADMIN: ALWAYS},
        NO_MONEY,
        needs=("reason",),
    ),
    *(
        T(
            stage,
            E.RELEASE,
            S.SETTLED,
            {TIMER: after("return_ends_at", days=0)},
            RELEASED,
            M.RELEASE,
        )
        for stage in (S.COMPLETED, S.CLOSED_SPLIT)
    ),
    T(
        S.SETTLED,
        E.REFUND_SETTLED,
        S.REFUNDED_LATE,
        {ADMIN: ALWAYS},
        _("Everything is paid back; what the shop's balance lacks is kept from its next earnings."),
        M.REFUND_SETTLED,
        needs=("reason",),
    ),
)

EVERYTHING_BACK = _("Rent and deposit are paid back to the balance.")
RENTED = _("The shop gets the rent; the deposit is paid back, less the fee for late days.")
DECIDED = _("The claimed part of the deposit goes to the shop, the rest is paid back.")

RENTAL = (
    T(
        S.AWAITING_PAYMENT,
        E.PAY,
        S.BOOKED,
        {USER: ALWAYS, GATEWAY: ALWAYS},
        _("Rent and deposit are paid and held."),
        M.PAY,
        G.BOOK,
    ),
    T(
        S.AWAITING_PAYMENT,
        E.EXPIRE,
        S.EXPIRED,
        {TIMER: after("created_at", minutes=15)},
        NO_MONEY,
        goods=G.FREE,
    ),
    T(S.AWAITING_PAYMENT, E.CANCEL, S.CANCELLED, {USER: ALWAYS}, NO_MONEY, goods=G.FREE),
    T(
        S.BOOKED,
        E.DECLINE,
        S.CANCELLED,
        {SHOP: until("paid_at", hours=24), ADMIN: ALWAYS},
        EVERYTHING_BACK,
        M.REFUND,
        G.FREE,
    ),
    T(
        S.BOOKED,
        E.CANCEL_EARLY,
        S.CANCELLED,
        {USER: until("starts_at", hours=-48)},
        EVERYTHING_BACK,
        M.REFUND,
        G.FREE,
    ),
    T(
        S.BOOKED,
        E.CANCEL_LATE,
        S.CANCELLED_LATE,
        {USER: after("starts_at", hours=-48)},
        _("Half of the rent and the deposit are paid back."),
        M.REFUND_HALF,
        G.FREE,
    ),
    T(
        S.BOOKED,
        E.NO_HANDOVER,
        S.CANCELLED,
        {TIMER: after("starts_at", hours=24)},
        EVERYTHING_BACK,
        M.REFUND,
        G.FREE,
    ),
    T(
        S.BOOKED,
        E.HAND_OVER,
        S.IN_USE,
        {SHOP: ALWAYS},
        NO_MONEY,
        goods=G.HAND_OUT,
        needs=("photos",),
    ),
    T(
        S.IN_USE,
        E.CONFIRM_HANDOVER,
        S.IN_USE,
        {USER: until("unconfirmed_since", hours=24)},
        NO_MONEY,
    ),
    T(
        S.IN_USE,
        E.PROBLEM,
        S.DISPUTED,
        {USER: until("unconfirmed_since", hours=24)},
        KEPT,
        needs=("reason",),
    ),
    T(
        S.IN_USE,
        E.EXTEND,
        S.IN_USE,
        {USER: until("ends_at", days=0)},
        _("The days that are added are paid and held."),
        M.EXTEND,
        G.EXTEND,
        needs=("until",),
    ),
    T(S.IN_USE, E.OVERDUE, S.OVERDUE, {TIMER: after("ends_at", days=1)}, _("A late fee runs.")),
    *(
        transition
        for stage in (S.IN_USE, S.OVERDUE)
        for transition in (
            T(stage, E.SEND_BACK, stage, {USER: Window("kept_since")}, NO_MONEY),
            T(
                stage,
                E.RETURN_OK,
                S.COMPLETED,
                {SHOP: ALWAYS, TIMER: after("sent_back_at", days=3)},
                RENTED,
                M.SETTLE_AND_RETURN_DEPOSIT,
                G.BRING_BACK,
            ),
            T(
                stage,
                E.RETURN_DAMAGED,
                S.CLAIM,
                {SHOP: ALWAYS},
                _("The shop gets the rent; the deposit is kept until the claim is decided."),
                M.SETTLE,
                G.BRING_BACK,
                needs=("amount", "reason", "photos"),
            ),
        )
    ),
    T(
        S.OVERDUE,
        E.LOST,
        S.COMPLETED_LOST,
        {ADMIN: after("ends_at", days=15)},
        _("The shop gets the rent and the deposit."),
        M.SETTLE_AND_KEEP_DEPOSIT,
        G.FREE,
    ),
    T(S.CLAIM, E.CLAIM_ACCEPT, S.COMPLETED, {USER: ALWAYS}, DECIDED, M.DIVIDE_DEPOSIT),
    T(
        S.CLAIM,
        E.CLAIM_DECIDE,
        S.COMPLETED,
        {ADMIN: ALWAYS},
        DECIDED,
        M.DIVIDE_DEPOSIT,
        needs=("amount", "reason"),
    ),
    T(
        S.CLAIM,
        E.CLAIM_DROP,
        S.COMPLETED,
        {SHOP: ALWAYS, TIMER: after("stage_since", days=14)},
        _("The deposit is paid back, less the fee for late days."),
        M.DIVIDE_DEPOSIT,
    ),
    T(
        S.DISPUTED,
        E.RESOLVE_BUYER,
        S.REFUNDED,
        {ADMIN: ALWAYS},
        EVERYTHING_BACK,
        M.REFUND,
        G.FREE,
    ),
    T(S.DISPUTED, E.RESOLVE_SHOP, S.IN_USE, {ADMIN: ALWAYS}, NO_MONEY),
    *(
        T(
            stage,
            E.RELEASE,
            target,
            {TIMER: after("stage_since", days=3)},
            RELEASED,
            M.RELEASE,
        )
        for stage, target in (
            (S.COMPLETED, S.SETTLED),
            (S.COMPLETED_LOST, S.SETTLED),
            (S.CANCELLED_LATE, S.SETTLED_LATE),
        )
    ),
)

TABLES: dict[str, tuple[Transition, ...]] = {Type.PURCHASE: PURCHASE, Type.RENTAL: RENTAL}


def of(order: Order) -> list[Transition]:
    """Every step that leads on from where the order is."""
    return [each for each in TABLES[order.order_type] if each.source == order.stage]


def steps_of(actor: Actor) -> set[Event]:
    """Every step that this actor may take at some time."""
    steps = (step for table in TABLES.values() for step in table)
    return {step.event for step in steps if actor in step.actors}


def allowed(order: Order, actor: Actor) -> list[Transition]:
    """What this actor may do with the order now."""
    return [each for each in of(order) if actor in each.actors and is_open(each, order, actor)]


def find(order: Order, event: str, actor: Actor) -> Transition | None:
    """The step of that name, or None when the actor may not take it now."""
    return next((each for each in allowed(order, actor) if each.event == event), None)


def is_open(transition: Transition, order: Order, actor: Actor) -> bool:
    fits = not transition.provided or getattr(order, transition.provided)
    return fits and transition.actors[actor].is_open(order)


def next_due_at(order: Order) -> datetime | None:
    """When the first time limit of the stage runs out."""
    timers = (each.actors[TIMER].opens_at(order) for each in of(order) if TIMER in each.actors)
    return min(filter(None, timers), default=None)


def due(order: Order) -> Transition | None:
    """The step that a time limit takes now, if one has run out."""
    return next(iter(allowed(order, TIMER)), None)
