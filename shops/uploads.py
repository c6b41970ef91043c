"""Serving shop avatars: everybody sees them."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core import storage
from core.uploads import public_picture


@require_safe
def avatar(request: HttpRequest, pk: int) -> HttpResponse:
    return public_picture(storage.shop_avatar(pk))
