from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wardrobe.looks import noting

MOST = 1000


class Command(BaseCommand):
    help = "Have the colours of items noted that nobody has looked at, and what is kept twice"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=MOST, help=f"at once; {MOST} unless told")

    def handle(self, *, most: int, **options: Any) -> str:
        asked = noting.ask_for_unseen(most)
        return f"{asked} items are queued for the worker; run it again when they are done."
