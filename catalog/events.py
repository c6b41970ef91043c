"""Events about products."""

from decimal import Decimal
from typing import Any

from catalog.models import Product, ProductImport
from catalog.serializers import ProductSerializer
from realtime import groups
from realtime.publish import publish


def product_submitted(product: Product) -> None:
    waiting = Product.objects.awaiting_moderation().count()
    older = {"action": "added", "pending_count": waiting, "product_id": product.pk}
    about = _about(product)
    publish([groups.ADMINS], "product_submitted", about, older=("moderation.queue_updated", older))


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
        "moderation_notes": product.moderation_notes,
        "approval_fee": fee,
    }
    publish(
        listeners,
        "product_moderation_completed",
        _about(product),
        older=(f"product.{product.moderation_status}", older),
    )


def product_import_updated(job: ProductImport) -> None:
    """The shop hears how its sheet stands."""
    about = {"import_id": job.pk, "shop_id": job.shop_id, "status": job.status}
    publish([groups.shop(job.shop_id)], "product_import_updated", about | job.counts)


def products_imported(job: ProductImport, count: int) -> None:
    """So many products came or changed; one event for the moderators, and not one for each."""
    waiting = Product.objects.awaiting_moderation().count()
    about = {
        "shop_id": job.shop_id,
        "shop_name": job.shop.shop_name,
        "count": count,
        "pending_count": waiting,
    }
    older = {"action": "added", "pending_count": waiting, "product_id": None}
    publish([groups.ADMINS], "products_imported", about, older=("moderation.queue_updated", older))


def _about(product: Product) -> dict[str, Any]:
    return {
        "product_id": product.pk,
        "shop_id": product.shop_id,
        "status": product.moderation_status,
        "product": ProductSerializer(product).data,
    }
