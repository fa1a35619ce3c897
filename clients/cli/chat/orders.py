"""What begins with a slash in a chat."""

from dataclasses import dataclass

HELP = {
    "/retry": "have the latest reply written again",
    "/memories [QUERY]": "what is remembered, and by a QUERY what fits it best",
    "/forget N": "forget the one that /memories shows as number N",
    "/summary [TEXT]": "what stands for what was said long ago; with a TEXT, put it right",
    "/new": "begin a new conversation",
    "/help": "this",
    "/quit": "leave, as Ctrl-D does",
}
_NAMES = tuple(shown.split()[0] for shown in HELP)


@dataclass(frozen=True)
class Order:
    """A slash-command, and what stands behind it; the name is empty for one that there is not."""

    name: str
    rest: str = ""


def read(line: str) -> Order | str:
    """Return the order that a line is, or else the message; "//" begins a message with a slash."""
    said = line.strip()
    if said.startswith("//"):
        return said[1:]
    if not said.startswith("/"):
        return said
    name, _, rest = said.partition(" ")
    return Order(name if name in _NAMES else "", rest.strip() if name in _NAMES else name)
