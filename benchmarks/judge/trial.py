"""One run of an engine, and what it took."""

import io
import resource
import time
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import uuid4

import cv2
import numpy as np
from PIL import Image, ImageOps

from generations import engines
from generations.engines.base import GenerationError, Picture, TryOnRequest
from generations.engines.local.pixels import Array

KILOBYTES_OF_A_MEGABYTE = 1024


@dataclass(frozen=True)
class Trial:
    """A picture or the code of a refusal; wall and CPU seconds, and whether it came out again.

    `peak_mb` is the most memory that the process has ever had.
    """

    jpeg: bytes
    refusal: str
    seconds: float
    cpu: float
    peak_mb: float
    repeated: bool


def attempt(name: str, request: TryOnRequest) -> Trial:
    """Ask the engine of that name twice; the faster run counts."""
    (first, code, seconds, cpu), (second, _, *others) = _run(name, request), _run(name, request)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_OF_A_MEGABYTE
    return Trial(first, code, min(seconds, others[0]), min(cpu, others[1]), peak, first == second)


def _run(name: str, request: TryOnRequest) -> tuple[bytes, str, float, float]:
    engine = engines.load(engines.TRY_ON[name])
    began, spent = time.perf_counter(), time.process_time()
    try:
        jpeg, code = _made(engine, request).jpeg, ""
    except GenerationError as refusal:
        jpeg, code = b"", refusal.code
    return jpeg, code, time.perf_counter() - began, time.process_time() - spent


def _made(engine: Any, request: TryOnRequest) -> Picture:
    """The picture, waited for where the engine makes it elsewhere."""
    answer = engine.try_on(replace(request, key=uuid4().hex))
    if isinstance(answer, Picture):
        return answer
    while (picture := engine.poll(answer.external_id)) is None:
        time.sleep(1)
    return cast("Picture", picture)


def opened(data: bytes) -> Array:
    """The picture upright, as RGB."""
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))


def same_kind(photo: Array, jpeg: bytes) -> Array:
    """The photo as large as the result and written as the same JPEG.

    So what JPEG loses is lost on both sides, and only what the engine changed is different.
    """
    with Image.open(io.BytesIO(jpeg)) as result:
        if photo.shape[1::-1] != result.size:
            photo = cv2.resize(photo, result.size, interpolation=cv2.INTER_AREA)
        written = io.BytesIO()
        tables = result.quantization  # type: ignore[attr-defined]
        Image.fromarray(photo).save(written, "JPEG", qtables=tables, subsampling=0)
    return opened(written.getvalue())
