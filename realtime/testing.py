"""A channel layer that remembers what was sent, for tests."""

from typing import Any

from channels.layers import InMemoryChannelLayer


class RecordingLayer(InMemoryChannelLayer):  # type: ignore[misc]  # Channels is untyped
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sent: list[tuple[str, dict[str, Any]]] = []

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.sent.append((group, message))
        await super().group_send(group, message)
