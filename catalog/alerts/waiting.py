"""Waiting for a product, and being told once."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import events
from catalog.models import Product, ProductVariant, visible
from catalog.products import ProductGone, held_on_sale
from catalog.tables import Alert
from core.errors import Refusal

AT_ONCE = 500
MOST_IN_A_SWEEP = 20_000  # the others are told a minute later
Kind = Alert.Kind


class InStock(Refusal):
    code = "in_stock"


@transaction.atomic
def ask(
    user: User, kind: str, *, product_id: int, variant_id: int | None = None
) -> tuple[Alert, bool]:
    """Let the person be told of a product on sale, or of one variant; whether it is new, too.

    Raises InStock for what is there already, and ProductGone.
    """
    product = held_on_sale(product_id)
    variant = _variant(product, variant_id) if variant_id else None
    wanted = product.variants.filter(pk=variant.pk) if variant else product.variants.all()
    if kind == Kind.BACK_IN_STOCK and wanted.filter(_available()).exists():
        raise InStock(_("It is in stock."))
    price = variant.price_now if variant else product.price
    return Alert.objects.get_or_create(
        user=user,
        product=product,
        variant=variant,
        kind=kind,
        defaults={"price": price if kind == Kind.PRICE_DROP else None},
    )


def tell_all() -> int:
    """Tell everybody whose wish has come true, once; returns how many."""
    told = 0
    while told < MOST_IN_A_SWEEP and (some := _tell_some()):
        told += some
    return told


def due() -> QuerySet[Alert]:
    """Those whose wish has come true."""
    there = ProductVariant.objects.filter(_available())
    any_variant = Q(variant=None) & Exists(there.filter(product=OuterRef("product")))
    this_variant = Exists(there.filter(pk=OuterRef("variant")))
    back = Q(kind=Kind.BACK_IN_STOCK) & (any_variant | this_variant)
    cheaper = Q(kind=Kind.PRICE_DROP, price_now__lt=F("price"))
    waiting = Alert.objects.alias(price_now=Coalesce("variant__price", "product__price"))
    return waiting.filter(visible("product__")).filter(back | cheaper)


@transaction.atomic
def _tell_some() -> int:
    # The row is gone in the transaction that holds the event, so nobody is told twice.
    rows = due().select_for_update(of=("self",), skip_locked=True)
    alerts = list(rows.select_related("product", "variant").order_by("pk")[:AT_ONCE])
    for alert in alerts:
        events.product_alert(alert)
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).delete()
    return len(alerts)


def _variant(product: Product, pk: int) -> ProductVariant:
    found = product.variants.filter(pk=pk).first()
    if found is None:
        raise ProductGone(_("There is nothing at this address."))
    return found


def _available() -> Q:
    return Q(is_active=True) & (Q(stock=None) | Q(stock__gt=F("reserved")))
