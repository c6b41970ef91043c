"""The landing page, and the pages where a shop keeps its products."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import listing_fees, pictures, products, revisions, showing
from catalog.forms import ListingFeeForm, OfferForms, ProductForm, place_field
from catalog.models import Product
from core.errors import Refusal
from shops.models import Shop
from shops.panel import PanelRequest, shop_required

NEWEST = 12
PAGE_SIZE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Leema is, with the newest products on sale."""
    newest = Product.objects.visible().select_related("shop").order_by("-pk")[:NEWEST]
    return render(request, "home.html", {"products": [_shown(product) for product in newest]})


@shop_required
@require_safe
def product_list(request: PanelRequest) -> HttpResponse:
    """The shop's products, newest first, all or those in one state of moderation."""
    own = request.shop.products.kept().with_revision().order_by("-pk")
    state = request.GET.get("state", "")
    if state in Product.Moderation.values:
        own = own.filter(moderation_status=state)
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "products": [_shown(product) for product in page],
        "state": state,
        "states": _states(request.shop),
        "showing_costs": listing_fees.price(),
    }
    return render(request, "panel/products.html", context)


@shop_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_product(request: PanelRequest) -> HttpResponse:
    form = ProductForm(request.POST or None, request.FILES or None)
    offered = OfferForms(None, request.POST)
    if all([form.is_valid(), offered.is_valid()]) and _created(request.shop, form, offered):
        messages.success(request, _("The product is sent for moderation."))
        return redirect("panel-products")
    return render(request, "panel/product_form.html", {"form": form, "offered": offered})


@shop_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_product(request: PanelRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(request.shop.products.kept(), pk=pk)
    wanted = revisions.preview(product)
    form = ProductForm(request.POST or None, request.FILES or None, instance=wanted)
    offered = OfferForms(product, request.POST)
    if all([form.is_valid(), offered.is_valid()]) and _updated(product, form, offered):
        messages.success(request, _("The product is saved."))
        return redirect("panel-products")
    # The form has changed the other.
    stored = get_object_or_404(request.shop.products.kept(), pk=pk)
    placed = _placed(stored, form)
    context = {"form": form, "offered": offered, "placed": placed, **_shown(stored)}
    return render(request, "panel/product_form.html", context)


@shop_required
@require_POST
def hide_or_show(request: PanelRequest, pk: int, act: str) -> HttpResponse:
    product = get_object_or_404(request.shop.products.kept(), pk=pk)
    try:
        showing.show(product) if act == "show" else showing.hide(product)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("panel-products")


@shop_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_product(request: PanelRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(request.shop.products.kept(), pk=pk)
    if request.method == "POST":
        products.delete_product(product)
        messages.success(request, _("The product is deleted."))
        return redirect("panel-products")
    return render(request, "panel/product_delete.html", _shown(product))


@shop_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_longer(request: PanelRequest, pk: int) -> HttpResponse:
    """Pay from the balance for showing a product, where showing costs money."""
    product = get_object_or_404(request.shop.products.kept(), pk=pk)
    form = ListingFeeForm(request.POST or None)
    if form.is_valid() and _paid(product, form):
        messages.success(request, _("The product is shown longer."))
        return redirect("panel-products")
    context = {"form": form, "price": listing_fees.price(), **_shown(product)}
    return render(request, "panel/product_showing.html", context)


def _shown(product: Product) -> dict[str, Any]:
    return {
        "product": product,
        "pictures": pictures.details(product),
    }


def _placed(product: Product, form: ProductForm) -> list[dict[str, Any]]:
    """The pictures as they are to be, each with the field that says where it stands."""
    names = revisions.preview(product).images
    shown = pictures.details(product, names)
    return [
        {**picture, "field": place_field(name), "place": form.data.get(place_field(name), number)}
        for number, (name, picture) in enumerate(zip(names, shown, strict=True), start=1)
    ]


def _states(shop: Shop) -> list[tuple[str, str, int]]:
    """The filters: each state of moderation, its label and how many products are in it."""
    counted = shop.products.kept().order_by().values_list("moderation_status").annotate(Count("pk"))
    counts = dict(counted)
    return [
        ("", _("All"), sum(counts.values())),
        *((state.value, str(state.label), counts.get(state, 0)) for state in Product.Moderation),
    ]


def _created(shop: Shop, form: ProductForm, offered: OfferForms) -> bool:
    try:
        products.create_product(shop, **form.changes(), **offered.changes())
    except Refusal as refusal:
        form.add_refusal(refusal)
    return not form.errors


def _updated(product: Product, form: ProductForm, offered: OfferForms) -> bool:
    try:
        products.update_product(product, **form.changes(), **offered.changes())
    except Refusal as refusal:
        form.add_refusal(refusal)
    return not form.errors


def _paid(product: Product, form: ListingFeeForm) -> bool:
    try:
        listing_fees.pay(product, form.cleaned_data["months"])
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return not form.errors
