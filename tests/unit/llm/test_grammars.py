"""GBNF: literals are escaped, and a grammar is given its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.llm.engines.llamacpp import grammars


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fox", '"fox"'),
        ('a "b"', '"a \\"b\\""'),
        ("a\\b", '"a\\\\b"'),
        ("a\nb\tc\rd", '"a\\nb\\tc\\rd"'),
        ('\\"', '"\\\\\\""'),
    ],
)
def test_literals_are_escaped(text: str, expected: str) -> None:
    """Quotes, backslashes and line ends cannot end a literal."""
    assert expected == grammars.literal(text)


@given(st.text())
def test_a_literal_means_its_text(text: str) -> None:
    """Undoing the escapes gives the text back, and no bare quote stands within."""
    inner = grammars.literal(text)[1:-1]
    undone, escape = [], False
    for character in inner:
        if escape:
            undone.append({"n": "\n", "r": "\r", "t": "\t"}.get(character, character))
            escape = False
        elif character == "\\":
            escape = True
        else:
            assert character != '"'
            undone.append(character)
    assert not escape
    assert text == "".join(undone)


def test_one_of_some_words() -> None:
    """The words follow a space, as words do in a line."""
    assert 'root ::= " " ("cat" | "red fox")' == grammars.one_of(["cat", "red fox"])


def test_a_grammar_is_made_to_end_the_line() -> None:
    """Its root becomes the value of a new one; what merely contains the word stays."""
    given_grammar = 'roots ::= "x"\nroot  ::= " " roots "root ::= y"'
    assert (
        'roots ::= "x"\nvalue ::= " " roots "root ::= y"\nroot ::= value "\\n"'
        == grammars.ending_the_line(given_grammar)
    )
