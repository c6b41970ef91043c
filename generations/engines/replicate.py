"""A model of one's own served by replicate.com, with the inputs of docs/gpu.md.

By replicate.com/docs/reference/http (read November 2026): `POST /v1/predictions` begins one,
`GET /v1/predictions/{id}` tells its status and output, `POST …/{id}/cancel` stops it. An output is
a data URL or a link to a file of replicate.delivery, which is deleted after an hour.
"""

from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from generations.engines import remote
from generations.engines.base import GenerationError, Picture, Ticket, TryOnRequest, received
from generations.engines.cog import bearer, inputs

PROVIDER = "replicate"
MAKING = {"starting", "processing", "queued"}


class ReplicateEngine:
    """`REPLICATE_TOKEN` is the platform's, `REPLICATE_VERSION` the version of the model."""

    def try_on(self, request: TryOnRequest) -> Ticket:
        body = {"version": settings.REPLICATE_VERSION, "input": inputs(request)}
        begun = _told("POST", "predictions", json=body)
        if not isinstance(begun.get("id"), str) or not begun["id"].isalnum():
            raise GenerationError("provider_bad_response", provider_code="no id")
        return Ticket(begun["id"])

    def poll(self, external_id: str) -> Picture | None:
        found = _told("GET", f"predictions/{external_id}", repeatable=True)
        if found.get("status") == "succeeded":
            content = _fetched(found.get("output"))
            return received(content, PROVIDER, settings.REPLICATE_VERSION[:60], 0)
        if found.get("status") not in MAKING:
            raise _failure(found)
        return None

    def cancel(self, external_id: str) -> None:
        _told("POST", f"predictions/{external_id}/cancel", repeatable=True)


def _told(method: str, path: str, *, repeatable: bool = False, **request: Any) -> dict[str, Any]:
    url = f"{settings.REPLICATE_URL}/v1/{path}"
    headers = bearer(settings.REPLICATE_TOKEN)
    answer = remote.ask(method, url, repeatable=repeatable, headers=headers, **request)
    if answer.status_code >= httpx.codes.BAD_REQUEST:
        raise remote.by_status(answer.status_code)
    return remote.as_json(answer)


def _failure(found: dict[str, Any]) -> GenerationError:
    told = str(found.get("error") or found.get("status"))[:100]
    code = "content_blocked" if "NSFW" in told else "provider_bad_response"
    return GenerationError(code, provider_code=told)


def _fetched(output: object) -> bytes:
    """The picture itself; a link is followed to the provider's own hosts alone."""
    link = str(output[0] if isinstance(output, list) and output else output)
    if link.startswith("data:"):
        return remote.from_data_url(link)
    if not _is_providers(link):
        raise GenerationError("provider_bad_response", provider_code="a foreign link")
    answer = remote.ask("GET", link, repeatable=True)
    if answer.status_code != httpx.codes.OK:
        raise remote.by_status(answer.status_code)
    return answer.content


def _is_providers(link: str) -> bool:
    try:
        host = urlsplit(link).netloc
    except ValueError:
        return False
    return link.startswith(("https://", settings.REPLICATE_URL)) and any(
        host == own or host.endswith(f".{own}") for own in settings.REPLICATE_FILE_HOSTS
    )
