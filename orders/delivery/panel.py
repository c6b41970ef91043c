"""The pages where a shop says how it delivers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refusal
from orders.delivery import methods
from orders.delivery.forms import DeliveryMethodForm
from orders.models import DeliveryMethod
from shops.models import Shop
from shops.panel import PanelRequest, shop_required


@shop_required
@require_http_methods(["GET", "HEAD", "POST"])
def method_list(request: PanelRequest) -> HttpResponse:
    """Every way in which the shop delivers, and room for another."""
    form = DeliveryMethodForm(request.POST or None)
    if form.is_valid() and _kept(request.shop, None, form):
        messages.success(request, _("The delivery method is offered."))
        return redirect("panel-delivery")
    context = {"form": form, "methods": request.shop.delivery_methods.order_by("pk")}
    return render(request, "panel/delivery.html", context)


@shop_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_method(request: PanelRequest, pk: int) -> HttpResponse:
    method = get_object_or_404(request.shop.delivery_methods, pk=pk)
    form = DeliveryMethodForm(request.POST or None, instance=method)
    if form.is_valid() and _kept(request.shop, method, form):
        messages.success(request, _("The delivery method is saved."))
        return redirect("panel-delivery")
    return render(request, "panel/delivery_method.html", {"form": form})


@shop_required
@require_POST
def delete_method(request: PanelRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.shop.delivery_methods, pk=pk).delete()
    messages.success(request, _("The delivery method is gone."))
    return redirect("panel-delivery")


def _kept(shop: Shop, method: DeliveryMethod | None, form: DeliveryMethodForm) -> bool:
    try:
        if method:
            methods.change(method, **form.cleaned_data)
        else:
            methods.add(shop, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return not form.errors
