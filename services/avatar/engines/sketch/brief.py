"""What was understood of a description: everything the illustrator goes by."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Thing:
    """Something worn, held or borne, and its colour if the text gives one.

    It is `implied` where the text only names a trade that goes with it. `looks` are words for its
    cut and pattern: tall, striped.
    """

    name: str
    colour: str = ""
    implied: bool = False
    looks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Brief:
    """Names of the tables only, never the text itself. An empty name means that the lot decides.

    `eye_count` is 0 where nothing is said of it.
    """

    species: str
    mood: str = ""
    place: str = ""
    place_implied: bool = False
    coat: tuple[str, ...] = ()
    eyes: str = ""
    eye_count: int = 0
    parts: dict[str, str] = field(default_factory=dict)
    things: tuple[Thing, ...] = ()
    small: bool = False
    large: bool = False
    old: bool = False
