"""What a package outside the project writes a recipe with: it imports this module and no other.

A package offers a `CustomRecipe` as an entry point of the group `hatchery.recipes`; docs/recipes.md
walks through one. What stands here stays as it is, and what is added has a default.

A step that fails raises one of these, with a message that people may read:

    OutputInvalid      what was made will not do; tried again
    EngineFailed       something that the step works with broke; tried again
    EngineUnavailable  it cannot be reached; tried again for as long as a restart takes
    InvalidField       the input cannot be worked with; not tried again

Of any other exception, people learn only that there was one. The logs have it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, Protocol, TypeVar

from services.runtime.errors import EngineFailed, EngineUnavailable, InvalidField, OutputInvalid

__all__ = [
    "Context",
    "CustomRecipe",
    "CustomStep",
    "Document",
    "EngineFailed",
    "EngineUnavailable",
    "InvalidField",
    "OutputInvalid",
    "Picture",
]

Document = Mapping[str, Any]
Given = ParamSpec("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was drawn, and is kept when its step ends: `asset` is its name."""

    asset: str
    media_type: str
    width: int
    height: int
    data: bytes


class Context(Protocol):
    """What a step may use. It is of no use once the step has ended."""

    @property
    def input(self) -> Document:
        """What the recipe was given; it fits `input_schema`."""
        ...

    @property
    def results(self) -> Mapping[str, Document]:
        """What earlier steps gave, by their names."""
        ...

    @property
    def seed(self) -> int | None:
        """The seed of this attempt: another for each; None where nobody asked for one."""
        ...

    @property
    def attempt(self) -> int:
        """Counts the attempts of the step from 1."""
        ...

    async def write(
        self,
        prompt: str,
        *,
        system: str = "",
        max_tokens: int = 0,
        temperature: float | None = None,
        into: str = "",
    ) -> str:
        """A text that a model writes, told as it grows. Needs a step with the engine `llm`.

        `into` is a JSON pointer to where it will stand in the step's document, as in "/drafts/0";
        by default it is told as free text. `max_tokens` is 0 for all that the step has left. Raises
        errors that need no handling: the step is tried again where that may help.
        """
        ...

    async def write_document(
        self,
        prompt: str,
        schema: Document,
        *,
        system: str = "",
        examples: Sequence[tuple[str, Document]] = (),
        max_tokens: int = 0,
        temperature: float | None = None,
        into: str = "",
    ) -> Document:
        """A document that a model writes by a JSON Schema of type "object", told field by field.

        `examples` are prompts with the documents that answer them well: small models learn from
        them alone. The rest is as for `write`.
        """
        ...

    async def draw(
        self, prompt: str, *, width: int = 0, height: int = 0, style: str = ""
    ) -> Picture:
        """The picture that a step with the engine `avatar` may draw, once in each attempt.

        Sizes are in pixels, multiples of 16; 0 leaves them to the engine.
        """
        ...

    async def work(
        self, do: Callable[Given, Made], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Made:
        """What `do` returns, which is called in a thread: for all that takes longer than a moment.

        What a step does itself holds everybody up. A thread cannot be stopped: it goes on when the
        step is cancelled.
        """
        ...

    def progress(self, done: int, total: int, unit: str) -> None:
        """Tells how far the step is, as in 2 of 3 drafts. May be called from `work` as well.

        What an engine tells after it counts towards the next unit.
        """
        ...

    def details(self, text: str) -> None:
        """Says what came of the step, in words, as in "the best of 3"; told when it ends."""
        ...


@dataclass(frozen=True, slots=True)
class CustomStep:
    """One stage of a recipe: a coroutine function that gives a document of `output_schema`.

    `share` weighs it in the bar, against the other steps, until history knows better. `engine` is
    "llm" for a step that writes, "avatar" for one that draws. A step begins anew after a pause, a
    lost runner or a failure, so that what it does elsewhere has to bear being done twice.
    `max_input_tokens` and `max_output_tokens` bound what models read and write in one attempt, all
    calls together: with them, budgets know what a step may cost. `timeout` is in seconds.
    """

    name: str
    title: str
    run: Callable[[Context], Awaitable[Document]]
    output_schema: Document
    share: float = 1.0
    engine: Literal["", "llm", "avatar"] = ""
    attempts: int = 3
    timeout: float = 600.0
    max_input_tokens: int = 8192
    max_output_tokens: int = 2048


@dataclass(frozen=True, slots=True)
class CustomRecipe:
    """A plan of steps that people run as `recipes/{name}`.

    `input_schema` is what it takes; `expected` is how many seconds all of it takes, as a first
    guess. Schemas are of JSON Schema, draft 2020-12, of type "object", and refer to nothing that is
    not in them.
    """

    name: str
    title: str
    description: str
    input_schema: Document
    steps: Sequence[CustomStep]
    expected: float = 10.0
