"""Events about sessions."""

from accounts.models import AuthSession
from realtime import publish


def session_ended(session: AuthSession) -> None:
    publish.end_session(str(session.pk))
