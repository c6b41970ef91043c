from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access import change_access
from accounts.models import User
from core import audit


class Command(BaseCommand):
    help = "Make the person who has signed up with this e-mail an administrator"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> str:
        person = User.objects.filter(email=email).first()
        if person is None:
            raise CommandError(f"Nobody has signed up with {email}: sign in with Google first.")
        with audit.attributed_to("command:make_admin"):
            change_access(person, role=User.Role.ADMIN, is_active=person.is_active)
        return f"{email} is an administrator."
