"""The recipe of a reply: a companion thinks before it answers."""

from math import log

from hatchery.gateway.v1.conversation_service_pb2 import SendMessageRequest
from hatchery.types.v1.model_pb2 import Model

from services.gateway.names import conversation_name
from services.gateway.recipes.recipe import Most, Recipe, Step, Text
from services.gateway.recipes.reply.analyzing import analyze, by_rules
from services.gateway.recipes.reply.context import gather, start
from services.gateway.recipes.reply.executing import LONGEST, execute
from services.gateway.recipes.reply.keeping import complete, keep, nothing_more
from services.gateway.recipes.reply.planning import plain_answer, plan, review
from services.gateway.recipes.reply.thinking import most_of
from services.gateway.reducer.length import Prior

# A reply has about so many tokens, the more the longer the message is.
_LENGTH = Prior((log(60.0), 0.2), 0.6)
_USUAL_MESSAGE = 60.0


def _features(request: SendMessageRequest) -> tuple[float, float]:
    """One, and the logarithm of the message's length."""
    return 1.0, log(max(len(request.text), 1) / _USUAL_MESSAGE)


def _by_rules_alone(model: Model) -> bool:
    """Whether the step asks nothing of the model, since that cannot think."""
    return not model.documents


def _reply_most(request: SendMessageRequest) -> Most:
    return Most(read=most_of(request).read, written=LONGEST)


SEND_MESSAGE = Recipe(
    "send_message",
    SendMessageRequest,
    [
        Step("start", "Taking your message in", start, expected=0.02),
        Step("context", "Remembering what was said", gather, expected=0.05),
        Step(
            "analyzing",
            "Understanding what you want",
            analyze,
            expected=0.5,
            engine="llm",
            attempts=2,
            model=lambda request: request.model,
            spares=_by_rules_alone,
            fallback=by_rules,
            most=most_of,
        ),
        Step(
            "planning",
            "Planning",
            plan,
            expected=0.3,
            engine="llm",
            attempts=2,
            model=lambda request: request.model,
            spares=_by_rules_alone,
            fallback=plain_answer,
            most=most_of,
        ),
        Step("validation", "Looking the plan over", review, expected=0.02),
        Step(
            "execution",
            "Answering",
            execute,
            expected=3.0,
            engine="llm",
            model=lambda request: request.model,
            size=lambda _: "reply",
            most=_reply_most,
            text=Text(_features, _LENGTH, lambda _: LONGEST),
        ),
        Step(
            "memory",
            "Keeping what matters",
            keep,
            expected=0.3,
            engine="llm",
            attempts=2,
            model=lambda request: request.model,
            spares=_by_rules_alone,
            fallback=nothing_more,
            most=most_of,
        ),
        Step("completion", "Done", complete, expected=0.02),
    ],
    named=conversation_name,
)
