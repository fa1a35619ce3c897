"""Recipes of packages: found by their entry points, and left out where they cannot be run."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from typing import Any

import pytest

from services.gateway.recipes.custom import Context, CustomStep, Document
from services.gateway.recipes.installed.checks import recipe_problem
from services.gateway.recipes.installed.packages import GROUP, sorted_out
from tests.support.recipes import ANYTHING, GREETING, greet

GOOD = GREETING.recipe
ONE = GOOD.steps[0]


async def _never(context: Context) -> Document:
    raise AssertionError


def _plain(context: Context) -> Document:
    return {}


def offered(folder: Path, **packages: str) -> list[EntryPoint]:
    """What packages offer, each `name="entry point = value"`, as installed in a folder."""
    for name, offers in packages.items():
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{offers}\n[console_scripts]\nx = y:z\n")
    found = distributions(path=[str(folder)])
    return sorted(
        (offer for one in found for offer in one.entry_points.select(group=GROUP)),
        key=lambda offer: (offer.dist.name if offer.dist else "", offer.name),
    )


def test_what_is_right_is_found_with_its_package(tmp_path: Path) -> None:
    """By its own name, with the package's name and version."""
    found, left_out = sorted_out(
        offered(tmp_path, a="hello = tests.support.recipes:GREETING.recipe")
    )
    assert [] == left_out
    assert [("recipes/greeting", GOOD, "a", "1.0")] == [
        (one.name, one.recipe, one.package, one.version) for one in found
    ]


def test_what_is_broken_is_left_out_and_the_rest_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its import does; the problem names the package in plain words."""
    (tmp_path / "raises_here.py").write_text("raise ValueError('no weather today')\n")
    (tmp_path / "leaves_here.py").write_text("import sys\nsys.exit('goodbye')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    offers = offered(
        tmp_path,
        a="x = raises_here:RECIPE",
        b="x = leaves_here:RECIPE",
        c="x = nowhere_at_all:RECIPE",
        d="x = tests.support.recipes:NOTHING",
        e="x = tests.support.recipes:NAMED",
        f="x = tests.support.recipes:GREETING.recipe",
    )
    found, left_out = sorted_out(offers)
    assert ["recipes/greeting"] == [one.name for one in found]
    assert [
        ("a", "cannot be imported", ValueError),
        ("b", "cannot be imported", SystemExit),
        ("c", "cannot be imported", ModuleNotFoundError),
        ("d", "cannot be imported", AttributeError),
        ("e", "is no CustomRecipe, but of type dict", type(None)),
    ] == [(one.package, one.problem, type(one.error)) for one in left_out]
    assert {"raises_here", "leaves_here"}.isdisjoint(sys.modules)


def test_of_two_with_one_name_neither_is_run(tmp_path: Path) -> None:
    """Which of them is meant would depend on the order of folders."""
    value = "x = tests.support.recipes:GREETING.recipe"
    found, left_out = sorted_out(offered(tmp_path, a=value, b=value))
    assert [] == found
    assert [
        ("a", "clashes: recipes/greeting comes from b too"),
        ("b", "clashes: recipes/greeting comes from a too"),
    ] == [(one.package, one.problem) for one in left_out]


def test_a_good_recipe_has_no_problem() -> None:
    """As one that has everything at its bounds."""
    steps = [
        CustomStep(
            f"s{number}",
            "x" * 200,
            greet,
            {
                "type": "object",
                "$defs": {"a": ANYTHING},
                "properties": {"b": {"$ref": "#/$defs/a"}},
            },
            share=0.001,
            engine="avatar",
            attempts=10,
            timeout=24 * 3600,
            max_input_tokens=1,
            max_output_tokens=10**6,
        )
        for number in range(16)
    ]
    assert "" == recipe_problem(replace(GOOD, name="a" * 64, steps=steps, expected=1))
    assert "" == recipe_problem(GOOD)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": "Haiku"}, "its name is not"),
        ({"name": "a" * 65}, "its name is not"),
        ({"name": None}, "its name is not"),
        ({"title": " "}, "its title is not"),
        ({"title": "x" * 201}, "its title is not"),
        ({"title": "\ud800"}, "its title is not"),
        ({"description": ""}, "its description is not"),
        ({"expected": 0}, "its `expected` is no number"),
        ({"expected": float("inf")}, "its `expected` is no number"),
        ({"expected": True}, "its `expected` is no number"),
        ({"input_schema": None}, 'its input_schema is no JSON Schema of type "object"'),
        (
            {"input_schema": {"type": "array"}},
            'its input_schema is no JSON Schema of type "object"',
        ),
        ({"input_schema": ANYTHING | {"x": object()}}, "its input_schema is not JSON"),
        ({"input_schema": ANYTHING | {"x": "y" * 2**16}}, "its input_schema has more than"),
        (
            {"input_schema": ANYTHING | {"properties": {"a": {"type": "strnig"}}}},
            "its input_schema is no valid JSON Schema at $.properties.a.type",
        ),
        (
            {"input_schema": ANYTHING | {"properties": {"a": {"pattern": "("}}}},
            "its input_schema is no valid JSON Schema at $.properties.a.pattern",
        ),
        (
            {"input_schema": ANYTHING | {"properties": {"a": {"$ref": "https://example.org/a"}}}},
            "its input_schema refers to what is not in it",
        ),
        (
            {"input_schema": ANYTHING | {"properties": {"a": {"$ref": "#/$defs/a"}}}},
            "its input_schema refers to what is not in it",
        ),
        ({"steps": []}, "it has 0 steps"),
        ({"steps": [ONE] * 17}, "it has 17 steps"),
        ({"steps": [ONE, ONE]}, "two of its steps have the same name"),
        ({"steps": ["draft"]}, "one of its steps is no CustomStep"),
        ({"steps": 7}, "cannot be read: TypeError"),
    ],
    ids=[str(number) for number in range(23)],
)
def test_what_is_wrong_with_a_recipe_is_said(changes: Mapping[str, Any], problem: str) -> None:
    """In words that its author can follow."""
    assert recipe_problem(replace(GOOD, **changes)).startswith(problem)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": "a-b"}, "its name is not"),
        ({"title": ""}, "its title is not"),
        ({"run": _plain}, "`run` is no coroutine function"),
        ({"run": None}, "`run` is no coroutine function"),
        ({"output_schema": {}}, 'its output_schema is no JSON Schema of type "object"'),
        ({"share": 0}, "its share is no number"),
        ({"share": float("nan")}, "its share is no number"),
        ({"engine": "music"}, "there is no engine 'music'"),
        ({"attempts": 0}, "it has 0 attempts"),
        ({"attempts": 1.5}, "it has 1.5 attempts"),
        ({"timeout": 0}, "its timeout is no number"),
        ({"max_input_tokens": 0}, "its max_input_tokens is no number"),
        ({"max_output_tokens": 10**7}, "its max_output_tokens is no number"),
    ],
    ids=[str(number) for number in range(13)],
)
def test_what_is_wrong_with_a_step_is_said(changes: Mapping[str, Any], problem: str) -> None:
    """With the name of the step."""
    step = replace(CustomStep("one", "One", _never, ANYTHING), **changes)
    told = recipe_problem(replace(GOOD, steps=[ONE, step]))
    assert told.startswith(f"its step {step.name}: {problem}")
