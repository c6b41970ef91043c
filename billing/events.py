"""Events about money: balances, payouts, and the settings of the platform."""

from accounts.models import User
from billing.models import Payout, Transaction
from core.platform_settings.setting import Setting
from realtime import groups
from realtime.publish import publish


def balance_updated(leg: Transaction) -> None:
    """The owner's new balance in KZT, and the ledger line that explains it."""
    kind, owner_id = ("user", leg.user_id) if leg.user_id else ("shop", leg.shop_id)
    assert owner_id is not None
    assert leg.balance_after is not None
    audience = groups.user(owner_id) if kind == "user" else groups.shop(owner_id)
    older = {
        "entity_type": kind,
        f"{kind}_id": owner_id,
        "entity_id": owner_id,
        "old_balance": leg.balance_after - leg.amount,
        "new_balance": leg.balance_after,
        "change_amount": leg.amount,
        "amount": leg.amount,
        "transaction_id": leg.pk,
        "reason": leg.type,
    }
    publish(
        [audience],
        "balance_updated",
        {"balance": leg.balance_after, "transaction_id": leg.pk},
        older=("balance.updated", older),
    )


def payout_updated(payout: Payout) -> None:
    """The shop and the administrators hear every step of a payout."""
    about = {
        "payout_id": payout.pk,
        "shop_id": payout.shop_id,
        "amount": payout.amount,
        "status": payout.status,
    }
    publish([groups.ADMINS, groups.shop(payout.shop_id)], "payout_updated", about)


def settings_updated(setting: Setting, *, before: str, after: str, by: User) -> None:
    """The administrators hear what one of them has changed."""
    about = {"key": setting.key, "value": after}
    older = {
        "key": setting.key,
        "setting_key": setting.key,
        "old_value": before,
        "new_value": after,
        "description": setting.description,
        "updated_by": by.pk,
        "changed_by": by.pk,
    }
    publish([groups.ADMINS], "settings_updated", about, older=("settings.updated", older))
