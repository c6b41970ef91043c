"""Products that look like what somebody has a picture of."""

from django.db.models import F, Func, IntegerField, QuerySet, Value
from django.db.models.fields.json import KT

from catalog.models import PictureLook, Product
from core import images

CANDIDATES = 1000  # of pictures, the likest; what is not shown to shoppers is among them


def likest(picture: bytes, *, most: int) -> list[int]:
    """Keys of products on sale, those first whose main picture is most like this clean JPEG."""
    near = list(_differing(picture).values_list("product", "name")[:CANDIDATES])
    visible = Product.objects.visible().filter(pk__in={pk for pk, _ in near})
    main = dict(visible.values_list("pk", KT("images__0")))
    return [pk for pk, name in near if main.get(pk) == name][:most]


def _differing(picture: bytes) -> QuerySet[PictureLook]:
    """All described pictures, those first that differ from it in the fewest bits."""
    both = F("descriptor"), Value(images.look(picture).descriptor)
    bits = Func(*both, function="bit_count", arg_joiner=" # ", output_field=IntegerField())
    described = PictureLook.objects.exclude(descriptor=None)
    return described.order_by(bits, "-product")
