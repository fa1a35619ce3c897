"""Which of many texts fit a message."""

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.recipes.reply.relevance import ranked, significant

TEXTS = ["They like tides and tea.", "They like tea.", "Their sister is called Ana.", "Tea. Tea."]


def best(query: str) -> list[str]:
    """The texts that fit, the best first."""
    return [text for text, _ in ranked(query, TEXTS, key=str)]


def test_the_words_that_say_what_a_text_is_about() -> None:
    """In lower case, each once, without those that say nothing."""
    assert ["tides", "moon", "2"] == significant("The TIDES, and of the moon: tides, 2!")
    assert ["grösse", "森"] == significant("Größe 森 GRÖSSE")
    assert [] == significant("What is it that you have?")


def test_rare_words_count_for_more() -> None:
    """What shares one of them stands before what shares a common one."""
    assert "They like tides and tea." == best("tea and tides")[0]
    assert ["Their sister is called Ana."] == best("How is my sister?")
    assert [] == best("What about the weather?")
    assert [] == best("what is it?")
    assert [] == ranked("tea", [], key=str)


def test_endings_do_not_matter_much() -> None:
    """As far as the beginning of a word tells."""
    assert ["Their sister is called Ana."] == best("sisters")


def test_scores_say_how_well_it_fits() -> None:
    """A whole fit is 1, also among many; a word that nobody knows takes from it."""
    assert [1.0] == [score for _, score in ranked("sister Ana", TEXTS, key=str)]
    assert all(score < 1 for _, score in ranked("sister Bob", TEXTS, key=str))


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=8))
def test_whatever_is_compared(query: str, texts: list[str]) -> None:
    """Scores lie in 0 to 1, fall, and belong to texts that share something."""
    found = ranked(query, texts, key=str)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 + 1e-9 for score in scores)
    assert all(text in texts for text, _ in found)
