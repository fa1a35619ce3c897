"""Frames of the live display, in terminals of every kind."""

import io

import pytest
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress
from rich.cells import cell_len
from rich.console import Console

from clients.cli.show.bar import bar
from clients.cli.show.live import LiveDisplay, View
from clients.cli.show.pixels import pixels
from clients.cli.show.scene import HEIGHT, WIDTH, scene
from clients.cli.wording import clean
from services.runtime.errors import EngineFailed, OutputLooping
from tests.support.scripted import PNG
from tests.unit.cli import events as e


def frame(
    *events: Progress, width: int = 80, height: int = 30, colour: bool = False, later: float = 0.0
) -> list[str]:
    """The lines of the frame after these events."""
    output = io.StringIO()
    console = Console(
        file=output, width=width, height=height, force_terminal=True, no_color=not colour,
        color_system="truecolor", markup=False, emoji=False, highlight=False,
    )  # fmt: skip
    view = View("a shy water dragon who loves books")
    for place, event in enumerate(events):
        view.story.hear(event, 50 + place / 10)
    console.print(view.frame(console, 50 + (len(events) - 1) / 10 + later))
    return output.getvalue().splitlines()


def text(*events: Progress, **options: float) -> str:
    """The same, without the escapes, on one line."""
    return clean(" ".join(frame(*events, **options)))  # type: ignore[arg-type]


def test_the_step_the_bar_the_gauges_and_the_clock() -> None:
    """Step n of N, the percentage in the bar, tokens, their rate, elapsed and what is left."""
    said = text(*e.hatching()[:8])
    for part in (
        "🥚 a shy water dragon who loves books",
        "Step 1 of 2: Dreaming up a persona",
        "30 %",
        "40 tokens · 51.2 tokens/s",
        "0.7 s · about 4 s left (a first guess)",
        "Name Marisol",
        "Traits shy, curious",
    ):
        assert part in said


def test_the_chick_is_there_at_half_way() -> None:
    """The egg is an egg below one half, and a chick from there on."""
    assert "🥚" in text(*e.hatching()[:10])
    assert "🐣" in text(*e.hatching()[:11])


def test_work_that_is_counted() -> None:
    """Work is counted in its own unit, and as a share."""
    assert "layer 3 of 11 – 27 %" in text(*e.hatching()[:15])


def test_the_clock_moves_between_events() -> None:
    """Elapsed and left are those of now; an estimate that was too short is owned up to."""
    assert "2.7 s · about 2 s left" in text(*e.hatching()[:8], later=2.0)
    assert "taking longer than expected" in text(*e.hatching()[:8], later=9.0)


def test_a_place_in_the_queue() -> None:
    """Waiting says how many are ahead; where nobody is, only after a while."""
    assert "Waiting, 3 ahead · about 33 s to wait, as an estimate" in text(
        *e.numbered(e.queued(3, 33))
    )
    assert "About to begin" in text(*e.numbered(e.queued()))
    assert "Waiting, next in line" in text(*e.numbered(e.queued()), later=1.0)


def test_the_portrait_stays_to_the_end() -> None:
    """Once there is a picture, it is there until the card is, unless it comes to nothing."""
    preview = pb.Preview(image=PNG, media_type="image/png")
    drawing = [*e.hatching()[:-2], Progress(**e.AVATAR_STEP, preview=preview, fraction=0.8)]
    row = "▀" * 28
    for ending in ([], [e.avatar_done()], [e.avatar_done(), e.completed()]):
        assert row in shown(*drawing, *ending)
    for gone in (e.avatar_done(EngineFailed("it broke")), e.retrying(EngineFailed("it broke"))):
        assert row not in shown(*drawing, gone)


def shown(*events: Progress) -> str:
    """What the display itself draws after these events, without the colours."""
    output = io.StringIO()
    console = Console(
        file=output, width=100, height=40, force_terminal=True, color_system="truecolor"
    )
    display = LiveDisplay("a dragon", console)
    for event in events:
        display.hear(event)
    console.print(display)
    return clean(output.getvalue())


def test_retries_and_fallbacks_are_said() -> None:
    """What went otherwise than planned stays in sight."""
    retried = e.numbered(e.started(), e.persona_begins(), e.retrying(OutputLooping("it repeats")))
    assert "it repeats" in text(*retried)
    fallback = e.numbered(e.started(), e.avatar_begins(), e.avatar_done(EngineFailed("it broke")))
    assert "This is a placeholder only: it broke" in text(*fallback)


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize(("width", "height"), [(20, 8), (40, 24), (72, 18), (80, 24), (200, 60)])
def test_every_terminal_holds_the_frame(width: int, height: int, colour: bool) -> None:
    """No line is wider and no frame higher than the terminal, at any point of a long story."""
    events = e.hatching()
    events[8].text_delta.text = "She reads in a sunken library, and 本 too. " * 40
    for until in range(1, len(events) + 1):
        drawn = frame(*events[:until], width=width, height=height, colour=colour)
        assert height >= len(drawn)
        assert width >= max(cell_len(clean_width(line)) for line in drawn)


def clean_width(line: str) -> str:
    """A line without its colours."""
    return "".join(part.partition("m")[2] if place else part
                   for place, part in enumerate(line.split("\x1b[")))  # fmt: skip


def test_text_is_data() -> None:
    """Neither markup nor escapes of a model's text reach the terminal as such."""
    hostile = "[red]Ma[/red]\x1b[2J\x1b]0;owned\x07 :egg:"
    drawn = "\n".join(frame(e.persona_begins(), e.wrote("/name", hostile), width=80))
    assert "[red]Ma[/red] :egg:" in clean(drawn)
    assert "owned" not in drawn
    assert "\x1b[2J" not in drawn


def test_without_colour_there_is_none() -> None:
    """NO_COLOR leaves no colour in any line, and still a bar."""
    drawn = "\n".join(frame(*e.hatching()[:8]))
    assert "38;2;" not in drawn
    assert "█" in drawn


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("fraction", [-1, 0, 0.004, 0.38, 0.5, 0.999, 1, 2])
def test_the_bar_is_as_wide_as_it_should_be(fraction: float, colour: bool) -> None:
    """Whatever the fraction: the width, and the percentage within."""
    drawn = bar(fraction, 30, colour=colour)
    assert 30 == len(drawn.plain)
    assert "%" in drawn.plain[12:20]


@pytest.mark.parametrize("fraction", [0.0, 0.2, 0.45, 0.5, 0.9])
def test_the_scene_keeps_its_place(fraction: float) -> None:
    """At every time the picture has the same size."""
    for tenth in range(40):
        rows = scene(fraction, tenth / 10).plain.split("\n")
        assert (HEIGHT // 2, {WIDTH}) == (len(rows), {len(row) for row in rows})


def test_pictures_become_pixels() -> None:
    """A PNG is drawn as coarse pixels; what is no picture is blank paper, and no failure."""
    drawn = pixels(PNG, "image/png", 4)
    assert drawn is not None
    assert [4] * 4 == [len(row) for row in drawn]
    (blank,) = {pixel for row in pixels(b"no picture", "image/png", 4) or [] for pixel in row}
    assert blank is not None
    assert min(blank) > 200
