"""To have a new portrait drawn: a generation of its own."""

import re
from collections.abc import Mapping

from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.recipes.reply.action import Action, Doing, Done

_MOST = 300


async def _do(doing: Doing) -> Done:
    generation = await doing.talk.redraw(doing.arguments.get("style", "").strip())
    return Done(
        "a new portrait is being drawn",
        told="A new portrait of you is being drawn just now; they will see it in a moment.",
        resource=generation,
    )


def _problem(arguments: Mapping[str, str], _: Persona) -> str:
    too_long = len(arguments.get("style", "")) > _MOST
    return f"style is longer than {_MOST} characters" if too_long else ""


ACTION = Action(
    called_for="they ask for a new picture or portrait of you",
    do=_do,
    arguments={"style": "how it should look, in a few words, or nothing"},
    problem=_problem,
    cue=re.compile(
        r"\b(draw|paint|sketch) (yourself|a (new )?(picture|portrait) of you)\b"
        r"|\bnew (portrait|picture)( of you)?\b",
        re.IGNORECASE,
    ),
)
