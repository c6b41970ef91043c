"""Events about sessions, and about the data a person asked for."""

from accounts.models import AuthSession, DataExport
from realtime import groups, publish


def session_ended(session: AuthSession) -> None:
    publish.end_session(groups.session_layer_name(str(session.pk)))


def panel_ended(user_id: int) -> None:
    """A browser of this person has signed out of the panel, or all of them have."""
    publish.end_session(groups.panel_layer_name(user_id))


def export_ready(export: DataExport, url: str) -> None:
    about = {"export_id": export.pk, "status": export.status, "url": url}
    publish.publish([groups.user(export.user_id)], "export_ready", about)
