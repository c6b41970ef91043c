"""Changes of products on sale: what shoppers read or see is shown to an administrator first."""

import copy
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from catalog import events, pictures
from catalog.models import Category, ModerationDecision, Product, ProductRevision
from core.transactions import atomic

WORDS = (
    *("name", "name_kk", "name_en"),
    *("description", "description_kk", "description_en"),
)
CONTENT = (*WORDS, "characteristics", "category", "images")
UNDO = timedelta(minutes=5)  # for so long the pictures of a decided revision stay
Status = ProductRevision.Status
Values = dict[str, Any]


def propose(product: Product, changes: Mapping[str, Any], *, is_announced: bool = True) -> None:
    """Let the changes, on top of those that wait already, wait for an administrator.

    The caller holds the product. What is again as it is on sale waits no longer.
    """
    waiting, now = product.revision, values(product)
    wanted = {**(waiting.proposed if waiting else {}), **_stored(changes)}
    proposed = {name: value for name, value in wanted.items() if value != now[name]}
    if proposed == (waiting.proposed if waiting else {}):
        return
    if waiting:
        end(waiting, Status.REPLACED)
    if proposed:
        ProductRevision.objects.create(product=product, proposed=proposed)
    if not proposed:
        events.queue_updated(product, "withdrawn")
    elif is_announced:
        events.product_submitted(product)


def end(revision: ProductRevision, status: ProductRevision.Status, **why: str) -> None:
    """Nobody has to decide about the revision any more."""
    ended = {"status": status, "ended_at": timezone.now(), **why}
    ProductRevision.objects.filter(pk=revision.pk).update(**ended)


def values(product: Product) -> Values:
    """What an administrator answers for, as a revision keeps it."""
    return _stored({name: getattr(product, name) for name in CONTENT})


def apply(product: Product, proposed: Mapping[str, Any]) -> None:
    """Let the product have these values; the caller saves them."""
    for name, value in proposed.items():
        setattr(product, name, _category(value) if name == "category" else value)


def preview(product: Product) -> Product:
    """The product as its shop wants it: with the revision that waits, not to be saved."""
    wanted = copy.copy(product)
    if product.revision:
        apply(wanted, product.revision.proposed)
    return wanted


def clear() -> int:
    """Remove the pictures of revisions that are over and beyond undoing; returns of how many."""
    before = timezone.now() - UNDO
    over = ProductRevision.objects.filter(is_cleared=False, ended_at__lt=before)
    return sum(_clear(revision, before) for revision in over.order_by("pk"))


@atomic
def _clear(revision: ProductRevision, before: datetime) -> bool:
    product = Product.objects.select_for_update().filter(pk=revision.product_id).first()
    if product:  # else it was deleted meanwhile, with all its pictures
        pictures.keep_only(product, _shown(product, before))
        product.save(update_fields=pictures.CHANGED)
    return bool(ProductRevision.objects.filter(pk=revision.pk).update(is_cleared=True))


def _shown(product: Product, before: datetime) -> set[str]:
    """The pictures that are shown, or may be again."""
    lately = product.revisions.filter(Q(ended_at=None) | Q(ended_at__gte=before))
    undoable = ModerationDecision.objects.filter(product=product, decided_at__gte=before)
    last = product.last_revision  # a rejected one is told until the shop changes something else
    proposed = [*lately.values_list("proposed", flat=True), *([last.proposed] if last else [])]
    replaced = [*undoable.values_list("before", flat=True)]
    names = (said.get("images", []) for said in [*proposed, *replaced])
    return {*product.images, *(name for some in names for name in some)}


def _stored(changes: Mapping[str, Any]) -> Values:
    category = changes.get("category")
    named = {"category": category.pk if category else None} if "category" in changes else {}
    return {**changes, **named}


def _category(pk: int | None) -> Category | None:
    return Category.objects.filter(pk=pk).first() if pk else None
