from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalog.search import search


class Command(BaseCommand):
    help = "Bring the search index of SEARCH_BACKEND up to date, as the worker does each minute"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", dest="anew", help="make it anew")

    def handle(self, *, anew: bool, **options: Any) -> str:
        return f"{search().keep_up(anew=anew)} products are indexed."
