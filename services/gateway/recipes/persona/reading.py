"""Reads what a description says of a companion, with tables and no model. Pure."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.recipes.persona import english
from services.gateway.recipes.persona import words as known

_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z ,'-]*")
_SENTENCE_END = re.compile(r"[.!?;:](?:\s|$)|\s-\s|\n")
_ASKING = re.compile(
    r"^(?:please |can you |could you |i want |i'd like |i would like |give me |make me |make "
    r"|create |draw me |draw |design |hatch me |hatch |imagine |invent |generate |write "
    r"|my companion is |he is |she is |it is |it's |this is )+",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|the|one|my|our|some)\s+", re.IGNORECASE)
_EYES = re.compile(rf"\b({'|'.join(known.COLOURS)})(?:-coloured)? eyes\b")
_SHE = {"she", "her", "hers", "herself", "girl", "woman", "queen", "princess", "lady", "witch"}
_HE = {"he", "his", "him", "himself", "boy", "man", "king", "prince"}
# Longer ones do not make a sentence of ours any better.
_MOST_WORDS = 16
_MOST_IN_PHRASE = 6
# Shorter words end too many that mean something else.
_COMPOUND = 5


@dataclass(frozen=True)
class Reading:
    """What was understood. Empty where the description does not say."""

    # The creature, as in "water dragon", and what covers it, as in "scales".
    species: str
    covering: str
    # The whole noun phrase, as in "shy water dragon", and what follows, as in " who loves books".
    phrase: str
    clause: str
    words: Sequence[str]
    colours: Sequence[str]
    tints: Sequence[str]
    eyes: Sequence[str]
    outfits: Sequence[str]
    features: Sequence[str]
    she: bool


def read_description(description: str) -> Reading:
    """Understands what it can."""
    folded = " ".join(description.split()).casefold().replace("’", "'")
    words = list(dict.fromkeys(_words(folded)))
    first = _SENTENCE_END.split(description.strip().replace("’", "'"), maxsplit=1)[0].strip()
    phrase, clause = _parse(first)
    species, covering = _species(_words(phrase) or _head(_words(first)), _words(folded), folded)
    eyes = _EYES.findall(folded)
    luck = random.Random(description)  # noqa: S311 - the same description reads the same
    she = bool(_SHE & set(words)) or (not _HE & set(words) and luck.random() < 0.5)
    return Reading(
        species=species,
        covering=covering,
        phrase=phrase,
        clause=clause,
        words=words,
        colours=[w for w in words if w in known.COLOURS and w not in eyes],
        tints=next((known.TINTS[w] for w in words if w in known.TINTS), ()),
        eyes=eyes,
        outfits=[outfit for w in words for outfit in known.CALLINGS.get(w, ())],
        features=[feature for feature in map(_feature, words) if feature],
        she=she,
    )


def a(phrase: str) -> str:
    """The phrase with its indefinite article."""
    return f"{'an' if phrase[:1].lower() in 'aeiou' else 'a'} {phrase}"


def _words(text: str) -> Sequence[str]:
    return _WORD.findall(text.casefold())


def _parse(first: str) -> tuple[str, str]:
    """The noun phrase and the clause after it, when they can stand in a sentence of ours."""
    first = _ARTICLE.sub("", _ASKING.sub("", first)).strip()
    if _PLAIN.fullmatch(first) is None or english.NOT_ENGLISH & set(_words(first)):
        return "", ""
    # A capital at the beginning is that of a sentence.
    words = (first[:1].lower() + first[1:]).split()
    cut = next((i for i in range(1, len(words)) if _begins_clause(words, i)), len(words))
    nouns = [word for word in _words(" ".join(words[:cut])) if _noun(word)]
    several = any(word != _singular(word) for word in nouns)
    if not nouns or several or cut > _MOST_IN_PHRASE:
        return "", ""
    phrase, comma = words[cut - 1].rstrip(","), words[cut - 1].endswith(",")
    clause = (", " if comma else " ") + " ".join(words[cut:]).rstrip(",")
    useful = cut < len(words) <= _MOST_WORDS and words[cut] != "but"
    return " ".join([*words[: cut - 1], phrase]), clause if useful else ""


def _begins_clause(words: Sequence[str], index: int) -> bool:
    """Whether the word begins what follows a noun phrase."""
    word = words[index].casefold()
    after_noun = any(_noun(one) for one in _words(" ".join(words[:index])))
    going_on = word.endswith(("ing", "ed")) or words[index - 1].endswith(",")
    return word in english.HEAD_ENDS or (after_noun and going_on)


def _head(words: Sequence[str]) -> Sequence[str]:
    cut = next((i for i, w in enumerate(words) if w in english.HEAD_ENDS), len(words))
    return words[:cut]


def _species(head: Sequence[str], words: Sequence[str], text: str) -> tuple[str, str]:
    """The creature and its covering; a calling stands in where there is only that."""
    if (found := _creature(head, last=True)) or (found := _foreign(words, text)):
        return found, known.CREATURES[found.split()[-1]]
    callings = [index for index, word in enumerate(head) if _calling(word)]
    if callings and not set(words) & english.NOT_ENGLISH:
        index = callings[-1]
        before = [w for w in head[max(0, index - 1) : index] if w in known.CALLINGS]
        return " ".join([*before, head[index]]), "hair"
    found = _creature(words, last=False)
    return found, known.CREATURES[found.split()[-1]] if found else ""


def _creature(words: Sequence[str], *, last: bool) -> str:
    """The last or first creature among words, with the words before it that belong to it."""
    singular = [_singular(word) for word in words]
    found = [index for index, word in enumerate(singular) if word in known.CREATURES]
    if not found:
        return ""
    # A frog wizard is a frog: its calling is another matter.
    found = [i for i in found if singular[i] not in known.CALLINGS] or found
    index = found[-1 if last else 0]
    kinds: list[str] = []
    for word in reversed(words[max(0, index - 2) : index]):
        if word not in known.KINDS:
            break
        kinds.insert(0, word)
    return " ".join([*kinds, singular[index]])


def _foreign(words: Sequence[str], text: str) -> str:
    """The creature that the first word of another language, or an emoji, means."""
    # "chat" and "ours" are English words too.
    elsewhere = bool(set(words) & english.NOT_ENGLISH)
    found = [
        (text.index(word), -len(word), creature)
        for word, creature in known.FOREIGN.items()
        if word in text
        and (elsewhere or not word.isascii())
        # Some scripts, and emoji, put no space between words; some languages end longer words so.
        and (ord(word[0]) > 0x2E7F or re.search(rf"{_start(word)}{re.escape(word)}(?!\w)", text))
    ]
    return min(found)[2] if found else ""


def _start(word: str) -> str:
    return "" if len(word) >= _COMPOUND else r"(?<!\w)"


def _noun(word: str) -> bool:
    return _singular(word) in known.CREATURES or _calling(word)


def _calling(word: str) -> bool:
    if word in known.CALLINGS:
        return not word.endswith("ing") and word not in {"bakes", "cooks", "lighthouse"}
    is_agent = len(word) > 4 and word.endswith(english.AGENT_ENDINGS)
    return is_agent and word not in english.NO_AGENTS


def _singular(word: str) -> str:
    if word in known.CREATURES:
        return word
    for ending, instead in (("wolves", "wolf"), ("mice", "mouse"), ("ies", "y"), ("s", "")):
        singular = word.removesuffix(ending) + instead
        if word.endswith(ending) and singular in known.CREATURES:
            return singular
    return word


def _feature(word: str) -> str:
    forms = (word, word + "s", word.removesuffix("s"))
    return next((form for form in forms if form in known.FEATURES), "")
