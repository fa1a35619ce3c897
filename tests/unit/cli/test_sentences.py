"""Every failure is one sentence, with something to do."""

import inspect

import pytest
from hatchery.errors.v1.errors_pb2 import ErrorReason

from clients.cli import sentences
from services.runtime import errors
from services.runtime.status import to_status

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.HatcheryError) and "reason" in vars(kind)
]
SENTENCES = {
    errors.InvalidField({"description": "must not be blank"}): "the sentence: must not be blank",
    errors.InvalidField({"portrait.width": "must be 0, or a multiple of 16"}): (
        "--size (width): must be 0, or a multiple of 16"
    ),
    errors.InvalidField({"name": "does not match regex pattern"}): (
        "that is no name of its kind; names look like agents/…, artifacts/…, "
        "conversations/…, memories/… or generations/…, "
        "as `list` shows them"
    ),
    errors.InvalidField({"cursors[1].name": "does not match regex pattern"}): (
        "that is no name of its kind; names look like agents/…, artifacts/…, "
        "conversations/…, memories/… or generations/…, "
        "as `list` shows them"
    ),
    errors.UnknownModel("gemma", command="ollama pull gemma"): (
        'there is no model "gemma"; to get it: ollama pull gemma'
    ),
    errors.UnknownModel("gemma; x", field="llm_model"): (
        'there is no model "gemma; x"; where Ollama writes (HATCHERY_LLM_ENGINE=ollama), '
        "`ollama pull 'gemma; x'` brings it"
    ),
    errors.UnknownModel("dall", field="portrait.model"): (
        'there is no model "dall"; `hatchery models` lists what there is'
    ),
    errors.TokenMissing("this server asks for a bearer token"): (
        "this server asks for a bearer token; give one with --token-file or HATCHERY_TOKEN"
    ),
    errors.ModelTooSmall("it answers plainly", metadata={"model": "smollm2\x1b[2J"}): (
        "smollm2 is too small to plan"
    ),
    errors.InvalidField({"allowed_actions[0]": "is too long"}): "--allow: is too long",
    errors.InvalidField({"input.name": "is missing"}): "name: is missing",
    errors.ResourceNotFound("conversations/1"): (
        "there is no conversations/1; `hatchery conversations list` shows what there is"
    ),
    errors.ResourceNotFound("agents/1"): (
        "there is no agents/1; `hatchery agents list` shows what there is"
    ),
    errors.NothingToRetry("it went well: name the step to begin at, as from_step"): (
        "it went well; --from-step names the step to begin at all the same"
    ),
    errors.CursorBeyondLog("the log ends at 9", metadata={"last_sequence": "9"}): (
        "--after lies beyond what has happened so far; the last event is number 9"
    ),
    errors.CursorTrimmed("events after this cursor are no longer kept"): (
        "what happened back then is no longer kept; `hatchery generations show` has what came of it"
    ),
    errors.InvalidField({"artifact.prompt": "must not be blank"}): "the prompt: must not be blank",
    errors.InvalidField({"models[1]": "is too long"}): "--model: is too long",
    errors.ResourceNotFound("artifacts/1"): (
        "there is no artifacts/1; `hatchery artifacts list` shows what there is"
    ),
    errors.TimeLimitReached("ten seconds passed", metadata={"limit": "10"}): (
        "ten seconds passed; `hatchery write --time-limit` gives more, up to the server's own"
    ),
    errors.BudgetExceeded("3 are left of 10", metadata={"left": "3"}): (
        "3 are left of 10; a text may be kept shorter (--max-tokens); "
        "`hatchery stats` shows the budget"
    ),
    errors.BudgetExceeded("3 are left of 10", retry_after=3600): (
        "3 are left of 10; so much is left again in about 1 h; "
        "a text may be kept shorter (--max-tokens); `hatchery stats` shows the budget"
    ),
    errors.OutputInvalid("no HTML: try again, or with a larger model"): (
        "no HTML: try again, or with a larger model"
    ),
    errors.EngineBusy("busy", retry_after=4): "busy; try again in about 4 s",
    errors.Internal("an internal error", metadata={"request_id": "a-1"}): (
        "an internal error; the server's logs have it under a-1"
    ),
}


@pytest.mark.parametrize("error", list(SENTENCES), ids=lambda error: type(error).__name__)
def test_sentences(error: errors.HatcheryError) -> None:
    """Each failure that can be told more of is, in the command's own terms."""
    assert SENTENCES[error] == sentences.of_status(to_status(error))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_reason_has_one(kind: type[errors.HatcheryError]) -> None:
    """No reason of the tree is without a sentence, and none spans lines or holds escapes."""
    error = kind.__new__(kind)
    errors.HatcheryError.__init__(error, "what\n\x1b[31mhappened", metadata={"model": "m"})
    said = sentences.of_error(error)
    assert said
    assert said.isprintable()


def test_no_reason_is_left_out() -> None:
    """Every reason of the contract is a class of the tree, and so has its sentence."""
    assert set(ErrorReason.values()) - {0} == {kind.reason for kind in KINDS}


def test_a_failure_without_a_reason() -> None:
    """A status of somebody else's is said as it is, or owned to say nothing."""
    status = to_status(errors.EngineFailed("x"))
    del status.details[:]
    assert "x" == sentences.of_status(status)
    status.message = ""
    assert "it failed and gave no reason" == sentences.of_status(status)
