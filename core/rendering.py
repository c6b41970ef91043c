"""JSON for the answers that are asked for most."""

from typing import Any

import orjson
from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer


class QuickJSONRenderer(JSONRenderer):
    """The same JSON as DRF's, ten times as quickly; for answers whose keys are texts."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Any = None,
    ) -> bytes:
        return b"" if data is None else written(data)


def written(data: Any) -> bytes:
    default = JSONRenderer.encoder_class().default
    return orjson.dumps(data, default=default, option=orjson.OPT_PASSTHROUGH_DATETIME)


def answered(json: bytes) -> HttpResponse:
    """The answer of a view that has that renderer alone, without asking for it."""
    return HttpResponse(json, content_type=JSONRenderer.media_type)
