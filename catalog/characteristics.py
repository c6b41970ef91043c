"""By what a product is described, and has to be, where an administrator wants its category to."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Product
from core.errors import Refusal

# What a category may require, as the law of Kazakhstan on consumers does of some goods.
REQUIRABLE = {
    "composition": gettext_lazy("Composition"),
    "brand": gettext_lazy("Brand"),
    "country": gettext_lazy("Made in"),
    "material": gettext_lazy("Material"),
    "sleeve": gettext_lazy("Sleeves"),
}
# The names and values that our own forms give; shops may add others in their own words.
NAMES = {"colour": gettext_lazy("Colour"), "size": gettext_lazy("Size"), **REQUIRABLE}
SLEEVES = {
    "none": gettext_lazy("Sleeveless"),
    "short": gettext_lazy("Short sleeves"),
    "long": gettext_lazy("Long sleeves"),
}


class CharacteristicsMissing(Refusal):
    """Names every one of them."""

    code = "characteristics_missing"
    status = 422

    def __init__(self, names: list[str]) -> None:
        detail = _("Required in this category: %(what)s.")
        what = ", ".join(str(REQUIRABLE[name]) for name in names)
        super().__init__(detail % {"what": what})
        self.names = names
        self.extra = {"errors": [self._about(name) for name in names]}

    def _about(self, name: str) -> dict[str, str]:
        text = _("Required in this category: %(what)s.") % {"what": REQUIRABLE[name]}
        return {"pointer": f"/characteristics/{name}", "code": "required", "detail": text}


def label(name: str) -> str:
    """The name in the reader's language, if it is one of ours."""
    return str(NAMES.get(name, name))


def shown(name: str, value: Any) -> str:
    """What the characteristic of this name says, in the reader's language if it is known."""
    known = SLEEVES if name == "sleeve" else {}
    return str(known.get(str(value), value))


def told(characteristics: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each as it is shown; two may have one label."""
    for name, value in characteristics.items():
        yield label(name), shown(name, value)


def check(product: Product) -> None:
    """Raise CharacteristicsMissing for what the product's category requires and nobody said."""
    required = product.category.required_characteristics if product.category else []
    said = product.characteristics if isinstance(product.characteristics, dict) else {}
    missing = [name for name in required if not str(said.get(name, "")).strip()]
    if missing:
        raise CharacteristicsMissing(missing)
