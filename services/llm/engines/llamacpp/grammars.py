"""GBNF grammars for the values of a document. Pure."""

import re
from collections.abc import Sequence

INTEGER = 'root ::= " " "-"? ("0" | [1-9] [0-9]{0,14})'
NUMBER = 'root ::= " " "-"? ("0" | [1-9] [0-9]{0,14}) ("." [0-9]{1,9})?'
BOOLEAN = 'root ::= " " ("yes" | "no")'

_ROOT = re.compile(r"^root\s*::=", re.MULTILINE)


def literal(text: str) -> str:
    """A text as a GBNF literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def one_of(words: Sequence[str]) -> str:
    """A grammar for one of some words, after a space."""
    return f'root ::= " " ({" | ".join(literal(word) for word in words)})'


def ending_the_line(grammar: str) -> str:
    """The grammar, with the end of the line behind it, where a model is used to stop."""
    return _ROOT.sub("value ::=", grammar, count=1) + '\nroot ::= value "\\n"'
