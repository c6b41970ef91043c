"""What a shop does with its own products."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import characteristics, events, pictures, variants
from catalog.models import MAX_PICTURES, Product
from catalog.variants import Offer
from core import storage
from core.errors import Refusal
from shops.models import Shop

WORDS = (
    *("name", "name_kk", "name_en"),
    *("description", "description_kk", "description_en"),
)
EDITABLE = (*WORDS, "price", "characteristics", "category")
WRITTEN = (*EDITABLE, "moderation_status", "moderation_notes", "is_active", "updated_at")
MODERATED = {*WORDS, "characteristics", "category", "images"}


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
    is_announced: bool = True,
    **details: Any,
) -> Product:
    """Put a new product with its pictures (clean JPEGs, the main one first) before moderation.

    One that is not announced is one of many, of which the caller tells the moderators. Raises
    ShopNotApproved, TooManyPictures, CharacteristicsMissing and what catalog.variants refuses.
    """
    if not shop.is_approved:
        message = _("The shop has to be approved before it can offer products.")
        raise ShopNotApproved(message)
    _check_count(images)
    product = Product(shop=shop, **details)
    characteristics.check(product)
    with transaction.atomic():
        product.save(force_insert=True)
        variants.offer_new(product, offers)
        if rental_terms:
            variants.set_rental_terms(product, rental_terms)
        if images:
            _store_pictures(product, images)
        if is_announced:
            events.product_submitted(product)
    return product


@transaction.atomic
def update_product(
    product: Product,
    *,
    images: Sequence[bytes] | None = None,
    offers: Sequence[Offer] | None = None,
    is_announced: bool = True,
    **changes: Any,
) -> Product:
    """Change a product; what shoppers read or see goes before moderation again, a price does not.

    `images` and `offers`, if given, replace the pictures and the variants; `rental_terms` of None
    end the rental. `is_announced` as for a new product. Raises CharacteristicsMissing where what
    goes before moderation lacks some.
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
        characteristics.check(product)
        _submit_again(product)
        if is_announced:
            events.product_submitted(product)
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
    if product.images:
        storage.delete_folder_after_commit(product.images[0])
    product.delete()


def held_on_sale(product_id: int) -> Product:
    """A product that shoppers may see, and that stays until the transaction ends; or ProductGone.

    Whatever refers to a product is added while it is held, so that nothing refers to none.
    """
    rows = Product.objects.visible().select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=product_id).first()
    if found is None:
        raise ProductGone(_("There is nothing at this address."))
    return found


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
    stale = product.images[len(images) :]
    product.images = pictures.store(product.shop_id, product.pk, images)
    product.save(update_fields=["images"])
    storage.delete_after_commit(*stale)


def _change_rental(product: Product, terms: dict[str, Any] | None) -> None:
    if terms is None:
        variants.end_rental(product)
    else:
        variants.set_rental_terms(product, terms)


def _submit_again(product: Product) -> None:
    product.moderation_status = Product.Moderation.PENDING
    product.moderation_notes = ""
    product.is_active = False
