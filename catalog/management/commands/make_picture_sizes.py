from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalog import picture_sizes

MOST = 1000


class Command(BaseCommand):
    help = "Make the small copies of pictures that are missing, and note what pictures look like"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--most", type=int, default=MOST, help=f"products at once; {MOST} unless told"
        )

    def handle(self, *, most: int, **options: Any) -> str:
        return f"{picture_sizes.make_missing(most)} pictures are done."
