"""A model of one's own in a Cog container, beside the platform: docs/gpu.md says how to serve one.

By github.com/replicate/cog, docs/http.md (read November 2026): `PUT /predictions/{id}` answers when
the picture is made, as a data URL; the same id again, while it is being made, begins nothing new;
409 says that the container is busy. So a lost answer is asked for again.
"""

import httpx
from django.conf import settings

from generations.engines import remote
from generations.engines.base import GenerationError, Picture, TryOnRequest, received

PROVIDER = "cog"


class CogEngine:
    """`COG_URL` is the container; `COG_TOKEN`, if there is one, is sent to what guards it."""

    def try_on(self, request: TryOnRequest) -> Picture:
        said = remote.as_json(_checked(self._put(request)))
        if said.get("status") == "failed":
            told = str(said.get("error", ""))[:100]
            raise GenerationError("provider_bad_response", provider_code=told)
        if said.get("status") in {"starting", "processing"}:
            raise GenerationError("provider_busy", retryable=True)
        content = remote.from_data_url(said.get("output"))
        return received(content, PROVIDER, settings.COG_MODEL, request.seed)

    def _put(self, request: TryOnRequest) -> httpx.Response:
        return remote.ask(
            "PUT",
            f"{settings.COG_URL}/predictions/{request.key}",
            repeatable=True,
            json={"input": inputs(request)},
            headers=bearer(settings.COG_TOKEN),
        )


def inputs(request: TryOnRequest) -> dict[str, str | int]:
    """What a model's `predict` takes, by the names that docs/gpu.md gives them."""
    return {
        "person": remote.data_url(request.person),
        "garment": remote.data_url(request.garment),
        "category": request.category.value,
        "seed": request.seed,
    }


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.status_code >= httpx.codes.BAD_REQUEST:
        raise remote.by_status(answer.status_code)
    return answer
