"""Words and numbers."""

import pytest

from clients.cli.wording import (
    about,
    clean,
    clean_lines,
    clean_prose,
    count,
    duration,
    label,
    percent,
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x07", "link"),
        ("\x1bPq#0;2\x1b\\after", "after"),
        ("cut off \x1b[3", "cut off 3"),
        ("two\nlines\ttab\rback\x08", "two lines tab back"),
        ("\x9b2Jc1\x85", "c1"),
        ("turned \u202eback", "turned back"),
        ("family 👨‍👩‍👧 stays", "family 👨‍👩‍👧 stays"),
        ("[bold]markup[/bold] {braces} \\", "[bold]markup[/bold] {braces} \\"),
        ("日本語 und Größe", "日本語 und Größe"),
    ],
)
def test_what_a_terminal_would_obey_goes(given: str, expected: str) -> None:
    """Nothing is left of control characters and escapes; every letter stays."""
    assert expected == clean(given)


def test_lines_can_be_kept() -> None:
    """A backstory in paragraphs keeps them, and nothing else."""
    assert "one\n\ntwo" == clean_lines("one\r\n\n\x1b[1mtwo\x1b[0m\n")


def test_a_text_keeps_its_lines_and_blanks() -> None:
    """Indents, tabs and empty lines stay; what a terminal would obey does not."""
    given = "def f():\r\n\treturn\x07 1\n\n  two  blanks\x1b]0;owned\x07\u202e\rback\n"
    assert "def f():\n\treturn  1\n\n  two  blanks\nback" == clean_prose(given)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, "0.0 s"), (0.04, "0.0 s"), (4.26, "4.3 s"), (9.96, "10 s"), (59.4, "59 s"),
     (60, "1 min"), (125, "2 min 5 s"), (3600, "1 h"), (3780, "1 h 3 min")],
)  # fmt: skip
def test_durations(seconds: float, expected: str) -> None:
    """Tenths only where they matter."""
    assert expected == duration(seconds)


def test_estimates_are_never_exact() -> None:
    """What is only expected has no decimals and is never nothing."""
    assert ["about 4 s", "about 1 s", "about 2 min"] == [about(4.4), about(0.2), about(120)]


def test_only_the_whole_is_a_hundred() -> None:
    """99.9 % is not done."""
    assert ["0 %", "38 %", "99 %", "100 %", "100 %"] == [
        percent(share) for share in (-1, 0.38, 0.999, 1, 2)
    ]


def test_names_of_fields_and_counts() -> None:
    """JSON pointers and plurals as people say them."""
    assert ["Name", "Traits", "Eye colour", "Text"] == [
        label(field) for field in ("/name", "/traits/0", "/eye_colour", "")
    ]
    assert ["1 layer", "1,200 tokens"] == [count(1, "layers"), count(1200, "tokens")]
