"""The commands for what is kept: agents, generations, models."""

import json
import uuid
from pathlib import Path

from google.protobuf import json_format
from hatchery.gateway.v1.agent_service_pb2 import Agent
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.types.v1.model_pb2 import Model

from tests.contract.cli.conftest import Place
from tests.support import cards
from tests.support.scripted import PNG

NOBODY = "agents/00000000-0000-4000-8000-000000000000"


async def hatched(place: Place, sentence: str = "a dragon") -> Agent:
    """An agent that is there."""
    assert 0 == (await place.hatchery("hatch", sentence)).exit_code
    listed = await place.hatchery("agents", "list", "--json", "--limit", "1")
    return json_format.Parse(listed.stdout, Agent())


async def test_agents_are_listed_newest_first(running: Place) -> None:
    """Lines with tabs, or proto-JSON; as many as asked for."""
    for sentence in ("one", "two", "three"):
        await hatched(running, sentence)
    lines = (await running.hatchery("agents", "list")).stdout.splitlines()
    assert [("Marisol", "water dragon")] * 3 == [tuple(line.split("\t")[:2]) for line in lines]
    told = (await running.hatchery("agents", "list", "--json", "--limit", "2")).stdout.splitlines()
    assert ["three", "two"] == [json.loads(line)["description"] for line in told]


async def test_an_agent_is_shown(running: Place) -> None:
    """The card, the sentence that it came from, and the generation."""
    agent = await hatched(running)
    shown = (await running.hatchery("agents", "show", agent.name)).stdout
    for part in ("Marisol", "sunken library", "“a dragon”", agent.generation, agent.name):
        assert part in shown
    assert "Marisol" == shown.splitlines()[0]
    told = await running.hatchery("agents", "show", "--json", agent.name)
    assert agent == json_format.Parse(told.stdout, Agent())


async def test_deleting_can_be_undone(running: Place) -> None:
    """A deleted agent is listed only where deleted ones are asked for, and can come back."""
    agent = await hatched(running)
    deleted = await running.hatchery("agents", "delete", agent.name)
    assert f"    hatchery agents undelete {agent.name[7:]}" in deleted.stdout
    assert "" == (await running.hatchery("agents", "list")).stdout
    assert "deleted" in (await running.hatchery("agents", "list", "--deleted")).stdout
    gone = await running.hatchery("agents", "delete", agent.name)
    assert (0, "Marisol was deleted already.") == (gone.exit_code, gone.stdout.splitlines()[0])
    nobody = await running.hatchery("agents", "delete", NOBODY)
    assert (1, True) == (nobody.exit_code, "there is no agents/" in nobody.stderr)
    assert "Marisol is back.\n" == (await running.hatchery("agents", "undelete", agent.name)).stdout
    again = await running.hatchery("agents", "undelete", agent.name)
    assert (1, True) == (again.exit_code, "is not deleted" in again.stderr)


async def test_a_portrait_is_downloaded_and_drawn_anew(running: Place, tmp_path: Path) -> None:
    """`portrait` prints where it lies; `redraw` tells its own story and keeps the persona."""
    agent = await hatched(running)
    wanted = tmp_path / "p.png"
    done = await running.hatchery("agents", "portrait", agent.name, "-o", str(wanted))
    assert (f"{wanted}\n", PNG) == (done.stdout, wanted.read_bytes())
    redrawn = await running.hatchery("agents", "redraw", agent.name)
    assert (0, True) == (redrawn.exit_code, "Marisol" in redrawn.stdout)
    assert "Dreaming" not in redrawn.stdout


async def test_cards_go_out_and_come_in(running: Place, tmp_path: Path) -> None:
    """As PNG and JSON, several at once; what is no card is named and stops no other."""
    agent = await hatched(running)
    done = await running.hatchery("agents", "export", agent.name, "-o", str(tmp_path))
    card = tmp_path / f"Marisol-{agent.name[7:15]}.png"
    assert f"{card}\n" == done.stdout
    assert "Marisol" == cards.told(card.read_bytes())["ccv3"]["data"]["name"]
    text = tmp_path / "card.json"
    form = ("--format", "json", "-o", str(text))
    assert 0 == (await running.hatchery("agents", "export", agent.name, *form)).exit_code
    assert "Marisol" == json.loads(text.read_text())["data"]["name"]

    wrong, large = tmp_path / "wrong\x1b[2J.json", tmp_path / "large.png"
    wrong.write_text("no card")
    large.write_bytes(b" " * (16 * 2**20 + 1))
    files = [str(file) for file in (card, wrong, large, text)]
    kept = await running.hatchery("agents", "import", *files)
    assert (1, 2) == (kept.exit_code, kept.stdout.count("Marisol is here: agents/"))
    complaints = kept.stderr.splitlines()
    assert 2 == len(complaints)
    assert "wrong.json: the card: it is neither a PNG nor a card's JSON" in complaints[0]
    assert complaints[1].endswith("large.png: a card has 16 MiB at most")

    again = ("agents", "import", "--json", "--request-id", str(uuid.uuid4()), str(card))
    made = [json.loads((await running.hatchery(*again)).stdout)["name"] for _ in range(2)]
    assert made[0] == made[1]
    shown = (await running.hatchery("agents", "show", made[0])).stdout
    assert "Imported: " in shown


async def test_generations_are_listed_and_shown(running: Place) -> None:
    """By state, as lines and as JSON; with steps, texts and what came of it."""
    agent = await hatched(running)
    line = (await running.hatchery("generations", "list", "--state", "completed")).stdout
    assert ["a dragon", "completed", agent.generation] == [
        line.strip().split("\t")[n] for n in (0, 1, 3)
    ]
    assert "" == (await running.hatchery("generations", "list", "--state", "failed")).stdout
    shown = (await running.hatchery("generations", "show", agent.generation)).stdout
    for part in ("“a dragon”", "Dreaming up a persona: completed", "Name: Marisol", agent.name):
        assert part in shown
    assert "Drawing the portrait: completed · 4 strokes · script (scripted)" in shown
    told = await running.hatchery("generations", "show", "--json", agent.generation)
    assert agent.name == json_format.Parse(told.stdout, Generation()).resource
    late = await running.hatchery("generations", "cancel", agent.generation)
    assert (0, "It had ended before: completed.\n") == (late.exit_code, late.stdout)


async def test_models_are_listed(running: Place) -> None:
    """Each with its engine, its limits, and whether it is the default."""
    lines = (await running.hatchery("models")).stdout.splitlines()
    assert [["script", "text", "scripted", "the default · can plan"]] == [
        line.split("\t") for line in lines[:1]
    ]
    assert "64 to 1024 pixels · at most 20 strokes" in lines[1]
    told = (await running.hatchery("models", "--json")).stdout.splitlines()
    assert ["script"] * 2 == [json_format.Parse(line, Model()).name for line in told]
