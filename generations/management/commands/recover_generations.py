"""For when every worker was lost: what they had in hand is taken up at once."""

from typing import Any

from django.core.management.base import BaseCommand

from generations import pipeline


class Command(BaseCommand):
    help = "Wake the workers for every unfinished generation, without waiting for leases to end"

    def handle(self, **options: Any) -> str:
        return f"{pipeline.recover()} generations wait for the workers."
