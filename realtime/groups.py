"""Audiences: who hears an event. Each is a counter, and a group of the channel layer."""

from core.principal import Principal, Role

USERS = "users"
ADMINS = "admins"


def user(user_id: int) -> str:
    return f"user:{user_id}"


def shop(shop_id: int) -> str:
    return f"shop:{shop_id}"


def of(principal: Principal, listening_as: str = "") -> list[str]:
    """Every audience this caller belongs to; an administrator may listen as a mere user."""
    role = Role.USER if listening_as == Role.USER else principal.role
    match role:
        case Role.ADMIN:
            return [ADMINS, USERS, user(principal.id)]
        case Role.SHOP:
            return [shop(principal.id)]
        case Role.USER:
            return [USERS, user(principal.id)]


def layer_name(audience: str) -> str:
    """The group of the channel layer: Channels allows no colon in it."""
    return audience.replace(":", ".")


def session_layer_name(session_id: str) -> str:
    return f"session.{session_id}"


def panel_layer_name(user_id: int) -> str:
    """The browsers in which a person has the panel or the administrators' site open."""
    return f"panel.{user_id}"
