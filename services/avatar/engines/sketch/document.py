"""Layers as complete SVG documents, one on top of the picture so far."""

from base64 import b64encode

from services.avatar.engines.sketch.scene import Layer, Scene
from services.avatar.engines.sketch.svg import definitions, num


def layered(scene: Scene, layer: Layer, under: bytes, width: int, height: int) -> str:
    """The picture `under`, PNG bytes, with one more layer on it.

    Each layer is rasterised once, at its full size: the picture so far is laid under it pixel for
    pixel instead of being drawn again.
    """
    picture = _picture(under, scene, "optimizeSpeed") if under else ""
    return _document(scene, picture + definitions(layer.markup) + layer.markup, width, height)


def resized(scene: Scene, picture: bytes, width: int, height: int) -> str:
    """The same picture, PNG bytes, at another size."""
    return _document(scene, _picture(picture, scene, "optimizeQuality"), width, height)


def _picture(png: bytes, scene: Scene, rendering: str) -> str:
    return (
        f'<image width="{num(scene.width)}" height="{num(scene.height)}" preserveAspectRatio="none"'
        f' image-rendering="{rendering}" href="data:image/png;base64,{b64encode(png).decode()}"/>'
    )


def _document(scene: Scene, markup: str, width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {scene.width:.6f} {scene.height:.6f}" preserveAspectRatio="none">'
        f"{markup}</svg>"
    )
