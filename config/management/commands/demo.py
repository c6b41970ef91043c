from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.demo_accounts import DEMO_ACCOUNTS
from config import demo
from core import audit


class Command(BaseCommand):
    help = "Fill an empty platform with shops, products, people and orders to look at"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--photos", type=Path, help="use this folder of garment photos")
        parser.add_argument("--if-empty", action="store_true", help="else change nothing")
        parser.add_argument("--accounts", action="store_true", help="only print the accounts")

    def handle(self, **options: Any) -> str:
        if options["accounts"]:
            return _accounts()
        if not demo.is_needed():
            if options["if_empty"]:
                demo.give_admin_a_second_factor()  # a demo made before there was one
                return ""
            raise CommandError("There are products already; the demo is for an empty platform.")
        photos: Path | None = options["photos"]
        if photos and not photos.is_dir():
            raise CommandError(f"{photos} is not a folder.")
        with audit.attributed_to("command:demo"):
            demo.fill(photos)
            demo.give_admin_a_second_factor()
        return _accounts()


def _accounts() -> str:
    lines = [
        f"  {account.role:5}  {account.email:28}  {account.shop_name or account.name}"
        for account in DEMO_ACCOUNTS
    ]
    return "\n".join(["Demo accounts (choose one on the sign-in page):", *lines])
