from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders import documents


class Command(BaseCommand):
    help = "Write docs/orders.md from the tables of the lifecycles"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if the document is another"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> str:
        path = settings.BASE_DIR / "docs" / "orders.md"
        if check:
            if not path.is_file() or path.read_text() != documents.written():
                raise CommandError("docs/orders.md is out of date: run manage.py order_document.")
            return "docs/orders.md is up to date."
        path.write_text(documents.written())
        return "docs/orders.md is written."
