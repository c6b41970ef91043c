"""What a shop does with its own products."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import events, pictures, variants
from catalog.models import MAX_PICTURES, Product
from catalog.variants import Offer
from core import storage
from core.errors import Refusal
from shops.models import Shop

EDITABLE = ("name", "description", "price", "characteristics", "category")
WRITTEN = (*EDITABLE, "moderation_status", "moderation_notes", "is_active", "updated_at")
MODERATED = {"name", "description", "characteristics", "category", "images"}


class ShopNotApproved(Refusal):
    code = "shop_not_approved"


class ProductGone(Refusal):
    code = "not_found"
    status = 404


class TooManyPictures(Refusal):
    code = "too_many_pictures"
    status = 422


def create_product(
    shop: Shop,
    *,
    images: Sequence[bytes] = (),
    offers: Sequence[Offer] = (Offer(),),
    rental_terms: dict[str, Any] | None = None,
    **details: Any,
) -> Product:
    """Put a new product with its pictures (clean JPEGs, the main one first) before moderation.

    Raises ShopNotApproved, TooManyPictures and what catalog.variants refuses.
    """
    if not shop.is_approved:
        message = _("The shop has to be approved before it can offer products.")
        raise ShopNotApproved(message)
    _check_count(images)
    with transaction.atomic():
        product = Product.objects.create(shop=shop, **details)
        variants.replace(product, offers)
        if rental_terms:
            variants.set_rental_terms(product, rental_terms)
        _store_pictures(product, images)
        events.product_submitted(product)
    return product


@transaction.atomic
def update_product(
    product: Product,
    *,
    images: Sequence[bytes] | None = None,
    offers: Sequence[Offer] | None = None,
    **changes: Any,
) -> Product:
    """Change a product; what shoppers read or see goes before moderation again, a price does not.

    `images` and `offers`, if given, replace the pictures and the variants; `rental_terms` of None
    end the rental.
    """
    product = _locked(product)
    for name in EDITABLE:
        if name in changes:
            setattr(product, name, changes[name])
    if images is not None:
        _check_count(images)
        _store_pictures(product, images)
    if offers is not None:
        variants.replace(product, offers)
    if "rental_terms" in changes:
        _change_rental(product, changes["rental_terms"])
    if images is not None or MODERATED & changes.keys():
        _submit_again(product)
    product.save(update_fields=WRITTEN)
    return product


@transaction.atomic
def delete_product(product: Product) -> None:
    """Take a product away: for good, or only out of the catalogue while an order refers to it."""
    product = _locked(product)
    if product.orders.exists():
        product.is_active, product.deleted_at = False, timezone.now()
        product.save(update_fields=["is_active", "deleted_at", "updated_at"])
        return
    folder_of = storage.product_picture(product.shop_id, product.pk, 0)
    storage.delete_folder_after_commit(folder_of)
    product.delete()


def _locked(product: Product) -> Product:
    rows = Product.objects.kept().select_for_update(of=("self",)).select_related("shop")
    found = rows.filter(pk=product.pk).first()
    if found is None:
        raise ProductGone(_("This product has been deleted meanwhile."))
    return found


def _check_count(images: Sequence[bytes]) -> None:
    if len(images) > MAX_PICTURES:
        message = _("A product has at most %(most)d pictures.") % {"most": MAX_PICTURES}
        raise TooManyPictures(message)


def _store_pictures(product: Product, images: Sequence[bytes]) -> None:
    names = pictures.store(product, images)
    pictures.keep_only(product, names)
    product.images = names
    product.save(update_fields=["images", *pictures.CHANGED])


def _change_rental(product: Product, terms: dict[str, Any] | None) -> None:
    if terms is None:
        variants.end_rental(product)
    else:
        variants.set_rental_terms(product, terms)


def _submit_again(product: Product) -> None:
    product.moderation_status = Product.Moderation.PENDING
    product.moderation_notes = ""
    product.is_active = False
    events.product_submitted(product)
