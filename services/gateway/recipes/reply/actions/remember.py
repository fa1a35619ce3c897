"""To remember: something that the person wants kept."""

import re

from services.gateway.names import memory_name
from services.gateway.recipes.effects import StoreMemory
from services.gateway.recipes.reply.action import Action, Doing, Done, needs

MOST = 500


async def _do(doing: Doing) -> Done:
    effect = StoreMemory.of(doing.agent, doing.arguments["text"])
    return Done(
        f"remembered: {effect.text}",
        told=f"You will remember from now on: {effect.text}",
        resource=memory_name(effect.id),
        effects=[effect],
    )


ACTION = Action(
    called_for="they ask you to remember or not to forget something",
    do=_do,
    arguments={"text": "what to remember, in one sentence about them"},
    problem=needs("text", MOST),
    cue=re.compile(
        # Whether something is remembered is a question, and asks for nothing to be kept.
        r"(?<!do you )(?<!did you )(?<!don't you )(?<!still )"
        r"\b(remember|keep in mind|note) (that|this|my)\b|\bdon't forget\b",
        re.IGNORECASE,
    ),
)
