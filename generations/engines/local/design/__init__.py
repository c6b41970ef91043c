"""The clothing generator: a prompt is understood, cut, sewn and painted."""

from .drawing import draw
from .prompt import Design, understand

__all__ = ["Design", "draw", "understand"]
