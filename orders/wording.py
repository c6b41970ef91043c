"""What the steps of an order are called: on buttons, and in histories."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.transitions import Event

PLACED = _("Ordered")  # before every step of the tables

TITLES = {
    Event.PAY: _("Pay"),
    Event.EXPIRE: _("Not paid in time"),
    Event.CANCEL: _("Cancel and give the money back"),
    Event.ACCEPT: _("Accept"),
    Event.REMIND: _("Reminder to ship"),
    Event.SHIP_TIMEOUT: _("Not shipped in time"),
    Event.SHIP: _("Shipped"),
    Event.DELIVER: _("Delivered"),
    Event.RECEIVE: _("Received"),
    Event.DISPUTE: _("Dispute"),
    Event.RESOLVE_BUYER: _("Decide for the buyer"),
    Event.RESOLVE_SHOP: _("Decide for the shop"),
    Event.RESOLVE_SPLIT: _("Divide the money"),
    Event.REQUEST_RETURN: _("Ask for a return"),
    Event.REQUEST_RETURN_LATE: _("Ask for a return"),
    Event.RETURN_ACCEPT: _("Returned, give the money back"),
    Event.RETURN_REJECT: _("Refuse the return"),
    Event.RETURN_EXPIRE: _("Return not decided in time"),
    Event.RELEASE: _("Earnings released"),
    Event.REFUND_SETTLED: _("Refund after settlement"),
    Event.DECLINE: _("Decline"),
    Event.CANCEL_EARLY: _("Cancel"),
    Event.CANCEL_LATE: _("Cancel, half of the rent is kept"),
    Event.NO_HANDOVER: _("Not handed over"),
    Event.HAND_OVER: _("Handed over"),
    Event.CONFIRM_HANDOVER: _("Confirm the handover"),
    Event.PROBLEM: _("Report a problem"),
    Event.EXTEND: _("Keep it longer"),
    Event.SEND_BACK: _("Sent back"),
    Event.OVERDUE: _("Overdue"),
    Event.RETURN_OK: _("Brought back in order"),
    Event.RETURN_DAMAGED: _("Brought back damaged"),
    Event.LOST: _("Not brought back"),
    Event.CLAIM_ACCEPT: _("Accept the claim"),
    Event.CLAIM_DECIDE: _("Decide the claim"),
    Event.CLAIM_DROP: _("Drop the claim"),
}
# What the buttons call by its command, once it is done.
DONE = {
    Event.PAY: _("Paid"),
    Event.CANCEL: _("Cancelled, the money is given back"),
    Event.ACCEPT: _("Accepted"),
    Event.DISPUTE: _("Disputed"),
    Event.RESOLVE_BUYER: _("Decided for the buyer"),
    Event.RESOLVE_SHOP: _("Decided for the shop"),
    Event.RESOLVE_SPLIT: _("Money divided"),
    Event.REQUEST_RETURN: _("Return asked for"),
    Event.REQUEST_RETURN_LATE: _("Return asked for"),
    Event.RETURN_ACCEPT: _("Returned, the money is given back"),
    Event.RETURN_REJECT: _("Return refused"),
    Event.REFUND_SETTLED: _("Refunded after settlement"),
    Event.DECLINE: _("Declined"),
    Event.CANCEL_EARLY: _("Cancelled"),
    Event.CANCEL_LATE: _("Cancelled, half of the rent is kept"),
    Event.CONFIRM_HANDOVER: _("Handover confirmed"),
    Event.PROBLEM: _("Problem reported"),
    Event.EXTEND: _("Rented for longer"),
    Event.CLAIM_ACCEPT: _("Claim accepted"),
    Event.CLAIM_DECIDE: _("Claim decided"),
    Event.CLAIM_DROP: _("Claim dropped"),
}


def titled(event: str) -> str | Promise:
    """What a step that was taken is called; placing the order is one, too."""
    if event not in set(Event):
        return PLACED
    step = Event(event)
    return DONE.get(step, TITLES[step])
