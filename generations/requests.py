"""Asking for a picture: the price is held and the work is queued, together or not at all."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import consents
from accounts.models import User
from billing import ledger
from billing.models import Transaction
from catalog.models import Product
from core import storage
from core.errors import Refusal
from core.platform_settings import registry
from core.transactions import atomic
from generations import events, queue
from generations.models import Generation
from wardrobe.models import UserWardrobeItem

Wearable = Product | UserWardrobeItem
Quota = Literal["free_try_ons_left", "free_generations_left"]


class NothingToTryOn(Refusal):
    code = "no_garment_picture"
    status = 422


class TooManyRunning(Refusal):
    code = "too_many_running"
    status = 429
    wait = 10  # seconds; about what one generation takes


def request_try_on(user: User, worn: Wearable, photo: bytes, **wishes: Any) -> Generation:
    """Queue a try-on of one thing: see `request_outfit`."""
    return request_outfit(user, [worn], photo, **wishes)


@atomic
def request_outfit(
    user: User,
    worn: Sequence[Wearable],
    photo: bytes,
    *,
    save_to_wardrobe: bool = False,
    seed: int = 0,
) -> Generation:
    """Queue one picture of the person of the photo (a clean JPEG) in these things.

    They are put on in this order, and cost as much as one. A free try-on is used up first, then
    the price of a try-on is held; raises NothingToTryOn, InsufficientFunds, ConsentRequired from a
    person who has not agreed to the processing of photos, and TooManyRunning for whoever has
    LIMIT_GENERATIONS_RUNNING of them unfinished.
    """
    consents.hold(user)
    _take_turn(user)
    products = [each for each in worn if isinstance(each, Product)]
    generation = Generation.objects.create(
        user=user,
        product=products[0] if len(worn) == len(products) == 1 else None,
        type=Generation.Type.TRY_ON,
        garments=[_garment(each) for each in worn],
        cost=_price(user, "free_try_ons_left", registry.USER_TRY_ON_PRICE.value()),
        save_to_wardrobe=save_to_wardrobe,
        seed=seed,
    )
    _hold(generation)
    name = storage.generation_original(user.pk, generation.pk)
    generation.original = storage.write(name, photo)
    generation.save(update_fields=["original"])
    return _queued(generation)


@atomic
def request_design(
    user: User, prompt: str, *, save_to_wardrobe: bool = False, seed: int = 0
) -> Generation:
    """Queue a picture of the garment that the prompt describes.

    A free generation is used up first, then the price of a generation is held; raises
    InsufficientFunds and TooManyRunning, as above.
    """
    _take_turn(user)
    generation = Generation.objects.create(
        user=user,
        type=Generation.Type.GENERATION,
        prompt=prompt,
        cost=_price(user, "free_generations_left", registry.USER_GENERATION_PRICE.value()),
        save_to_wardrobe=save_to_wardrobe,
        seed=seed,
    )
    _hold(generation)
    return _queued(generation)


def _garment(worn: Wearable) -> dict[str, Any]:
    """What an engine is to know of it, as it is now."""
    if not worn.images:
        raise NothingToTryOn(_("%(name)s has no picture to try on.") % {"name": worn.name})
    return {
        "image": worn.images[0],
        "category": worn.category.garment if worn.category else "auto",
        "sleeve": str(worn.characteristics.get("sleeve", "")),
        "product_id": worn.pk if isinstance(worn, Product) else None,
    }


def _take_turn(user: User) -> None:
    # The lock lets one request of a person count at a time, until its transaction ends.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.generations.unfinished().count() >= settings.LIMIT_GENERATIONS_RUNNING:
        raise TooManyRunning(
            _("Several pictures are being made for you already. Wait until one of them is ready.")
        )


def _price(user: User, quota: Quota, price: Decimal) -> Decimal:
    free = User.objects.filter(pk=user.pk, **{f"{quota}__gt": 0})
    return Decimal(0) if free.update(**{quota: F(quota) - 1}) else price


def _hold(generation: Generation) -> None:
    if generation.cost:
        ledger.transfer(
            f"generation:{generation.pk}:charge",
            Transaction.Type.GENERATION_CHARGE,
            generation.cost,
            source=generation.user,
            target=Transaction.Account.GENERATION_HOLD,
            generation_id=generation.pk,
        )


def _queued(generation: Generation) -> Generation:
    queue.enqueue(generation.pk)
    events.generation_updated(generation)
    generation.user.refresh_from_db()
    return generation
