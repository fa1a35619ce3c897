"""What a server says while a companion thinks and answers, a tenth of a second apart."""

from collections.abc import Sequence

from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import ActionProgress, Progress, StepCompleted
from hatchery.types.v1 import thought_pb2 as thought
from hatchery.types.v1.usage_pb2 import Usage

from services.runtime.errors import HatcheryError, ModelTooSmall
from services.runtime.status import to_status
from tests.unit.cli import events as e

CONVERSATION = "conversations/4b0f2c1e-8e0c-4a8e-9d3e-0123456789ab"
MESSAGE, REPLY = f"{CONVERSATION}/messages/1", f"{CONVERSATION}/messages/2"
PORTRAIT = "generations/5b0f2c1e-8e0c-4a8e-9d3e-0123456789ab"
TITLES = {
    "start": "Taking your message in",
    "context": "Remembering what was said",
    "analyzing": "Understanding what you want",
    "planning": "Planning",
    "validation": "Looking the plan over",
    "execution": "Answering",
    "memory": "Keeping what matters",
    "completion": "Done",
}
SAID = ("Tea, ", "gladly. ", "I will\n", "remember ", "it.")


def begins(step: str, attempt: int = 1, *, continues: bool = False) -> Progress:
    """A step begins."""
    place = list(TITLES).index(step) + 1
    begun = pb.StepStarted(title=TITLES[step], index=place, total=8, continues=continues)
    return Progress(step=step, attempt=attempt, step_started=begun)


def ends(step: str, done: StepCompleted | None = None, attempt: int = 1) -> Progress:
    """A step ends, with what came of it."""
    return Progress(step=step, attempt=attempt, step_completed=done or StepCompleted())


def starts() -> Progress:
    """It begins, with the plan of all that it does."""
    steps = [pb.PlannedStep(step=step, title=title) for step, title in TITLES.items()]
    return Progress(started=pb.Started(steps=steps))


def says(piece: str, attempt: int = 1) -> Progress:
    """A piece of the reply."""
    return Progress(step="execution", attempt=attempt, text_delta=pb.TextDelta(text=piece))


def acts(
    action: str, details: str = "", *, index: int = 1, resource: str = "",
    error: HatcheryError | None = None,
) -> Progress:  # fmt: skip
    """An action begins, or ends where there are details or an error."""
    told = thought.ActionResult(action=action, details=details, resource=resource)
    state = ActionProgress.STATE_COMPLETED if details else ActionProgress.STATE_RUNNING
    if error is not None:
        told.error.CopyFrom(to_status(error))
        state = ActionProgress.STATE_FAILED
    progress = ActionProgress(index=index, total=2, state=state, action=told)
    return Progress(step="execution", attempt=1, action_progress=progress)


def too_small(substitute: str, details: str = "") -> StepCompleted:
    """What stands in where a model cannot plan."""
    error = to_status(ModelTooSmall("too small: it answers plainly", metadata={"model": "smollm2"}))
    return StepCompleted(fallback=pb.Fallback(substitute=substitute, error=error), details=details)


def understood() -> list[Progress]:
    """It reads what there is, and what is wanted of it."""
    memories = [thought.MemoryRef(memory="memories/1", text="likes tea", relevance=0.8)]
    context = thought.ContextReading(messages=3, memories=memories)
    analysis = thought.Analysis(
        intent=thought.Analysis.INTENT_REQUEST, request="have the tea remembered",
        wanted=["remember"],
    )  # fmt: skip
    return [
        begins("start"), ends("start", StepCompleted(resource=MESSAGE)),
        begins("context"),
        ends("context", StepCompleted(context_reading=context, details="1 memory matters")),
        begins("analyzing"), ends("analyzing", StepCompleted(analysis=analysis)),
    ]  # fmt: skip


def planned() -> list[Progress]:
    """It plans, and leaves out what nobody asked for."""
    remember = thought.PlannedAction(action="remember", arguments={"text": "likes tea"})
    portrait = thought.PlannedAction(action="portrait")
    answer = thought.PlannedAction(action="answer")
    review = thought.PlanReview()
    for action in (remember, portrait, answer):
        review.actions.add(planned=action, verdict=thought.ReviewedAction.VERDICT_ACCEPTED)
    review.actions[1].verdict = thought.ReviewedAction.VERDICT_NOT_WANTED
    plan = thought.Plan(actions=[remember, portrait, answer])
    return [
        begins("planning"), ends("planning", StepCompleted(plan=plan)),
        begins("validation"), ends("validation", StepCompleted(plan_review=review)),
    ]  # fmt: skip


def replied(said: Sequence[str] = SAID) -> StepCompleted:
    """The reply is whole."""
    usage = Usage(engine="ollama", model="gemma3", output_tokens=len(said))
    usage.generate_duration.CopyFrom(e.seconds(0.5))
    return StepCompleted(reply=thought.Reply(text="".join(said)), usage=usage)


def kept(*texts: str) -> StepCompleted:
    """What is new is kept."""
    return StepCompleted(
        memory_update=thought.MemoryUpdate(memories=[thought.MemoryRef(text=t) for t in texts])
    )


def done() -> Progress:
    """The good end."""
    return Progress(completed=pb.Completed(resource=REPLY), fraction=1.0)


def talking() -> list[Progress]:
    """A whole story, of a model that plans."""
    return e.numbered(
        e.queued(), starts(), *understood(), *planned(), begins("execution"),
        acts("remember"), acts("remember", "remembered: likes tea"),
        *(says(piece) for piece in SAID), acts("answer", "answered", index=2),
        ends("execution", replied()), begins("memory"), ends("memory", kept("is at home")),
        begins("completion"), ends("completion"), done(),
    )  # fmt: skip


def plainly() -> list[Progress]:
    """A whole story, of a model that is too small to plan."""
    return e.numbered(
        e.queued(), starts(), *understood()[:4], begins("analyzing"),
        ends("analyzing", too_small("rules")), begins("planning"),
        ends("planning", too_small("plain answer")), begins("validation"), ends("validation"),
        begins("execution"), *(says(piece) for piece in SAID), ends("execution", replied()),
        begins("memory"), ends("memory", too_small("rules")), begins("completion"),
        ends("completion"), done(),
    )  # fmt: skip
