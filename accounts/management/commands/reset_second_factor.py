from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.mfa import recovery
from accounts.models import User
from core import audit


class Command(BaseCommand):
    help = "Take every second factor of a person away and end their sessions: for a lost phone"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> str:
        person = User.objects.filter(email=email).first()
        if person is None:
            raise CommandError(f"Nobody has signed up with {email}.")
        with audit.attributed_to("command:reset_second_factor"):
            kinds = recovery.reset(person)
        return (
            f"{email} had: {', '.join(kinds) or 'no second factor'}. All of it is gone, and every"
            " session has ended: they sign in again, and administrators set a new factor up first."
        )
