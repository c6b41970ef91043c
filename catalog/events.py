"""Events about products."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import override

from catalog.models import Product, ProductImport, ProductRevision, waiting_for_moderation
from catalog.serializers import WholeProductSerializer
from catalog.tables import Alert, ProductReport, Review
from realtime import groups
from realtime.publish import publish

REVIEW_CREATED = "review_created"


def product_submitted(product: Product) -> None:
    """Administrators hear of a new product, and of a revision of one on sale."""
    waiting = waiting_for_moderation()
    about = {**_about(product), "waiting": waiting}
    publish([groups.ADMINS], "product_submitted", about, older=_queue("added", waiting, product.pk))


def queue_updated(product: Product, action: str) -> None:
    """Administrators hear how many products wait now that one of them does not any more."""
    waiting = waiting_for_moderation()
    about = {"action": action, "product_id": product.pk, "waiting": waiting}
    older = _queue(action, waiting, product.pk)
    publish([groups.ADMINS], "moderation_queue_updated", about, older=older)


def product_moderated(product: Product, *, fee: Decimal) -> None:
    """The shop hears every decision; every user hears of an approved product."""
    listeners = [groups.shop(product.shop_id)]
    if product.moderation_status == Product.Moderation.APPROVED:
        listeners.append(groups.USERS)
    older = {
        "action": product.moderation_status,
        "product_id": product.pk,
        "product_name": product.name,
        "shop_id": product.shop_id,
        "shop_name": product.shop.shop_name,
        "moderation_status": product.moderation_status,
        "moderation_notes": product.why,
        "approval_fee": fee,
    }
    publish(
        listeners,
        "product_moderation_completed",
        {**_about(product), "reason": _reason(product)},
        older=(f"product.{product.moderation_status}", older),
    )
    queue_updated(product, product.moderation_status)


def revision_moderated(product: Product, revision: ProductRevision) -> None:
    """The shop hears what became of its revision; `status` is the revision's."""
    about = {
        **_about(product),
        "status": revision.status,
        "revision_id": revision.pk,
        "reason": _reason(revision),
    }
    publish([groups.shop(product.shop_id)], "product_revision_moderated", about)
    queue_updated(product, revision.status)


def moderation_undone(product: Product) -> None:
    """The shop hears that a decision was taken back; `status` is what the product's is again."""
    publish([groups.shop(product.shop_id)], "product_moderation_undone", _about(product))
    queue_updated(product, "undone")


def _reason(said: Product | ProductRevision) -> dict[str, str]:
    """Why, by its code and in every language: nobody knows which one the listener reads."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = said.why
    return {"code": said.moderation_reason, **texts}


def review_created(review: Review) -> None:
    """The shop hears of a new review."""
    about = {
        "review_id": review.pk,
        "product_id": review.product_id,
        "product_name": review.product.name,
        "shop_id": review.product.shop_id,
        "user_id": review.user_id,
        "rating": review.rating,
        "comment": review.comment,
    }
    older = ("review.created", {"action": "created", **about})
    publish([groups.shop(review.product.shop_id)], REVIEW_CREATED, about, older=older)


def review_answered(review: Review) -> None:
    """Its author hears what the shop says."""
    about = {"review_id": review.pk, "product_id": review.product_id, "answer": review.answer}
    publish([groups.user(review.user_id)], "review_answered", about)


def product_alert(alert: Alert) -> None:
    """Who waited for a product hears that it is there, or cheaper."""
    product, variant = alert.product, alert.variant
    about = {
        "alert_id": alert.pk,
        "kind": alert.kind,
        "product_id": product.pk,
        "product_name": product.name,
        "variant_id": variant.pk if variant else None,
        "size": variant.size if variant else "",
        "colour": variant.colour if variant else "",
        "price": variant.price_now if variant else product.price,
        "price_before": alert.price,
    }
    publish([groups.user(alert.user_id)], "product_alert", about)


def product_reported(report: ProductReport, *, waiting: int) -> None:
    about = {
        "report_id": report.pk,
        "product_id": report.product_id,
        "product_name": report.product.name,
        "reason": report.reason,
        "pending_count": waiting,
    }
    publish([groups.ADMINS], "product_reported", about)


def product_import_updated(job: ProductImport) -> None:
    """The shop hears how its sheet stands."""
    about = {"import_id": job.pk, "shop_id": job.shop_id, "status": job.status}
    publish([groups.shop(job.shop_id)], "product_import_updated", about | job.counts)


def products_imported(job: ProductImport, count: int) -> None:
    """So many products came or changed; one event for the moderators, and not one for each."""
    waiting = waiting_for_moderation()
    about = {
        "shop_id": job.shop_id,
        "shop_name": job.shop.shop_name,
        "count": count,
        "pending_count": waiting,
    }
    publish([groups.ADMINS], "products_imported", about, older=_queue("added", waiting, None))


def _queue(action: str, waiting: int, product_id: int | None) -> tuple[str, dict[str, Any]]:
    """What the older clients hear of the moderators' queue."""
    about = {"action": action, "pending_count": waiting, "product_id": product_id}
    return "moderation.queue_updated", about


def _about(product: Product) -> dict[str, Any]:
    return {
        "product_id": product.pk,
        "shop_id": product.shop_id,
        "status": product.moderation_status,
        "product": WholeProductSerializer(product).data,
    }
