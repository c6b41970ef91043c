"""The shop owner's pages: opening a shop, and its profile."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import storage
from core.errors import Refusal
from shops import approval
from shops.forms import OpenShopForm, ProfileForm
from shops.models import Shop
from shops.profile import change_avatar, update_profile


class PanelRequest(HttpRequest):
    shop: Shop


PanelView = Callable[..., HttpResponseBase]


def shop_required(view: PanelView) -> PanelView:
    """Let in only the owner of an open shop, and hand the shop to the view as `request.shop`."""

    @login_required
    @wraps(view)
    def guarded(request: PanelRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        shop = _shop_of(request)
        if shop is None:
            return redirect("panel-open-shop")
        if not shop.is_active:
            return _suspended(request)
        request.shop = shop
        return view(request, *args, **kwargs)

    return guarded


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_shop(request: HttpRequest) -> HttpResponse:
    """A signed-in person who has no shop yet opens one."""
    if _shop_of(request):
        return redirect("panel-home")
    form = OpenShopForm(request.POST or None)
    if form.is_valid() and _opened(request, form):
        messages.success(request, _("Your shop is open. We will check it soon."))
        return redirect("panel-home")
    return render(request, "panel/open_shop.html", {"form": form})


@shop_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PanelRequest) -> HttpResponse:
    """What shoppers read about the shop, and its picture."""
    form = ProfileForm(request.POST or None, request.FILES or None, instance=request.shop)
    if form.is_valid() and _saved(request.shop, form):
        messages.success(request, _("The profile is saved."))
        return redirect("panel-profile")
    context = {"form": form, "avatar": _address(request.shop.avatar)}
    return render(request, "panel/profile.html", context)


def _shop_of(request: HttpRequest) -> Shop | None:
    assert request.user.is_authenticated
    return Shop.objects.owned_by(request.user).first()


def _suspended(request: HttpRequest) -> HttpResponse:
    detail = _("Your shop is closed for now. Write to us if that is a mistake.")
    return render(request, "error.html", {"status": 403, "detail": detail}, status=403)


def _opened(request: HttpRequest, form: OpenShopForm) -> bool:
    assert request.user.is_authenticated
    try:
        approval.open_shop(
            google_id=request.user.google_id,
            apple_id=request.user.apple_id,
            email=request.user.email,
            shop_name=form.cleaned_data["shop_name"],
            owner_name=request.user.name[:120],
        )
    except IntegrityError:
        form.add_error(None, _("Another shop is registered with this e-mail address."))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _saved(shop: Shop, form: ProfileForm) -> bool:
    changes = dict(form.cleaned_data)
    picture = changes.pop("avatar")
    try:
        if picture:
            change_avatar(shop, picture)
        update_profile(shop, **changes)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _address(avatar: str) -> str:
    """Our own picture of the shop; one at Google's would be another site's."""
    return storage.signed_url(avatar) if avatar and "://" not in avatar else ""
