"""Serves HTTP and WebSockets."""

import gc
import os
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.serving import server


class Command(BaseCommand):
    help = "Serve HTTP and WebSockets, until SIGTERM or Ctrl-C"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        # Imported late: it loads every view.
        from channels.routing import get_default_application  # noqa: PLC0415

        application = get_default_application()
        gc.collect()
        gc.freeze()  # what is loaded now stays, and is not looked through again
        _let_threads_finish()
        if not server.serve(application, host=host, port=port):
            raise CommandError(f"Port {port} on {host} can't be used; is something running there?")


def _let_threads_finish() -> None:
    """Let no thread that wakes cut short the one that runs, and holds the interpreter anyway."""
    if hasattr(os, "SCHED_BATCH"):  # Linux
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
