"""A companion that thinks and answers: in a terminal, and in a pipe."""

import io
from collections.abc import Iterable

import pytest
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress
from rich.cells import cell_len
from rich.console import Console

from clients.cli.show.flow import Flow
from clients.cli.show.live import View
from clients.cli.show.piped import PipedTalk
from clients.cli.show.talking import TalkDisplay
from clients.cli.show.thinking import frame
from clients.cli.show.told import Told
from clients.cli.wording import CleanStream, clean
from services.runtime.errors import EngineFailed, OutputInvalid
from services.runtime.status import to_status
from tests.unit.cli import events as e
from tests.unit.cli import talks as t
from tests.unit.cli.test_live import clean_width
from tests.unit.cli.test_plain import lines


def screen(
    events: Iterable[Progress], *, width: int = 60, known: set[str] | None = None, who: str = "Mari"
) -> list[str]:
    """What stays on a terminal after these events: what is drawn meanwhile is gone."""
    output = io.StringIO()
    console = Console(file=output, width=width, height=24, color_system=None, markup=False,
                      emoji=False, highlight=False)  # fmt: skip
    with TalkDisplay(who, console, known) as display:
        for event in events:
            display.hear(event)
    return output.getvalue().rstrip("\n").split("\n")


def test_thinking_is_folded_before_the_reply() -> None:
    """What it took, found and planned is a line; then what is left out and done; then the reply."""
    assert [
        "  Thought for 0.8 s · 1 memory matters · wanted: have the",
        "  tea remembered · asks it to: remember · plan: remember,",
        "  portrait",
    ] == screen(t.talking())[:3]
    assert [
        "  left out: portrait: the message does not ask for it",
        "  remembered: likes tea",
        "Mari: Tea, gladly. I will",
        "remember it.",
        "  kept: is at home",
    ] == screen(t.talking())[3:]


def test_a_plain_answer_says_why() -> None:
    """One line for all that is a substitute for one reason, and one for what comes later."""
    assert [
        "  Thought for 0.6 s · 1 memory matters",
        "  Understood by simple rules, answered without a plan: smollm2 is too small to plan",
        "Mari: Tea, gladly. I will",
        "remember it.",
    ] == screen(t.plainly(), width=120)


def test_a_reason_that_is_known_is_not_told_again() -> None:
    """In a chat, the second plain answer does not explain itself once more."""
    known: set[str] = set()
    assert any("too small" in line for line in screen(t.plainly(), known=known))
    assert not any("too small" in line for line in screen(t.plainly(), known=known))


def test_what_was_said_before_it_stopped_stays() -> None:
    """A reply that is stopped, or fails, or begins again keeps its words and says what happened."""
    begun = [t.starts(), *t.understood(), t.begins("execution"), t.says("Tea, "), t.says("gl")]
    stopped = screen(e.numbered(*begun, e.cancelled()))
    assert ["Mari: Tea, gl", "  Stopped."] == stopped[-2:]
    failed = screen(e.numbered(*begun, e.failed(EngineFailed("it broke"))), width=200)
    assert ["Mari: Tea, gl", "  It failed: it broke; try again; `hatchery doctor` says what is "
            "missing, if something is"] == failed[-2:]  # fmt: skip
    told = pb.StepRetrying(error=to_status(OutputInvalid("it loops")), next_attempt=2)
    again = screen(
        e.numbered(
            *begun, Progress(step="execution", attempt=1, step_retrying=told),
            t.begins("execution", 2), t.says("Tea!", 2), t.ends("execution", t.replied(), 2),
        ), width=200,
    )  # fmt: skip
    assert "Mari: Tea, gl" == again[-4]
    assert "it loops" in again[-3]
    assert ["  It begins to answer again.", "Mari: Tea!"] == again[-2:]


def test_a_new_portrait_says_how_to_watch_it() -> None:
    """An action that began a generation names the command that follows it, unbroken."""
    told = screen(
        e.numbered(
            t.starts(), t.begins("execution"), t.acts("portrait"),
            t.acts("portrait", "a new portrait is begun", resource=t.PORTRAIT), t.says("Look!"),
        ), width=30,
    )  # fmt: skip
    assert f"  hatchery watch {t.PORTRAIT.removeprefix('generations/')}" in told


def test_an_action_that_fails_is_said() -> None:
    """The reply comes all the same."""
    told = screen(
        e.numbered(
            t.starts(), t.begins("execution"), t.acts("change"),
            t.acts("change", error=EngineFailed("no such field")), t.says("Oh."),
        ), width=200,
    )  # fmt: skip
    assert told[-2].startswith("  change: it could not: no such field")
    assert "Mari: Oh." == told[-1]


HOSTILE = "[red]Ma[/red]\x1b]0;owned\x07\x1b[2J\x9b31m\u202e:egg:\r\x08\x00x"


def test_text_is_data() -> None:
    """Whatever a model says, in whichever pieces: nothing reaches the terminal as a command."""
    story = e.numbered(
        t.starts(), *t.understood(), t.begins("execution"), t.acts("remember"),
        t.acts("remember", f"remembered: {HOSTILE}"), *map(t.says, HOSTILE),
        t.ends("execution", t.replied([HOSTILE])), t.ends("memory", t.kept(HOSTILE)), t.done(),
    )  # fmt: skip
    told = "\n".join(screen(story, who=HOSTILE))
    assert 3 <= told.count("[red]Ma[/red]")
    assert "owned" not in told
    assert not set(told) & set("\x1b\x07\x9b\u202e\r\x00")


def test_steps_are_drawn_while_they_happen() -> None:
    """Done, with what came of it; at work, with its gauges; to come. And what it does."""
    drawn = drawing(*t.talking()[:5])
    assert ["✓ Taking your message in", "  Understanding what you want"] == [drawn[0], drawn[2]]
    assert drawn[1].endswith(" Remembering what was said")
    assert "✓ Remembering what was said · 1 memory matters" == drawing(*t.talking()[:6])[1]
    acting = drawing(*t.talking()[:15])
    assert "    remembered: likes tea" in acting
    assert "    remembering …" in drawing(*t.talking()[:14])


def drawing(*events: Progress, width: int = 80, height: int = 24) -> list[str]:
    """The lines of a frame."""
    told, output = Told(""), io.StringIO()
    for event in events:
        told.story.hear(event, 50.0)
    console = Console(file=output, width=width, height=height, color_system=None)
    console.print(frame(told, console, 50.0))
    return [clean_width(line).rstrip() for line in output.getvalue().splitlines()]


@pytest.mark.parametrize(("width", "height"), [(12, 4), (40, 8), (80, 24)])
def test_every_terminal_holds_the_steps(width: int, height: int) -> None:
    """No line is wider and no frame higher than the terminal."""
    for until in range(len(t.talking())):
        drawn = drawing(*t.talking()[:until], width=width, height=height)
        assert width >= max(map(cell_len, drawn))
        assert height >= len(drawn)


def test_a_watched_reply_looks_the_same() -> None:
    """`watch` draws the steps of thinking, and no egg."""
    view, console = View("generations/1"), Console(file=io.StringIO(), width=100, height=30)
    for event in t.talking()[:6]:
        view.story.hear(event, 50.0)
    with console.capture() as seen:
        console.print(view.frame(console, 50.0))
    assert "✓ Remembering what was said · 1 memory matters" in seen.get()
    assert "🥚" not in seen.get()


def test_a_lost_connection_is_drawn_until_the_next_event() -> None:
    """It is said, and what comes then goes on where it was."""
    output = io.StringIO()
    console = Console(file=output, width=90, height=24, force_terminal=True, color_system=None)
    with TalkDisplay("Mari", console) as display:
        for event in t.talking()[:17]:
            display.hear(event)
        display.lost(0.1)
        for event in t.talking()[17:]:
            display.hear(event)
    told = output.getvalue()
    assert "The connection was lost; the work goes on." in told
    assert 1 == told.count("Mari:")
    assert "… I will" in clean(told)


def test_a_pipe_has_the_reply_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output is the reply, once it is whole; thoughts and deeds are on standard error."""
    display = PipedTalk()
    for event in t.talking():
        display.hear(event)
        if event.HasField("text_delta"):
            assert "" == capsys.readouterr().out
    seen = capsys.readouterr()
    assert "Tea, gladly. I will\nremember it.\n" == seen.out
    assert "  kept: is at home" in seen.err.splitlines()


def test_lines_tell_what_it_thinks() -> None:
    """Each step, what came of it, what it does, and its substitutes, in words."""
    told = lines(t.talking())
    for line in (
        "Step 2 of 8: Remembering what was said",
        "  1 memory matters",
        "  remembers: likes tea",
        "  wanted: have the tea remembered · asks it to: remember",
        "  plan: remember (text: likes tea), portrait",
        "  left out: portrait: the message does not ask for it",
        "  remembering …",
        "  remembered: likes tea",
        "  kept: is at home",
    ):
        assert line in told
    why = "smollm2 is too small to plan"
    assert f"  A plain answer, without a plan: {why}" in lines(t.plainly())
    assert f"  By simple rules only: {why}" in lines(t.plainly())


TEXT = "Once upon a time there was\na\tshy dragon 本当にとても 🐉 who readswordswithoutend quietly."


def shown(written: str) -> str:
    """What a terminal shows of what is written to it."""
    rows, column = [[]], 0  # type: ignore[var-annotated]
    for letter in written:
        if letter == "\b":
            column -= 1
        elif letter == "\n":
            rows.append([])
            column = 0
        else:
            rows[-1][column:] = [letter] + [""] * (cell_len(letter) - 1)
            column = len(rows[-1])
    return "\n".join("".join(row).rstrip() for row in rows)


def batched(text: str, size: int) -> list[str]:
    """The text in pieces of a size."""
    return [text[start : start + size] for start in range(0, len(text), size)]


@pytest.mark.parametrize("width", [8, 13, 20, 41, 200])
def test_words_stay_whole_at_the_edge(width: int) -> None:
    """In pieces of any size: the same lines, none too wide, and no word broken that fits one."""
    whole = shown(Flow(lambda: width).feed(TEXT))
    for size in (1, 2, 3, 7):
        flow = Flow(lambda: width)
        assert whole == shown("".join(flow.feed(p) for p in batched(TEXT, size)))
    assert width > max(map(cell_len, whole.split("\n")))
    if width >= 20:
        assert {"shy", "dragon", "quietly."} <= set(whole.split())
    assert TEXT.replace("\t", "").replace(" ", "").replace("\n", "") == "".join(whole.split())


def test_a_text_in_pieces_is_clean() -> None:
    """An escape that is cut in two is none for a terminal, and the text about it is whole."""
    for given, expected in {
        "a\x1b[3|1mb": "ab", "a\x1b]0;ow|ned\x07b": "ab", "a\r|\nb": "a\nb",
        "two\n|lines\n": "two\nlines\n", "a\x9b|2Jb": "ab", "never ends \x1b]|0;": "never ends ",
    }.items():  # fmt: skip
        stream = CleanStream()
        assert expected == "".join(map(stream.feed, given.split("|")))
