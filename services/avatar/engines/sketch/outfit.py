"""What a figure wears, holds and bears, sorted by where it is drawn."""

from dataclasses import dataclass, field
from random import Random

from services.avatar.engines.sketch.brief import Thing
from services.avatar.engines.sketch.figure import Coat, Figure
from services.avatar.engines.sketch.svg import group, limb, num, oval, soft
from services.avatar.engines.sketch.things.aura import aura
from services.avatar.engines.sketch.things.face import on_face
from services.avatar.engines.sketch.things.hats import hat
from services.avatar.engines.sketch.things.held import FEET, held
from services.avatar.engines.sketch.things.worn import behind, on_body, space_helmet, span

# How far a hat rises above its crown, where that is more than a little.
_TALL = (
    {"wizard_hat": 142, "witch_hat": 142, "chef_hat": 126, "tophat": 96, "helmet": 120}
    | {"jester_hat": 142, "party_hat": 120, "feather_band": 96, "antlers": 106, "horns": 86}
    | {"crown": 88, "pirate_hat": 92, "woolly_hat": 118}
)
# How much more a top hat rises that is called tall.
_TALLER = 62


def _height(worn: Thing) -> int:
    taller = worn.name == "tophat" and "tall" in worn.looks
    return _TALL.get(worn.name, 70) + (_TALLER if taller else 0)


@dataclass(frozen=True, slots=True)
class Outfit:
    """Everything that was found, by where it goes."""

    hats: tuple[Thing, ...] = ()
    face: tuple[Thing, ...] = ()
    worn: tuple[Thing, ...] = ()
    back: tuple[Thing, ...] = ()
    in_hand: tuple[Thing, ...] = ()
    around: tuple[Thing, ...] = ()
    marks: frozenset[str] = field(default_factory=frozenset)
    build_tags: frozenset[str] = field(default_factory=frozenset)
    globe: bool = False

    def behind(self, figure: Figure, coat: Coat) -> str:
        """Wings and capes."""
        return "".join(behind(thing.name, thing.colour, figure, coat) for thing in self.back)

    def body(self, figure: Figure) -> str:
        """Scarves, aprons and the like."""
        return "".join(on_body(thing.name, thing.colour, figure) for thing in self.worn)

    def head(self, figure: Figure, coat: Coat) -> str:
        """Glasses, beards and the hat on top."""
        drawn = "".join(on_face(thing.name, thing.colour, figure, coat) for thing in self.face)
        x, y = figure.face.crown
        scale = figure.face.crown_width / 84
        for thing in self.hats:
            drawn += group(hat(thing.name, thing.colour, thing.looks), x, y, scale=scale)
        return drawn + (space_helmet(figure) if self.globe else "")

    def arms(self, figure: Figure, coat: Coat) -> str:
        """Forelegs, on the ground or reaching out to what they hold."""
        if not figure.forelegs:
            return ""
        drawn = ""
        for index, side in enumerate((-1, 1)):
            if index < min(len(self.in_hand), len(figure.hands)):
                (sx, sy), (x, y) = figure.shoulder, figure.hands[index]
                elbow = f"{num(side * (sx + 34))} {num(y + 26)}"
                reach = f"M{num(side * sx)} {num(sy)}Q{elbow} {num(x)} {num(y)}"
                drawn += limb(reach, figure.skin or coat.base, 26, coat.ink)
            else:
                drawn += group(figure.forelegs, flip=side < 0)
        return drawn

    def hands(self, figure: Figure, coat: Coat) -> str:
        """What is held, with a paw around it; whoever has no hands has it standing by."""
        drawn = ""
        for index, thing in enumerate(self.in_hand):
            held_thing = held(thing.name, thing.colour)
            if thing.name == "telescope" and "sideways" in figure.tags:
                # Who has no hand to raise has it at the eye.
                x, y = figure.face.eyes[0]
                drawn += group(held_thing, x - 24, y - 8, turn=-108, scale=0.84)
            elif index < len(figure.hands):
                x, y = figure.hands[index]
                drawn += group(held_thing, x, y, turn=-14 if x < 0 else 14)
                if figure.paw:
                    fur = soft(figure.skin or coat.base)
                    drawn += oval(x, y, figure.paw, figure.paw * 0.9, fur)
            else:
                side = -1 if index else 1
                foot = FEET.get(thing.name, 34)
                drawn += group(held_thing, side * 150, -foot, turn=side * 6)
        return drawn

    def top(self, figure: Figure) -> float:
        """How high the figure is with its hat on."""
        above = max((_height(thing) for thing in self.hats), default=0)
        hatted = figure.face.crown[1] - above * figure.face.crown_width / 84
        return min(figure.top, hatted)

    def reach(self, figure: Figure) -> float:
        """How far the figure spreads to either side with what is on its back."""
        return max([figure.reach, *(span(thing.name, figure) for thing in self.back)])

    def aura(self, rng: Random) -> str:
        """What floats around."""
        return "".join(aura(thing.name, thing.colour, rng) for thing in self.around)
