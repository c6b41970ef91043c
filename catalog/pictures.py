"""Pictures of products: stored in order, shown to all only after approval.

A name is given to one picture for good. What is known of each is kept with the product, as
`picture_facts` by name: `version` of its content, `width`, `height`, `colour`, `placeholder`, and
`sizes`, the widths in which it is there besides, or null until the worker has made them. Of a
picture of before that cannot be read only the last is there, and empty.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django_q.tasks import async_task

from catalog.models import PictureLook, Product
from core import images, storage

UNREADABLE = "0"  # the version of a picture of before that nobody can open
SIZES = (400, 800, 1600)  # pixels in width; as many of them as the picture is wider
CHANGED = ("picture_facts", "pictures_made")
Facts = dict[str, Any]


def upload(owner: str, files: Iterable[bytes]) -> list[str]:
    """Keep pictures of `user-5` or `shop-5` for a row that is still to come; 24 hours at most.

    Returns signed addresses to name them by.
    """
    cleaned = [images.clean(file) for file in files]
    names = [storage.write(storage.temp_picture(owner), picture) for picture in cleaned]
    return [storage.signed_url(name) for name in names]


def store(product: Product, pictures: Iterable[bytes]) -> list[str]:
    """Keep clean JPEGs as pictures of the product; returns their names in this order.

    What the product has already keeps its name and is not written again. The caller holds the
    product, and saves what is `CHANGED`.
    """
    spare = {name: facts.get("version") for name, facts in product.picture_facts.items()}
    names = []
    for picture in pictures:
        version = storage.version_of(picture)
        known = next((name for name, other in spare.items() if other == version), None)
        spare.pop(known or "", None)
        names.append(known or _add(product, picture))
    if any(product.picture_facts[name]["sizes"] is None for name in names):
        async_task("catalog.tasks.make_picture_sizes", product.pk)
    return names


def keep_only(product: Product, names: Iterable[str]) -> None:
    """Remove all other pictures once the change is committed.

    The caller holds the product, and saves what is `CHANGED`.
    """
    stale = {*product.images, *product.picture_facts}.difference(names)
    for name in stale:
        facts = product.picture_facts.pop(name, {})
        storage.delete_after_commit(*files(name, facts.get("sizes")))
    PictureLook.objects.filter(product=product, name__in=stale).delete()


def files(name: str, sizes: Iterable[int] | None) -> list[str]:
    """The picture and its copies of these sizes."""
    return [name, *(storage.sized(name, width) for width in sizes or ())]


def _facts(look: images.Look, content: bytes) -> Facts:
    return {
        "version": storage.version_of(content),
        "width": look.width,
        "height": look.height,
        "colour": look.colour,
        "placeholder": look.placeholder,
        "sizes": None if widths(look.width) else [],
    }


def widths(width: int) -> list[int]:
    """In which sizes a picture of this width is wanted besides."""
    return [size for size in SIZES if size < width]


def urls(product: Product, names: Iterable[str] | None = None) -> list[str]:
    """Addresses of the product's pictures: lasting ones once public, signed ones before.

    `names`, where others than those it is shown with are meant.
    """
    return [shown["url"] for shown in details(product, names)]


def details(product: Product, names: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """The same with what is known of them: see PictureSerializer."""
    public = product.images if product.is_public else ()
    return told(product.images if names is None else names, product.picture_facts, public)


def told(names: Iterable[str], facts: Facts, public: Collection[str]) -> list[dict[str, Any]]:
    """The same of pictures with these facts, of which some are public."""
    return [_told(name, facts.get(name, {}), is_public=name in public) for name in names]


def _told(name: str, facts: Facts, *, is_public: bool) -> dict[str, Any]:
    address = storage.public_url if is_public else storage.signed_url
    version = facts.get("version", UNREADABLE)
    sizes = {width: storage.sized(name, width) for width in facts.get("sizes") or ()}
    return {
        "url": address(name, version),
        **{each: facts.get(each) for each in ("width", "height", "colour", "placeholder")},
        "sizes": {str(width): address(copy, version) for width, copy in sizes.items()},
    }


def _add(product: Product, picture: bytes) -> str:
    name = storage.product_picture(product.shop_id, product.pk, product.pictures_made)
    storage.write(name, picture)
    product.pictures_made += 1
    note(product, name, picture)
    return name


def note(product: Product, name: str, content: bytes) -> None:
    """Keep in mind what a stored picture looks like."""
    look = images.look(content)
    product.picture_facts[name] = _facts(look, content)
    if look.fingerprint is not None:
        known_by = {"fingerprint": look.fingerprint, "descriptor": look.descriptor}
        PictureLook.objects.get_or_create(product=product, name=name, defaults=known_by)
