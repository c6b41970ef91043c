"""Photos that people keep of themselves, so that not every try-on needs a new one."""

from django.utils.translation import gettext as _

from accounts import consents
from accounts.models import User
from core import storage
from core.errors import Refusal
from core.transactions import atomic
from generations.models import PersonPhoto

MAX_PHOTOS = 10


class TooManyPhotos(Refusal):
    code = "too_many_photos"


@atomic
def add(user: User, photo: bytes) -> PersonPhoto:
    """Keep the photo (a clean JPEG) until its owner deletes it or takes the consent back.

    Raises ConsentRequired, and TooManyPhotos for the eleventh.
    """
    consents.hold(user)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # so that the count is true
    if user.photos.count() >= MAX_PHOTOS:
        raise TooManyPhotos(_("You keep %(most)d photos already.") % {"most": MAX_PHOTOS})
    name = storage.write(storage.person_photo(user.pk), photo)
    return PersonPhoto.objects.create(user=user, image=name)


@atomic
def remove(photo: PersonPhoto) -> None:
    """Forget the photo; try-ons that were made of it keep their own copy as long as any."""
    storage.delete_after_commit(photo.image)
    photo.delete()
