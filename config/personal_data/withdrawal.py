"""Taking a consent back: what it allowed stops, and what it brought in is deleted."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts import consents
from accounts.models import Consent, User
from core import storage
from generations import kept_photos, photos, pipeline
from generations.models import Generation, PersonPhoto

SWEPT_DAYS = 7  # for so long, photos that a crash left are looked for


@transaction.atomic
def withdraw(user: User, kind: str) -> None:
    """Withdraw the consent, and then delete the photos; raises NotAgreed.

    Finished pictures stay: they are the person's own, and go with the account.
    """
    consents.withdraw(user, kind)
    delete = partial(delete_photos, user.pk, until=timezone.now())
    transaction.on_commit(delete, robust=True)


def delete_photos(user_id: int, *, until: datetime) -> None:
    """Stop and pay back try-ons asked for until then, and delete photos sent until then."""
    earlier = Generation.objects.filter(user_id=user_id, created_at__lte=until)
    for generation in earlier.filter(type=Generation.Type.TRY_ON).unfinished():
        pipeline.cancel(generation)
    photos.delete(earlier)
    for photo in PersonPhoto.objects.filter(user_id=user_id, created_at__lte=until):
        kept_photos.remove(photo)
    storage.clear_temp_of(f"user-{user_id}", until)


def delete_left_photos() -> None:
    """Delete what a crash left of the photos of those who have lately withdrawn."""
    lately = timezone.now() - timedelta(days=SWEPT_DAYS)
    withdrawn = Consent.objects.filter(
        kind=consents.PHOTOS, withdrawn_at__gt=lately, user__erased_at=None
    )
    for user_id, withdrawn_at in withdrawn.values_list("user_id", "withdrawn_at"):
        assert withdrawn_at is not None
        delete_photos(user_id, until=withdrawn_at)
