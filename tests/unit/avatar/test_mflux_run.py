"""A job from the engine's side, against a worker whose every word a test decides."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from services.avatar.engines.mflux import messages as said
from services.avatar.engines.mflux.process import Worker, WorkerDied
from services.avatar.engines.mflux.run import Run
from services.avatar.port import ModelLoading, PreviewReady, StepDone
from services.runtime.errors import EngineFailed, UnknownModel

JOB = said.Draw(2, "dev", "a hen", 64, 64, 2, 7, None)
STEPS = [said.Started(2, "dev", 0.0), said.Step(2, 1, 2, 0.5), said.Step(2, 2, 2, 1.0)]
DONE = said.Done(2, 64, 64, 1.5, b"png")


class Process:
    """As much of a process as a worker that is read from has."""

    pid = 1
    returncode = None
    stdin = None

    def __init__(self) -> None:
        self.stdout = asyncio.StreamReader()


class FakeWorker(Worker):
    """Says what it is given, and remembers what it was told."""

    def __init__(self, *reports: said.Report, settled: bool = True) -> None:
        self.process = Process()
        super().__init__(self.process)  # type: ignore[arg-type]
        self.reports: asyncio.Queue[Any] = asyncio.Queue()
        for report in reports:
            self.reports.put_nowait(report)
        self.orders: list[said.Order] = []
        self.told_to_cancel = asyncio.Event()
        self.all_said = asyncio.Event()
        self.killed = False
        self.settled = settled

    async def send(self, order: said.Order) -> None:
        self.orders.append(order)
        if isinstance(order, said.Cancel):
            self.told_to_cancel.set()

    async def receive(self) -> said.Report:
        if self.reports.empty():
            self.all_said.set()
        report = await self.reports.get()
        if report is WorkerDied:
            self.process.stdout.feed_eof()
        else:
            self.process.stdout.feed_data(said.encode(report))
        return await super().receive()

    async def kill(self) -> None:
        self.killed = True


def run_of(worker: FakeWorker, emit: Callable[[Any], None], **timeouts: float) -> Run:
    """The run of JOB, patient unless a test says otherwise."""
    patience = {"load_timeout": 60.0, "hang_timeout": 60.0, "cancel_timeout": 60.0} | timeouts
    return Run(worker, JOB, model="dev", emit=emit, **patience)


async def test_reports_become_events_and_the_last_one_the_portrait() -> None:
    """Loading, steps and previews are told in order; what was loaded and counted is in the end."""
    events: list[Any] = []
    worker = FakeWorker(
        said.Loading(2),
        said.Started(2, "dev", 3.0),
        STEPS[1],
        said.Preview(2, 1, 32, 32, b"jpg"),
        STEPS[2],
        DONE,
    )
    portrait = await run_of(worker, events.append).portrait()
    assert [ModelLoading, StepDone, PreviewReady, StepDone] == [type(e) for e in events]
    assert (b"png", 3.0, 1.5, 7, 2) == (
        portrait.png,
        portrait.load_seconds,
        portrait.draw_seconds,
        portrait.seed,
        portrait.steps,
    )
    assert ("dev", True) == (worker.loaded, worker.settled)


async def test_echoes_of_an_earlier_job_are_not_its_own() -> None:
    """Reports of a job that was withdrawn before do not end or disturb this one."""
    events: list[Any] = []
    echoes = [said.Started(1, "dev", 9.0), said.Step(1, 1, 1, 1.0), said.Cancelled(1)]
    portrait = await run_of(FakeWorker(*echoes, *STEPS, DONE), events.append).portrait()
    assert [1, 2] == [e.done for e in events]
    assert portrait.load_seconds == 0.0


async def test_an_echo_tells_how_the_worker_stands() -> None:
    """What the model of a withdrawn job takes to load is no hang of the next one."""
    worker = FakeWorker(said.Loading(1))

    async def load() -> None:
        await worker.all_said.wait()
        assert ("", False) == (worker.loaded, worker.settled)
        await asyncio.sleep(0.2)
        for report in (said.Started(1, "schnell", 3.0), said.Cancelled(1)):
            worker.reports.put_nowait(report)
        worker.all_said.clear()
        await worker.all_said.wait()
        assert ("schnell", True) == (worker.loaded, worker.settled)
        for report in (said.Loading(2), *STEPS, DONE):
            worker.reports.put_nowait(report)

    async with asyncio.TaskGroup() as group:
        group.create_task(load())
        await run_of(worker, list[Any]().append, hang_timeout=0.1).portrait()
    assert ("dev", True) == (worker.loaded, worker.settled)


@pytest.mark.parametrize(
    "end", [said.Failed(1, "no"), said.WeightsMissing(1, ""), said.Cancelled(1)]
)
async def test_an_echo_that_ends_a_load_makes_silence_a_hang_again(end: said.Report) -> None:
    """A model that could not be loaded is not waited for."""
    worker = FakeWorker(said.Loading(1), end)
    async with asyncio.timeout(5):
        with pytest.raises(EngineFailed):
            await run_of(worker, list[Any]().append, hang_timeout=0.05).portrait()


async def test_missing_weights_are_an_unknown_model_with_its_command() -> None:
    """A person is told how to get the weights."""
    worker = FakeWorker(said.Loading(2), said.WeightsMissing(2, "hf download a/b"))
    with pytest.raises(UnknownModel) as refused:
        await run_of(worker, list[Any]().append).portrait()
    assert refused.value.metadata["command"] == "hf download a/b"
    assert worker.settled


async def test_a_worker_that_dies_while_it_draws_fails_the_job() -> None:
    """The job is ENGINE_FAILED: part of its work was seen."""
    with pytest.raises(EngineFailed):
        await run_of(FakeWorker(STEPS[0], WorkerDied), list[Any]().append).portrait()  # type: ignore[arg-type]


async def test_a_worker_that_died_before_is_no_failure_of_the_job() -> None:
    """Nothing of the job was heard of, so another worker may have it."""
    run = run_of(FakeWorker(WorkerDied), list[Any]().append)  # type: ignore[arg-type]
    with pytest.raises(WorkerDied):
        await run.portrait()
    assert not run.heard


async def test_silence_while_drawing_is_a_hang() -> None:
    """A settled worker that says nothing for the hang timeout is killed."""
    worker = FakeWorker(*STEPS[:2])
    with pytest.raises(EngineFailed):
        await run_of(worker, list[Any]().append, hang_timeout=0.05).portrait()
    assert worker.killed


async def test_loading_may_be_silent_for_longer_and_ticks() -> None:
    """While a model loads the hang timeout does not count, and the time that passes is told."""
    events: list[Any] = []
    worker = FakeWorker(said.Loading(2))

    async def load() -> None:
        await asyncio.sleep(1.2)
        for report in (*STEPS, DONE):
            worker.reports.put_nowait(report)

    async with asyncio.TaskGroup() as group:
        group.create_task(load())
        await run_of(worker, events.append, hang_timeout=0.05).portrait()
    ticks = [e.elapsed for e in events if isinstance(e, ModelLoading)]
    assert len(ticks) == 2
    assert ticks[1] >= 1.0


async def test_a_model_that_loads_for_ever_is_a_hang_too() -> None:
    """The load timeout ends it."""
    worker = FakeWorker(said.Loading(2))
    with pytest.raises(EngineFailed):
        await run_of(worker, list[Any]().append, load_timeout=0.05).portrait()
    assert worker.killed


async def cancel(worker: FakeWorker, **timeouts: float) -> None:
    """Starts a run, cancels it once it waits, and sees it end."""
    task = asyncio.ensure_future(run_of(worker, list[Any]().append, **timeouts).portrait())
    await worker.all_said.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    "end", [said.Cancelled(2), DONE, said.Failed(2, "no"), said.WeightsMissing(2, "")]
)
async def test_cancelling_waits_for_the_worker_to_stop(end: said.Report) -> None:
    """The worker is told, and the run ends when its job has, however; it is not killed."""
    worker = FakeWorker(*STEPS[:2])

    async def stop() -> None:
        await worker.told_to_cancel.wait()
        worker.reports.put_nowait(STEPS[2])
        worker.reports.put_nowait(end)

    async with asyncio.TaskGroup() as group:
        group.create_task(stop())
        await cancel(worker, cancel_timeout=5)
    assert worker.reports.empty()
    assert not worker.killed


async def test_cancelling_does_not_wait_for_a_model_that_loads() -> None:
    """Loading goes on for the next job, which has use of it."""
    worker = FakeWorker(said.Loading(2))
    async with asyncio.timeout(1):
        await cancel(worker)
    assert [JOB, said.Cancel(2)] == worker.orders
    assert not worker.killed


async def test_a_worker_that_does_not_stop_is_killed() -> None:
    """After the cancel timeout there is no more waiting."""
    worker = FakeWorker(*STEPS[:2])
    await cancel(worker, cancel_timeout=0.05)
    assert worker.killed
