# ruff: noqa: PLR0917 -- the rows of a table have the columns of the table
"""One species: its body plan, build, natural colours and home."""

from dataclasses import dataclass, field

from services.avatar.engines.sketch.build import Build

Shade = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Species:
    """`shades` are natural colourings: coat, belly and markings.

    `home` are the places where it is found, `things` what it has of its own accord.
    """

    plan: str
    shades: tuple[Shade, ...]
    build: Build = field(default_factory=Build)
    eyes: tuple[str, ...] = ("#6b4226", "#3f7a4d", "#c98a1f")
    home: tuple[str, ...] = ()
    things: tuple[str, ...] = ()


def row(
    plan: str,
    shades: str,
    parts: str = "",
    tags: str = "",
    eyes: str = "",
    home: str = "",
    things: str = "",
) -> Species:
    """`shades` as `coat/belly/mark …`, `parts` as `ears muzzle tail` with `-` for none."""
    ears, muzzle, tail = ["" if part == "-" else part for part in (parts or "- - -").split()]
    return Species(
        plan=plan,
        shades=tuple(_shade(shade) for shade in shades.split()),
        build=Build(ears, muzzle, tail, frozenset(tags.split())),
        eyes=tuple("#" + eye for eye in eyes.split()) or ("#6b4226", "#3f7a4d", "#c98a1f"),
        home=tuple(home.split()),
        things=tuple(things.split()),
    )


def _shade(text: str) -> Shade:
    coat, belly, mark = ("#" + tone for tone in text.split("/"))
    return coat, belly, mark
