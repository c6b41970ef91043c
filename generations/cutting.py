"""Cutting items of wardrobes out of their pictures with the local engine; the worker does it."""

from django_q.tasks import async_task

from core import storage
from core.transactions import atomic
from generations import engines
from generations.engines.base import GenerationError
from wardrobe.looks import backgrounds
from wardrobe.models import UserWardrobeItem


@atomic
def request(item: UserWardrobeItem) -> UserWardrobeItem:
    """Have the background of the first picture removed; raises NoPicture and ItemGone."""
    item, is_to_do = backgrounds.ask(item)
    if is_to_do:
        async_task("generations.tasks.cut_out_item", item.pk)
    return item


def cut_out(item_id: int) -> None:
    """Cut the garment out, or say why not; a second time does no harm."""
    pending = UserWardrobeItem.objects.filter(background=UserWardrobeItem.Background.PENDING)
    item = pending.filter(pk=item_id).first()
    if item is None:
        return
    try:
        picture = _cut_out(item)  # Takes a second, so no transaction is open here.
    except GenerationError as error:
        backgrounds.give_up(item, error.code)
    else:
        backgrounds.remove(item, picture)


def _cut_out(item: UserWardrobeItem) -> bytes:
    try:
        photo = storage.read(item.images[0])
    except FileNotFoundError as error:  # The item is being removed.
        raise GenerationError("image_unreadable", str(error)) from error
    picture: bytes = engines.load(engines.TRY_ON["local"]).cut_out(photo)
    return picture
