"""Three gateways behind Envoy, and the real engines, while gateways are killed."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from google.protobuf import json_format
from hatchery.progress.v1.progress_pb2 import Progress

from tests.e2e.conftest import running_stack
from tests.e2e.test_story import assert_hatched
from tests.support.oracle import kinds


def test_gateways_are_killed_and_the_story_is_whole() -> None:
    """All three are killed in mid-stream, one after another; the command's stream has no gap."""
    with running_stack(HATCHERY_REPLICAS="3", HATCHERY_LEASE="1") as stack:
        names = [name for name in stack.pids() if name.startswith("gateway")]
        assert ["gateway", "gateway-2", "gateway-3"] == sorted(names)
        command = Path(sys.executable).with_name("hatchery")
        events, left = list[Progress](), list(names)
        with subprocess.Popen(
            [command, "hatch", "--json", "a brave mouse knight"],
            env=stack.environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as hatching:
            assert hatching.stdout is not None
            # A command that hears everything and does not end is a failure too.
            hung = threading.Timer(100, hatching.kill)
            hung.start()
            for line in hatching.stdout:
                events.append(json_format.Parse(line, Progress()))
                if left and kinds(events).count("text_delta") == 3 * (4 - len(left)):
                    os.kill(stack.pids()[left.pop()], signal.SIGKILL)
        hung.cancel()
        assert 0 == hatching.returncode
        assert_hatched(events)
        assert "recovered" in kinds(events)
        name = events[0].generation
        again = stack.hatchery("watch", "--json", name).stdout.splitlines()
        assert events[-1] == json_format.Parse(again[-1], Progress())
