"""A text while it is written: its page in a terminal, its lines elsewhere, its breakdown."""

import io
from pathlib import Path

import pytest
from hatchery.gateway.v1.artifact_service_pb2 import Artifact
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Fallback, Progress
from hatchery.types.v1.usage_pb2 import Usage
from rich.cells import cell_len
from rich.console import Console

from clients.cli.show import writing
from clients.cli.show.live import View
from clients.cli.wording import clean
from services.runtime.errors import OutputCutOff, OutputInvalid, TimeLimitReached
from services.runtime.status import to_status
from tests.unit.cli import events as e
from tests.unit.cli.test_live import clean_width
from tests.unit.cli.test_plain import lines


def frame(
    *events: Progress, width: int = 110, height: int = 30, colour: bool = False, later: float = 0.0
) -> list[str]:
    """The lines of the frame after these events."""
    output = io.StringIO()
    console = Console(
        file=output, width=width, height=height, force_terminal=True, no_color=not colour,
        color_system="truecolor", markup=False, emoji=False, highlight=False,
    )  # fmt: skip
    view = View("a poem about the sea", writes=True)
    for place, event in enumerate(events):
        view.story.hear(event, 50 + place / 10)
    console.print(view.frame(console, 50 + (len(events) - 1) / 10 + later))
    return [clean_width(line).rstrip() for line in output.getvalue().splitlines()]


def test_the_text_and_its_figures_beneath() -> None:
    """Lines and indents are kept; beneath are step, percent and all figures, on one line."""
    drawn = frame(*e.writing()[:7])
    assert ["a poem about the sea", "", "The sea", "  is wide,▍", "", "Step 1 of 2: Writing"] == (
        drawn[:6]
    )
    assert "30 %" in drawn[6]
    expected = "120 of ~400 tokens · 50.0 tokens/s · 0.4 s · about 6 s left (at the present rate)"
    assert [f"{expected} · 0.1200 bricks"] == drawn[7:]


def test_the_figures_move_between_events() -> None:
    """The time worked and what is left are those of now."""
    assert "2.4 s · about 4 s left" in frame(*e.writing()[:7], later=2.0)[-1]


def test_before_anything_is_written() -> None:
    """What the model does first is told, and then how much is expected."""
    begun = [e.writing_starts(), e.write_begins()]
    loading = pb.ModelLoading(engine="llamacpp", model="smollm2", elapsed=e.seconds(2))
    step = {"step": "write", "attempt": 1}
    reading = pb.PromptProgress(processed=128, total=900)
    for events, figure in (
        ([], "about 400 tokens"),
        ([Progress(**step, model_loading=loading)], "loading smollm2 (llamacpp) · for 2.0 s"),
        ([Progress(**step, prompt_progress=reading)], "reading 128 of 900 tokens"),
    ):
        assert figure in frame(*e.numbered(*begun, *events))[-1]


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize(("width", "height"), [(20, 8), (40, 24), (72, 18), (80, 24), (200, 60)])
def test_every_terminal_holds_the_page(width: int, height: int, colour: bool) -> None:
    """No line is wider and no page higher than the terminal, however long the text is."""
    long = e.writing()
    long[3].text_delta.text = "A line of 本 and\ttabs, and words without end. " * 90
    long[5].text_delta.text = "short\n" * 90 + "x" * 500
    retried = e.numbered(e.write_begins(), e.text("no"), _retrying(), e.write_begins(attempt=2))
    for events in (long, retried):
        for until in range(1, len(events) + 1):
            drawn = frame(*events[:until], width=width, height=height, colour=colour)
            assert height >= len(drawn)
            assert width >= max(map(cell_len, drawn))


def _retrying() -> Progress:
    told = pb.StepRetrying(
        error=to_status(OutputInvalid("no HTML")), backoff=e.seconds(1), next_attempt=2
    )
    return Progress(step="write", attempt=1, step_retrying=told)


def test_the_end_of_a_long_text_is_what_is_seen() -> None:
    """Of a text that does not fit, the newest lines are there."""
    told = e.numbered(e.write_begins(), e.text("\n".join(map(str, range(500)))))
    drawn = frame(*told, height=20)
    assert "499▍" in drawn
    assert "400" not in drawn
    assert [str(n) for n in range(487, 499)] == drawn[2:14]


def test_text_is_data() -> None:
    """Neither markup nor escapes of a model's text reach the terminal as such."""
    hostile = "[red]Ma[/red]\x1b[2J\x1b]0;owned\x07\n  two :egg:\r\x9b31m"
    output = io.StringIO()
    console = Console(file=output, width=80, force_terminal=True, color_system="truecolor")
    view = View("a poem", writes=True)
    for event in e.numbered(e.write_begins(), e.text(hostile)):
        view.story.hear(event, 50)
    console.print(view.frame(console, 50))
    drawn = output.getvalue()
    assert "[red]Ma[/red]" in drawn
    assert "  two :egg:" in drawn
    for part in ("owned", "\x1b[2J", "\x9b", "\r"):
        assert part not in drawn


def test_a_watched_text_looks_the_same() -> None:
    """Whoever joins without knowing what it makes sees a page as soon as the plan says so."""
    view = View("generations/1")
    for event in e.writing()[:7]:
        view.story.hear(event, 50)
    console = Console(file=io.StringIO(), width=100, height=30)
    with console.capture() as seen:
        console.print(view.frame(console, 50))
    assert "  is wide,▍" in seen.get()
    assert "Text" not in seen.get()


def test_lines_tell_quarters_and_no_text() -> None:
    """In a pipe the story has a line each quarter of the way; the text is not among them."""
    assert [
        "Step 1 of 2: Writing (about 8 s · about 400 tokens, a first guess)",
        "  25 % · 100 of ~400 tokens · 50.0 tokens/s · 0.2 s"
        " · about 6 s left (at the present rate) · 0.1000 bricks",
        "  75 % · 300 of ~400 tokens · 50.0 tokens/s · 0.5 s"
        " · about 6 s left (at the present rate) · 0.3000 bricks",
        "  400 tokens · 50.0 tokens/s · smollm2 (llamacpp) in 0.7 s",
        "Done in 1.0 s.",
    ] == lines(e.writing())


def test_a_long_prompt_is_not_read_in_silence() -> None:
    """In a pipe, each quarter of it is a line; a short one is none."""
    step = {"step": "write", "attempt": 1}

    def read(total: int) -> list[str]:
        reading = [
            Progress(**step, prompt_progress=pb.PromptProgress(processed=done, total=total))
            for done in range(0, total + 1, total // 8)
        ]
        return lines(e.numbered(e.write_begins(), *reading))[1:]

    assert [f"  reading {done} of 2000 tokens" for done in (500, 1000, 1500, 2000)] == read(2000)
    assert [] == read(200)


def test_what_goes_on_after_a_pause_says_so() -> None:
    """The line says from where; what a quarter told is not told again."""
    told = lines(
        e.numbered(
            e.writing_starts(), e.write_begins(), e.text("The sea"), e.gauge(100, 0.25),
            e.paused(), e.resumed(), e.write_begins(continues=True, fraction=0.25),
            e.text(" is wide"), e.gauge(110, 0.28), e.write_done(kept=100),
        )
    )  # fmt: skip
    again = "Step 1 of 2: Writing goes on after 100 of ~400 tokens"
    assert f"{again} (about 8 s · about 400 tokens, a first guess)" == told[4]
    assert (
        "  400 tokens (100 of them kept) · 37.5 tokens/s · smollm2 (llamacpp) in 0.6 s" == (told[5])
    )


def test_an_end_of_time_says_what_gives_more() -> None:
    """A limit that was reached is named, and the option that moves it."""
    drawn = frame(*e.numbered(e.write_begins(), e.failed(TimeLimitReached("ten seconds passed"))))
    said = clean(" ".join(drawn))
    assert "Failed: ten seconds passed; `hatchery write --time-limit` gives more" in said


def artifact(**fields: object) -> Artifact:
    """A text that was written."""
    usage = Usage(engine="llamacpp", model="smollm2", input_tokens=45, output_tokens=979)
    usage.generate_duration.CopyFrom(e.seconds(89))
    made = Artifact(name=e.ARTIFACT, kind=Artifact.KIND_TEXT, content="one\n  two", usage=usage)
    made.MergeFrom(Artifact(**fields))  # type: ignore[arg-type]
    return made


COUNTED = "45 tokens in · 979 tokens out · 1,024 tokens in all · 11.0 tokens/s · 1 min 30 s"


def test_the_breakdown() -> None:
    """Tokens in, out and in all, tokens/s, the time, the cost and who did it."""
    told = writing.breakdown(artifact(cost=e.bricks(0.52)), 90)
    assert f"{COUNTED} · 0.5200 bricks · smollm2 (llamacpp)" == told


def test_a_pipe_has_the_text_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output is the text, its indents kept; all else is on standard error."""
    fallback = Fallback(substitute="beginning", error=to_status(OutputCutOff("it is too long")))
    writing.show(artifact(fallback=fallback), 90, apart=True)
    seen = capsys.readouterr()
    assert "one\n  two\n" == seen.out
    assert [
        "",
        f"{COUNTED} · smollm2 (llamacpp)",
        "Cut off: it is too long (--max-tokens)",
        f"Name: {e.ARTIFACT}",
    ] == seen.err.splitlines()


def test_an_app_is_told_by_its_path(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What is kept in a file is that file's path, and nothing else, in a pipe."""
    path = tmp_path / "app.html"
    writing.show(artifact(kind=Artifact.KIND_APP), 1, path=path, apart=True)
    assert f"{path}\n" == capsys.readouterr().out
