"""The egg that wobbles, cracks, and is a chick at half-way: a few pixels, two to a character.

Pure: a fraction and a time in, a Text out.
"""

import math
from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

WIDTH, HEIGHT = 18, 18  # in pixels; as characters, half as high
HATCHED = 0.5

Pixel = tuple[int, int, int]
Picture = Sequence[Sequence[Pixel | None]]

_LIGHT: Pixel = (255, 250, 236)
_CREAM: Pixel = (250, 232, 186)
_GOLD: Pixel = (217, 165, 33)
_DEEP: Pixel = (150, 108, 20)
_CRACK: Pixel = (90, 64, 12)
_DOWN: Pixel = (255, 217, 92)
_BEAK: Pixel = (240, 128, 36)
_EYE: Pixel = (43, 33, 7)
_BLUSH: Pixel = (248, 168, 120)

_SPECKS = {(6, 5), (11, 7), (5, 10), (12, 12), (8, 14), (10, 4)}
_ZIGZAG = (0, 1, 0, -1)


def scene(fraction: float, seconds: float) -> Text:
    """Draw what there is to see at a fraction of the way."""
    picture = _chick(seconds) if fraction >= HATCHED else _egg(fraction, seconds)
    return in_half_blocks(picture)


def in_half_blocks(picture: Picture) -> Text:
    """Draw a picture with two pixels in each character; None lets the terminal shine through."""
    rows = zip(picture[::2], picture[1::2], strict=True)
    return Text("\n").join(_row(upper, lower) for upper, lower in rows)


def _row(upper: Sequence[Pixel | None], lower: Sequence[Pixel | None]) -> Text:
    row = Text(no_wrap=True)
    for top, bottom in zip(upper, lower, strict=True):
        if top is None and bottom is None:
            row.append(" ")
        elif top is None:
            row.append("▄", Style(color=_rgb(bottom)))
        else:
            row.append("▀", Style(color=_rgb(top), bgcolor=_rgb(bottom) if bottom else None))
    return row


def _rgb(pixel: Pixel | None) -> str:
    red, green, blue = pixel or (0, 0, 0)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _egg(fraction: float, seconds: float) -> list[list[Pixel | None]]:
    """An egg that rocks now and then, more often the nearer it comes, with a crack that grows."""
    pause = 2.6 - 3.0 * fraction
    beat = seconds % (pause + 1.0)
    lean = 1.6 * math.sin(beat * 4 * math.pi) * (1.0 - beat) if beat < 1.0 else 0.0
    crack = max(0.0, fraction / HATCHED - 0.35) / 0.65 * WIDTH / 2
    return [[_shell(x, y, lean, crack) for x in range(WIDTH)] for y in range(HEIGHT)]


def _shell(x: int, y: int, lean: float, crack: float = 0.0) -> Pixel | None:
    upright = x - lean * (1 - y / HEIGHT)
    across, down = _place(upright, y)
    if not _within(upright, y):
        return None
    middle = WIDTH / 2 - 0.5
    if crack and abs(x - middle) <= crack and y == HEIGHT // 2 + _ZIGZAG[x % 4]:
        return _CRACK
    if not all(_within(upright + dx, y + dy) for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1))):
        return _DEEP if across + down > 0 else _GOLD
    if (round(upright), y) in _SPECKS:
        return _GOLD
    shade = min(max((across + 0.45) * 0.5 + (down + 0.5) * 0.45, 0.0), 1.0)
    return _mix(_LIGHT, _CREAM, shade)


def _within(x: float, y: float) -> bool:
    across, down = _place(x, y)
    return across**2 + down**2 <= 1.0


def _place(x: float, y: float) -> tuple[float, float]:
    """Where a pixel lies in an egg, whose edge is 1 from the middle."""
    down = (y - HEIGHT / 2 + 0.5) / (HEIGHT / 2)
    return (x - WIDTH / 2 + 0.5) / (WIDTH / 2 * (0.74 + 0.12 * down)), down


def _chick(seconds: float) -> list[list[Pixel | None]]:
    """A chick that looks out of the lower half, bobs, and blinks."""
    bob = round(0.5 + 0.5 * math.sin(seconds * 5))
    blinks = seconds % 3.1 > 2.9
    return [[_hatchling(x, y, bob, blinks) for x in range(WIDTH)] for y in range(HEIGHT)]


def _hatchling(x: int, y: int, bob: int, blinks: bool) -> Pixel | None:
    if y >= HEIGHT // 2 + 2 + _ZIGZAG[x % 4] and (shell := _shell(x, y, 0.0)):
        return shell
    up = y - bob
    if (x, up) in {(9, 0), (8, 1), (9, 1)}:
        return _DOWN
    across, down = (x - WIDTH / 2 + 0.5) / 5.6, (up - 7.5) / 6.2
    distance = across**2 + down**2
    if distance > 1.0 or y > HEIGHT - 5:
        return None
    if (x, up) in {(6, 6), (11, 6)} or (not blinks and (x, up) in {(6, 5), (11, 5)}):
        return _EYE
    if up in (7, 8) and abs(x - 8.5) <= 8.5 - up:
        return _BEAK
    if (x, up) in {(5, 8), (12, 8)}:
        return _BLUSH
    return _GOLD if distance > 0.86 and across + down > 0 else _DOWN


def _mix(one: Pixel, other: Pixel, share: float) -> Pixel:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
