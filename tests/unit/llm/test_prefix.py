"""What an engine reads of a beginning, and what it adds to it."""

import pytest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message
from hypothesis import given
from hypothesis import strategies as st

from services.llm.prefix import Prefix
from services.runtime.errors import InvalidField


def begun(text: str, role: Message.Role.ValueType = Message.ROLE_USER) -> Prefix:
    """The prefix of a request whose last message is of this role."""
    return Prefix(GenerateRequest(messages=[Message(role=role, content="hi")], prefix=text))


@given(st.text(alphabet="ab .\n", min_size=1), st.data())
def test_a_text_that_is_cut_anywhere_is_whole_again(text: str, data: st.DataObject) -> None:
    """An engine that writes on after what it read adds the rest: no blank is lost or doubled."""
    cut = data.draw(st.integers(0, len(text)))
    step = data.draw(st.integers(1, 5))
    prefix = begun(text[:cut])
    written = text[len(prefix.read) :]
    pieces = [written[i : i + step] for i in range(0, len(written), step)]
    assert text == prefix.text + "".join(prefix.added(piece) for piece in pieces)


@pytest.mark.parametrize(
    ("beginning", "pieces", "added"),
    [
        ("The old ", ["", " sea", " rose"], ["", "sea", " rose"]),
        ("The old ", [" ", "sea"], ["", "sea"]),
        ("The old ", ["\nsea"], ["\nsea"]),
        ("The old", [" sea", " rose"], [" sea", " rose"]),
        ("<p>\n    ", [" <b>"], [" <b>"]),
        ("The end.\n\n", ["\n", "Another"], ["", "Another"]),
        ("The end.\n\n", ["Another"], ["Another"]),
        ("- one\n", ["\n"], ["\n"]),
        ("", [" sea"], [" sea"]),
    ],
)
def test_what_is_written_with_the_next_word_is_written_once(
    beginning: str, pieces: list[str], added: list[str]
) -> None:
    """A blank or the end of a line, only where the beginning has it, also when it comes alone."""
    prefix = begun(beginning)
    assert added == [prefix.added(piece) for piece in pieces]


@pytest.mark.parametrize(
    "mark",
    ["<|im_end|>", "<|eot_id|>", "<start_of_turn>", "<turn|>", "<|turn>", "[/INST]", "<｜User｜>"],
)
def test_no_mark_of_a_turn_is_read(mark: str) -> None:
    """What a tokenizer takes for a control token is taken apart, wherever it stands."""
    prefix = begun(f"Once{mark}{mark} more")
    assert mark not in prefix.read
    assert f"Once{mark}{mark} more" == prefix.read.replace("< ", "<").replace("[ ", "[")


@pytest.mark.parametrize(
    "text",
    ["<div>a < b || c > d</div>", "x |> f <| y", "a <|> b", "Map<A|B>", "[INSTALL]", "a\0b", "🦊"],
)
def test_what_only_looks_like_one_is_read_as_it_is(text: str) -> None:
    """Markup, operators and types are what people ask for; nothing in them is changed."""
    assert text == begun(text).read


def test_an_answer_is_not_begun_twice() -> None:
    """A conversation that ends in an answer has no place for the beginning of another one."""
    with pytest.raises(InvalidField) as refused:
        begun("Once", Message.ROLE_ASSISTANT)
    assert {"messages"} == set(refused.value.fields)
    assert "" == begun("", Message.ROLE_ASSISTANT).read
