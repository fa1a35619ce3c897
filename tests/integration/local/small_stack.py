"""A stack of three fake processes, run as the real one is: `small_stack.py STATE_FOLDER`."""

import asyncio
import sys
from pathlib import Path

from deploy.local.process import ProcessSpec
from deploy.local.stack import supervise
from deploy.local.state import StateFolder

FAKE = str(Path(__file__).with_name("fake_process.py"))


def fake(root: Path, name: str, *how: str, after: tuple[str, ...] = ()) -> ProcessSpec:
    """Describe a fake process whose pids lie in `root/NAME.ready` once it is ready."""
    file = root / f"{name}.ready"

    async def prepare() -> None:
        file.unlink(missing_ok=True)

    async def ready() -> None:
        while not file.exists():  # noqa: ASYNC110  # another process makes it
            await asyncio.sleep(0.01)

    return ProcessSpec(
        name=name,
        argv=(sys.executable, "-I", "-S", FAKE, str(file), *how),
        ready=ready,
        prepare=prepare,
        after=after,
        start_timeout=10,
        grace=0.5,
    )


async def main(root: Path) -> None:
    """Supervise until a signal comes."""
    state = StateFolder(root)
    state.prepare()
    with state.locked():
        specs = [
            fake(root, "first"),
            fake(root, "second", "parent", after=("first",)),
            fake(root, "third", "stubborn", after=("first",)),
        ]
        await supervise(specs, state, {"envoy": 1})


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])), debug=True)
