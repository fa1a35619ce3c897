"""What following a log needs to know of each event, read once however many follow."""

import functools

from hatchery.progress.v1.progress_pb2 import Progress

from services.runtime.folding import TERMINAL


@functools.lru_cache(maxsize=1024)  # many watchers are handed the same event
def stamp(event: bytes) -> tuple[bool, float]:
    """Whether an event ends its log, and when it happened, in seconds since 1970.

    What has no number happened never: no log tells of it.
    """
    progress = Progress.FromString(event)
    if not progress.sequence:
        return False, float("-inf")
    at = progress.emit_time
    return progress.WhichOneof("event") in TERMINAL, at.seconds + at.nanos / 1e9
