"""Looking a plan over: every planned action gets a verdict, and only what is accepted is taken."""

from collections.abc import Mapping, Sequence

import pytest
from hatchery.types.v1.persona_pb2 import Persona
from hatchery.types.v1.thought_pb2 import Analysis, PlannedAction, ReviewedAction

from services.gateway.recipes.reply.actions import ACTIONS
from services.gateway.recipes.reply.planning import judged

BO = Persona(name="Bo", species="dragon")
ALL = tuple(ACTIONS)
ACCEPTED = ReviewedAction.VERDICT_ACCEPTED
UNKNOWN = ReviewedAction.VERDICT_UNKNOWN
NOT_ALLOWED = ReviewedAction.VERDICT_NOT_ALLOWED
NOT_WANTED = ReviewedAction.VERDICT_NOT_WANTED
NOT_FEASIBLE = ReviewedAction.VERDICT_NOT_FEASIBLE

GOOD: Mapping[str, Mapping[str, str]] = {
    "answer": {},
    "recall": {"query": "tides"},
    "remember": {"text": "They like tides."},
    "change": {"field": "name", "value": "Bob"},
    "portrait": {"style": "ink"},
}


def verdict(
    name: str, arguments: Mapping[str, str], wanted: Sequence[str], allowed: Sequence[str]
) -> ReviewedAction:
    """What becomes of one action."""
    planned = PlannedAction(action=name, arguments=arguments)
    reviewed = judged(planned, Analysis(wanted=wanted), allowed, BO)
    assert planned == reviewed.planned
    assert bool(reviewed.reason) == (reviewed.verdict != ACCEPTED)
    return reviewed


@pytest.mark.parametrize("name", ALL)
def test_what_is_wanted_allowed_and_feasible_is_accepted(name: str) -> None:
    """Also where nothing says what is allowed, which means everything."""
    for allowed in ((), ALL, (name,)):
        assert ACCEPTED == verdict(name, GOOD[name], ALL, allowed).verdict


@pytest.mark.parametrize(
    "name",
    ["", "Change", "change ", "chan\u200bge", "delete_agent", "__class__", "answer;drop", "*"],
)
def test_what_is_no_action_is_unknown(name: str) -> None:
    """By its very name, whatever is wanted and allowed."""
    assert UNKNOWN == verdict(name, {}, (name, *ALL), ()).verdict
    assert UNKNOWN == verdict(name, {}, (name,), (name,)).verdict


@pytest.mark.parametrize("name", [name for name in ALL if name != "answer"])
def test_what_is_not_allowed_is_not_taken(name: str) -> None:
    """However much it is wanted; to answer is always allowed."""
    others = [other for other in ALL if other != name]
    for allowed in (others, ["answer"], ["*"], [name.upper()]):
        assert NOT_ALLOWED == verdict(name, GOOD[name], ALL, allowed).verdict
    assert ACCEPTED == verdict("answer", {}, (), [name]).verdict


@pytest.mark.parametrize("name", ["remember", "change", "portrait"])
def test_what_changes_something_has_to_be_asked_for(name: str) -> None:
    """By the person's message, and by this very name."""
    others = [other for other in ALL if other != name]
    assert NOT_WANTED == verdict(name, GOOD[name], (), ()).verdict
    assert NOT_WANTED == verdict(name, GOOD[name], others, ()).verdict
    assert NOT_WANTED == verdict(name, GOOD[name], others, ALL).verdict


@pytest.mark.parametrize("name", ["answer", "recall"])
def test_what_changes_nothing_need_not_be_asked_for(name: str) -> None:
    """It is done where the plan has it."""
    assert ACCEPTED == verdict(name, GOOD[name], (), ()).verdict


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("recall", {}),
        ("recall", {"query": "  \n"}),
        ("recall", {"query": "x" * 501}),
        ("remember", {}),
        ("remember", {"text": ""}),
        ("remember", {"text": "x" * 501}),
        ("change", {}),
        ("change", {"field": "name"}),
        ("change", {"field": "name", "value": " "}),
        ("change", {"field": "name", "value": "x" * 201}),
        ("change", {"field": "owner", "value": "me"}),
        ("change", {"field": "__class__", "value": "x"}),
        ("change", {"field": "appearance.coat", "value": "x"}),
        ("change", {"field": "Name", "value": "x"}),
        ("change", {"field": "traits", "value": ",".join("x" * 21)}),
        ("portrait", {"style": "x" * 301}),
    ],
)
def test_what_cannot_be_done_is_told_so(name: str, arguments: Mapping[str, str]) -> None:
    """With a reason for people."""
    assert NOT_FEASIBLE == verdict(name, arguments, ALL, ()).verdict


def test_the_first_reason_counts() -> None:
    """What is unknown is not called forbidden, and what is forbidden not infeasible."""
    assert UNKNOWN == verdict("delete", {}, (), ["answer"]).verdict
    assert NOT_ALLOWED == verdict("change", {}, (), ["answer"]).verdict
    assert NOT_WANTED == verdict("change", {}, (), ()).verdict
