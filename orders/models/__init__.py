"""Tables of orders: the cart, what was ordered, how it is delivered, what is rented when."""

from orders.models.cart import Cart, CartItem
from orders.models.delivery import DeliveryAddress, DeliveryMethod
from orders.models.order import Checkout, Order, OrderEvent, OrderItem
from orders.models.rental import ConditionPhoto, RentalBooking

__all__ = [
    "Cart",
    "CartItem",
    "Checkout",
    "ConditionPhoto",
    "DeliveryAddress",
    "DeliveryMethod",
    "Order",
    "OrderEvent",
    "OrderItem",
    "RentalBooking",
]
