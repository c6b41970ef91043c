"""Small copies of pictures for lists and phones, made by the worker."""

from contextlib import suppress

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields import BooleanField

from catalog import pictures
from catalog.models import PictureLook, Product
from core import images, storage
from core.transactions import atomic

Made = dict[str, list[int]]
UNREADABLE = (FileNotFoundError, images.PictureRefused)


def make(product_id: int) -> int:
    """Make what is missing of a product; returns how many pictures it has seen to.

    Those that cannot be read stay without copies, and are not asked for again. A second time does
    no harm.
    """
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        return 0
    made: Made = {}
    for name in {*product.images, *product.picture_facts}:
        if product.picture_facts.get(name, {}).get("sizes") is None:
            made[name] = _made(name)  # slow, hence before the transaction
    _note(product_id, made)
    return len(made.keys() | _describe(product))


def make_missing(most: int) -> int:
    """Make what is missing of so many products, the oldest first; returns how many pictures."""
    return sum(make(pk) for pk in unfinished().values_list("pk", flat=True)[:most])


def unfinished() -> QuerySet[Product]:
    """Products with a picture that is not looked at, made smaller and described yet."""
    unmade = RawSQL("picture_facts @? '$.*.sizes ? (@ == null)'", [], BooleanField())
    unseen = Q(picture_facts={}) & ~Q(images=[])
    undescribed = Exists(PictureLook.objects.filter(product=OuterRef("pk"), descriptor=None))
    products = Product.objects.alias(unmade=unmade)
    return products.filter(unseen | Q(unmade=True) | undescribed).order_by("pk")


def _made(name: str) -> list[int]:
    try:
        content = storage.read(name)
        wanted = pictures.widths(images.width_of(content))
        copies = {width: images.scaled(content, width) for width in wanted}
    except UNREADABLE:
        return []
    for width, copy in copies.items():
        storage.write(storage.sized(name, width), copy)
    return wanted


def _describe(product: Product) -> set[str]:
    """Describe the pictures that were looked at before descriptors were; returns their names."""
    described = set()
    for look in product.looks.filter(descriptor=None):
        try:
            found = images.look(storage.read(look.name)).descriptor
        except UNREADABLE:  # or removed meanwhile
            look.delete()
            continue
        product.looks.filter(pk=look.pk).update(descriptor=found)
        described.add(look.name)
    return described


@atomic
def _note(product_id: int, made: Made) -> None:
    product = Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    for name, sizes in made.items():
        if product and name in {*product.images, *product.picture_facts}:
            if name not in product.picture_facts:  # stored before pictures were looked at
                with suppress(*UNREADABLE):
                    pictures.note(product, name, storage.read(name))
            product.picture_facts.setdefault(name, {})["sizes"] = sizes
        else:
            storage.delete_after_commit(*pictures.files(name, sizes))
    if product and made:
        product.save(update_fields=["picture_facts"])
