from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import audit_chain
from core.audit_chain import ChainBroken, Head


class Command(BaseCommand):
    help = "Check the chain of the audit log; exit 1 and name the first broken link"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--expect", metavar="SEQ:HASH", help="an end that was kept elsewhere")

    def handle(self, *args: Any, expect: str | None, **options: Any) -> str:
        try:
            head = audit_chain.verify(Head.parse(expect) if expect else None)
        except ChainBroken as error:
            raise CommandError(f"The audit log is broken. {error}") from error
        except ValueError as error:
            raise CommandError("--expect is SEQ:HASH, as this command prints it.") from error
        return f"{head.seq} entries, head {head}"
