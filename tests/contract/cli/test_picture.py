"""`hatch --picture`: a companion from a picture, in the terminal."""

import json
from pathlib import Path

from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import parsed
from tests.support.oracle import assert_story
from tests.support.pictures import as_file, at_dusk
from tests.support.scripted import MORE, Engines


def dusk(folder: Path) -> Path:
    """The file of a picture."""
    path = folder / "dusk.jpg"
    path.write_bytes(as_file(at_dusk(), "JPEG", quality=95))
    return path


async def test_a_picture_is_told_step_by_step(
    running: Place, engines: Engines, tmp_path: Path
) -> None:
    """What was kept, read and seen; and the card has age and gender."""
    engines.eyes = ["eyes"]
    done = await running.hatchery("hatch", "a dragon", "--picture", str(dusk(tmp_path)))
    assert 0 == done.exit_code, done.output
    for line in (
        "Step 1 of 7: Taking in the picture",
        "  90 x 120 pixels, kept without metadata",
        "  teal 88 % · gold 9 %",
        f"  Physical description: {MORE['physical_description']}",
        f"  Personality: {MORE['personality']}",
        "water dragon · about 300 · female",
        "Marisol Tidewell",
    ):
        assert line in done.stdout, done.stdout


async def test_without_eyes_it_is_said_and_so_is_what_helps(running: Place, tmp_path: Path) -> None:
    """A picture alone is enough."""
    done = await running.hatchery("hatch", "--picture", str(dusk(tmp_path)))
    assert 0 == done.exit_code, done.output
    assert "Only its colours, light and composition were read: none of the text" in done.stdout
    assert "`ollama pull" in done.stdout
    words = "Coloured mostly teal, with gold. dark, moderate contrast"
    assert words in done.stdout
    (name,) = [line for line in done.stdout.splitlines() if line.startswith("Name:     ")]
    agent = await running.hatchery("agents", "show", "--json", name.removeprefix("Name:     "))
    shown = await running.hatchery("generations", "show", json.loads(agent.stdout)["generation"])
    assert words in shown.stdout
    assert "Only its colours, light and composition were read" in shown.stdout


async def test_the_model_that_looks_can_be_chosen(
    running: Place, engines: Engines, tmp_path: Path
) -> None:
    """And one that cannot is refused in the option's own name."""
    engines.eyes = ["one", "two"]
    arguments = ("hatch", "--json", "--picture", str(dusk(tmp_path)), "--vision-model")
    done = await running.hatchery(*arguments, "two")
    assert_story(parsed(done.stdout))
    assert "two" == engines.text_calls[0].model
    done = await running.hatchery(*arguments, "script")
    assert 1 == done.exit_code
    assert "--vision-model: this model cannot look at pictures" in done.stderr


async def test_what_cannot_be_taken_is_refused_before_anything_is_made(
    running: Place, engines: Engines, tmp_path: Path
) -> None:
    """Nothing at all, no file, an empty one, one too large, and one that is no picture."""
    done = await running.hatchery("hatch")
    assert (2, True) == (done.exit_code, "a --picture or a --template" in done.stderr)
    done = await running.hatchery("hatch", "--picture", str(tmp_path / "none.png"))
    assert (2, True) == (done.exit_code, "does not exist" in done.stderr)
    file = tmp_path / "x.png"
    for size, why in ((0, "is empty"), (8 * 2**20 + 1, "is larger than 8 MiB")):
        file.write_bytes(bytes(size))
        done = await running.hatchery("hatch", "--picture", str(file))
        assert (2, True) == (done.exit_code, why in done.stderr), done.stderr
    file.write_bytes(b"GIF89a")
    done = await running.hatchery("hatch", "--picture", str(file))
    assert 1 == done.exit_code
    assert "--picture: is neither a PNG nor a JPEG nor a WebP" in done.stderr
    assert [] == engines.text_calls
