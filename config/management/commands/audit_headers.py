from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.header_audit.visitors import NoDemo, SignInFailed, visitor
from config.header_audit.walk import Complaint, Walk

ROLES = ["anonymous", "shop", "admin"]


class Command(BaseCommand):
    help = "Ask a running platform for every page, and exit 1 with a table of what is unsafe there"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", nargs="?", default=settings.API_BASE_URL)
        parser.add_argument("--as", dest="roles", action="append", choices=ROLES)

    def handle(self, *args: Any, url: str, roles: list[str] | None, **options: Any) -> str:
        walk, found = Walk(), list[Complaint]()
        try:
            for role in roles or ROLES:
                with visitor(url.rstrip("/"), role) as client:
                    found += walk.go(client, role)
        except NoDemo as error:
            message = "This platform signs in with the real Google; walk it --as anonymous."
            raise CommandError(message) from error
        except (SignInFailed, httpx.HTTPError) as error:
            raise CommandError(f"The walk ended early: {error}") from error
        if found:
            raise CommandError("\n".join([f"Of {walk.answers} answers:", *_table(found)]))
        unasked = ", ".join(walk.unasked) or "nothing"
        return f"{walk.answers} answers, all as they should be. No link led to {unasked}."


def _table(found: list[Complaint]) -> list[str]:
    return [f"{each.role:9}  {each.path:45}  {each.text}" for each in found]
