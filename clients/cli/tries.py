"""The free text of each try of a generation, also of those that are void."""

from hatchery.gateway.v1.generation_service_pb2 import Generation, WatchGenerationRequest
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.problems import Problem
from clients.cli.server import DEADLINE, Server


class Tries:
    """What was written, by step and attempt."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, int], str] = {}

    def hear(self, event: Progress) -> None:
        """Take the next event in."""
        key = event.step, event.attempt
        if event.HasField("step_started") and not event.step_started.continues:
            self._texts[key] = ""
        elif event.HasField("text_delta") and not event.text_delta.field:
            self._texts[key] = self._texts.get(key, "") + event.text_delta.text

    @property
    def texts(self) -> dict[int, str]:
        """The texts of the latest step that wrote any, by attempt."""
        written = {key: text for key, text in self._texts.items() if text}
        if not written:
            return {}
        latest, _ = list(written)[-1]
        return {attempt: text for (step, attempt), text in written.items() if step == latest}


def earlier(server: Server, found: Generation) -> dict[int, str]:
    """Return what void tries of one that failed wrote, as far as its log is kept."""
    again = any(step.attempt > 1 for step in found.steps)
    if found.state != Generation.STATE_FAILED or not again:
        return {}
    tries = Tries()
    request = WatchGenerationRequest(name=found.name)
    try:
        with server.refusals_explained():
            for event in server.generations.WatchGeneration(
                request, metadata=server.metadata, timeout=DEADLINE
            ):
                tries.hear(event)
    except Problem:
        return {}
    *before, _ = [*tries.texts.items()] or [(0, "")]
    return dict(before)
