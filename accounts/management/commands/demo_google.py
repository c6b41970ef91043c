from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.demo_google.keys import SigningKey
from accounts.demo_google.server import NotLoopback, address, make_server


class Command(BaseCommand):
    help = "Serve a Google of our own on loopback; GOOGLE_BASE_URL is the address it prints"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8001)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        key = SigningKey.kept_in(Path(settings.BASE_DIR) / "var" / "demo_google_key.pem")
        try:
            server = make_server(host, port, key)
        except NotLoopback as error:
            raise CommandError(f"{host} is not a loopback address.") from error
        except OSError as error:
            raise CommandError(f"Cannot listen on {host}:{port}: {error}") from error
        self.stdout.write(f"The demo Google listens on {address(server)}")
        try:
            with server:
                server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("The demo Google has stopped.")
