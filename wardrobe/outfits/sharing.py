"""Links that show an outfit to whoever holds them, until they expire or are taken back."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.signing import Signer
from django.urls import reverse
from django.utils import timezone

from core.transactions import atomic
from wardrobe import events
from wardrobe.models import Outfit
from wardrobe.outfits.composing import held

MAX_DAYS = 30
_signer = Signer(salt="shared-outfit")


@atomic
def share(outfit: Outfit, *, days: int) -> Outfit:
    """Make a link that is good for so many days; an earlier one ends."""
    outfit = held(outfit)
    outfit.share_number += 1
    outfit.shared_until = timezone.now() + timedelta(days=days)
    outfit.save(update_fields=["share_number", "shared_until"])
    events.outfit_updated(outfit, "shared")
    return outfit


@atomic
def take_back(outfit: Outfit) -> Outfit:
    """End the outfit's link, if there is one."""
    outfit = held(outfit)
    outfit.shared_until = None
    outfit.save(update_fields=["shared_until"])
    events.outfit_updated(outfit, "unshared")
    return outfit


def url(outfit: Outfit) -> str | None:
    """The link to the outfit while there is one that is good."""
    return _address("outfit-shared", outfit)


def cover_url(outfit: Outfit) -> str | None:
    """The link to its cover, if there is one; it tells nothing of the owner."""
    return _address("outfit-shared-cover", outfit) if outfit.cover else None


def found(token: str) -> Outfit | None:
    """The outfit that a link shows; None when it is not ours, has ended or was taken back."""
    try:
        outfit_id, number = map(int, _signer.unsign(token).split("."))
    except signing.BadSignature:
        return None
    good = Outfit.objects.filter(share_number=number, shared_until__gt=timezone.now())
    return good.filter(pk=outfit_id).prefetch_related("placements__item").first()


def _address(view: str, outfit: Outfit) -> str | None:
    if outfit.shared_until is None or outfit.shared_until <= timezone.now():
        return None
    token = _signer.sign(f"{outfit.pk}.{outfit.share_number}")
    return f"{settings.API_BASE_URL}{reverse(view, args=[token])}"
