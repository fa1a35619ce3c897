"""The images of deploy/docker, as layers over this machine's root file system.

That one stands for the official image of Python; what is only this machine's is taken out of it.
Each stage is one layer.
"""

import json
import os
import shlex
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from tests.support.containers.context import gathered
from tests.support.containers.dockerfile import Instruction, Stage, stages
from tests.support.containers.rooms import ALONE, furnished, mounted, quoted, shell

OFFICIAL = "python:3.13-slim-bookworm"
# What Debian has at its root. The rest is of this machine.
DEBIAN = {
    *("bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "media", "mnt", "opt"),
    *("proc", "run", "sbin", "srv", "sys", "usr", "var"),
}
EMPTY = {"home": 0o755, "root": 0o700, "tmp": 0o1777}
PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"

# How packages are come by on this machine.
_OUTER = {
    name: value
    for name, value in os.environ.items()
    if name.startswith(("PIP_", "SSL_")) or name.lower().endswith("_proxy")
}


@dataclass(frozen=True)
class Image:
    """What a stage makes: layers, the lowest first, and how a container begins."""

    layers: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: {"PATH": PATH})
    user: str = "0:0"
    folder: str = "/"
    entrypoint: tuple[str, ...] = ()
    health: tuple[str, ...] = ()

    def files(self) -> Iterator[tuple[str, Path]]:
        """All that its own layers hold, by the path there."""
        for layer in self.layers[1:]:  # the first is the official image's
            for place, folders, names in os.walk(layer):
                for name in (*folders, *names):
                    path = Path(place, name)
                    yield f"/{path.relative_to(layer)}", path

    def size(self) -> int:
        """Bytes of the files in its own layers."""
        return sum(p.lstat().st_size for _, p in self.files() if p.is_file() or p.is_symlink())


class Images:
    """Builds each stage once, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stages = stages()
        self._built = {OFFICIAL: self._official()}
        self._locks = defaultdict[str, Lock](Lock)
        self._context = folder / "context"
        self._context.mkdir(parents=True)
        gathered(self._context)

    def built(self, target: str) -> Image:
        """The image of a stage, with all that it needs. Raises RuntimeError."""
        with self._locks[target]:
            if target not in self._built:
                self._built[target] = self._build(self._stages[target])
            return self._built[target]

    def build(self, *targets: str) -> None:
        """Builds several at once."""
        with ThreadPoolExecutor(len(targets)) as pool:
            list(pool.map(self.built, targets))

    def _official(self) -> Image:
        layer = self._folder / "official"
        python = layer / "usr" / "local" / "bin"
        python.mkdir(parents=True)
        for name in ("python3", "python"):
            (python / name).symlink_to("/usr/bin/python3")
        for name, mode in EMPTY.items():
            (layer / name).mkdir()
            (layer / name).chmod(mode)
            os.setxattr(layer / name, "trusted.overlay.opaque", b"y")
        for path in Path("/").iterdir():
            if path.name not in DEBIAN | EMPTY.keys():
                os.mknod(layer / path.name, 0o20000)  # as an overlay writes that it is gone
        return Image((layer,))

    def _build(self, stage: Stage) -> Image:
        layer = self._folder / stage.name
        layer.mkdir()
        image = self.built(stage.parent)
        image = replace(image, layers=(*image.layers, layer))
        for instruction in stage.instructions:
            image = self._done(image, instruction)
        return image

    def _done(self, image: Image, instruction: Instruction) -> Image:
        value = instruction.value
        match instruction.word:
            case "WORKDIR":
                self._change(image, [quoted(("mkdir", "-p", self._under(value)))])
                return replace(image, folder=value)
            case "COPY":
                self._copy(image, shlex.split(value))
            case "RUN":
                self._run(image, value)
            case "ENV":
                pairs = (pair.partition("=") for pair in shlex.split(value))
                told = {name: text for name, _, text in pairs}
                return replace(image, environment={**image.environment, **told})
            case "USER":
                return replace(image, user=value)
            case "ENTRYPOINT":
                return replace(image, entrypoint=tuple(json.loads(value)))
            case "HEALTHCHECK":
                return replace(image, health=tuple(json.loads(value[value.index("[") :])))
            case other:
                raise ValueError(other)
        return image

    def _copy(self, image: Image, words: list[str]) -> None:
        source, before = self._context, list[str]()
        if words[0].startswith("--from="):
            source = self._folder / "source"
            stage = self.built(words.pop(0).removeprefix("--from="))
            before = list(mounted(source, stage.layers))
        *names, place = words
        into = f"{self._under(image.folder)}/{place}" if place[0] != "/" else self._under(place)
        is_folder = place.endswith((".", "/"))
        lines = [quoted(("mkdir", "-p", into if is_folder else str(Path(into).parent)))]
        for name in names:
            path = f"{source}/{name.lstrip('/')}"
            copy = ("cp", "-dR", "--preserve=mode,timestamps,links")  # and all of it is root's
            # Of a folder, what is in it.
            lines.append(
                f"if test -d {quoted((path,))}; then {quoted(('mkdir', '-p', into))};"
                f" {quoted((*copy, f'{path}/.', into))};"
                f" else {quoted((*copy, path, into))}; fi"
            )
        self._change(image, [*before, *lines])

    def _run(self, image: Image, command: str) -> None:
        uid, _, gid = image.user.partition(":")
        told = {**_OUTER, "HOME": "/root" if uid == "0" else "/tmp", **image.environment}
        self._change(
            image,
            [
                *furnished(self._root),
                quoted(
                    (
                        *("chroot", f"--userspec={uid}:{gid}", self._root),
                        *("/usr/bin/env", "-i", f"--chdir={image.folder}"),
                        *(f"{name}={value}" for name, value in told.items()),
                        *("/bin/sh", "-c", command),
                    )
                ),
            ],
        )

    @property
    def _root(self) -> Path:
        return self._folder / "root"

    def _under(self, path: str) -> str:
        return f"{self._root}/{path.lstrip('/')}"

    def _change(self, image: Image, lines: Sequence[str]) -> None:
        """Runs lines where the last layer is written to."""
        *below, layer = image.layers
        command = (*ALONE, *shell([*mounted(self._root, below, layer), *lines]))
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{lines[-1]}\n{done.stdout}{done.stderr}")
