"""Serving product pictures: everybody sees those of approved products, others need a link."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from catalog.models import Product
from core import storage
from core.uploads import private_file, public_picture


@require_safe
def product_picture(
    request: HttpRequest, shop_id: int, product_id: int, number: int, width: int = 0
) -> HttpResponseBase:
    """A picture, or its copy of this width."""
    original = storage.product_picture(shop_id, product_id, number)
    name = storage.sized(original, width) if width else original
    version = None if "signature" in request.GET else _public_version(product_id, original)
    if version is None:
        return private_file(request, name)
    return public_picture(request, name, version)


def _public_version(product_id: int, name: str) -> str | None:
    """The version of a picture that everybody may see; None where that is not so."""
    approved = Product.objects.filter(
        pk=product_id, moderation_status=Product.Moderation.APPROVED, images__contains=[name]
    )
    facts = approved.values_list("picture_facts", flat=True).first()
    return None if facts is None else facts.get(name, {}).get("version", "")
