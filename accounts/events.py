"""Events about sessions."""

from accounts.models import AuthSession
from realtime import groups, publish


def session_ended(session: AuthSession) -> None:
    publish.end_session(groups.session_layer_name(str(session.pk)))


def panel_ended(user_id: int) -> None:
    """A browser of this person has signed out of the panel, or all of them have."""
    publish.end_session(groups.panel_layer_name(user_id))
