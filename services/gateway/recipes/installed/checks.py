"""What is wrong with a recipe that a package offers. Pure."""

import inspect
import math
import re
from collections.abc import Iterator

from services.gateway.recipes.custom import CustomRecipe, CustomStep
from services.gateway.recipes.installed.schemas import schema_problem

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LONGEST_TITLE, _LONGEST_DESCRIPTION = 200, 2000
# A snapshot holds the documents of all steps, and has to fit into a message.
_MOST_STEPS = 16
_MOST_ATTEMPTS, _LONGEST, _MOST_TOKENS = 10, 24 * 3600, 10**6
_ENGINES = ("", "llm", "avatar")


def recipe_problem(recipe: object) -> str:
    """The first thing that is wrong with what was meant to be a CustomRecipe; "" for nothing."""
    if not isinstance(recipe, CustomRecipe):
        return f"is no CustomRecipe, but of type {type(recipe).__name__}"
    try:
        return next(_problems(recipe), "")
    except Exception as error:  # what is not of its type may do anything
        return f"cannot be read: {type(error).__name__}: {error}"


def _problems(recipe: CustomRecipe) -> Iterator[str]:
    yield from _text_problems(recipe.name, recipe.title)
    if not _is_text(recipe.description, _LONGEST_DESCRIPTION):
        yield f"its description is not a text of up to {_LONGEST_DESCRIPTION} characters"
    if not _between(recipe.expected, 0, _LONGEST):
        yield "its `expected` is no number of seconds"
    if problem := schema_problem(recipe.input_schema):
        yield f"its input_schema {problem}"
    if not 1 <= len(recipe.steps) <= _MOST_STEPS:
        yield f"it has {len(recipe.steps)} steps, and not 1 to {_MOST_STEPS}"
    for step in recipe.steps:
        if not isinstance(step, CustomStep):
            yield f"one of its steps is no CustomStep, but of type {type(step).__name__}"
        yield from (f"its step {step.name}: {problem}" for problem in _step_problems(step))
    names = [step.name for step in recipe.steps]
    if len(set(names)) < len(names):
        yield "two of its steps have the same name"


def _step_problems(step: CustomStep) -> Iterator[str]:
    yield from _text_problems(step.name, step.title)
    if not inspect.iscoroutinefunction(step.run):
        yield "`run` is no coroutine function (async def)"
    if problem := schema_problem(step.output_schema):
        yield f"its output_schema {problem}"
    if not _between(step.share, 0, math.inf):
        yield "its share is no number over 0"
    if step.engine not in _ENGINES:
        yield f"there is no engine {step.engine!r}"
    if not isinstance(step.attempts, int) or not 1 <= step.attempts <= _MOST_ATTEMPTS:
        yield f"it has {step.attempts} attempts, and not 1 to {_MOST_ATTEMPTS}"
    if not _between(step.timeout, 0, _LONGEST):
        yield "its timeout is no number of seconds of at most a day"
    for name in ("max_input_tokens", "max_output_tokens"):
        if not isinstance(most := getattr(step, name), int) or not 0 < most <= _MOST_TOKENS:
            yield f"its {name} is no number from 1 to {_MOST_TOKENS}"


def _text_problems(name: str, title: str) -> Iterator[str]:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield f"its name is not one of small letters, digits and _: {name!r}"
    if not _is_text(title, _LONGEST_TITLE):
        yield f"its title is not a text of up to {_LONGEST_TITLE} characters"


def _is_text(text: object, longest: int) -> bool:
    if not isinstance(text, str) or not text.strip() or len(text) > longest:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _between(number: object, low: float, high: float) -> bool:
    # To Python, True is a number.
    if not isinstance(number, int | float) or isinstance(number, bool):
        return False
    return low < number <= high and math.isfinite(number)
