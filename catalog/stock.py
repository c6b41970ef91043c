"""Stock: pieces promised to orders, handed out and brought back. Numbers are {variant id: pieces}.

Every change is logged by the database with its reason, which the statement names in `moved_for`.
Whoever changes stock holds the rows first, by number and each product before its variants, so that
orders of the same things never wait for each other in a circle.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Case, F, IntegerField, QuerySet, When
from django.utils.translation import gettext as _

from catalog.models import Product, ProductVariant
from catalog.tables import StockMovement
from core.errors import Refusal

Pieces = Mapping[int, int]
Reason = StockMovement.Reason


class SoldOut(Refusal):
    code = "sold_out"


def hold(variant_ids: Iterable[int]) -> None:
    """Let nobody else change these variants and their products until the transaction ends."""
    rows = ProductVariant.objects.filter(pk__in=list(variant_ids))
    list(held(rows).only("product__id"))


def held(rows: QuerySet[ProductVariant]) -> QuerySet[ProductVariant]:
    """These variants and their products as they are once nobody else changes them.

    They stay held until the transaction ends. It is one statement, so that those who wait for the
    same goods have nothing left to ask for when it is their turn.
    """
    sorted_rows = rows.select_related("product").order_by("product_id", "pk")
    return sorted_rows.select_for_update(of=("product", "self"), no_key=True)


def reserve(pieces: Pieces, order_id: int) -> None:
    """Promise pieces to an order; SoldOut, which has to end the transaction, for too few."""
    promised = F("reserved") + _counted(pieces)
    enough = ProductVariant.objects.filter(pk__in=pieces).exclude(stock__lt=promised)
    why = _why(Reason.ORDERED, order_id)
    if enough.update(reserved=promised, moved_for=why) < len(pieces):
        raise SoldOut(_("There are not so many left."))


def release(pieces: Pieces, order_id: int) -> None:
    """Take back a promise."""
    why = _why(Reason.CANCELLED, order_id)
    for pk, count in pieces.items():
        _of(pk).update(reserved=F("reserved") - count, moved_for=why)


def hand_out(pieces: Pieces, order_id: int) -> None:
    """Promised pieces leave the shop."""
    why = _why(Reason.SHIPPED, order_id)
    for pk, count in pieces.items():
        left = {"reserved": F("reserved") - count, "stock": F("stock") - count}
        _of(pk).update(**left, moved_for=why)


def bring_back(pieces: Pieces, order_id: int) -> None:
    """Pieces that had left are in the shop again."""
    why = _why(Reason.RETURNED, order_id)
    for pk, count in pieces.items():
        _of(pk).update(stock=F("stock") + count, moved_for=why)


def count_purchases(pieces: Pieces) -> None:
    """Count what was bought of these products; {product id: pieces}."""
    products = Product.objects.filter(pk__in=pieces)
    list(products.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    products.update(purchases_count=F("purchases_count") + _counted(pieces))


def _why(reason: Reason, order_id: int) -> str:
    """How the log is told."""
    return f"{reason}:{order_id}"


def _counted(pieces: Pieces) -> Case:
    """How many pieces of a row, in one statement for all rows."""
    cases = (When(pk=pk, then=count) for pk, count in pieces.items())
    return Case(*cases, output_field=IntegerField())


def _of(pk: int) -> QuerySet[ProductVariant]:
    return ProductVariant.objects.filter(pk=pk)
