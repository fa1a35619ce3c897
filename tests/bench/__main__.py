"""`python -m tests.bench [PART …]`: every part, or those named."""

import sys
from collections.abc import Callable
from pathlib import Path

import uvloop

from tests.bench import (
    comparison,
    compression,
    engines,
    estimates,
    floods,
    footprint,
    latency,
    lengths,
    page,
    returning,
    seeing,
    storage,
    sustained,
    thinking,
    voice,
    wakeups,
    watching,
)
from tests.bench.figures import Figure, show

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "footprint": footprint.measure,
    "page": lambda: uvloop.run(page.measure()),
    "storage": storage.measure,
    "latency": lambda: uvloop.run(latency.measure()),
    "thinking": lambda: uvloop.run(thinking.measure()),
    "floods": lambda: uvloop.run(floods.measure()),
    "seeing": lambda: uvloop.run(seeing.measure()),
    "comparison": lambda: uvloop.run(comparison.measure()),
    "compression": lambda: uvloop.run(compression.measure()),
    "sustained": lambda: uvloop.run(sustained.measure()),
    "watching": lambda: uvloop.run(watching.measure()),
    "wakeups": lambda: uvloop.run(wakeups.measure()),
    "returning": lambda: uvloop.run(returning.measure()),
    "estimates": estimates.measure,
    "lengths": lengths.measure,
    "voice": voice.measure,
    "engines": lambda: uvloop.run(engines.measure()),
}


def main() -> int:
    """Measures, shows, and fails where a figure misses its aim."""
    figures: list[Figure] = []
    for name in sys.argv[1:] or PARTS:
        figures += PARTS[name]()
    show(figures, Path(".cache/bench.json"))
    return int(any(figure.good is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
