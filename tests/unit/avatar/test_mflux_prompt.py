"""The prompt that an image model is given."""

import pytest

from services.avatar.engines.mflux.prompt import FRAMING, STYLE, image_prompt
from services.avatar.port import Appearance, PortraitRequest

DRAGON = Appearance(
    species="water dragon",
    coat="sea-green scales",
    eyes="amber eyes",
    outfit="a red scarf",
    mood="shy",
    colors=("green", "red"),
    features=("wings", " "),
)


@pytest.mark.parametrize(
    ("words", "look", "expected"),
    [
        ("loves books", Appearance(), "loves books."),
        ("Loves books!", Appearance(species="hen"), "Portrait of a hen. Loves books!"),
        (
            "loves\n  books",
            DRAGON,
            "Portrait of a shy water dragon, with sea-green scales, amber eyes, wings, wearing a "
            "red scarf, in the colours green, red. loves books.",
        ),
    ],
)
def test_the_subject_comes_first_and_the_style_last(
    words: str, look: Appearance, expected: str
) -> None:
    """Species and looks open the prompt, then what was said; what is empty leaves no trace."""
    drawn = f"{FRAMING}, {STYLE}, no text."
    assert f"{expected} {drawn}" == image_prompt(PortraitRequest(words, look))


def test_a_long_description_leaves_room_for_the_style() -> None:
    """What a text encoder would cut off is the end of the description, never the style."""
    prompt = image_prompt(PortraitRequest("word " * 2000))
    assert prompt.endswith(f"{STYLE}, no text.")
    assert len(prompt) < 1500


def test_a_style_that_is_asked_for_takes_the_place_of_the_usual_one() -> None:
    """The framing stays: it is a portrait, whatever a picture was that gave the style."""
    prompt = image_prompt(PortraitRequest("a hen", style=" loose\nwatercolour. "))
    assert f"a hen. {FRAMING}, loose watercolour, no text." == prompt
