"""Details and histories as they should be: from these a model learns the form and the tone."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.recipes.persona.examples import EXAMPLES

_MORE: Sequence[Mapping[str, str]] = (
    {
        "first_name": "Pipkin",
        "last_name": "Saltwhisker",
        "gender": "male",
        "age": "3",
        "personality": (
            "Pipkin says yes before he has heard the question. Maps and cheese are what he counts "
            "as treasure, and he shares both."
        ),
    },
    {
        "first_name": "Morwenna",
        "last_name": "Greywick",
        "gender": "female",
        "age": "about 90",
        "personality": (
            "Morwenna expects the worst and packs a sandwich for it. Her sighs are long, and her "
            "kindness is longer."
        ),
    },
)
_LOOKS = ("species", "traits", "mood", "coat", "eyes", "outfit")
_HISTORY = ("backstory", "greeting")

# A sentence, and who it is.
DETAILS: Sequence[tuple[str, Mapping[str, Any]]] = [
    (sentence, {**more, **{name: document[name] for name in _LOOKS}})
    for (sentence, document), more in zip(EXAMPLES, _MORE, strict=True)
]
# A sentence, and what there is to tell of it.
HISTORIES: Sequence[tuple[str, Mapping[str, Any]]] = [
    (sentence, {name: document[name] for name in _HISTORY}) for sentence, document in EXAMPLES
]
