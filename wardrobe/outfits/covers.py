"""Pictures of outfits, which the worker draws whenever what they show has changed."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from io import BytesIO

from django.db import transaction
from django.db.models import F
from django_q.tasks import async_task
from PIL import Image

from core import storage
from core.images import QUALITY, WHITE
from wardrobe import events
from wardrobe.models import Outfit, OutfitItem, UserWardrobeItem

SIZE = 900, 1200  # pixels


def redraw(outfits: Collection[int]) -> None:
    """Have these outfits drawn anew if the caller's transaction commits."""
    Outfit.objects.filter(pk__in=outfits).update(revision=F("revision") + 1)
    for outfit_id in outfits:
        async_task("wardrobe.tasks.draw_cover", outfit_id)


def redraw_with(item: UserWardrobeItem) -> None:
    """The same for every outfit that the item is in."""
    redraw(outfits_of(item))


def outfits_of(item: UserWardrobeItem) -> list[int]:
    return list(item.placements.values_list("outfit_id", flat=True))


def draw(outfit_id: int) -> None:
    """Draw the outfit as it is now and tell its owner; a second time does no harm."""
    outfit = Outfit.objects.filter(pk=outfit_id).first()
    if outfit is None:
        return
    picture = collage(outfit.placements.select_related("item"))
    name = storage.outfit_cover(outfit.user_id, outfit.pk, outfit.revision)
    storage.write(name, picture)
    if not _shown(outfit, name):
        storage.delete(name)


def collage(placements: Iterable[OutfitItem]) -> bytes:
    """A JPEG of the first picture of each item in its place, higher layers over lower ones."""
    canvas = Image.new("RGB", SIZE, WHITE)
    for placement in placements:
        with suppress(FileNotFoundError, IndexError):  # removed meanwhile, or without a picture
            _paste(canvas, placement, storage.read(placement.item.images[0]))
    output = BytesIO()
    canvas.save(output, "JPEG", quality=QUALITY)
    return output.getvalue()


def _paste(canvas: Image.Image, placement: OutfitItem, content: bytes) -> None:
    picture = Image.open(BytesIO(content))
    scale = float(placement.scale)
    picture.thumbnail((round(SIZE[0] * scale), round(SIZE[1] * scale)))
    left = round(SIZE[0] * float(placement.x) - picture.width / 2)
    top = round(SIZE[1] * float(placement.y) - picture.height / 2)
    canvas.paste(picture, (left, top))


@transaction.atomic
def _shown(outfit: Outfit, name: str) -> bool:
    """Let the picture be the cover, unless the outfit has changed meanwhile or is gone."""
    same = Outfit.objects.filter(pk=outfit.pk, revision=outfit.revision)
    if not same.update(cover=name):
        return False
    if outfit.cover not in {"", name}:
        storage.delete_after_commit(outfit.cover)
    events.outfit_updated(outfit, "drawn")
    return True
