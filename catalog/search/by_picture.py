"""Products that look like what somebody has a picture of."""

from django.db.models import F, Func, IntegerField, QuerySet, Value

from catalog.models import PictureLook, Product
from core import images

CANDIDATES = 500  # the likest; what is not shown to shoppers is among them


def likest(picture: bytes, *, most: int) -> list[int]:
    """Keys of products on sale, those first whose main picture is most like this clean JPEG."""
    near = list(_differing(picture).values_list("product", flat=True)[:CANDIDATES])
    visible = set(Product.objects.visible().filter(pk__in=near).values_list("pk", flat=True))
    return [pk for pk in near if pk in visible][:most]


def _differing(picture: bytes) -> QuerySet[PictureLook]:
    """All described main pictures, those first that differ from it in the fewest bits."""
    both = F("descriptor"), Value(images.look(picture).descriptor)
    bits = Func(*both, function="bit_count", arg_joiner=" # ", output_field=IntegerField())
    described = PictureLook.objects.filter(is_main=True).exclude(descriptor=None)
    return described.order_by(bits, "-product")
