"""Events about orders."""

from orders.models import Order
from orders.models.kinds import Actor
from orders.serializers import next_actions
from realtime import groups
from realtime.publish import publish


def order_updated(order: Order, *, is_new: bool) -> None:
    """Buyer and shop hear every step; each is told what they may do next."""
    event = "order_created" if is_new else "order_updated"
    listeners = {
        groups.shop(order.shop_id): Actor.SHOP,
        groups.user(order.user_id): Actor.USER,
    }
    for audience, actor in sorted(listeners.items()):
        about = {
            "order_id": order.pk,
            "order_number": order.order_number,
            "product_id": order.product_id,
            "product_name": order.product.name,
            "total_amount": order.total_amount,
            "status": order.status,
            "stage": order.stage,
            "next_actions": next_actions(order, actor),
        }
        publish([audience], event, about, older=(event.replace("_", "."), about))
