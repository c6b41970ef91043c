"""Moderation: the administrators' decisions about products and their revisions.

An approval or a rejection needs something that waits, a take-down an approved product, and each of
them is undone within five minutes or not at all.
"""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import events, leases, listing_fees, revisions
from catalog.models import ModerationDecision, Product, ProductRevision, Reason
from catalog.tables import ProductReport
from core import audit
from core.errors import Refusal
from core.transactions import atomic

Act = ModerationDecision.Act
Moderation = Product.Moderation
STATE = (
    *("moderation_status", "moderation_reason", "moderation_notes", "is_active"),
    *("moderated_at", "moderated_by_id"),
)
AUDITED = ("moderation_status", "moderation_reason", "moderation_notes")


class AlreadyModerated(Refusal):
    code = "already_moderated"


class RevisionChanged(Refusal):
    code = "revision_changed"


class NotApproved(Refusal):
    code = "transition_not_allowed"


class TooLateToUndo(Refusal):
    code = "too_late_to_undo"


def approve(product: Product, *, by: User, notes: str = "", revision: int | None = None) -> None:
    """Put the product on sale, or let its revision be what is on sale; tell its shop, and shoppers.

    `revision` is the one that was looked at. Raises AlreadyModerated, RevisionChanged,
    BeingModerated, and ShopLacksMoney where an approval costs a fee; a revision costs none.
    """
    _decide(product, Act.APPROVE, by, revision, reason="", notes=notes)


def reject(
    product: Product,
    notes: str = "",
    *,
    by: User,
    reason: str = Reason.OTHER,
    revision: int | None = None,
) -> None:
    """Keep the product out of the catalogue, or its revision, and tell its shop why.

    Raises AlreadyModerated, RevisionChanged and BeingModerated.
    """
    _decide(product, Act.REJECT, by, revision, reason=reason, notes=notes)


@atomic
def take_down(product: Product, notes: str = "", *, by: User, reason: str = Reason.OTHER) -> None:
    """Take an approved product out of the catalogue, and its pictures from the public.

    A revision that waited goes with it, and all that reported it are answered. Raises NotApproved
    and BeingModerated.
    """
    held = _held(product)
    if held is None or not held.is_public:
        raise NotApproved(_("Only an approved product can be taken down."))
    leases.check(held, by)
    waiting = held.revision
    decision = _begun(held, Act.TAKE_DOWN, by, waiting)
    if waiting:
        revisions.end(waiting, ProductRevision.Status.REPLACED)
    held.reports.undecided().decide(ProductReport.Decision.TAKEN_DOWN, by)
    _set_state(held, by, Moderation.REJECTED, reason, notes)
    _conclude(product, decision, "product.take_down")


@atomic
def undo(product: Product, *, by: User) -> None:
    """Let everything be as it was before the newest decision, the fee included.

    Raises TooLateToUndo after five minutes, and when the product has changed since.
    """
    held = _held(product)
    decision = held.decisions.order_by("-pk").first() if held else None
    if held is None or decision is None or not _can_be_undone(held, decision):
        raise TooLateToUndo(_("This decision cannot be undone any more."))
    now = {name: getattr(held, name) for name in AUDITED}
    ModerationDecision.objects.filter(pk=decision.pk).update(undone_at=timezone.now())
    _restore(held, decision)
    if decision.fee:
        listing_fees.give_back(held, decision.fee, f"moderation:{decision.pk}:undo")
    product.refresh_from_db()
    audit.record("product.undo", product, before=now, after=decision.before)
    events.moderation_undone(product)


def undoable(product: Product) -> ModerationDecision | None:
    """The decision that can still be taken back, if there is one."""
    decision = product.decisions.order_by("-pk").first()
    return decision if decision and _can_be_undone(product, decision) else None


@atomic
def _decide(product: Product, act: Act, by: User, seen: int | None, **why: str) -> None:
    # The product is held, so of two administrators only one finds it undecided.
    held = _held(product)
    waiting = held.revision if held and held.is_public else None
    if held is None or not (waiting or held.moderation_status == Moderation.PENDING):
        text = _("Another administrator has already decided about this product.")
        raise AlreadyModerated(text)
    if seen is not None and (waiting is None or waiting.pk != seen):
        raise RevisionChanged(_("The shop has changed it since you looked. Look again."))
    leases.check(held, by)
    if waiting:
        _decide_revision(product, held, waiting, act, by, **why)
    else:
        _decide_product(product, held, act, by, **why)


def _decide_product(product: Product, held: Product, act: Act, by: User, **why: str) -> None:
    decision = _begun(held, act, by)
    status = Moderation.APPROVED if act == Act.APPROVE else Moderation.REJECTED
    _set_state(held, by, status, why["reason"], why["notes"])
    if act == Act.APPROVE:
        decision.fee = listing_fees.charge_for_approval(held)
    _conclude(product, decision, f"product.{act}")


def _decide_revision(
    product: Product, held: Product, revision: ProductRevision, act: Act, by: User, **why: str
) -> None:
    decision = _begun(held, act, by, revision)
    said = {"moderation_reason": why["reason"], "moderation_notes": why["notes"]}
    if act == Act.APPROVE:
        revisions.apply(held, revision.proposed)
        held.save(update_fields=[*revision.proposed, "updated_at"])
    is_approved = act == Act.APPROVE
    status = ProductRevision.Status.APPROVED if is_approved else ProductRevision.Status.REJECTED
    revisions.end(revision, status, **said)
    decision.save()
    leases.release(held, by)
    product.refresh_from_db()
    audit.record(
        f"product.revision_{act}",
        product,
        before={"revision_status": ProductRevision.Status.PENDING},
        after={"revision_status": status, "revision": revision.pk, **said},
    )
    revision.refresh_from_db()
    events.revision_moderated(product, revision)


def _begun(
    product: Product, act: Act, by: User, revision: ProductRevision | None = None
) -> ModerationDecision:
    """The decision, with all that is needed to undo it."""
    before = {name: getattr(product, name) for name in STATE}
    if revision and act == Act.APPROVE:
        live = revisions.values(product)
        before |= {name: live[name] for name in revision.proposed}
    return ModerationDecision(
        product=product,
        revision=revision,
        act=act,
        before=before,
        decided_by=by,
        decided_at=timezone.now(),
    )


def _set_state(held: Product, by: User, status: str, reason: str, notes: str) -> None:
    Product.objects.filter(pk=held.pk).update(
        moderation_status=status,
        moderation_reason=reason,
        moderation_notes=notes,
        moderated_by=by,
        moderated_at=timezone.now(),
        is_active=status == Moderation.APPROVED,
        leased_by=None,
        leased_until=None,
    )


def _conclude(product: Product, decision: ModerationDecision, action: str) -> None:
    """Note and tell a decision about a whole product."""
    decision.save()
    product.refresh_from_db()
    after = {name: getattr(product, name) for name in AUDITED}
    before = {name: decision.before[name] for name in AUDITED}
    audit.record(action, product, before=before, after=after)
    events.product_moderated(product, fee=Decimal(decision.fee))


def _can_be_undone(product: Product, decision: ModerationDecision) -> bool:
    is_fresh = timezone.now() - decision.decided_at < revisions.UNDO
    if decision.undone_at or not is_fresh or product.revision:
        return False
    if decision.is_about_revision:
        return product.is_public
    after = Moderation.APPROVED if decision.act == Act.APPROVE else Moderation.REJECTED
    return product.moderation_status == after


def _restore(held: Product, decision: ModerationDecision) -> None:
    before: dict[str, Any] = dict(decision.before)
    state = {name: before.pop(name) for name in STATE}
    if not decision.is_about_revision:  # such a one changes nothing of it, but its shop may have
        Product.objects.filter(pk=held.pk).update(**state)
    if decision.act == Act.TAKE_DOWN:
        held.reports.taken_down_since(decision.decided_at).reopen()
    revisions.apply(held, before)
    held.save(update_fields=[*before, "updated_at"])
    if decision.revision_id:
        waits = {"status": ProductRevision.Status.PENDING, "ended_at": None}
        why = {"moderation_reason": "", "moderation_notes": ""}
        ProductRevision.objects.filter(pk=decision.revision_id).update(**waits, **why)


def _held(product: Product) -> Product | None:
    return Product.objects.held().filter(pk=product.pk).first()
