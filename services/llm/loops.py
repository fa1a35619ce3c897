"""Notices that a model repeats itself without end. Pure."""

_TAIL = 900
_REPEATED = 240
_TIMES = 4
_EVERY = 40


class LoopWatch:
    """Reads a text as it grows, after what stands `before` it."""

    def __init__(self, before: str = "") -> None:
        self._tail = before[-_TAIL:]
        self._unseen = 0

    def feed(self, text: str) -> bool:
        """True when the text now ends in a run that repeats one and the same stretch."""
        self._tail = (self._tail + text)[-_TAIL:]
        self._unseen += len(text)
        if self._unseen < _EVERY:
            return False
        self._unseen = 0
        return ends_in_a_loop(self._tail)


def ends_in_a_loop(text: str) -> bool:
    """True when at least 240 characters at the end are four or more times the same stretch."""
    backwards = text[::-1]
    run = _matches_of_prefix(backwards)
    return any(
        run[period] + period >= max(_REPEATED, _TIMES * period)
        for period in range(1, len(backwards) // _TIMES + 1)
    )


def _matches_of_prefix(text: str) -> list[int]:
    """The Z function: how many characters from each place on equal the beginning of the text."""
    length = len(text)
    z = [length, *[0] * max(0, length - 1)]
    left = right = 0
    for i in range(1, length):
        if i < right:
            z[i] = min(right - i, z[i - left])
        while i + z[i] < length and text[z[i]] == text[i + z[i]]:
            z[i] += 1
        if i + z[i] > right:
            left, right = i, i + z[i]
    return z[:length]
