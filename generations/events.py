"""Events about generations."""

from generations.models import EngineCall, Generation
from generations.serializers import GenerationSerializer
from realtime import groups
from realtime.publish import publish

PROGRESS = {
    Generation.Status.QUEUED: 0,
    Generation.Status.RUNNING: 50,
    Generation.Status.SUCCEEDED: 100,
    Generation.Status.FAILED: 100,
}


def generation_updated(generation: Generation) -> None:
    """The owner hears every step; `progress` in percent."""
    shown = GenerationSerializer(generation).data
    about = {
        "generation_id": generation.pk,
        "status": generation.status,
        "progress": PROGRESS[Generation.Status(generation.status)],
        "image_url": shown["image_url"],
        "error": shown["error"],
        "wardrobe_item_id": shown["wardrobe_item_id"],
    }
    publish([groups.user(generation.user_id)], "generation_updated", about)


def engine_needs_attention(call: EngineCall) -> None:
    """Administrators hear that a provider refuses the platform itself: its key, or its account."""
    about = {"engine": call.engine, "code": call.error_code, "generation_id": call.generation_id}
    publish([groups.ADMINS], "engine_needs_attention", about)
