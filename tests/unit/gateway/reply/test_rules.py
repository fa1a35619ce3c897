"""What the words of a message tell without a model."""

import pytest
from hatchery.types.v1.thought_pb2 import Analysis
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.recipes.reply.actions import ACTIONS
from services.gateway.recipes.reply.rules import analysis_of, lasting, summary_of
from services.gateway.recipes.talk import Said


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I saw a heron today.", Analysis.INTENT_CHAT),
        ("How deep is the sea?", Analysis.INTENT_QUESTION),
        ("what is your name", Analysis.INTENT_QUESTION),
        ("You like tea, right? ", Analysis.INTENT_QUESTION),
        ("Tell me a story.", Analysis.INTENT_REQUEST),
        ("A story, please!", Analysis.INTENT_REQUEST),
        ("Ich mag Tee.", Analysis.INTENT_CHAT),
    ],
)
def test_the_intent_of_a_message(text: str, intent: Analysis.Intent.ValueType) -> None:
    """By how it begins and ends."""
    assert intent == analysis_of(text, ACTIONS).intent


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I like tides.", []),
        ("Please remember that I like tides.", ["remember"]),
        ("Don't forget the milk.", ["remember"]),
        ("Do you remember my sister?", ["recall"]),
        ("What is my name?", ["recall"]),
        ("I'll call you Bo.", ["change"]),
        ("From now on you are a cat.", ["change"]),
        ("Draw yourself!", ["portrait"]),
        ("I want a new portrait of you.", ["portrait"]),
        ("Draw a house.", []),
        ("Do you still remember that story?", ["recall"]),
        ("Can you remember that I like tea?", ["recall", "remember"]),
    ],
)
def test_the_actions_that_a_message_asks_for(text: str, wanted: list[str]) -> None:
    """By their cues; to answer is never among them."""
    assert wanted == list(analysis_of(text, ACTIONS).wanted)


def test_keywords_are_the_words_that_matter() -> None:
    """Each once, and twelve at most."""
    assert ["tides", "moon"] == list(
        analysis_of("The tides and the moon, tides!", ACTIONS).keywords
    )
    assert 12 == len(analysis_of(" ".join(f"word{n}" for n in range(40)), ACTIONS).keywords)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Nice weather.", []),
        ("My sister is called Ana. Nice weather.", ["My sister is called Ana."]),
        ("I love tides!\nBye.", ["I love tides!"]),
        ("I am allergic to nuts. Is my name Bo?", ["I am allergic to nuts."]),
        ("Call me   Jo.", ["Call me Jo."]),
        ("I like tea. I like tea.", ["I like tea."]),
        ("Please remember that I like tea. Remember: I like tea.", ["I like tea."]),
        ("Remember my sister Ana.", ["Remember my sister Ana."]),
        (f"I like {'x' * 400}.", []),
        (". ".join(f"I like {n}" for n in "abcdefg"), [f"I like {n}." for n in "abcd"]),
    ],
)
def test_what_lasts_is_kept_as_it_was_said(text: str, kept: list[str]) -> None:
    """Whole sentences of theirs, no questions, four at most."""
    assert kept == lasting(text)


def test_a_summary_goes_on_with_what_the_person_said() -> None:
    """A line for each of their messages, and none for a reply."""
    talk = [Said(1, True, "Hello\nthere"), Said(2, False, "Hi"), Said(3, True, "x" * 300)]
    lines = summary_of("- before", talk).splitlines()
    assert ["- before", "- Hello there", f"- {'x' * 119}…"] == lines


def test_a_summary_keeps_the_latest() -> None:
    """What has no room is what was said first; one line stays in any case."""
    talk = [Said(2 * n + 1, True, f"{n} {'x' * 100}") for n in range(60)]
    told = summary_of("", talk)
    assert len(told) <= 1500
    assert told.splitlines()[-1].startswith("- 59 ")
    assert "x" * 5000 == summary_of("x" * 5000, [])


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    """Nothing is raised, and nothing is made up."""
    analysis = analysis_of(text, ACTIONS)
    assert set(analysis.wanted) <= ACTIONS.keys() - {"answer"}
    assert all(sentence in " ".join(text.split()) for sentence in lasting(text))
    assert len(summary_of(text, [Said(1, True, text)])) <= max(1500, len(text)) + 121
