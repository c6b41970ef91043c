from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.gateways.base import GatewayUnavailable
from billing.payments import reconciling


class Command(BaseCommand):
    help = "Compare a day's payments with the books of every gateway; exit 1 where they differ"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--day",
            type=date.fromisoformat,
            default=timezone.localdate() - timedelta(days=1),
            help="a day in Almaty as 2026-11-30; yesterday unless told",
        )

    def handle(self, *, day: date, **options: Any) -> str:
        try:
            found = list(reconciling.differences(day))
        except GatewayUnavailable as error:
            raise CommandError(f"A gateway does not answer: {error}") from error
        if found:
            raise CommandError("\n".join(map(str, found)))
        return f"Every payment of {day} is the same here and there."
