"""docs/orders.md, written from the tables of the lifecycles."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.utils import translation

from orders.models.kinds import STATUS_OF, Actor, Stage, Type
from orders.transitions import TABLES, Transition, Window
from orders.wording import TITLES

HEAD = """\
# Orders

Written by `manage.py order_document` from the tables of `orders/transitions.py`; a test keeps
them equal. What is not listed is refused with 409 `transition_not_allowed` and the list of what
is allowed now.

A step is named as the API names it: `POST orders/{id}/{step}` by the buyer,
`POST shops/me/orders/{id}/{step}` by the shop, `POST admin/orders/{id}/{step}` by an
administrator. A time limit takes its step within a minute.
"""
ROW = "| `{}` | `{}` ({}) | `{}` | {} | {} | {} |"
TABLE_HEAD = """\
| From | Step | To | Who and when | What it does | What has to be said |
|---|---|---|---|---|---|"""
STATUSES_HEAD = """\
## Status and stage

| Status | Stages |
|---|---|"""
MOMENTS = {
    "created_at": "the order",
    "paid_at": "the payment",
    "waits_for_shipment_since": "the payment, once",
    "delivered_at": "the delivery",
    "return_ends_at": "the end of the return window, 14 days or more after the delivery",
    "stage_since": "this stage began",
    "starts_at": "the first day begins",
    "ends_at": "the last day ends",
    "unconfirmed_since": "the handover, while it is not confirmed",
    "kept_since": "the handover, while it is not sent back",
    "sent_back_at": "it was sent back",
}
NAMES = {Type.PURCHASE: "Purchase", Type.RENTAL: "Rental"}
PROVIDED = {"returnable": "if the goods may be returned"}
OPTIONAL = {"tracking_number"}
BEGIN = "[*]"


def written() -> str:
    """The whole document, in English."""
    with translation.override("en"):
        return "\n".join([HEAD, *_statuses(), *(_machine(kind) for kind in NAMES)])


def _statuses() -> Iterator[str]:
    yield STATUSES_HEAD
    for status in dict.fromkeys(STATUS_OF.values()):
        stages = (f"`{stage}`" for stage in STATUS_OF if STATUS_OF[stage] == status)
        yield f"| `{status}` | {', '.join(stages)} |"
    yield ""


def _machine(kind: Type) -> str:
    rows = (_row(step) for step in TABLES[kind])
    return "\n".join([f"## {NAMES[kind]}\n", TABLE_HEAD, *rows, "", *_diagram(TABLES[kind])])


def _row(step: Transition) -> str:
    actors = "; ".join(_who(actor, window) for actor, window in step.actors.items())
    who = f"{actors}; {PROVIDED[step.provided]}" if step.provided else actors
    needs = ", ".join(f"`{need}`{_optional(need)}" for need in step.needs)
    how = (step.event, TITLES[step.event], step.target)
    return ROW.format(step.source, *how, who, step.effect, needs or "-")


def _who(actor: Actor, window: Window) -> str:
    when = " ".join(_bounds(window))
    return f"{actor.label} {when}".strip()


def _bounds(window: Window) -> Iterator[str]:
    if window.opens is not None:
        yield f"from {_moment(window.opens, window.since)}"
    if window.closes is not None:
        yield f"until {_moment(window.closes, window.since)}"
    if window.since and window.opens is None and window.closes is None:
        yield f"after {MOMENTS[window.since]}"


def _moment(delay: timedelta, since: str) -> str:
    if not delay:
        return MOMENTS[since]
    side = "before" if delay < timedelta(0) else "after"
    return f"{_length(abs(delay))} {side} {MOMENTS[since]}"


def _length(time: timedelta) -> str:
    """In days from three on, so that 24 hours are not one day."""
    minutes = round(time.total_seconds() / 60)
    for size, unit in ((1440, "days"), (60, "hours"), (1, "minutes")):
        if minutes % size == 0 and (unit != "days" or minutes > 2 * size):
            return f"{minutes // size} {unit}"
    raise ValueError(time)


def _optional(need: str) -> str:
    return " (optional)" if need in OPTIONAL else ""


def _diagram(steps: Iterable[Transition]) -> Iterator[str]:
    """Steps that lead the same way share an arrow; those that stay are left out."""
    arrows: dict[tuple[str, str], list[str]] = {(BEGIN, Stage.AWAITING_PAYMENT): ["create"]}
    for step in steps:
        if step.source != step.target:
            arrows.setdefault((step.source, step.target), []).append(step.event)
    yield "```mermaid\nstateDiagram-v2"
    for (source, target), events in arrows.items():
        yield f"    {source} --> {target}: {', '.join(events)}"
    sources = {source for source, _target in arrows}
    for last in dict.fromkeys(target for _source, target in arrows if target not in sources):
        yield f"    {last} --> {BEGIN}"
    yield "```\n"
