"""Words and numbers as people read them. Text that came over the wire is data: `clean` it first."""

import re
import unicodedata

# What stands where there is no sentence.
FROM_PICTURE = "A companion from a picture"

# What a terminal takes for a command: CSI, OSC and other strings, and two-character escapes.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"
    r"|\x1b[ -/]*[0-~]?"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
# The beginning of such a command, at the end of what is there.
_UNFINISHED = re.compile(
    r"(?:\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)|\x9b[0-?]*[ -/]*|\r)\Z"
)
# Letters that turn the direction of what follows them, also outside of their own text.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Return the text on one line, without anything that a terminal would obey."""
    return " ".join(_plain(text).split())


def clean_lines(text: str) -> str:
    """Return the text without anything that a terminal would obey, its lines kept."""
    return "\n".join(clean(line) for line in _ESCAPES.sub("", text).splitlines()).strip()


def clean_prose(text: str) -> str:
    """Return the text without anything that a terminal would obey, its lines and blanks kept."""
    return "\n".join(
        "\t".join(map(_plain, line.split("\t"))) for line in _ESCAPES.sub("", text).splitlines()
    )


class CleanStream:
    """`clean_prose` of a text that arrives in pieces, wherever those begin and end."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """Return what of the text is new; the beginning of a command waits for its end."""
        whole = self._held + piece
        found = _UNFINISHED.search(whole)
        end = found.start() if found else len(whole)
        self._held = whole[end:]
        return clean_prose(f"{whole[:end]}…")[:-1]  # "…" so that a line keeps its end


def _plain(text: str) -> str:
    return "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter
        for letter in _ESCAPES.sub("", text)
        if letter not in _TURNING
    )


def beginning(description: str) -> str:
    """Return the sentence that it began with, in quotes, or what stands for it."""
    return f"“{clean(description)}”" if description.strip() else FROM_PICTURE


def label(field: str) -> str:
    """Return the name of a JSON pointer for people: "Backstory" for "/backstory"."""
    parts = [part for part in field.split("/") if part and not part.isdigit()]
    return clean(" ".join(parts).replace("_", " ")).capitalize() or "Text"


def duration(seconds: float) -> str:
    """Return a time that was measured: "4.2 s", "38 s", "2 min 5 s", "1 h 3 min"."""
    if seconds < 9.95:
        return f"{max(seconds, 0.0):.1f} s"
    return _whole(round(seconds))


def latency(seconds: float) -> str:
    """Return a time that may be short: "0.8 ms", "31 ms"; from a second on, a duration."""
    if seconds >= 0.9995:
        return duration(seconds)
    milliseconds = max(seconds, 0.0) * 1000
    return f"{milliseconds:.1f} ms" if milliseconds < 9.95 else f"{milliseconds:.0f} ms"


def about(seconds: float) -> str:
    """Return a time that is only expected: never with decimals."""
    return "about " + _whole(max(round(seconds), 1))


def _whole(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def percent(fraction: float) -> str:
    """Return a share; only the whole is 100 %."""
    return f"{int(min(max(fraction, 0.0), 1.0) * 100 + 1e-9)} %"


def count(number: int, things: str) -> str:
    """Return "1 layer", "3 layers"; `things` is the plural."""
    return f"{number:,} {things.removesuffix('s') if number == 1 else things}"


def to_do(what: str, command: str) -> str:
    """Return a command on a line of its own, which no edge breaks, under what it is for."""
    return f"\n  {what}:\n    {command}"


def joined(*parts: str) -> str:
    """Put parts of a line together; what is empty is left out."""
    return " · ".join(part for part in parts if part)
