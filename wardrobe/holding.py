"""One change of a person's wardrobe at a time."""

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refusal
from wardrobe.models import UserWardrobeItem


class ItemGone(Refusal):
    code = "not_found"
    status = 404


def hold(user_id: int) -> User:
    """Let nobody else change what the person keeps until the transaction ends.

    The owner comes first wherever rows of a wardrobe are locked, so that nobody waits in a ring.
    """
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def held(item: UserWardrobeItem) -> UserWardrobeItem:
    """The item as it is now, its owner held; raises ItemGone."""
    hold(item.user_id)
    found = UserWardrobeItem.objects.select_for_update().filter(pk=item.pk).first()
    if found is None:
        raise ItemGone(_("This item has been removed meanwhile."))
    return found
