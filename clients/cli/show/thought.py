"""What a companion thought before it answered, and what it did, in words."""

from collections.abc import Iterable

from hatchery.progress.v1.progress_pb2 import ActionProgress, StepCompleted
from hatchery.types.v1 import thought_pb2 as pb

from clients.cli.sentences import of_status
from clients.cli.show.documents import as_json
from clients.cli.wording import clean, count, joined

ANSWER = "answer"  # the action that is the reply itself

_DOING = {
    ANSWER: "answering",
    "recall": "looking for what was said",
    "remember": "remembering",
    "change": "changing its own sheet",
    "portrait": "beginning a new portrait",
}
_VERDICTS = {
    pb.ReviewedAction.VERDICT_UNKNOWN: "there is no such action",
    pb.ReviewedAction.VERDICT_NOT_ALLOWED: "it is not allowed here",
    pb.ReviewedAction.VERDICT_NOT_WANTED: "the message does not ask for it",
    pb.ReviewedAction.VERDICT_NOT_FEASIBLE: "it cannot be done",
}


def output(told: StepCompleted) -> str:
    """Return what came of a step of thinking, or the document of a recipe's; nothing for others.

    What its details say already is left out.
    """
    match told.WhichOneof("output"):
        case "context_reading" if told.context_reading.memories:
            return f"remembers: {_texts(told.context_reading.memories)}"
        case "analysis" if not told.details:
            return analysis(told.analysis)
        case "plan":
            return plan(told.plan)
        case "plan_review":
            return "; ".join(refused(told.plan_review))
        case "memory_update":
            return kept(told.memory_update)
        case "document":
            return as_json(told.document)
    return ""


def analysis(told: pb.Analysis) -> str:
    """Return what it takes a message to mean."""
    return joined(
        f"wanted: {clean(told.request)}" if told.request.strip() else "",
        f"asks it to: {', '.join(map(clean, told.wanted))}" if told.wanted else "",
    )


def plan(told: pb.Plan) -> str:
    """Return what it is going to do besides an answer, and with what."""
    said = [_planned(action) for action in told.actions if action.action != ANSWER]
    return f"plan: {', '.join(said)}" if said else ""


def kept(told: pb.MemoryUpdate) -> str:
    """Return what was kept of an exchange."""
    summed_up = f"the summary stands for {count(told.summarized_messages, 'messages')} more"
    return joined(
        f"kept: {_texts(told.memories)}" if told.memories else "",
        summed_up if told.summarized_messages else "",
    )


def refused(told: pb.PlanReview) -> list[str]:
    """Return what was planned and is not done, and why."""
    return [
        f"left out: {_refused(action)}"
        for action in told.actions
        if action.verdict != pb.ReviewedAction.VERDICT_ACCEPTED
    ]


def action(told: ActionProgress) -> str:
    """Return what it does or did; nothing for the answer, which is the reply itself."""
    if _is_reply(told.action):
        return ""
    if told.state == ActionProgress.STATE_RUNNING:
        name = told.action.action
        return f"{_DOING.get(name) or clean(name)} …"
    return _done(told.action)


def follow_up(told: ActionProgress) -> str:
    """Return the command that follows what an action began; nothing where it began nothing."""
    name = clean(told.action.resource)
    is_going = told.state == ActionProgress.STATE_COMPLETED and name.startswith("generations/")
    return f"hatchery watch {name.removeprefix('generations/')}" if is_going else ""


def _done(told: pb.ActionResult) -> str:
    name = clean(told.action)
    if told.HasField("error"):
        return f"{name}: it could not: {of_status(told.error)}"
    return clean(told.details) or f"{name}: done"


def _is_reply(told: pb.ActionResult) -> bool:
    return told.action == ANSWER


def _planned(told: pb.PlannedAction) -> str:
    given = ", ".join(f"{clean(name)}: {clean(told.arguments[name])}"
                      for name in sorted(told.arguments))  # fmt: skip
    return clean(told.action) + (f" ({given})" if given else "")


def _refused(told: pb.ReviewedAction) -> str:
    why = clean(told.reason) or _VERDICTS.get(told.verdict, "")
    return f"{clean(told.planned.action)}: {why}"


def _texts(memories: Iterable[pb.MemoryRef]) -> str:
    return "; ".join(clean(memory.text) for memory in memories)
