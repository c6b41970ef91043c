from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing import ledger


class Command(BaseCommand):
    help = "Check every invariant of the ledger; exit 1 and list the breaches if one is broken"

    def handle(self, **options: Any) -> str:
        broken = ledger.breaches()
        if broken:
            raise CommandError("\n".join(f"{what}: {row}" for what, row in broken))
        return "The ledger holds: every balance, hold and order is accounted for."
