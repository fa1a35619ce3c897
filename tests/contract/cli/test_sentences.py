"""What goes wrong is one sentence that says what to do."""

from typing import Any

from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.runtime.engine_stream import Emit
from services.runtime.errors import EngineFailed, OutputInvalid, UnknownModel
from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import portrait_of
from tests.support.scripted import Engines, write_persona

NOBODY = "generations/00000000-0000-4000-8000-000000000000"


async def test_retries_and_fallbacks_are_said(running: Place, engines: Engines) -> None:
    """A second attempt and a placeholder are told as what they are, and still it hatches."""
    attempts = 0

    async def flaky(request: Any, emit: Emit) -> StepCompleted:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise OutputInvalid("the document has no name")
        return await write_persona(request, emit)

    async def broken(request: Any, emit: Emit) -> StepCompleted:
        raise EngineFailed("the brush broke")

    engines.text, engines.image = flaky, broken
    done = await running.hatchery("hatch", "a dragon")
    assert 0 == done.exit_code, done.output
    assert "the document has no name" in done.stdout
    assert "attempt 2" in done.stdout
    assert "This is a placeholder only: the brush broke" in done.stdout
    assert ".svg" == portrait_of(done.stdout).suffix


async def test_a_failure_is_a_sentence(running: Place, engines: Engines) -> None:
    """What cannot be made ends with 1 and one line on standard error."""

    async def unknown(request: Any, emit: Emit) -> StepCompleted:
        raise UnknownModel("gone", command="ollama pull gone")

    engines.text = unknown
    done = await running.hatchery("hatch", "a dragon")
    assert 1 == done.exit_code
    assert 'hatchery: there is no model "gone"; to get it: ollama pull gone\n' == done.stderr


REFUSALS = [
    (["hatch", "  "], 1, "the sentence: must have 1 to 2000 characters"),
    (["hatch", "x", "--llm-model", "nope"], 1, "`ollama pull nope` brings it"),
    (["hatch", "x", "--avatar-model", "nope"], 1, "`hatchery models` lists what there is"),
    (["hatch", "x", "--size", "100x100"], 1, "--size (width): must be 0, or a multiple of 16"),
    (["hatch", "x", "--size", "2048x64"], 1, "from 64 to 1024 pixels"),
    (["hatch", "x", "--size", "huge"], 2, "a size looks like 512x512"),
    (["hatch", "x", "--size", "0x512"], 2, "a picture has at least one pixel"),
    (["hatch", "x", "--request-id", "7"], 1, "--request-id: "),
    (["hatch"], 2, "Missing argument"),
    (["watch", NOBODY], 1, "`hatchery generations list` shows what there is"),
    (["watch", "generations/no"], 1, "that is no name of its kind"),
    (["watch", NOBODY, "generations/no"], 1, "that is no name of its kind"),
    (["watch", NOBODY, NOBODY[:-1] + "1"], 1, "`hatchery generations list` shows what there is"),
    (["agents", "show", "7"], 1, "that is no name of its kind"),
    (["models", "--token", "wrong"], 1, "give another with --token-file or HATCHERY_TOKEN"),
    (["models", "--address", "127.0.0.1:1"], 1, "cannot reach Hatchery at 127.0.0.1:1"),
]


async def test_refusals_are_sentences(running: Place) -> None:
    """Every refusal is one line that says what to do; never a traceback."""
    for arguments, code, sentence in REFUSALS:
        done = await running.hatchery(*arguments)
        assert (code, True) == (done.exit_code, sentence in done.stderr), done.stderr
        assert "Traceback" not in done.output
        if code == 1:
            assert 1 == len(done.stderr.splitlines())


async def test_a_server_that_is_not_there(place: Place) -> None:
    """Hatching where nobody answers is given up after a few seconds, with one line."""
    done = await place.hatchery("hatch", "a dragon")
    assert 1 == done.exit_code
    assert f"hatchery: cannot reach Hatchery at {place.address};" in done.stderr
