"""Serving shop avatars: everybody sees them."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core import storage
from core.uploads import public_picture


@require_safe
def avatar(request: HttpRequest, pk: int) -> HttpResponse:
    name = storage.shop_avatar(pk)
    return public_picture(request, name, storage.digest(name))
