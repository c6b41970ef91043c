"""What every engine takes, gives and refuses."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class GenerationError(Exception):
    """No picture was made; `code` says why, in the lower case that clients receive.

    `retryable` failures may succeed later without a change of input. `refundable` ones give the
    money back. `provider_code` keeps the provider's own word for the log.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        retryable: bool = False,
        refundable: bool = True,
        provider_code: str = "",
    ) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message
        self.retryable = retryable
        self.refundable = refundable
        self.provider_code = provider_code


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

    `sleeve` is "none", "short", "long", or "" when nobody knows.
    """

    person: bytes
    garment: bytes
    category: GarmentCategory = GarmentCategory.AUTO
    sleeve: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class DesignRequest:
    """A description of a garment in Russian, Kazakh or English."""

    prompt: str
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture and where it came from."""

    jpeg: bytes
    provider: str
    model: str
    seed: int
    warnings: tuple[str, ...] = ()


class Engine(Protocol):
    """Makes pictures. Both methods raise `GenerationError` and nothing else."""

    def try_on(self, request: TryOnRequest) -> Picture:
        """The person of the first picture wearing the garment of the second."""
        ...

    def design(self, request: DesignRequest) -> Picture:
        """A product picture of the garment that the prompt describes."""
        ...
