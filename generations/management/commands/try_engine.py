"""Try the local engine on two pictures, to look at what it does."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from PIL import Image

from generations.engines.base import GarmentCategory, GenerationError, TryOnRequest
from generations.engines.local import LocalEngine


class Command(BaseCommand):
    help = "Dress the person of one picture in the garment of another"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", type=Path)
        parser.add_argument("garment", type=Path)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--category", choices=list(GarmentCategory), default="auto")
        parser.add_argument("--sleeve", choices=["", "none", "short", "long"], default="")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--stages", action="store_true", help="write every stage beside OUT")

    def handle(self, **options: Any) -> str:
        request = TryOnRequest(
            person=options["person"].read_bytes(),
            garment=options["garment"].read_bytes(),
            category=GarmentCategory(options["category"]),
            sleeve=options["sleeve"],
            seed=options["seed"],
        )
        out: Path = options["out"]

        def show(name: str, picture: np.ndarray) -> None:
            if options["stages"]:
                path = out.with_name(f"{out.stem}-{name}.png")
                Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(path)

        started = perf_counter()
        try:
            picture = LocalEngine().try_on(request, show)
        except GenerationError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        out.write_bytes(picture.jpeg)
        return f"{out} after {perf_counter() - started:.1f} s"
