"""What a shop does with its own products."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import characteristics, events, pictures, revisions, variants
from catalog.models import MAX_PICTURES, Product, ProductRevision
from catalog.tables import StockMovement
from catalog.variants import Offer
from core import storage
from core.errors import Refusal
from shops.models import Shop

WRITTEN = (
    *revisions.CONTENT,
    *pictures.CHANGED,
    *("price", "moderation_status", "moderation_reason", "moderation_notes", "updated_at"),
)


class ShopNotApproved(Refusal):
    code = "shop_not_approved"


class ProductGone(Refusal):
    code = "not_found"
    status = 404


class TooManyPictures(Refusal):
    code = "too_many_pictures"
    status = 422


def create_product(  # noqa: PLR0913 - each is told by its name
    shop: Shop,
    *,
    images: Sequence[bytes] = (),
    offers: Sequence[Offer] = (Offer(),),
    rental_terms: dict[str, Any] | None = None,
    is_announced: bool = True,
    stock_reason: StockMovement.Reason = StockMovement.Reason.CORRECTED,
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
        variants.offer_new(product, offers, reason=stock_reason)
        if rental_terms:
            variants.set_rental_terms(product, rental_terms)
        if images:
            product.images = pictures.store(product, images)
            product.save(update_fields=["images", *pictures.CHANGED])
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
    stock_reason: StockMovement.Reason = StockMovement.Reason.CORRECTED,
    **changes: Any,
) -> Product:
    """Change a product: price, variants and rental at once, what shoppers read or see by revision.

    The content of an approved product stays on sale as it is until an administrator has seen the
    new one; that of others goes before moderation again. `images` (clean JPEGs, those that the
    product has already among them) and `offers`, if given, replace the pictures and the variants;
    `rental_terms` of None end the rental. `is_announced` as for a new product. Raises
    CharacteristicsMissing where what goes before moderation lacks some.
    """
    product = _locked(product)
    content = {name: changes[name] for name in revisions.CONTENT if name in changes}
    if images is not None:
        _check_count(images)
        content["images"] = pictures.store(product, images)
    product.price = changes.get("price", product.price)
    if content:
        _change_content(product, content, is_announced=is_announced)
    if offers is not None:
        variants.replace(product, offers, reason=stock_reason)
    if "rental_terms" in changes:
        _change_rental(product, changes["rental_terms"])
    product.save(update_fields=WRITTEN)
    return product


@transaction.atomic
def delete_product(product: Product) -> None:
    """Take a product away: for good, or only out of the catalogue while an order refers to it."""
    product = _locked(product)
    if product.orders.exists():
        product.revisions.waiting().update(
            status=ProductRevision.Status.REPLACED, ended_at=timezone.now()
        )
        product.is_active, product.deleted_at = False, timezone.now()
        product.save(update_fields=["is_active", "deleted_at", "updated_at"])
        return
    folder_of = storage.product_picture(product.shop_id, product.pk, 0)
    storage.delete_folder_after_commit(folder_of)
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
    found = Product.objects.held().filter(pk=product.pk).first()
    if found is None:
        raise ProductGone(_("This product has been deleted meanwhile."))
    return found


def _check_count(images: Sequence[bytes]) -> None:
    if len(images) > MAX_PICTURES:
        message = _("A product has at most %(most)d pictures.") % {"most": MAX_PICTURES}
        raise TooManyPictures(message)


def _change_rental(product: Product, terms: dict[str, Any] | None) -> None:
    if terms is None:
        variants.end_rental(product)
    else:
        variants.set_rental_terms(product, terms)


def _change_content(product: Product, content: dict[str, Any], *, is_announced: bool) -> None:
    if product.is_public:
        revisions.propose(product, content, is_announced=is_announced)
    else:
        _submit_again(product, content, is_announced=is_announced)
    characteristics.check(revisions.preview(product))


def _submit_again(product: Product, content: dict[str, Any], *, is_announced: bool) -> None:
    if "images" in content:
        pictures.keep_only(product, content["images"])
    for name, value in content.items():
        setattr(product, name, value)
    product.moderation_status = Product.Moderation.PENDING
    product.moderation_reason = product.moderation_notes = ""
    if is_announced:
        events.product_submitted(product)
