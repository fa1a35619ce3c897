"""How a mood shows: in the lids, the gaze, the brows and the mouth."""

from dataclasses import dataclass

from services.avatar.engines.sketch.svg import (
    Point,
)


@dataclass(frozen=True, slots=True)
class Expression:
    """`lid` is how far the upper lid falls (0 to 1), `slant` its tilt towards the nose in degrees.

    `gaze` is where the eyes turn, -1 to 1 each way. `brow` is the tilt of the brows, None for none.
    """

    mouth: str = "smile"
    lid: float = 0
    slant: float = 0
    low: float = 0
    gaze: Point = (0, 0)
    brow: float | None = None
    raised: float = 0
    blush: float = 0.5
    pupil: float = 1
    closed: bool = False
    extra: str = ""


EXPRESSIONS = {
    "content": Expression(),
    "cheerful": Expression(mouth="grin", blush=0.7, brow=-6, raised=4),
    "laughing": Expression(mouth="grin", closed=True, blush=0.8),
    "shy": Expression(mouth="tiny", lid=0.1, gaze=(0.75, 0.55), brow=-18, blush=1),
    "grumpy": Expression(mouth="frown", lid=0.34, slant=13, brow=22, blush=0.15),
    "fierce": Expression(mouth="snarl", lid=0.22, slant=17, brow=24, blush=0.1, pupil=0.8),
    "brave": Expression(mouth="smirk", lid=0.14, slant=8, brow=14, gaze=(0.25, -0.25), blush=0.4),
    "sleepy": Expression(mouth="yawn", lid=0.6, brow=-8, gaze=(0, 0.6), blush=0.5, extra="doze"),
    "asleep": Expression(mouth="tiny", closed=True, lid=1, blush=0.6, extra="doze"),
    "sad": Expression(
        mouth="frown", lid=0.24, slant=-14, brow=-22, gaze=(0, 0.5), blush=0.3, extra="tear"
    ),
    "afraid": Expression(mouth="wavy", brow=-22, raised=8, pupil=0.62, blush=0.3, extra="sweat"),
    "curious": Expression(mouth="oh", gaze=(0.45, -0.55), brow=-8, raised=8, pupil=1.1, blush=0.6),
    "dreamy": Expression(
        mouth="smile", lid=0.13, gaze=(0.3, -0.7), brow=-10, blush=0.9, pupil=1.12
    ),
    "sly": Expression(
        mouth="smirk", lid=0.2, slant=8, gaze=(0.6, 0.1), brow=8, blush=0.3, extra="fang"
    ),
    "wise": Expression(mouth="smile", lid=0.2, brow=-4, blush=0.3),
    "gentle": Expression(mouth="smile", lid=0.06, brow=-12, blush=0.8),
    "proud": Expression(mouth="smirk", lid=0.14, gaze=(-0.4, -0.1), brow=2, raised=4, blush=0.4),
    "silly": Expression(mouth="tongue", gaze=(0.2, -0.2), brow=-8, raised=6, blush=0.8),
    "loving": Expression(mouth="smile", lid=0.08, brow=-12, blush=1, extra="hearts"),
}
