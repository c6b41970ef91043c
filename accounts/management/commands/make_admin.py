from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User


class Command(BaseCommand):
    help = "Make the person who has signed up with this e-mail an administrator"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> str:
        person = User.objects.filter(email=email)
        if not person.update(role=User.Role.ADMIN, updated_at=timezone.now()):
            raise CommandError(f"Nobody has signed up with {email}: sign in with Google first.")
        return f"{email} is an administrator."
