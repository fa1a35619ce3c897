"""What a container of a manifest is given: its variables, its volumes, and who it runs as."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

from tests.support.containers.images import Image
from tests.support.containers.rooms import quoted
from tests.support.manifests import Manifest

_UNITS: Mapping[str, str | int] = {"m": "0.001", "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "": 1}


def quantity(text: str) -> Decimal:
    """`500m`, `256Mi` and the like, as a number."""
    number, unit = re.fullmatch(r"([\d.]+)([a-zA-Z]*)", text).groups()  # type: ignore[union-attr]
    return Decimal(number) * Decimal(_UNITS[unit])


def _spare() -> int:
    """The cores that one pod may have here, whatever its manifest says."""
    return max((os.cpu_count() or 1) - 1, 1)


@dataclass(frozen=True)
class Namespace:
    """The maps and secrets that pods may name."""

    maps: Mapping[str, Mapping[str, str]]
    secrets: Mapping[str, Mapping[str, str]]

    def environment(self, container: Manifest) -> Mapping[str, str]:
        """The variables of a container; later ones may use earlier ones. Raises KeyError."""
        told = dict[str, str]()
        for source in container.get("envFrom", ()):
            told |= self.maps[source["configMapRef"]["name"]]
        for variable in container.get("env", ()):
            if "value" in variable:
                value = re.sub(
                    r"\$\((\w+)\)",
                    lambda used: told.get(used[1], used[0]),
                    variable["value"],
                )
            else:
                value = self._found(variable["valueFrom"], container)
            told[variable["name"]] = value
            if variable["name"].endswith("_THREADS"):
                # Threads that wait for one another wait for other tests as well.
                told[variable["name"]] = str(min(int(value), _spare()))
        return told

    def _found(self, source: Mapping[str, Any], container: Manifest) -> str:
        ((kind, of),) = source.items()
        if kind == "configMapKeyRef":
            return self.maps[of["name"]][of["key"]]
        if kind == "secretKeyRef":
            return self.secrets[of["name"]][of["key"]]
        if kind == "resourceFieldRef" and of["containerName"] == container["name"]:
            side, _, what = of["resource"].partition(".")
            amount = quantity(container["resources"][side][what])
            return str(amount.to_integral_value(ROUND_CEILING))
        raise KeyError(kind)

    def mounts(self, root: Path, pod: Manifest, container: Manifest, kept: Path) -> Iterator[str]:
        """Mounts a container's volumes, for a shell; `kept` is for files of maps and secrets."""
        volumes = {one["name"]: one for one in pod.get("volumes", ())}
        group = pod["securityContext"].get("fsGroup", 0)
        for mount in container.get("volumeMounts", ()):
            volume, place = volumes[mount["name"]], f"{root}{mount['mountPath']}"
            if "emptyDir" in volume:
                size = int(quantity(volume["emptyDir"]["sizeLimit"]))
                options = f"nosuid,nodev,size={size},mode=2777,gid={group}"
                yield quoted(("mount", "-t", "tmpfs", "-o", options, "tmpfs", place))
            else:
                folder = self._written(kept / mount["name"], volume, group)
                yield quoted(("mount", "--bind", folder, place))
                yield quoted(("mount", "-o", "remount,bind,ro", place))

    def _written(self, folder: Path, volume: Mapping[str, Any], group: int) -> Path:
        if "configMap" in volume:
            source = volume["configMap"]
            files = self.maps[source["name"]]
        else:
            source = volume["secret"]
            files = self.secrets[source["secretName"]]
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text)
            (folder / name).chmod(source.get("defaultMode", 0o644) | 0o040)
            os.chown(folder / name, 0, group)
        return folder


def command(image: Image, container: Manifest) -> tuple[str, ...]:
    """What a container runs: `command` and `args`, or what its image begins with."""
    begin = container.get("command", image.entrypoint)
    return (*begin, *container.get("args", ()))


def identity(pod: Manifest, container: Manifest) -> tuple[str, ...]:
    """Becomes the user of a container, with as few rights as it says."""
    who = pod["securityContext"] | container["securityContext"]
    groups = (f"--groups={who['fsGroup']}",) if "fsGroup" in who else ("--clear-groups",)
    rights = list[str]()
    if "ALL" in who.get("capabilities", {}).get("drop", ()):
        rights += ["--bounding-set=-all", "--inh-caps=-all"]
    if not who.get("allowPrivilegeEscalation", True):
        rights.append("--no-new-privs")
    return (
        "setpriv",
        # Whoever becomes another user would else outlive who started it.
        "--pdeathsig=keep",
        f"--reuid={who['runAsUser']}",
        f"--regid={who['runAsGroup']}",
        *groups,
        *rights,
    )
