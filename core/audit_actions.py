"""What the actions of the audit log are called, for those who read it."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "shop.approve": _("Shop approved"),
    "shop.reject": _("Shop rejected"),
    "product.approve": _("Product approved"),
    "product.reject": _("Product rejected"),
    "category.add": _("Category added"),
    "category.change": _("Category changed"),
    "category.delete": _("Category deleted"),
    "user.access": _("Role or access changed"),
    "order.cancel": _("Order cancelled and paid back"),
    "audit.export": _("Audit log exported"),
}


def named(action: str) -> str:
    """The action in the reader's language; one that is not listed goes by its own name."""
    return str(ACTIONS.get(action, action))
