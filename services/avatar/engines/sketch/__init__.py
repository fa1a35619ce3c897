"""The built-in illustrator: a layered vector portrait, composed from the description and a seed."""

from services.avatar.engines.sketch.engine import SketchEngine

__all__ = ["SketchEngine"]
