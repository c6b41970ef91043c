"""Serving product pictures: everybody sees those of approved products, others need a link."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from catalog.models import Product
from core import storage
from core.uploads import private_file, public_picture


@require_safe
def product_picture(
    request: HttpRequest, shop_id: int, product_id: int, position: int
) -> HttpResponseBase:
    name = storage.product_picture(shop_id, product_id, position)
    approved = Product.objects.filter(
        pk=product_id, shop_id=shop_id, moderation_status=Product.Moderation.APPROVED
    )
    if "signature" not in request.GET and approved.exists():
        return public_picture(name)
    return private_file(request, name)
