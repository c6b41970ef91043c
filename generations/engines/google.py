"""Google: try-on by Vertex AI's Virtual Try-On or a Gemini image model, clothes by the latter.

Read November 2026: docs.cloud.google.com/vertex-ai/generative-ai, model-reference, virtual try-on
(`:predict`, pictures as Base64, `raiFilteredReason` instead of one that was filtered) and
multimodal/image-generation (`:generateContent`; `promptFeedback.blockReason` or a `finishReason`
where one was blocked). A safety block may also be a 400 INVALID_ARGUMENT. Not confirmed by a call:
the words of that 400. A call answers with the picture, so there is nothing to poll or to stop.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import httpx
from django.conf import settings
from google import genai
from google.genai import errors, types

from generations.engines import remote
from generations.engines.base import DesignRequest, GenerationError, Picture, TryOnRequest, received

PROVIDER = "google"
JPEG = "image/jpeg"
VIRTUAL_TRY_ON = "virtual-try-on"
DRESS = (
    "Dress the person of the first picture in the garment of the second. Keep the face, the body, "
    "the pose, the hands and the background exactly as they are. Answer with the picture alone."
)
DRAW = (
    "A catalogue photo of one garment alone, laid flat on a plain white background, without a "
    "person and without text. The garment, in the customer's words: {prompt}"
)
BLOCKED = {"SAFETY", "IMAGE_SAFETY", "PROHIBITED_CONTENT", "IMAGE_PROHIBITED_CONTENT", "BLOCKLIST"}
SAFETY_WORDS = ("safety", "responsible ai", "prohibited", "policy", "sensitive")
T = TypeVar("T")


class GoogleEngine:
    """`GOOGLE_AI_KEY`, or a project whose credentials the machine has; models are settings."""

    @cached_property
    def _models(self) -> genai.models.Models:
        hooks: dict[str, list[Callable[..., Any]]] = {"response": [remote.refuse_too_long]}
        where = {"project": settings.GOOGLE_AI_PROJECT, "location": settings.GOOGLE_AI_LOCATION}
        access: Any = {"api_key": settings.GOOGLE_AI_KEY} if settings.GOOGLE_AI_KEY else where
        options = types.HttpOptions(
            base_url=settings.GOOGLE_AI_URL or None,
            timeout=remote.CALL_SECONDS * 1000,
            retry_options=types.HttpRetryOptions(attempts=1),
            httpx_client=httpx.Client(event_hooks=hooks, timeout=remote.CALL_SECONDS),
        )
        return genai.Client(vertexai=True, http_options=options, **access).models

    def try_on(self, request: TryOnRequest) -> Picture:
        model = settings.GOOGLE_TRY_ON_MODEL
        dressed = self._virtual if model.startswith(VIRTUAL_TRY_ON) else self._painted
        return received(_called(lambda: dressed(model, request)), PROVIDER, model, request.seed)

    def design(self, request: DesignRequest) -> Picture:
        model = settings.GOOGLE_DESIGN_MODEL
        told = [DRAW.format(prompt=request.prompt)]
        content = _called(lambda: self._generated(model, told, request.seed))
        return received(content, PROVIDER, model, request.seed)

    def _virtual(self, model: str, request: TryOnRequest) -> bytes:
        person = types.Image(image_bytes=request.person, mime_type=JPEG)
        garment = types.Image(image_bytes=request.garment, mime_type=JPEG)
        source = types.RecontextImageSource(
            person_image=person, product_images=[types.ProductImage(product_image=garment)]
        )
        # With a seed Google demands that its invisible watermark be off.
        config = types.RecontextImageConfig(number_of_images=1, output_mime_type=JPEG)
        answer = self._models.recontext_image(model=model, source=source, config=config)
        for each in answer.generated_images or []:
            if each.rai_filtered_reason:
                raise GenerationError("content_blocked", provider_code=each.rai_filtered_reason)
            if each.image and each.image.image_bytes:
                return each.image.image_bytes
        raise GenerationError("provider_bad_response", provider_code="no picture")

    def _painted(self, model: str, request: TryOnRequest) -> bytes:
        pictures = [request.person, request.garment]
        parts = [types.Part.from_bytes(data=each, mime_type=JPEG) for each in pictures]
        return self._generated(model, [*parts, DRESS], request.seed)

    def _generated(self, model: str, contents: list[Any], seed: int) -> bytes:
        config = types.GenerateContentConfig(response_modalities=["IMAGE"], seed=seed)
        answer = self._models.generate_content(model=model, contents=contents, config=config)
        for part in _parts(answer):
            if part.inline_data and part.inline_data.data:
                return part.inline_data.data
        raise GenerationError("provider_bad_response", provider_code="no picture")


def _parts(answer: types.GenerateContentResponse) -> list[types.Part]:
    """The parts of the first candidate; `content_blocked` where there is none for its safety."""
    feedback = answer.prompt_feedback
    if feedback and feedback.block_reason:
        raise GenerationError("content_blocked", provider_code=feedback.block_reason.value)
    candidate = (answer.candidates or [types.Candidate()])[0]
    reason = candidate.finish_reason.value if candidate.finish_reason else ""
    if reason in BLOCKED:
        raise GenerationError("content_blocked", provider_code=reason)
    return (candidate.content.parts if candidate.content else None) or []


def _called(call: Callable[[], T]) -> T:
    """What the library returns, its errors in our words."""
    try:
        return remote.within(call)
    except errors.APIError as error:
        raise _refusal(error) from None
    except httpx.TimeoutException:
        raise GenerationError("provider_timeout") from None
    except httpx.TransportError as error:
        unsent = isinstance(error, httpx.ConnectError)
        raise GenerationError("provider_unavailable", retryable=unsent) from None
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        kind = type(error).__name__
        raise GenerationError("provider_bad_response", provider_code=kind) from None


def _refusal(error: errors.APIError) -> GenerationError:
    said = f"{error.status} {error.message}"
    is_bad_request = error.code == httpx.codes.BAD_REQUEST
    if is_bad_request and any(word in said.lower() for word in SAFETY_WORDS):
        return GenerationError("content_blocked", provider_code=said[:100])
    return remote.by_status(error.code, str(error.status))
