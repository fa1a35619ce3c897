"""The same story through every door: grpcurl, buf curl, grpc-web, and the command."""

import json
import subprocess
import sys
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from google.protobuf import json_format
from hatchery.progress.v1.progress_pb2 import Progress

from tests.e2e.conftest import TOOLS, Stack
from tests.support.oracle import assert_story, kinds
from tests.support.require import require

CREATE = "hatchery.gateway.v1.AgentService/CreateAgent"
SERVICES = {
    "hatchery.gateway.v1.AgentService",
    "hatchery.gateway.v1.AssetService",
    "hatchery.gateway.v1.GenerationService",
    "hatchery.gateway.v1.ModelService",
    "grpc.health.v1.Health",
}


def progress(output: str) -> list[Progress]:
    """The messages in the output of a curl: JSON documents, one after another."""
    decoder, events, place = json.JSONDecoder(), list[Progress](), 0
    while rest := output[place:].lstrip():
        place = len(output) - len(rest)
        document, length = decoder.raw_decode(rest)
        place += length
        events.append(json_format.ParseDict(document, Progress()))
    return events


def _run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=90, check=False
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


def assert_hatched(events: list[Progress]) -> None:
    """A whole story, from queued to completed, with every step's own work in it."""
    told = kinds(assert_story(events))
    assert "queued" == told[0]
    assert "completed" == told[-1]
    assert {"started", "text_delta", "token_progress", "step_progress"} <= set(told)
    steps = [e.step for e in events if e.WhichOneof("event") == "step_completed"]
    assert ["persona", "avatar", "save"] == steps


def test_every_door_tells_the_same_story(stack: Stack) -> None:
    """One request, sent five ways at once: gRPC and grpc-web, straight and through Envoy.

    Both curls learn the services from reflection. All five hear one generation, event for event.
    """
    grpcurl, buf = TOOLS / "grpcurl", Path(sys.executable).with_name("buf")
    require(grpcurl.exists(), "grpcurl is not there: run tests/tools/grpcurl, which needs Go")
    for address in (stack.gateway, stack.envoy):
        assert set(_run(grpcurl, "-plaintext", address, "list").split()) >= SERVICES
    idea = {"description": "a shy water dragon who loves books", "request_id": str(uuid.uuid4())}
    request = json.dumps(idea)
    by_buf = (buf, "curl", "--http2-prior-knowledge", "-d", request, "--protocol")
    doors: list[tuple[str | Path, ...]] = [
        (grpcurl, "-plaintext", "-d", request, stack.gateway, CREATE),
        (grpcurl, "-plaintext", "-d", request, stack.envoy, CREATE),
        (*by_buf, "grpc", f"http://{stack.gateway}/{CREATE}"),
        (*by_buf, "grpc", f"http://{stack.envoy}/{CREATE}"),
        (*by_buf, "grpcweb", f"http://{stack.envoy}/{CREATE}"),
    ]
    with ThreadPoolExecutor(len(doors)) as pool:
        told = [progress(output) for output in pool.map(lambda door: _run(*door), doors)]
    for events in told:
        assert_hatched(events)
        assert assert_story(told[0]) == assert_story(events)


def test_the_command_hatches_and_keeps(stack: Stack) -> None:
    """`hatchery hatch` ends well, shows the card, writes a PNG, and says where its page is."""
    done = stack.hatchery("hatch", "a grumpy owl librarian")
    assert 0 == done.returncode, done.stderr
    path = next(w for w in done.stdout.split() if w.endswith(".png"))
    assert Path(path).read_bytes().startswith(b"\x89PNG\r\n")
    address = next(word for word in done.stdout.split() if word.startswith("http://"))
    assert address.startswith(f"http://{stack.envoy}/agents/")
    with urllib.request.urlopen(address) as page:
        assert b'<div id="page">' in page.read()
    listed = stack.hatchery("agents", "list", "--json")
    personas = [json.loads(line)["persona"] for line in listed.stdout.splitlines()]
    assert any("owl" in persona["species"] for persona in personas)


def test_json_lines_are_the_stream(stack: Stack) -> None:
    """`hatchery hatch --json` prints each Progress as one line of proto-JSON."""
    done = stack.hatchery("hatch", "--json", "ein schüchterner Drache 🐉 mit „Büchern“ & <b>{}</b>")
    assert 0 == done.returncode, done.stderr
    assert_hatched([json_format.Parse(line, Progress()) for line in done.stdout.splitlines()])


def test_doctor_finds_everything(stack: Stack) -> None:
    """`hatchery doctor` says that the default stack can run."""
    done = stack.hatchery("doctor")
    assert 0 == done.returncode, done.stdout + done.stderr
