"""The walk itself: every address, asked by every visitor."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from config.header_audit import addresses
from config.header_audit.complaints import complaints
from config.header_audit.markup import Page

WAIT_MAX_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Complaint:
    role: str
    path: str
    text: str


@dataclass
class Walk:
    """What was asked so far."""

    answers: int = 0
    asked: set[str] = field(default_factory=set)

    @property
    def unasked(self) -> list[str]:
        """Routes that take a pattern, and that no link led to."""
        return sorted(set(addresses.routes()) - self.asked)

    def go(self, client: httpx.Client, role: str) -> Iterator[Complaint]:
        """Ask for an example of every route; give the complaints about the answers."""
        links: dict[str, None] = {}
        routes = addresses.routes()
        # Pages without parameters first: they link to the others.
        for route in sorted(routes, key=lambda route: ("<" in route, "accounts/" in route)):
            path = addresses.example(route, links)
            if not path:
                continue
            answer = _get(client, path)
            self.answers += 1
            self.asked.add(route)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                page = Page.read(answer.text)
                links |= dict.fromkeys(_own(link, client) for link in page.links + page.loaded)
            for text in complaints(answer, signed_in=role != "anonymous"):
                yield Complaint(role, answer.url.path, text)


def _get(client: httpx.Client, path: str) -> httpx.Response:
    """The answer; who asks too much is told to wait, and waits."""
    answer = client.get(path)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        wait = int(answer.headers.get("Retry-After", 1))
        time.sleep(min(wait, WAIT_MAX_SECONDS))
        answer = client.get(path)
    return answer


def _own(link: str, client: httpx.Client) -> str:
    """The link without our own origin."""
    return link.removeprefix(str(client.base_url).rstrip("/"))
