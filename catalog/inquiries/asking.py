"""What a person begins to write to a shop about a product."""

from dataclasses import dataclass
from urllib.parse import quote

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from catalog.models import Product
from core.errors import Refusal


class NoWhatsApp(Refusal):
    code = "no_whatsapp"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A message in the caller's language, and the address that opens WhatsApp with it."""

    product: Product
    message: str

    @property
    def whatsapp_url(self) -> str:
        number = self.product.shop.whatsapp_number.removeprefix("+")
        return f"https://wa.me/{number}?text={quote(self.message)}"


def about(product: Product) -> Inquiry:
    """The inquiry about a product on sale; raises NoWhatsApp where its shop has no number."""
    if not product.shop.whatsapp_number:
        raise NoWhatsApp(_("This shop cannot be asked in WhatsApp."))
    price = floatformat(product.price, "-2g")
    text = _("Hello! Is “%(product)s” for %(price)s ₸, which I have seen on Leema, available?")
    return Inquiry(product, text % {"product": product.shown_name, "price": price})
