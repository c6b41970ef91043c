"""Buying: from the product page to a paid order."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from core.errors import Refusal
from orders import fulfilment
from orders.models import Order, OrderItem
from orders.transitions import Action, Actor


class NotOnSale(Refusal):
    code = "not_on_sale"


@transaction.atomic
def buy_from_balance(user: User, product: Product, *, quantity: int = 1) -> Order:
    """Order the product and pay from the user's balance; the money waits in escrow.

    The price is the product's, read under a lock. Raises NotOnSale and InsufficientFunds; in
    both cases nothing has happened.
    """
    visible = Product.objects.visible().select_related("shop")
    on_sale = visible.select_for_update(of=("self",), no_key=True).filter(pk=product.pk).first()
    if on_sale is None:
        raise NotOnSale(_("This product is not on sale any more."))
    order = _place(user, on_sale, quantity)
    return fulfilment.act(order, Action.PAY, Actor.USER)


def _place(user: User, product: Product, quantity: int) -> Order:
    order = Order.objects.create(
        user=user,
        shop=product.shop,
        product=product,
        quantity=quantity,
        total_amount=product.price * quantity,
    )
    OrderItem.objects.create(
        order=order,
        product=product,
        product_name=product.name,
        price_at_purchase=product.price,
        quantity=quantity,
    )
    return order
