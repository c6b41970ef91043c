"""What a request cost, as clients show it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from generations.models import Generation


def charge_info(generation: Generation, *, is_from_store: bool = False) -> dict[str, Any]:
    """Whether money is held, how much (KZT), and what is left: free uses, or the balance."""
    if is_from_store:
        message = _("You have this picture already: it costs nothing.")
        return {"charged": False, "amount": Decimal("0.00"), "message": message}
    user = generation.user
    is_try_on = generation.type == Generation.Type.TRY_ON
    left = user.free_try_ons_left if is_try_on else user.free_generations_left
    info = {"charged": generation.cost > 0, "amount": generation.cost}
    if generation.cost:
        message = _("%(cost)s ₸ are held on your balance.") % {"cost": generation.cost}
        return info | {"balance_remaining": user.balance, "message": message}
    return info | {"free_remaining": left, "message": _("This one is free.")}
