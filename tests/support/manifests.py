"""The manifests of deploy/kubernetes, as `kubectl apply -k` would send them."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.gateway.settings import GatewaySettings
from tests.support.require import require

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
TOOLS = ROOT / ".cache" / "tools"

# What is built: the overlays, and production with the components that are left to whoever has
# traces and NVIDIA cards.
BUILT = ("laptop", "production", "cards")
_LEFT = re.compile(r"^  # - (\.\./\.\./components/\w+)$", re.MULTILINE)

Manifest = Mapping[str, Any]


class Loader(yaml.CSafeLoader):
    """Reads "=" as the word that it is, where YAML 1.1 wants something else."""


Loader.add_constructor("tag:yaml.org,2002:value", Loader.construct_yaml_str)


@cache
def manifests(name: str) -> Sequence[Manifest]:
    """Everything that one of BUILT consists of, or "certified": a laptop's with certificates."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "deploy"
        for part in (KUBERNETES, ROOT / "deploy" / "monitoring"):
            shutil.copytree(part, copied / part.name)
        overlays = copied / KUBERNETES.name / "overlays"
        if name == "cards":
            _edit(overlays / "production", lambda text: _LEFT.sub(r"  - \1", text))
            return _built(overlays / "production")
        if name == "certified":
            more = "components: [../../components/certificates]\n"
            _edit(overlays / "laptop", lambda text: text + more)
            return _built(overlays / "laptop")
        return _built(overlays / name)


def _edit(overlay: Path, edited: Callable[[str], str]) -> None:
    file = overlay / "kustomization.yaml"
    before = file.read_text()
    file.write_text(edited(before))
    assert before != file.read_text()


def _built(folder: Path) -> Sequence[Manifest]:
    program = TOOLS / "bin" / "kustomize"
    require(program.exists(), "kustomize is not there: run tests/tools/kustomize, which needs Go")
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


def seconds_to_end(name: str, service: str) -> float:
    """How long a pod of a service of ours takes to its end, at most."""
    workload = workloads(name)[service]
    told = environment(name, workload)
    before: float = container(workload)["lifecycle"]["preStop"].get("sleep", {}).get("seconds", 0)
    takes = before + float(told["HATCHERY_STOP_GRACE"])
    if service == "gateway":
        lease = GatewaySettings(database_url="postgresql://localhost").lease
        takes += lease + float(told["HATCHERY_STEP_GRACE"])
    return takes


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
