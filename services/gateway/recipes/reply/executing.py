"""The step `execution`: takes the actions that passed, and has the reply written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from hatchery.progress.v1.progress_pb2 import ActionProgress, Fallback, Progress, StepCompleted
from hatchery.types.v1.thought_pb2 import ActionResult, PlannedAction, Reply, ReviewedAction

from services.gateway.recipes.effects import Effect, StoreReply
from services.gateway.recipes.recipe import StepContext, StepResult
from services.gateway.recipes.reply.action import Doing, Done
from services.gateway.recipes.reply.actions import ACTIONS
from services.gateway.recipes.reply.asking import reply_request
from services.gateway.recipes.reply.thinking import asked, too_small
from services.gateway.recipes.talk import Exchange
from services.gateway.recipes.writing import NOTHING, Writing
from services.runtime.errors import HatcheryError, OutputCutOff, OutputInvalid
from services.runtime.status import to_status

# The longest reply, in tokens: of any model, and of a small one.
LONGEST, _LONGEST_SMALL = 700, 120
# A small model has said what it has to say after so many sentences.
_SENTENCES = 2
_SENTENCE_ENDS = re.compile(r"[.!?…]+[\"'”’)*]*(?=\s)")


class _Enough(Exception):
    """The reply is long enough."""


@dataclass(slots=True)
class _Taken:
    """What the actions came to."""

    results: list[ActionResult] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)


async def execute(context: StepContext) -> StepResult:
    """The step: acts, then answers."""
    exchange = await context.talk.exchange()
    reviewed = context.results["validation"].plan_review.actions
    planned = [one.planned for one in reviewed if one.verdict == ReviewedAction.VERDICT_ACCEPTED]
    taken = _Taken()
    for index, one in enumerate(planned, 1):
        if not ACTIONS[one.action].answers:
            await _take(context, exchange, one, taken, (index, len(planned)))
    answer, place = ActionResult(action="answer"), (len(planned), len(planned))
    _tell(context, answer, ActionProgress.STATE_RUNNING, place)
    completed = await _written(context, exchange, taken.told)
    _tell(context, answer, ActionProgress.STATE_COMPLETED, place)
    text = completed.text.strip().replace("\0", "\ufffd")
    reply = Reply(text=text, actions=taken.results)
    fallback = _fallback(context, completed)
    return StepResult(
        StepCompleted(
            reply=reply,
            usage=completed.usage if completed.HasField("usage") else None,
            fallback=fallback,
            details="; ".join(result.details for result in taken.results),
        ),
        [StoreReply(reply, fallback), *taken.effects],
    )


async def _take(
    context: StepContext,
    exchange: Exchange,
    planned: PlannedAction,
    taken: _Taken,
    place: tuple[int, int],
) -> None:
    """Takes one action. One that fails is told, and the companion answers all the same."""
    result = ActionResult(action=planned.action)
    _tell(context, result, ActionProgress.STATE_RUNNING, place)
    doing = Doing(
        dict(planned.arguments),
        asked(context).text,
        exchange.agent,
        exchange.persona,
        context.talk,
        context.work,
    )
    try:
        done = await ACTIONS[planned.action].do(doing)
    except HatcheryError as error:
        result.error.CopyFrom(to_status(error))
        result.details = error.message
        done = Done(error.message, told=f"You tried to {planned.action}, and it did not work.")
        state = ActionProgress.STATE_FAILED
    else:
        result.details, result.resource = done.details, done.resource
        state = ActionProgress.STATE_COMPLETED
    taken.results.append(result)
    taken.effects += done.effects
    if done.told:
        taken.told.append(done.told)
    _tell(context, result, state, place)


async def _written(context: StepContext, exchange: Exchange, told: Sequence[str]) -> StepCompleted:
    """The reply, going on with what stands there already. Raises OutputInvalid."""
    request, small = asked(context), too_small(context) is not None
    reading = context.results["context"].context_reading
    writing = Writing(context.emit, context.kept or NOTHING)
    wanted = reply_request(exchange, reading, told, request.text, small=small)
    wanted.model, wanted.prefix = request.model, writing.kept.text
    most = _LONGEST_SMALL if small else LONGEST
    wanted.sampling.max_tokens = max(most - writing.kept.tokens, 1)
    if (seed := context.seed) is not None:
        wanted.seed = seed

    def hear(event: Progress) -> None:
        writing.hear(event)
        if small and event.HasField("text_delta") and _is_enough(writing.text):
            raise _Enough

    try:
        completed = writing.whole(await context.texts.write(wanted, hear, context.timeout))
    except _Enough:
        completed = StepCompleted(text=writing.text, usage=writing.usage(context.model))
    except OutputCutOff as error:
        completed = writing.cut_off(context.model, error)
        if small and (whole := _whole_sentences(completed.text)):
            completed.text = whole
    if not completed.text.strip():
        raise OutputInvalid("the model said nothing: try again, or with another model")
    return completed


def _fallback(context: StepContext, completed: StepCompleted) -> Fallback | None:
    """What the reply is a substitute for: its own end, or an answer that was planned."""
    if completed.HasField("fallback"):
        return completed.fallback
    planning = context.results["planning"]
    return planning.fallback if planning.HasField("fallback") else None


def _tell(
    context: StepContext,
    result: ActionResult,
    state: ActionProgress.State.ValueType,
    place: tuple[int, int],
) -> None:
    told = ActionProgress(index=place[0], total=place[1], state=state, action=result)
    context.emit(Progress(action_progress=told))


def _is_enough(text: str) -> bool:
    return len(_SENTENCE_ENDS.findall(f"{text} ")) >= _SENTENCES


def _whole_sentences(text: str) -> str:
    """The text up to its last whole sentence; nothing where there is none."""
    ends = [found.end() for found in _SENTENCE_ENDS.finditer(f"{text} ")]
    return text[: ends[-1]] if ends else ""
