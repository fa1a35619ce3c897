"""The sheet of paper, the window in it through which the place is seen, and the last light."""

from dataclasses import dataclass
from random import Random

from services.avatar.engines.sketch.svg import box, clip, haze, num, path, stroke, sunlight

_PAPER, _GOLD = "#fbf2df", "#d9a84a"
_MARGIN, _CORNER = 16, 44


@dataclass(frozen=True, slots=True)
class Frame:
    """A window in a sheet of `width` by `height`, its upper corners rounded by `arch`."""

    width: float
    height: float
    arch: float

    def sheet(self) -> str:
        """Cream paper."""
        return box(-2, -2, self.width + 4, self.height + 4, _PAPER, stroke="none")

    def inside(self, markup: str) -> str:
        """`markup` where the window shows it."""
        return clip(self._outline(0), markup) if markup else ""

    def standing(self, markup: str) -> str:
        """`markup` cut off below as the window is, but free to rise above it."""
        return clip(self._outline(self.height), markup) if markup else ""

    def light(self, rng: Random) -> str:
        """Sunlight from an upper corner, dusk along the foot."""
        pane = self._outline(0)
        shine = sunlight("#fff0c0", evening=rng.random() < 0.5)
        return path(pane, shine, "none") + path(pane, haze("#4a2a4a"), "none")

    def edge(self) -> str:
        """The gold line."""
        return stroke(self._outline(0), _GOLD, 4)

    def _outline(self, lift: float) -> str:
        m, low, arch = _MARGIN, _CORNER, self.arch
        right, foot = num(self.width - m), num(self.height - m)
        bottom = (
            f"V{num(self.height - m - low)}Q{right} {foot} {num(self.width - m - low)} {foot}"
            f"H{m + low}Q{m} {foot} {m} {num(self.height - m - low)}"
        )
        if lift:
            half, far = num(self.height * 0.6), num(self.width + 99)
            return f"M-99 {num(-lift)}H{far}V{half}H{right}{bottom}V{half}H-99Z"
        curve = f"A{num(arch)} {num(arch)} 0 0 1"
        return (
            f"M{num(m + arch)} {m}H{num(self.width - m - arch)}{curve} {right} {num(m + arch)}"
            f"{bottom}V{num(m + arch)}{curve} {num(m + arch)} {m}Z"
        )


def frame(width: float, height: float, rng: Random) -> Frame:
    """A window with rounded corners, or an arched one where the sheet is high enough."""
    arch = rng.choice((44.0, 44.0, 130.0, width / 2 - _MARGIN)) if height >= width * 0.9 else 44.0
    return Frame(width, height, arch)
