"""A haiku about anything: a few drafts, their syllables counted, the best one chosen."""

import re

from services.gateway.recipes.custom import (
    Context,
    CustomRecipe,
    CustomStep,
    Document,
    OutputInvalid,
)

WANTED = [5, 7, 5]
LINES = ["first", "second", "third"]


def schema(**properties: Document) -> Document:
    """The JSON Schema of a document that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


LINE = {"type": "string", "minLength": 1, "maxLength": 80}
COUNTS = {"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 3}
POEM = schema(first=LINE, second=LINE, third=LINE)
DRAFTS = schema(drafts={"type": "array", "items": POEM, "minItems": 1})
COUNTED = schema(syllables={"type": "array", "items": COUNTS, "minItems": 1})
CHOSEN = schema(haiku=POEM, syllables=COUNTS, exact={"type": "boolean"})

EXAMPLES = [
    (
        "A haiku about a winter pond",
        {
            "first": "Ice on the old pond",
            "second": "a carp turns slowly below",
            "third": "nobody sees it",
        },
    ),
    (
        "A haiku about a night train",
        {
            "first": "Lamps along the track",
            "second": "each window carries a face",
            "third": "away from the rain",
        },
    ),
]


async def draft(context: Context) -> Document:
    """Has the drafts written, one after the other."""
    wanted = context.input.get("drafts", 3)
    drafts = []
    for number in range(wanted):
        context.progress(number, wanted, "drafts")
        poem = await context.write_document(
            f"A haiku about {context.input['topic']}",
            POEM,
            system="You write haiku: three lines of five, seven and five syllables.",
            examples=EXAMPLES,
            max_tokens=120,
            into=f"/drafts/{number}",
        )
        if not all(syllables(poem[line]) for line in LINES):
            raise OutputInvalid("a line has no words: try again")
        drafts.append(poem)
    context.progress(wanted, wanted, "drafts")
    return {"drafts": drafts}


async def count(context: Context) -> Document:
    """Counts the syllables, in a thread: counting many would hold everybody up."""
    drafts = context.results["draft"]["drafts"]
    return {"syllables": await context.work(count_all, drafts)}


async def choose(context: Context) -> Document:
    """Keeps the draft that is nearest to 5-7-5."""
    drafts = context.results["draft"]["drafts"]
    counts = context.results["count"]["syllables"]
    misses = [sum(abs(a - b) for a, b in zip(one, WANTED, strict=True)) for one in counts]
    best = misses.index(min(misses))
    told = "-".join(str(number) for number in counts[best])
    context.details(f"{told}, the best of {len(drafts)}")
    return {"haiku": drafts[best], "syllables": counts[best], "exact": not misses[best]}


def count_all(drafts: list[dict[str, str]]) -> list[list[int]]:
    """The syllables of each line of each draft."""
    return [[syllables(poem[line]) for line in LINES] for poem in drafts]


def syllables(line: str) -> int:
    """The syllables of English words, as far as their vowels tell."""
    return sum(in_word(word) for word in re.findall(r"[a-z']+", line.lower()))


def in_word(word: str) -> int:
    """A group of vowels for each, without a silent e at the end."""
    groups = re.findall(r"[aeiouy]+", word)
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and len(groups) > 1
    return max(len(groups) - silent, 1)


HAIKU = CustomRecipe(
    name="haiku",
    title="A haiku",
    description="Writes a few haiku, counts their syllables, and keeps the best.",
    input_schema={
        "type": "object",
        "properties": {
            "topic": {"type": "string", "minLength": 1, "maxLength": 200},
            "drafts": {"type": "integer", "minimum": 1, "maximum": 5},
        },
        "required": ["topic"],
        "additionalProperties": False,
    },
    steps=[
        CustomStep("draft", "Drafting", draft, DRAFTS, share=8, engine="llm"),
        CustomStep("count", "Counting syllables", count, COUNTED),
        CustomStep("choose", "Choosing", choose, CHOSEN),
    ],
    expected=15.0,
)
