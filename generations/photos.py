"""People's photos: how long they are kept, and how they go.

The file goes before its name in the row, so that a crash in between leaves a name without a file,
which the next run clears, and never a file that nobody remembers.
"""

import time
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core import storage
from generations.models import Generation, GenerationQuerySet

KEPT_DAYS = 30
FAILED_HOURS = 24
ORPHAN_HOURS = 24


def due() -> GenerationQuerySet:
    """Finished generations whose photo has been kept for as long as its owner wants."""
    now = timezone.now()
    choice = User.PhotoRetention
    kept = Q(user__photo_retention=choice.AT_ONCE, finished_at__lte=now)
    kept |= Q(user__photo_retention=choice.MONTH, finished_at__lt=now - timedelta(days=KEPT_DAYS))
    failed = Q(status=Generation.Status.FAILED, finished_at__lt=now - timedelta(hours=FAILED_HOURS))
    return Generation.objects.with_photo().filter(kept | failed)


def delete(generations: GenerationQuerySet) -> int:
    """Delete the photos of these generations; returns how many."""
    photos = list(generations.with_photo().values_list("pk", "original"))
    for pk, photo in photos:
        storage.delete(photo)
        Generation.objects.filter(pk=pk, original=photo).update(original="")
    return len(photos)


def delete_orphans() -> int:
    """Delete files that no generation names: of a request cut off before its commit."""
    deleted = 0
    for user_id, names in storage.generation_files(time.time() - ORPHAN_HOURS * 3600):
        rows = Generation.objects.filter(user_id=user_id).values_list("original", "result")
        for name in set(names).difference(*rows):
            storage.delete(name)
            deleted += 1
    return deleted


def erase(user: User) -> None:
    """Forget what the person asked for and got; the files are the caller's to remove."""
    user.photos.all().delete()
    user.generations.update(
        prompt="",
        original="",
        result="",
        complaint="",
        save_to_wardrobe=False,
        erased_at=timezone.now(),
    )
