"""The manifests of deploy/kubernetes, as `kubectl apply -k` would send them."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.support.require import require

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
TOOLS = ROOT / ".cache" / "tools"

# What is built: the overlays, and production with traces and on NVIDIA cards.
BUILT = ("laptop", "production", "cards")

# Overlays with components.
MORE = {
    "cards": ("production", ("traces", "ollama", "nvidia")),
    "certified": ("laptop", ("certificates",)),
}

Manifest = Mapping[str, Any]


class Loader(yaml.CSafeLoader):
    """Reads "=" as the word that it is, where YAML 1.1 wants something else."""


Loader.add_constructor("tag:yaml.org,2002:value", Loader.construct_yaml_str)


@cache
def manifests(name: str) -> Sequence[Manifest]:
    """Everything that one of BUILT or of MORE consists of."""
    program = TOOLS / "bin" / "kustomize"
    require(program.exists(), "kustomize is not there: run tests/tools/kustomize, which needs Go")
    if name not in MORE:
        return _built(program, KUBERNETES / "overlays" / name)
    overlay, components = MORE[name]
    with tempfile.TemporaryDirectory() as folder:
        above = os.path.relpath(KUBERNETES, Path(folder).resolve())
        (Path(folder) / "kustomization.yaml").write_text(
            json.dumps(
                {
                    "resources": [f"{above}/overlays/{overlay}"],
                    "components": [f"{above}/components/{one}" for one in components],
                    "namespace": "hatchery",
                }
            )
        )
        return _built(program, Path(folder))


def _built(program: Path, folder: Path) -> Sequence[Manifest]:
    done = subprocess.run([program, "build", folder], capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    return list(yaml.load_all(done.stdout, Loader))


def of_kind(name: str, *kinds: str) -> Sequence[Manifest]:
    """Those of some kinds."""
    return [one for one in manifests(name) if one["kind"] in kinds]


def workloads(name: str) -> Mapping[str, Manifest]:
    """What runs pods, by its name."""
    found = of_kind(name, "Deployment", "StatefulSet")
    return {one["metadata"]["name"]: one for one in found}


def pod(workload: Manifest) -> Manifest:
    """How each of its pods is."""
    spec: Manifest = workload["spec"]["template"]["spec"]
    return spec


def container(workload: Manifest) -> Manifest:
    """The one container of each of its pods."""
    (only,) = pod(workload)["containers"]
    found: Manifest = only
    return found


def environment(name: str, workload: Manifest) -> Mapping[str, str]:
    """Its variables; what comes from a secret or the pod itself is "secret" or "1"."""
    return dict(_environment(name, workload))


def _environment(name: str, workload: Manifest) -> Iterator[tuple[str, str]]:
    maps = {one["metadata"]["name"]: one.get("data", {}) for one in of_kind(name, "ConfigMap")}
    spec = container(workload)
    for source in spec.get("envFrom", ()):
        yield from maps[source["configMapRef"]["name"]].items()
    for variable in spec.get("env", ()):
        came = variable.get("valueFrom", {})
        told = "secret" if "secretKeyRef" in came else "1"
        yield variable["name"], variable.get("value", told)
