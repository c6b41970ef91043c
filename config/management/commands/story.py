import asyncio
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from websockets.exceptions import WebSocketException

from config.story import Story, StoryBroke, run


class Command(BaseCommand):
    help = "Play the main job against the running platform, as its clients would"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--person", type=Path, required=True, help="a photo of one person")
        parser.add_argument("--garment", type=Path, required=True, help="a photo of a garment")
        parser.add_argument("--out", type=Path, default=Path("var/story"), help="for the result")
        parser.add_argument("--url", default=settings.API_BASE_URL, help="the running platform")

    def handle(self, *, person: Path, garment: Path, out: Path, url: str, **options: Any) -> str:
        for photo in (person, garment):
            if not photo.is_file():
                raise CommandError(f"{photo} is not a file.")
        try:
            result = asyncio.run(run(Story(url, person, garment, out), self.stdout.write))
        except (StoryBroke, OSError, httpx.HTTPError, WebSocketException) as error:
            raise CommandError(f"The story broke: {error}") from error
        return f"The result is {result}"
