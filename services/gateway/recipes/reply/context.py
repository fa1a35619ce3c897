"""The steps `start` and `context`: the message, and what there is to answer it with."""

from hatchery.progress.v1.progress_pb2 import StepCompleted
from hatchery.types.v1.thought_pb2 import ContextReading, MemoryRef

from services.gateway.names import memory_name, message_name
from services.gateway.recipes.recipe import StepContext, StepResult
from services.gateway.recipes.reply.asking import earlier
from services.gateway.recipes.reply.relevance import ranked
from services.gateway.recipes.reply.thinking import asked

# How many memories are before its eyes at most.
_MEMORIES = 6


async def start(context: StepContext) -> StepResult:
    """The step: takes the message in, and finds whom it is for."""
    exchange = await context.talk.exchange()
    name = exchange.persona.name or "the companion"
    return StepResult(
        StepCompleted(
            resource=message_name(context.talk.conversation, context.talk.number),
            details=f"for {name}",
        )
    )


async def gather(context: StepContext) -> StepResult:
    """The step: reads the conversation, and finds the memories that matter."""
    exchange = await context.talk.exchange()
    remembered = await context.talk.memories()
    said = asked(context).text
    found = await context.work(lambda: ranked(said, remembered, key=lambda memory: memory.text))
    reading = ContextReading(
        messages=len(earlier(exchange)),
        earlier_messages=exchange.summarized,
        summary=exchange.summary,
        memories=[
            MemoryRef(memory=memory_name(memory.id), text=memory.text, relevance=round(score, 3))
            for memory, score in found[:_MEMORIES]
        ],
    )
    return StepResult(StepCompleted(context_reading=reading, details=_details(reading)))


def _details(reading: ContextReading) -> str:
    def count(number: int, one: str, more: str) -> str:
        return f"{number} {one if number == 1 else more}"

    parts = [
        count(reading.messages, "message", "messages"),
        f"{count(len(reading.memories), 'memory matters', 'memories matter')}",
    ]
    if reading.earlier_messages:
        parts.insert(1, f"a summary of {reading.earlier_messages} before")
    return ", ".join(parts)
