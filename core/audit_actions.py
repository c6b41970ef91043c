"""What the actions of the audit log are called, for those who read it."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "shop.approve": _("Shop approved"),
    "shop.reject": _("Shop rejected"),
    "product.approve": _("Product approved"),
    "product.reject": _("Product rejected"),
    "review.hide": _("Review hidden"),
    "review.show": _("Review shown again"),
    "category.add": _("Category added"),
    "category.change": _("Category changed"),
    "category.delete": _("Category deleted"),
    "user.access": _("Role or access changed"),
    "order.cancel": _("Order cancelled and paid back"),
    "order.decline": _("Rental declined and paid back"),
    "order.deliver": _("Order noted as delivered"),
    "order.dispute": _("Order disputed"),
    "order.resolve_buyer": _("Dispute decided for the buyer"),
    "order.resolve_shop": _("Dispute decided for the shop"),
    "order.resolve_split": _("Dispute decided for both in part"),
    "order.return_accept": _("Return accepted and paid back"),
    "order.return_reject": _("Return refused"),
    "order.refund_settled": _("Order paid back after settlement"),
    "order.lost": _("Rented thing taken for lost"),
    "order.claim_decide": _("Claim for damage decided"),
    "payout.request": _("Payout requested"),
    "payout.approve": _("Payout approved"),
    "payout.paid": _("Payout paid"),
    "payout.fail": _("Payout failed"),
    "payout.cancel": _("Payout cancelled"),
    "payment.accept": _("Payment of another amount accepted"),
    "payment.refuse": _("Payment of another amount refused"),
    "payment.ask": _("Gateway asked about a payment"),
    "payment.refund": _("Payment paid back to the payer"),
    "payment.refund_ok": _("Refund to the payer noted as arrived"),
    "payment.refund_fail": _("Refund to the payer noted as failed"),
    "balance.adjust": _("Balance adjusted"),
    "commission_rule.add": _("Commission rule added"),
    "commission_rule.change": _("Commission rule changed"),
    "setting.change": _("Platform setting changed"),
    "bank_details.change": _("Bank details changed"),
    "key.register": _("Signing key registered"),
    "key.remove": _("Signing key removed"),
    "session.end": _("Session ended"),
    "token_reuse": _("Refresh token used twice, session ended"),
    "mfa_added": _("Second factor added"),
    "mfa_removed": _("Second factor removed"),
    "mfa_reset": _("Second factor reset"),
    "signing_keys.rotate": _("Token keys rotated"),
    "signing_keys.revoke_others": _("Older token keys revoked"),
    "audit.export": _("Audit log exported"),
}


def named(action: str) -> str:
    """The action in the reader's language; one that is not listed goes by its own name."""
    return str(ACTIONS.get(action, action))
