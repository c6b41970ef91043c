"""Asking for a picture: the price is held and the work is queued, together or not at all."""

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone
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
from generations import events, queue, safety, store
from generations.models import MAX_SEED, Generation
from wardrobe.models import UserWardrobeItem

Wearable = Product | UserWardrobeItem


class NothingToTryOn(Refusal):
    code = "no_garment_picture"
    status = 422


class NothingToReport(Refusal):
    code = "no_picture_yet"


class PhotoGone(Refusal):
    code = "photo_gone"
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
    LIMIT_GENERATIONS_RUNNING of them unfinished. What was made before of the same photo, things
    and seed is returned as it is, finished, for nothing.
    """
    consents.hold(user)
    products = [each for each in worn if isinstance(each, Product)]
    wish = Generation(
        user=user,
        product=products[0] if len(worn) == len(products) == 1 else None,
        type=Generation.Type.TRY_ON,
        garments=[_garment(each) for each in worn],
        save_to_wardrobe=save_to_wardrobe,
        seed=seed,
    )
    return _from_store(wish, photo) or _begun(wish, photo)


@atomic
def request_design(
    user: User, prompt: str, *, save_to_wardrobe: bool = False, seed: int = 0
) -> Generation:
    """Queue a picture of the garment that the prompt describes.

    A free generation is used up first, then the price of a generation is held; raises
    InsufficientFunds, TooManyRunning and ContentBlocked, and returns what was made before.
    """
    safety.check(prompt)
    wish = Generation(
        user=user,
        type=Generation.Type.GENERATION,
        prompt=prompt,
        save_to_wardrobe=save_to_wardrobe,
        seed=seed,
    )
    return _from_store(wish) or _begun(wish)


@atomic
def request_variants(user: User, *, n: int, seed: int = 0, **wishes: Any) -> list[Generation]:
    """Queue so many pictures (up to MAX_VARIANTS) of one prompt, each with a seed and price."""
    seeds = [(seed + number) % (MAX_SEED + 1) for number in range(n)]
    return [request_design(user, seed=each, **wishes) for each in seeds]


@atomic
def report(generation: Generation, complaint: str = "") -> Generation:
    """Its owner finds the finished picture bad, and says why; raises NothingToReport."""
    finished = Generation.objects.filter(pk=generation.pk, status=Generation.Status.SUCCEEDED)
    if not finished.update(reported_at=timezone.now(), complaint=complaint):
        raise NothingToReport(_("There is no picture yet."))
    generation.refresh_from_db()
    return generation


@atomic
def reroll(generation: Generation, *, seed: int | None = None) -> Generation:
    """Queue the same wish with another seed; one a day is free, for a picture that was reported.

    Any other costs as usual. Raises PhotoGone where the photo is not kept any more, and what
    asking for the picture raised.
    """
    photo = _kept_photo(generation)
    wish = Generation(
        user=generation.user,
        product=generation.product,
        type=generation.type,
        prompt=generation.prompt,
        garments=generation.garments,
        save_to_wardrobe=generation.save_to_wardrobe,
        seed=secrets.randbelow(MAX_SEED) + 1 if seed is None else seed,
    )
    if photo:
        consents.hold(wish.user)
    return _from_store(wish, photo) or _begun(wish, photo, is_reported=bool(generation.reported_at))


def _from_store(wish: Generation, photo: bytes = b"") -> Generation | None:
    wish.inputs_sha256 = store.inputs_of(wish, photo)
    made = store.found(wish)
    if made and wish.save_to_wardrobe:
        store.keep(made)
    return made


def _begun(wish: Generation, photo: bytes = b"", *, is_reported: bool = False) -> Generation:
    """Take the price, keep the photo and wake a worker."""
    _take_turn(wish.user)
    today = timezone.localdate()
    if is_reported and store.is_free_today(wish.user, today):
        wish.cost, wish.free_on = Decimal(0), today
    else:
        wish.cost = _price(wish)
    wish.save(force_insert=True)
    _hold(wish)
    if photo:
        name = storage.generation_original(wish.user_id, wish.pk)
        wish.original = storage.write(name, photo)
        wish.save(update_fields=["original"])
    return _queued(wish)


def _kept_photo(generation: Generation) -> bytes:
    if generation.type == Generation.Type.GENERATION:
        return b""
    try:
        return storage.read(generation.original or "gone")
    except FileNotFoundError as error:
        raise PhotoGone(_("Your photo is not kept any more. Send it again.")) from error


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


def _price(wish: Generation) -> Decimal:
    """What it costs in KZT; a free use is used up where there is one."""
    is_try_on = wish.type == Generation.Type.TRY_ON
    quota = "free_try_ons_left" if is_try_on else "free_generations_left"
    free = User.objects.filter(pk=wish.user_id, **{f"{quota}__gt": 0})
    if free.update(**{quota: F(quota) - 1}):
        return Decimal(0)
    price = registry.USER_TRY_ON_PRICE if is_try_on else registry.USER_GENERATION_PRICE
    return price.value()


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
