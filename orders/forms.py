"""Forms for the steps of an order: each asks for exactly what its step needs."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.forms import PicturesField
from core.admin import tenge
from core.errors import Refusal
from core.plain_text import check_text
from orders import fulfilment, refunds, rentals, transitions
from orders.models import Order
from orders.models.kinds import Actor, Stage
from orders.saying import NOTE_MAX, PHOTOS_MAX, Said
from orders.transitions import Event, Money, Transition
from orders.wording import TITLES

CENT = Decimal("0.01")
GIVES_BACK = {Money.REFUND, Money.REFUND_LATE, Money.REFUND_SETTLED}
Fields = dict[str, forms.Field]


class PhotosField(PicturesField):
    """Photos of how a thing looks, one at least: bytes of clean JPEGs."""

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        if not 1 <= len(data) <= PHOTOS_MAX:
            message = _("Add photos of how it looks, at most %(most)d.")
            raise forms.ValidationError(message % {"most": PHOTOS_MAX}, code="required")
        return super().clean(data, initial)


class StepForm(forms.Form):
    """A step that an actor may take now, with what it does, until when, and the fields it needs."""

    def __init__(
        self, order: Order, step: Transition, actor: Actor, data: Any = None, files: Any = None
    ) -> None:
        super().__init__(data, files, auto_id=f"id_{step.event}_%s")
        self.order, self.step, self.actor = order, step, actor
        for need in step.needs:
            self.fields.update(FIELDS[need](order))
        if actor is Actor.ADMIN and refunds.gives_back(step) and refunds.has_source(order):
            self.fields["destination"] = _destination()

    @property
    def title(self) -> Promise:
        return TITLES[self.step.event]

    @property
    def until(self) -> datetime | None:
        return self.step.actors[self.actor].closes_at(self.order)

    @property
    def gives_back(self) -> bool:
        """Whether the money goes back to the buyer."""
        return self.step.money in GIVES_BACK or self.step.event is Event.CLAIM_DROP

    @property
    def is_small(self) -> bool:
        """Whether a click in a list is enough: nothing has to be said, and no money moves."""
        return not self.step.needs and self.step.money is Money.NONE

    def clean(self) -> None:
        if {"percent", "refund"} <= self.cleaned_data.keys() and self._share() is None:
            self.add_error("percent", _("Say either the share or the amount."))

    def take(self, by: int) -> bool:
        """Take the step with what was said; what is refused becomes an error of the form."""
        if not self.is_valid():
            return False
        try:
            check_text(self.cleaned_data.get("reason", ""))
            self.order = self._act(self._said(by))
        except Refusal as refusal:
            self.add_error(None, str(refusal))
        return not self.errors

    def _act(self, said: Said) -> Order:
        destination = self.cleaned_data.get("destination")
        if destination:
            return refunds.decide(self.order, self.step.event, said, destination)
        return fulfilment.act(self.order, self.step.event, self.actor, said)

    def _said(self, by: int) -> Said:
        told = {name: self.cleaned_data[name] for name in self.step.needs if name != "share"}
        return Said(by=by, share=self._share(), **told)

    def _share(self) -> Decimal | None:
        """The buyer's, said in percent or as an amount; None when it is neither, or both."""
        percent: Decimal | None = self.cleaned_data.get("percent")
        refund: Decimal | None = self.cleaned_data.get("refund")
        if percent is not None and refund is None:
            return percent / 100
        if refund is not None and percent is None:
            share: Decimal = refund / self.order.total_amount
            return share
        return None


def offered(order: Order, actor: Actor) -> list[StepForm]:
    """A form for each step that the actor may take now."""
    return [StepForm(order, step, actor) for step in transitions.allowed(order, actor)]


def _reason(order: Order) -> Fields:
    return {
        "reason": forms.CharField(
            label=gettext_lazy("Reason"),
            help_text=gettext_lazy("The other side reads it word for word."),
            max_length=NOTE_MAX,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    }


def _tracking_number(order: Order) -> Fields:
    return {
        "tracking_number": forms.CharField(
            label=gettext_lazy("Tracking number, if there is one"),
            max_length=60,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
    }


def _amount(order: Order) -> Fields:
    is_claimed = order.stage == Stage.CLAIM
    late_fee = order.late_fee_amount if is_claimed else rentals.late_fee(order)
    most = order.deposit_amount - late_fee
    text = _("At most %(most)s: the deposit, less the fee for late days.") % {"most": tenge(most)}
    field = _tenge(_("For the damage, ₸"), least=Decimal(0), most=most, help_text=text)
    field.initial = order.claim_amount if is_claimed else None
    return {"amount": field}


def _part(order: Order) -> Fields:
    label = _("The buyer's share, %")
    return {
        "percent": forms.DecimalField(
            label=label, min_value=CENT, max_value=100 - CENT, decimal_places=2, required=False
        ),
        "refund": _tenge(
            _("or the amount for the buyer, ₸"),
            least=CENT,
            most=order.total_amount - CENT,
            required=False,
        ),
    }


def _destination() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Where the buyer's money goes"),
        choices=refunds.Destination.choices,
        initial=refunds.Destination.BALANCE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("What the balance had paid stays on the balance."),
    )


def _photos(order: Order) -> Fields:
    text = gettext_lazy(
        "Up to 10 as JPEG, PNG or WebP; both sides and the administrators see them."
    )
    return {"photos": PhotosField(label=gettext_lazy("Photos"), help_text=text)}


def _tenge(label: str, *, least: Decimal, most: Decimal, **more: Any) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"inputmode": "decimal"})
    return forms.DecimalField(
        label=label, min_value=least, max_value=most, decimal_places=2, widget=widget, **more
    )


# What a shop or an administrator is asked for; only buyers say until when they keep a thing.
FIELDS: dict[str, Callable[[Order], Fields]] = {
    "reason": _reason,
    "tracking_number": _tracking_number,
    "amount": _amount,
    "share": _part,
    "photos": _photos,
}
