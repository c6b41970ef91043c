from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils.timezone import localtime

from accounts import signing_keys
from accounts.models import SigningKey
from core import audit


class Command(BaseCommand):
    help = "Sign tokens with a new key from now on; nobody notices, unless the old one has leaked"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--revoke-old",
            action="store_true",
            help="for a leak: no token of an older key works any more, everybody signs in again",
        )

    @transaction.atomic
    def handle(self, *args: Any, revoke_old: bool, **options: Any) -> str:
        with audit.attributed_to("command:rotate_keys"):
            key = signing_keys.rotate()
            if revoke_old:
                ended = signing_keys.revoke_others(key)
                return (
                    f"The key {key.kid} signs. Every older key is deleted. "
                    f"Sessions ended: {ended}. Everybody signs in again."
                )
        return "\n".join([f"The key {key.kid} signs within 15 seconds.", *_retired()])


def _retired() -> list[str]:
    return [
        f"The key {key.kid} is retired; it verifies until {localtime(until):%d.%m.%Y %H:%M}."
        for key in SigningKey.objects.order_by("-created_at")
        if (until := signing_keys.verifies_until(key))
    ]
