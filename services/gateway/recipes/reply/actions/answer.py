"""To answer: the reply itself. The step `execution` writes it, with what the others found."""

from services.gateway.recipes.reply.action import Action, Doing, Done


async def _do(_: Doing) -> Done:
    return Done("answered")


ACTION = Action(
    called_for="always: every message is answered",
    do=_do,
    arguments={},
    harmless=True,
    answers=True,
)
