"""The end of an account: the row stays for its ledger and orders, the person goes."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts import erasure as accounts
from accounts.models import User
from billing.payments import expiring
from catalog import erasure as catalog
from core import idempotency, storage
from core.errors import Refusal
from generations import photos
from orders.models import Cart, OrderEvent
from orders.models.kinds import Actor
from realtime import groups, reading
from wardrobe import keeping

SWEPT_DAYS = 7  # for so long, files that a crash or a late request left are looked for


class OpenBusiness(Refusal):
    """Names everything that has to be finished first."""

    code = "account_has_open_business"

    def __init__(self, open_things: dict[str, str]) -> None:
        sentences = [_("The account cannot be deleted yet."), *open_things.values()]
        super().__init__(" ".join(sentences))
        self.extra = {
            "errors": [
                {"pointer": "", "code": code, "detail": detail}
                for code, detail in open_things.items()
            ]
        }


@transaction.atomic
def erase(user: User) -> None:
    """Forget the person at once, and their files as soon as that is committed.

    Raises OpenBusiness while money, orders, pictures or the platform wait for them.
    """
    # Carts, orders, products and payments are locked before accounts, by whoever locks both.
    list(Cart.objects.select_for_update().filter(user=user))
    list(user.orders.select_for_update().order_by("pk").values_list("pk"))
    catalog.hold(user)
    expiring.hold(user)
    # Nobody adds a row of this person meanwhile, nor later: see migration 0001 of config.
    user = User.objects.select_for_update().get(pk=user.pk)
    if open_things := dict(_open_things(user)):
        raise OpenBusiness(open_things)
    expiring.give_up(user)
    photos.erase(user)
    keeping.erase(user)
    catalog.erase(user)
    Cart.objects.filter(user=user).delete()
    user.addresses.all().delete()
    user.orders.update(delivery_address="")
    said = OrderEvent.objects.filter(order__user=user, actor=Actor.USER).exclude(note="")
    said.update(note="")
    reading.forget(groups.user(user.pk))
    idempotency.forget(f"user:{user.pk}")
    accounts.erase(user)
    transaction.on_commit(partial(erase_files, user.pk), robust=True)


def erase_files(user_id: int) -> None:
    """Delete every file of the person; a second time does no harm."""
    for folder in storage.private_folders(user_id):
        storage.delete_folder(folder)


def erase_left_files() -> None:
    """Delete what a crash or a late request left of those erased lately."""
    lately = timezone.now() - timedelta(days=SWEPT_DAYS)
    for user_id in User.objects.filter(erased_at__gt=lately).values_list("pk", flat=True):
        erase_files(user_id)


def _open_things(user: User) -> Iterator[tuple[str, str]]:
    if user.role == User.Role.ADMIN:
        yield "administrator", _("You are an administrator: have that role taken from you first.")
    if user.balance:
        amount = number_format(user.balance, decimal_pos=2, force_grouping=True)
        yield "balance", _("There are %(amount)s ₸ on your balance.") % {"amount": amount}
    if user.orders.open().exists():
        yield "orders", _("There are orders that are not finished.")
    if user.generations.unfinished().exists():
        yield "generations", _("There are pictures still being made.")
    if expiring.awaited(user):
        yield "payment", _("There is a top-up that is not paid yet.")
