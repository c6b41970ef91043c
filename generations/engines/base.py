"""What every engine takes, gives and refuses."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from core import images

PROVIDERS = "provider_"  # so the codes of failures begin that are not the caller's


class GenerationError(Exception):
    """No picture was made; `code` says why, in the lower case that clients receive.

    `retryable` failures may succeed a moment later with the same engine, and nothing was begun
    there that costs money. `provider_code` is the provider's own word, for the log.
    """

    def __init__(
        self, code: str, message: str = "", *, retryable: bool = False, provider_code: str = ""
    ) -> None:
        super().__init__(message or provider_code or code)
        self.code = code
        self.message = message
        self.retryable = retryable
        self.provider_code = provider_code

    @property
    def is_providers(self) -> bool:
        """Whether another engine may well make the picture."""
        return self.code.startswith(PROVIDERS)


class GarmentCategory(StrEnum):
    """Where on the body a garment is worn."""

    TOP = "top"
    BOTTOM = "bottom"
    DRESS = "dress"
    SKIRT = "skirt"
    OUTER = "outer"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class TryOnRequest:
    """Two pictures (JPEG, PNG or WebP) and what the catalogue knows about the garment.

    `sleeve` is "none", "short", "long", or "" when nobody knows. `key` names the work where a
    provider does the same work once however often it is asked: letters, digits and hyphens.
    """

    person: bytes
    garment: bytes
    category: GarmentCategory = GarmentCategory.AUTO
    sleeve: str = ""
    seed: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class DesignRequest:
    """A description of a garment in Russian, Kazakh or English; `key` as above."""

    prompt: str
    seed: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture and where it came from."""

    jpeg: bytes
    provider: str
    model: str
    seed: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """A picture that is being made elsewhere; `external_id` is the provider's name for it."""

    external_id: str


class TryOnEngine(Protocol):
    """Raises `GenerationError` and nothing else, as all engines do."""

    def try_on(self, request: TryOnRequest) -> Picture | Ticket:
        """The person of the first picture wearing the garment of the second."""
        ...


class DesignEngine(Protocol):
    def design(self, request: DesignRequest) -> Picture | Ticket:
        """A product picture of the garment that the prompt describes."""
        ...


@runtime_checkable
class Polled(Protocol):
    """An engine that gives tickets."""

    def poll(self, external_id: str) -> Picture | None:
        """The picture, or None while it is being made."""
        ...

    def cancel(self, external_id: str) -> None:
        """Nobody waits for it any more; the provider is told where it wants to know."""
        ...


def received(content: bytes, provider: str, model: str, seed: int) -> Picture:
    """What a provider sent, if it is a picture: decoded and encoded anew, without metadata."""
    try:
        return Picture(images.clean(content), provider, model, seed)
    except images.PictureRefused as error:
        raise GenerationError("provider_bad_response", provider_code=error.code) from error
