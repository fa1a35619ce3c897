"""What is asked of a running overlay: companions, and how its pods are."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from google.protobuf import json_format
from hatchery.progress.v1.progress_pb2 import Progress

from tests.support.containers.network import to
from tests.support.containers.pods import Pod


def begin_hatching(edge: Pod, sentence: str) -> "subprocess.Popen[str]":
    """The command, where `kubectl port-forward` leads: beside the edge."""
    command = Path(sys.executable).with_name("hatchery")
    return subprocess.Popen(
        [*to(edge.pid), command, "hatch", "--json", "--address", "127.0.0.1:8080", sentence],
        stdout=subprocess.PIPE,
        text=True,
    )


def story_in(output: str) -> list[Progress]:
    """What the command told, a line for each event."""
    return [json_format.Parse(line, Progress()) for line in output.splitlines()]


def wait_until(condition: Callable[[], bool]) -> None:
    """Looks again and again, for a minute at most. Raises TimeoutError."""
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError


def processes_of(pod: Pod) -> list[psutil.Process]:
    """All that run in a pod, the first one first."""
    first = psutil.Process(pod.pid)
    return [first, *first.children(recursive=True)]
