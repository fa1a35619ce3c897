"""To recall: memories and what was said in other conversations, searched for."""

import re

from services.gateway.recipes.reply.action import Action, Doing, Done, needs
from services.gateway.recipes.reply.relevance import ranked

_MOST = 6


async def _do(doing: Doing) -> Done:
    query = doing.arguments["query"]
    remembered = [memory.text for memory in await doing.talk.memories()]
    said = [
        f"{'They' if one.by_person else 'You'} said: {one.text}"
        for one in await doing.talk.elsewhere()
    ]
    texts = [*remembered, *said]
    scored = await doing.work(lambda: ranked(query, texts, key=lambda text: text))
    found = [text for text, _ in scored]
    if not found:
        return Done("found nothing", told=f"You searched your memory for “{query}”: nothing.")
    told = "\n".join(f"- {text[:400]}" for text in found[:_MOST])
    return Done(
        f"found {len(found[:_MOST])}", told=f"You searched your memory for “{query}”:\n{told}"
    )


ACTION = Action(
    called_for="they ask about something that was said or happened between you before",
    do=_do,
    arguments={"query": "words to search memories and earlier talks for"},
    problem=needs("query", 500),
    cue=re.compile(
        r"\b(do|did|can|don't) (you|u) (still )?(remember|recall)\b"
        r"|\bwhat (is|was|are|were) my\b|\bwhat's my\b|\bwho (is|was) my\b",
        re.IGNORECASE,
    ),
    harmless=True,
)
