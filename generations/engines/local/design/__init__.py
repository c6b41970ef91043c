"""The clothing generator: a prompt is understood, cut, sewn and painted."""

from .drawing import draw
from .prompt import Design, Kind, understand

__all__ = ["Design", "Kind", "draw", "understand"]
