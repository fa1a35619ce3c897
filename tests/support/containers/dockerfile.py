"""deploy/docker/Dockerfile, taken apart: its stages, and what each of their instructions says."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).parents[3]
DOCKER = ROOT / "deploy" / "docker"

# What `images` knows how to do; the file cannot come to say more unseen.
KNOWN = {"WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "HEALTHCHECK"}


@dataclass(frozen=True)
class Instruction:
    """One of them: `COPY`, and the rest of its lines."""

    word: str
    value: str


@dataclass(frozen=True)
class Stage:
    """`FROM parent AS name`, and what follows."""

    name: str
    parent: str
    instructions: tuple[Instruction, ...]


def stages(text: str | None = None) -> Mapping[str, Stage]:
    """All stages, by name, in order. Raises ValueError for what is not known here."""
    content = (DOCKER / "Dockerfile").read_text() if text is None else text
    parser = DockerfileParser(fileobj=io.BytesIO(content.encode()))
    found = dict[str, Stage]()
    name, parent, under = "", "", list[Instruction]()
    for line in parser.structure:
        word, value = line["instruction"], line["value"]
        if word == "FROM":
            parent, between, name = value.split()
            if between.upper() != "AS" or name in found:
                raise ValueError(f"a stage without a name of its own: FROM {value}")
            under = []
        elif word in KNOWN and name:
            under.append(Instruction(word, value))
        elif word != "COMMENT":
            raise ValueError(f"nobody knows here what it does: {word} {value}")
        if name:
            found[name] = Stage(name, parent, tuple(under))
    return found
