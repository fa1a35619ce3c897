"""A story as a terminal tells it: what happens now, and what went otherwise than planned."""

from clients.cli.sentences import of_status
from clients.cli.show import telling
from clients.cli.story import Phase, Story
from clients.cli.wording import clean


class Told:
    """A story with its title, and whether its connection is lost."""

    def __init__(self, title: str) -> None:
        self.story = Story()
        self.title = clean(title)
        self.lost = False

    def doing(self, now: float) -> str:
        """Return what happens now."""
        story = self.story
        if self.lost:
            return "The connection was lost; the work goes on. Connecting again …"
        queued = story.queued if story.waits(now) else None
        if queued is not None and (queued.position or story.current is None):
            return telling.queue(queued)
        if story.phase is Phase.PAUSED:
            return telling.paused(story.generation)
        if story.current is not None:
            return telling.heading(story.current)
        match story.phase:
            case Phase.COMPLETED:
                return "Done"
            case Phase.CANCELLED:
                return "Cancelled"
            case Phase.FAILED if story.error is not None:
                return f"Failed: {of_status(story.error)}"
        return "About to begin"

    def notes(self) -> list[str]:
        """Return what went otherwise than planned."""
        notes = ["Another replica goes on with it"] if self.story.recoveries else []
        for step in self.story.steps.values():
            if step.retrying is not None:
                notes.append(telling.retrying(step.retrying))
            if step.result is not None and step.result.HasField("fallback"):
                notes.append(telling.fallback(step.result.fallback))
        return notes
