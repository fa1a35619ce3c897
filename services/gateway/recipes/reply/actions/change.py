"""To change a field of its own sheet, when the person asks for that."""

import re
from collections.abc import Mapping

from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.recipes.effects import ChangeSheet
from services.gateway.recipes.reply.action import Action, Doing, Done
from services.gateway.recipes.reply.sheet import FIELDS, changed


def _problem(arguments: Mapping[str, str], persona: Persona) -> str:
    field, value = arguments.get("field", ""), arguments.get("value", "")
    if field not in FIELDS:
        return f"its sheet has no field “{field[:40]}” that can be changed"
    if not value.strip():
        return "it does not say what to change it to"
    try:
        changed(persona, field, value)
    except ValueError as error:
        return f"{field}: {error}"
    return ""


async def _do(doing: Doing) -> Done:
    field, value = doing.arguments["field"], doing.arguments["value"]
    return Done(
        f"changed its {field}: {value}",
        told=f"You have just changed your {field}. From now on it is: {value}",
        effects=[ChangeSheet(field, value)],
    )


ACTION = Action(
    called_for="they ask you to change what you are called, or another part of who you are",
    do=_do,
    arguments={
        "field": f"the field of your sheet to change: {', '.join(FIELDS)}",
        "value": "what it is from now on",
    },
    problem=_problem,
    cue=re.compile(
        r"\b(i(?:'ll| will)? call you|your name is now|change your"
        r"|from now on,? you(?:'re| are))\b",
        re.IGNORECASE,
    ),
)
