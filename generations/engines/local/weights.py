"""The four model files: where they are and how they are run.

They come out of Google's mediapipe wheel (Apache-2.0) by `manage.py fetch_models`; see
`generations/management/commands/fetch_models.py`.
"""

from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from django.conf import settings

from generations.engines.base import GenerationError

from .pixels import Array

WHEEL = "mediapipe==0.10.21"
SHA256 = {
    "pose_detection.tflite": ("9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c"),
    "pose_landmark_full.tflite": (
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f"
    ),
    "selfie_segmentation.tflite": (
        "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c"
    ),
    "face_detection_short_range.tflite": (
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8"
    ),
}


class Model:
    """A network that takes one picture at a time; its outputs are told apart by their shapes."""

    def __init__(self, path: Path) -> None:
        self._in_use = Lock()
        self._interpreter = Interpreter(model_path=str(path), num_threads=2)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [one["index"] for one in self._interpreter.get_output_details()]

    def __call__(self, picture: Array) -> list[Array]:
        with self._in_use:
            self._interpreter.set_tensor(self._input, picture[None].astype(np.float32))
            self._interpreter.invoke()
            return [self._interpreter.get_tensor(index) for index in self._outputs]


def directory() -> Path:
    """`AI_MODELS_DIR` of the settings, or var/models."""
    return Path(getattr(settings, "AI_MODELS_DIR", None) or settings.BASE_DIR / "var" / "models")


@cache
def model(name: str) -> Model:
    """The model of that file name, loaded once per process."""
    path = directory() / name
    if not path.is_file():
        raise GenerationError("internal", f"{name} is missing: run manage.py fetch_models.")
    return Model(path)
