"""What was made before: the same wish again costs nothing, and a finished one can be kept."""

import hashlib
import json
import logging
from typing import Any

from django.conf import settings

from accounts.models import User
from core import storage
from generations.models import Generation
from wardrobe import keeping
from wardrobe.models import UserWardrobeItem

logger = logging.getLogger(__name__)


def inputs_of(generation: Generation, photo: bytes = b"") -> str:
    """SHA-256 of everything that the picture depends on, in hexadecimal."""
    is_design = generation.type == Generation.Type.GENERATION
    worn = [[garment, _digest(_file(garment["image"]))] for garment in generation.garments]
    engines = settings.DESIGN_ENGINES if is_design else settings.TRY_ON_ENGINES
    depends_on = [
        generation.type,
        generation.prompt,
        generation.seed,
        worn,
        _digest(photo),
        engines,
    ]
    return _digest(json.dumps(depends_on, sort_keys=True).encode())


def found(generation: Generation) -> Generation | None:
    """The finished picture of the same person with the same inputs, if it is still there."""
    same = Generation.objects.filter(
        user_id=generation.user_id,
        inputs_sha256=generation.inputs_sha256,
        status=Generation.Status.SUCCEEDED,
    )
    return same.exclude(result="").select_related("user", "product").order_by("-pk").first()


def keep(generation: Generation) -> None:
    """Put the finished picture into its owner's wardrobe, unless it is there or that is full."""
    if generation.wardrobe_items.exists():
        return
    try:
        keeping.keep(
            generation.user,
            UserWardrobeItem.Source.GENERATED,
            name=generation.wardrobe_name,
            generation=generation,
            pictures=[generation.result],
        )
    except keeping.WardrobeFull:
        logger.info("Generation %s did not fit into a full wardrobe", generation.pk)


def is_free_today(user: User, day: Any) -> bool:
    """Whether the person has had no free re-roll on that day."""
    return not user.generations.filter(free_on=day).exists()


def _file(name: str) -> bytes:
    try:
        return storage.read(name)
    except FileNotFoundError:  # the worker will say so
        return b""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
