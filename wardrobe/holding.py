"""One change of a person's wardrobe at a time."""

from accounts.models import User


def hold(user_id: int) -> User:
    """Let nobody else change what the person keeps until the transaction ends.

    The owner comes first wherever rows of a wardrobe are locked, so that nobody waits in a ring.
    """
    return User.objects.select_for_update(no_key=True).get(pk=user_id)
