"""What there is to know about a company that vouches for people, and how we refuse its word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar, Literal

from core.errors import Refusal

Claims = Mapping[str, Any]


class InvalidCredentials(Refusal):
    """The provider did not vouch for this person, to us, just now.

    One wording for every reason: it never tells which rule a forger has still to meet.
    """

    status: ClassVar[int] = HTTPStatus.UNAUTHORIZED


class ProviderUnavailable(Refusal):
    """The provider cannot be asked at the moment, or does not know us."""

    status: ClassVar[int] = HTTPStatus.SERVICE_UNAVAILABLE
    wait: ClassVar[int] = 60  # seconds until it is worth trying again


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider vouches for. `sub` is the person; an e-mail address may change hands.

    `email` is in small letters, and empty where Apple did not tell it.
    """

    provider: Literal["google", "apple"]
    sub: str
    email: str
    name: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """One of them, as this deployment is registered there; empty where it is not."""

    name: Literal["google", "apple"]
    issuers: Sequence[str]
    keys_url: str
    clients: Mapping[str, Sequence[str]]
    """The client ids an id_token may be made for, by the platform that brings it."""
    authorize_url: str
    authorize_parameters: Mapping[str, str]
    token_url: str
    redirect_uri: str
    client_id: str
    """The client of the web, which alone takes part in the code flow."""
    client_secret: Callable[[], str] = field(repr=False)
    vouches_for_email: Callable[[Claims], bool]
    refusal: Callable[[], InvalidCredentials]
    outage: Callable[[], ProviderUnavailable]
