from typing import Any, Self

from rest_framework import serializers

from accounts.models import User
from catalog.serializers import AddressListField, PictureField
from core import images, storage
from orders import refunds
from orders.refunds import Destination
from orders.saying import NOTE_MAX, PHOTOS_MAX, Said
from orders.transitions import Transition
from shops.models import Shop

REFUND_REASON_MIN = 10  # letters
BESIDE = {"photos": "photo_urls"}


class StepSerializer(serializers.Serializer[Any]):
    """What is said with a step: a reason, if one likes, and what its `needs` name.

    `photos` are files or addresses of own uploads, and so are `photo_urls`; `amount` is in KZT,
    `share` the buyer's. Fields that the step does not need are refused.
    """

    reason = serializers.CharField(required=False, allow_blank=True, max_length=NOTE_MAX)
    tracking_number = serializers.CharField(required=False, allow_blank=True, max_length=60)
    amount = serializers.DecimalField(required=False, max_digits=14, decimal_places=2)
    share = serializers.DecimalField(required=False, max_digits=5, decimal_places=4)
    until = serializers.DateField(required=False)
    photos = serializers.ListField(child=PictureField(), required=False, max_length=PHOTOS_MAX)
    photo_urls = AddressListField(required=False, max_length=PHOTOS_MAX)

    def about(self, step: Transition) -> Self:
        """With the fields of this step alone."""
        asked = {"reason", *step.needs, *(BESIDE.get(need) for need in step.needs)}
        if refunds.gives_back(step):
            asked.add("destination")
        for name in self.fields.keys() - asked:
            self.fields.pop(name)
        return self

    def said(self, by: User | Shop) -> Said:
        """The input as the domain takes it, pictures read and cleaned."""
        words = dict(self.validated_data)
        words.pop("destination", None)
        sent = [*words.pop("photos", []), *words.pop("photo_urls", [])]
        return Said(by=by.pk, photos=[_picture(by, each) for each in sent], **words)


class AdminStepSerializer(StepSerializer):
    """What an administrator says; `destination` is where money that goes back to the buyer goes."""

    destination = serializers.ChoiceField(Destination.choices, default=Destination.BALANCE)


class RefundRequestSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(min_length=REFUND_REASON_MIN, max_length=NOTE_MAX)


class AdminRefundSerializer(serializers.Serializer[Any]):
    """`share` is what the buyer gets of a disputed order: above 0 and below 1; else all of it."""

    reason = serializers.CharField(required=False, max_length=NOTE_MAX)
    share = serializers.DecimalField(required=False, max_digits=5, decimal_places=4)
    destination = serializers.ChoiceField(Destination.choices, default=Destination.BALANCE)


def _picture(by: User | Shop, sent: Any) -> bytes:
    if isinstance(sent, str):
        owner = "shop" if isinstance(by, Shop) else "user"
        return storage.read(storage.named_by(sent, f"temp/{owner}-{by.pk}/"))
    return images.clean(sent.read())
