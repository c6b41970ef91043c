"""What buyers say about products, what shops answer, and what administrators hide."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import events
from catalog.models import Product
from catalog.products import TooManyPictures, held_on_sale
from catalog.tables import Review
from core import audit, storage
from core.errors import Refusal
from core.transactions import broken_rule

MAX_PICTURES = 5


class NotABuyer(Refusal):
    code = "not_a_buyer"
    status = 403


class AlreadyReviewed(Refusal):
    code = "already_reviewed"


class ReviewGone(Refusal):
    code = "not_found"
    status = 404


class AlreadyDecided(Refusal):
    code = "already_decided"


def write(user: User, product_id: int, *, pictures: Sequence[bytes] = (), **said: Any) -> Review:
    """Publish a buyer's `rating` and `comment` of a product on sale, and tell its shop.

    `pictures` are clean JPEGs. Raises NotABuyer for whom the product was never delivered,
    AlreadyReviewed, TooManyPictures and ProductGone.
    """
    try:
        return _written(user, product_id, pictures, said)
    except IntegrityError as error:
        raise _refusal(error) from error


@transaction.atomic
def change(review: Review, *, pictures: Sequence[bytes] | None = None, **said: Any) -> Review:
    """Change what is named in `said`; `pictures`, if given, replace the old ones."""
    review = _held(review)
    for name, value in said.items():
        setattr(review, name, value)
    review.save(update_fields=[*said, "updated_at"])
    if pictures is not None:
        _store(review, pictures)
    return review


@transaction.atomic
def take_back(review: Review) -> None:
    """Delete one's review with its pictures and the answer to it."""
    review = _held(review)
    if review.images:
        storage.delete_folder_after_commit(review.images[0])
    review.delete()


@transaction.atomic
def answer(review: Review, text: str) -> Review:
    """Let the shop say this below the review, in place of what it said before; "" is nothing."""
    review = _held(review)
    review.answer, review.answered_at = text, timezone.now() if text else None
    review.save(update_fields=["answer", "answered_at", "updated_at"])
    if text:
        events.review_answered(review)
    return review


def hide(review: Review, reason: str) -> None:
    """Let nobody but its author and the shop read it; or AlreadyDecided."""
    _decide("review.hide", review, hidden_at=timezone.now(), hidden_reason=reason)


def show(review: Review) -> None:
    """Let everybody read it again; or AlreadyDecided."""
    _decide("review.show", review, hidden_at=None, hidden_reason="")


@transaction.atomic
def _written(
    user: User, product_id: int, pictures: Sequence[bytes], said: dict[str, Any]
) -> Review:
    product = held_on_sale(product_id)
    review = Review.objects.create(user=user, product=product, **said)
    _store(review, pictures)
    events.review_created(review)
    return review


def _refusal(error: IntegrityError) -> Exception:
    match broken_rule(error):
        case "review_by_buyer":
            return NotABuyer(_("Only who has received this product may review it."))
        case "review_once":
            return AlreadyReviewed(_("You have reviewed this product already: change your review."))
    return error


def _held(review: Review) -> Review:
    """The review as it is now; its product is held first, as by whoever writes one."""
    list(Product.objects.filter(pk=review.product_id).select_for_update(no_key=True))
    found = Review.objects.select_for_update(of=("self",)).select_related("product", "user")
    current = found.filter(pk=review.pk).first()
    if current is None:
        raise ReviewGone(_("This review has been deleted meanwhile."))
    return current


def _store(review: Review, pictures: Sequence[bytes]) -> None:
    if len(pictures) > MAX_PICTURES:
        message = _("A review has at most %(most)d pictures.") % {"most": MAX_PICTURES}
        raise TooManyPictures(message)
    stale = review.images[len(pictures) :]
    review.images = [
        storage.write(storage.review_picture(review.user_id, review.pk, position), picture)
        for position, picture in enumerate(pictures)
    ]
    review.save(update_fields=["images"])
    storage.delete_after_commit(*stale)


@transaction.atomic
def _decide(action: str, review: Review, **after: Any) -> None:
    before = {name: getattr(_held(review), name) for name in after}
    if (before["hidden_at"] is None) == (after["hidden_at"] is None):
        raise AlreadyDecided(_("Another administrator has already decided about this review."))
    Review.objects.filter(pk=review.pk).update(**after, updated_at=timezone.now())
    audit.record(action, review, before=before, after=after)
