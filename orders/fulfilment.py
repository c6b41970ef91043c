"""What happens to an order after it is placed: each step, its goods and its money, in one go."""

import logging
from collections import Counter
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import stock
from core import audit, storage
from core.errors import Refusal
from core.transactions import atomic
from orders import events, goods, postings, rentals, saying, transitions
from orders.models import ConditionPhoto, Order, OrderEvent
from orders.models.kinds import STATUS_OF, Actor, Stage
from orders.saying import NOTE_MAX, NOTHING, Said
from orders.transitions import Event, Money, Transition

SWEPT_AT_ONCE = 200
TRIED_AGAIN_AFTER = timedelta(minutes=10)
logger = logging.getLogger(__name__)


class TransitionNotAllowed(Refusal):
    """Names what is allowed now."""

    code = "transition_not_allowed"

    def __init__(self, order: Order, actor: Actor) -> None:
        allowed = [str(step.event) for step in transitions.allowed(order, actor)]
        message = _("This order does not allow that now. Allowed: %(allowed)s.")
        super().__init__(message % {"allowed": ", ".join(allowed) or _("nothing")})
        self.extra = {"allowed": allowed}


@atomic
def act(order: Order, event: str, actor: Actor, said: Said = NOTHING) -> Order:
    """Take one step of the lifecycle.

    Raises TransitionNotAllowed, Unexplained and whatever goods and money refuse; in each case
    nothing has changed.
    """
    order = _locked(order)
    step = transitions.find(order, event, actor)
    if step is None:
        raise TransitionNotAllowed(order, actor)
    return _take(order, step, actor, said)


def take_due_steps() -> int:
    """Take every step whose time has come; each on its own. Returns how many were taken.

    An order that fails is left for 10 minutes, so that it never stands in the way of the others.
    """
    due = list(Order.objects.due().values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    return sum(_try_due_step(pk) for pk in due)


def _try_due_step(pk: int) -> bool:
    try:
        return _take_due_step(pk)
    except Exception:
        logger.exception("The time limit of order %s could not be applied", pk)
        Order.objects.due().filter(pk=pk).update(next_due_at=timezone.now() + TRIED_AGAIN_AFTER)
        return False


@atomic
def _take_due_step(pk: int) -> bool:
    rows = Order.objects.due().select_for_update(of=("self",), skip_locked=True)
    order = rows.select_related("user", "shop", "product").filter(pk=pk).first()
    if order is None:
        return False
    step = transitions.due(order)
    if step is None:
        order.next_due_at = transitions.next_due_at(order)
        order.save(update_fields=["next_due_at"])
        return False
    _take(order, step, Actor.TIMER, NOTHING)
    return True


def _locked(order: Order) -> Order:
    rows = Order.objects.select_for_update(of=("self",)).select_related("user", "shop", "product")
    return rows.get(pk=order.pk)


def _take(order: Order, step: Transition, actor: Actor, said: Said) -> Order:
    saying.check(order, step, said)
    before = order.stage
    NOTES.get(step.event, _nothing)(order, said)
    goods.move(order, step.goods, said)
    postings.move(order, step.event, step.money, said)
    _enter(order, step.target)
    _remember(OrderEvent(order=order, event=step.event, from_stage=before, actor=actor), said)
    events.order_updated(order, is_new=step.money is Money.PAY)
    return order


def _enter(order: Order, stage: Stage) -> None:
    now = timezone.now()
    if stage != order.stage:
        order.stage_since = now
    if stage in {Stage.COMPLETED, Stage.CLOSED_SPLIT} and order.delivered_at is None:
        order.delivered_at = now
    order.stage, order.status = stage, STATUS_OF[stage]
    order.next_due_at = transitions.next_due_at(order)
    order.save()


def _remember(taken: OrderEvent, said: Said) -> None:
    taken.to_stage = taken.order.stage
    taken.actor_id = said.by
    taken.note = said.reason.strip()[:NOTE_MAX]
    taken.save()
    if taken.actor == Actor.ADMIN:
        audit.record(
            f"order.{taken.event}",
            taken.order,
            before={"stage": taken.from_stage},
            after={"stage": taken.to_stage, "amount": said.amount, "share": said.share},
        )


def _paid(order: Order, said: Said) -> None:
    order.paid_at = timezone.now()
    sold: Counter[int] = Counter()
    for pk, count in order.items.values_list("product_id", "quantity"):
        sold[pk] += count
    stock.count_purchases(sold)


def _reminded(order: Order, said: Said) -> None:
    order.reminded_at = timezone.now()


def _shipped(order: Order, said: Said) -> None:
    order.tracking_number = said.tracking_number.strip()


def _delivered(order: Order, said: Said) -> None:
    order.delivered_at = timezone.now()


def _handed_over(order: Order, said: Said) -> None:
    order.handed_over_at = timezone.now()
    _keep_photos(order, ConditionPhoto.Moment.BEFORE, said)


def _confirmed(order: Order, said: Said) -> None:
    order.handover_confirmed_at = timezone.now()


def _sent_back(order: Order, said: Said) -> None:
    order.sent_back_at = timezone.now()


def _returned(order: Order, said: Said) -> None:
    order.late_fee_amount = rentals.late_fee(order)


def _damaged(order: Order, said: Said) -> None:
    _returned(order, said)
    assert said.amount is not None
    order.claim_amount = min(said.amount, order.deposit_amount - order.late_fee_amount)
    _keep_photos(order, ConditionPhoto.Moment.AFTER, said)


def _decided(order: Order, said: Said) -> None:
    assert said.amount is not None
    order.claim_amount = said.amount


def _dropped(order: Order, said: Said) -> None:
    order.claim_amount = order.claim_amount * 0


def _nothing(order: Order, said: Said) -> None:
    """Most steps leave nothing but the stage."""


def _keep_photos(order: Order, moment: ConditionPhoto.Moment, said: Said) -> None:
    for picture in said.photos:
        name = storage.write(storage.condition_photo(order.shop_id, order.pk), picture)
        ConditionPhoto.objects.create(order=order, moment=moment, name=name)


NOTES = {
    Event.PAY: _paid,
    Event.REMIND: _reminded,
    Event.SHIP: _shipped,
    Event.DELIVER: _delivered,
    Event.HAND_OVER: _handed_over,
    Event.CONFIRM_HANDOVER: _confirmed,
    Event.SEND_BACK: _sent_back,
    Event.RETURN_OK: _returned,
    Event.RETURN_DAMAGED: _damaged,
    Event.CLAIM_DECIDE: _decided,
    Event.CLAIM_DROP: _dropped,
}
