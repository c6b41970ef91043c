"""Events about money: balances, payouts, and the settings of the platform."""

from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from billing.models import Payment, Payout, Transaction
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


def payment_updated(payment: Payment) -> None:
    """Its owner hears every step of a payment; administrators those they have to look at."""
    about = {
        "payment_id": payment.pk,
        "purpose": payment.purpose,
        "checkout_id": payment.checkout_id,
        "amount": payment.amount,
        "refunded_amount": payment.refunded_amount,
        "status": payment.status,
    }
    is_for_people = payment.status == Payment.Status.NEEDS_REVIEW
    administrators = [groups.ADMINS] if is_for_people else []
    publish([*administrators, *_owner(payment)], "payment_updated", about)


def payment_is_odd(payment: Payment, what: str, amount: Decimal) -> None:
    """Administrators hear of money that came or went without our asking."""
    about = {"payment_id": payment.pk, "provider": payment.provider, "what": what, "amount": amount}
    publish([groups.ADMINS], "payment_is_odd", about)


def money_is_on_the_balance(payment: Payment) -> None:
    """The owner hears that the money came, and that nothing was bought with it."""
    text = _("Your payment of %(amount)s ₸ has come and is on your balance.")
    if payment.checkout_id:
        text = _(
            "Your payment of %(amount)s ₸ has come and is on your balance. It has not paid for "
            "your order: that was no longer possible, or the balance does not cover it."
        )
    about = {
        "code": "payment_on_balance",
        "payment_id": payment.pk,
        "checkout_id": payment.checkout_id,
        "amount": payment.paid_amount,
        "text": text % {"amount": payment.paid_amount},
    }
    publish(_owner(payment), "notification", about)


def _owner(payment: Payment) -> list[str]:
    """Nobody, where the account is deleted."""
    if payment.user:
        return [] if payment.user.erased_at else [groups.user(payment.user.pk)]
    assert payment.shop_id is not None
    return [groups.shop(payment.shop_id)]
