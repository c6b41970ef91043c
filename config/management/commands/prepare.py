"""Brings a database and its files up to date, in one process so that a warm start is quick."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from config import static_files


class Command(BaseCommand):
    help = "Apply migrations, fetch the AI models, collect static files, fill an empty demo"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill an empty database")

    def handle(self, *, demo: bool, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("fetch_models", stdout=self.stderr)
        static_files.collect()
        if demo:
            call_command("demo", "--if-empty", stdout=self.stderr)
            call_command("demo", "--accounts", stdout=self.stdout)
