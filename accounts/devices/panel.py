"""The shop owner's page of sessions."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sessions as domain
from accounts.devices.description import in_words
from shops.panel import PanelRequest, shop_required

SHOWN_MAX = 100


@shop_required
@require_http_methods(["GET", "HEAD"])
def sessions(request: PanelRequest) -> HttpResponse:
    """The apps and web clients in which the shop is signed in."""
    rows = request.shop.sessions.alive().order_by("-last_seen_at", "pk")[:SHOWN_MAX]
    devices = [(row, in_words(row.user_agent)) for row in rows]
    return render(request, "panel/sessions.html", {"devices": devices})


@shop_required
@require_POST
def end(request: PanelRequest, pk: UUID) -> HttpResponse:
    domain.end(get_object_or_404(request.shop.sessions.alive(), pk=pk))
    messages.success(request, _("The device is signed out."))
    return redirect("panel-sessions")


@shop_required
@require_POST
def end_all(request: PanelRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    domain.end_all(request.shop)
    logout(request)
    return redirect("panel-sign-in")
