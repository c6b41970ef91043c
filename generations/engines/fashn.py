"""FASHN: try-on by https://docs.fashn.ai (read November 2026), through its own library.

`POST /v1/run` gives an id, `GET /v1/status/{id}` the state; a result is asked for as Base64, so
that nothing of it is stored there. A prediction can't be stopped. An answer of 4xx or 5xx to a run
means that none was begun; 429 says by its `error` why.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import fashn
import httpx
from django.conf import settings
from fashn.types import PredictionStatusResponse

from generations.engines import remote
from generations.engines.base import (
    GarmentCategory,
    GenerationError,
    Picture,
    Ticket,
    TryOnRequest,
    received,
)

PROVIDER = "fashn"
CATEGORIES = {
    GarmentCategory.TOP: "tops",
    GarmentCategory.OUTER: "tops",
    GarmentCategory.BOTTOM: "bottoms",
    GarmentCategory.SKIRT: "bottoms",
    GarmentCategory.DRESS: "one-pieces",
    GarmentCategory.AUTO: "auto",
}
REFUSALS = {
    "OutOfCredits": "provider_quota",
    "RateLimitExceeded": "provider_rate_limit",
    "ConcurrencyLimitExceeded": "provider_busy",
}
FAILURES = {
    "ImageLoadError": "image_unreadable",
    "ContentModerationError": "content_blocked",
    "PoseError": "no_person",
    "PipelineError": "provider_unavailable",
    "ThirdPartyError": "provider_unavailable",
    "3rdPartyProviderError": "provider_unavailable",
    "InternalServerError": "provider_unavailable",
    "PollingTimeout": "provider_timeout",
}
ENDED = {"failed", "canceled", "time_out"}
T = TypeVar("T")


class FashnEngine:
    """`FASHN_MODEL` is one of the try-on models that take two pictures."""

    def __init__(self) -> None:
        hooks: dict[str, list[Callable[..., Any]]] = {"response": [remote.refuse_too_long]}
        self._predictions = fashn.Fashn(
            api_key=settings.FASHN_API_KEY,
            base_url=settings.FASHN_URL,
            max_retries=0,
            timeout=httpx.Timeout(remote.CALL_SECONDS, connect=5),
            http_client=fashn.DefaultHttpxClient(event_hooks=hooks),
        ).predictions

    def try_on(self, request: TryOnRequest) -> Ticket:
        inputs: Any = {
            "model_image": remote.data_url(request.person),
            "garment_image": remote.data_url(request.garment),
            "category": CATEGORIES[request.category],
            "seed": request.seed,
            "output_format": "jpeg",
            "return_base64": True,
        }
        return Ticket(_called(lambda: self._run(inputs)))

    def poll(self, external_id: str) -> Picture | None:
        return _called(lambda: self._look(external_id), repeatable=True)

    def cancel(self, external_id: str) -> None:
        """FASHN has no way to stop one."""

    def _run(self, inputs: Any) -> str:
        begun = self._predictions.run(model_name=settings.FASHN_MODEL, inputs=inputs)
        if not isinstance(begun.id, str) or not begun.id:
            raise GenerationError("provider_bad_response", provider_code=str(begun.error))
        return begun.id

    def _look(self, external_id: str) -> Picture | None:
        found = self._predictions.status(external_id)
        if found.status == "completed":
            [picture, *_rest] = found.output or [""]
            return received(remote.from_data_url(picture), PROVIDER, settings.FASHN_MODEL, 0)
        if found.error or found.status in ENDED:
            raise _failure(found)
        if not found.status:
            raise GenerationError("provider_bad_response", provider_code="no status")
        return None


def _called(call: Callable[[], T], *, repeatable: bool = False) -> T:
    """What the library returns, its errors in our words."""
    try:
        return remote.within(call)
    except fashn.APIStatusError as error:
        raise _refusal(error) from None
    except fashn.APITimeoutError:
        raise GenerationError("provider_timeout", retryable=repeatable) from None
    except fashn.APIConnectionError as error:
        if isinstance(error.__cause__, GenerationError):  # of our own hook
            raise error.__cause__ from None
        unsent = isinstance(error.__cause__, httpx.ConnectError)
        raise GenerationError("provider_unavailable", retryable=repeatable or unsent) from None
    except (fashn.FashnError, ValueError, TypeError, AttributeError) as error:
        kind = type(error).__name__
        raise GenerationError("provider_bad_response", provider_code=kind) from None


def _refusal(error: fashn.APIStatusError) -> GenerationError:
    said = error.body if isinstance(error.body, dict) else {}
    name = str(said.get("error", ""))
    if name in REFUSALS:
        code = REFUSALS[name]
        passing = code != "provider_quota"
        return GenerationError(code, retryable=passing, provider_code=name)
    return remote.by_status(error.status_code, name)


def _failure(found: PredictionStatusResponse) -> GenerationError:
    name = found.error.name if found.error else str(found.status)
    return GenerationError(FAILURES.get(name, "provider_bad_response"), provider_code=name)
