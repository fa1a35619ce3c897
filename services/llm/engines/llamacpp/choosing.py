"""Words to choose from, and those of them that stand in a text. Pure."""

import re
from collections.abc import Sequence


def standing_in(text: str, choices: Sequence[str]) -> list[str]:
    """The choices that stand in a text as whole words, in their order there; the longest wins."""
    found: list[tuple[int, int, str]] = []
    folded = text.casefold()
    for choice in choices:
        # "books" has "book" in it, as people mean it.
        match = re.search(rf"(?<!\w){re.escape(choice.casefold())}(?:s|es)?(?!\w)", folded)
        if match is not None:
            found.append((match.start(), match.end(), choice))
    outermost = [
        one
        for one in found
        if not any(
            other[0] <= one[0] and one[1] <= other[1] and len(other[2]) > len(one[2])
            for other in found
        )
    ]
    return [choice for _, _, choice in sorted(outermost)]
