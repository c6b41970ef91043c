from rest_framework import serializers

from accounts.devices.description import in_words
from accounts.models import AuthSession
from accounts.serializers import PLATFORMS


class SessionSerializer(serializers.ModelSerializer):
    """A device somebody is signed in on; the context names the `current` session."""

    platform = serializers.ChoiceField(PLATFORMS)
    device = serializers.SerializerMethodField()
    is_current = serializers.SerializerMethodField()

    class Meta:
        model = AuthSession
        fields = ["id", "platform", "device", "ip", "created_at", "last_seen_at", "is_current"]

    def get_device(self, session: AuthSession) -> str:
        return in_words(session.user_agent)

    def get_is_current(self, session: AuthSession) -> bool:
        current: str = self.context["current"]
        return str(session.pk) == current
