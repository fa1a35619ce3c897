"""Small parts: file names, sizes, names."""

from pathlib import Path

import click
import pytest
from hatchery.gateway.v1.agent_service_pb2 import Agent

from clients.cli.commands.options import Destination, Size
from clients.cli.names import agent_name, generation_name
from clients.cli.portraits import file_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Marisol", "marisol"), ("Zoë de l'Eau", "zoe-de-l-eau"), ("../../etc", "etc"),
     ("日本", "companion"), ("", "companion"), ("a" * 300, "a" * 40)],
)  # fmt: skip
def test_file_names_are_safe(name: str, expected: str) -> None:
    """Whatever a companion is called, its file lies where files of its kind lie."""
    agent = Agent(name="agents/1a2b3c4d-0000-4000-8000-000000000000")
    agent.persona.name = name
    assert f"{expected}-1a2b3c4d" == file_name(agent)


def test_sizes() -> None:
    """WxH, or one number for a square; anything else is refused before it is sent."""
    size = Size()
    assert [(512, 768), (256, 256)] == [size.convert(t, None, None) for t in ("512x768", "256")]
    for wrong in ("", "x", "512x", "big", "1x1x1", "-1x5", "999999", "0", "0x512"):
        with pytest.raises(click.BadParameter):
            size.convert(wrong, None, None)


def test_a_portrait_goes_where_it_can_be_written(tmp_path: Path) -> None:
    """A folder, a file in one, or a file that is there; a folder that is not is refused."""
    (tmp_path / "there.png").touch()
    place = Destination()
    for good in (tmp_path, tmp_path / "new.png", tmp_path / "there.png"):
        assert good == place.convert(str(good), None, None)
    with pytest.raises(click.BadParameter, match="there is no folder"):
        place.convert(str(tmp_path / "no" / "x.png"), None, None)


def test_names_may_be_short() -> None:
    """A bare id is enough; a whole name stays as it is."""
    assert ["agents/1", "agents/1"] == [agent_name(n) for n in ("1", "agents/1")]
    assert ["generations/1", "x/1"] == [generation_name(n) for n in ("1", "x/1")]
