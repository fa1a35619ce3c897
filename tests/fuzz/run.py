"""Calls every RPC of every service with requests at random, and judges what comes back."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from hatchery.avatar.v1 import avatar_service_pb2 as avatar
from hatchery.gateway.v1.recipe_service_pb2 import RunRecipeRequest
from hatchery.llm.v1 import llm_service_pb2 as llm

from tests.contract.avatar import scripted as images
from tests.contract.gateway.requests import VALID
from tests.contract.llm import scripted as texts
from tests.fuzz.making import Maker
from tests.fuzz.names import Names
from tests.support.calls import RPCS
from tests.support.gateway import Client, gateway, token
from tests.support.postgres import connected, fresh_database
from tests.support.recipes import GREETING
from tests.support.resting import until_at_rest
from tests.support.scripted import scripted_engines
from tests.support.thinking import conversation_of, memories

# So many calls at once; so many owners, of whom each may have so much under way.
_AT_ONCE, _OWNERS, _UNFINISHED = 64, 8, 40
# A stream is left after so many answers, or so many seconds without one.
_ANSWERS, _SILENCE = 40, 0.5
_DEADLINE = 20.0
_FAULTS = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DEADLINE_EXCEEDED}
_UNTYPED = {
    # What grpcio itself says of a message that is too large, before anybody of ours sees it.
    grpc.StatusCode.RESOURCE_EXHAUSTED,
}
_GREETING = RunRecipeRequest(name="recipes/greeting")
_GREETING.input.update({"topic": "tea"})
# What is taken, beside what the gateway takes of the usual requests.
_GOOD: Sequence[Message] = (
    _GREETING,
    llm.GenerateRequest(messages=[llm.Message(role=llm.Message.ROLE_USER, content="Tides?")]),
    avatar.GenerateRequest(prompt="a hen"),
)
_GARBAGE = ("", "Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi", "Bearer " + "e" * 4000)


@dataclass
class Target:
    """A method of a service, and where that is."""

    method: MethodDescriptor
    channel: grpc.aio.Channel


@dataclass
class Report:
    """How often each RPC answered how, and what should never have come."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """How many calls there were."""
        return sum(self.answers.values())


async def fuzz(
    server_url: str,
    folder: Path,
    cases: int,
    seed: int,
    tell: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Makes so many calls against a house of its own, and looks at what it has logged after."""
    report, random = Report(), Random()
    async with _house(server_url, folder) as (client, targets, database_url):
        good = {r.DESCRIPTOR.full_name: r for r in (*VALID.values(), *_GOOD)}
        names = Names(random, await _names(client))
        maker = Maker(random, names, good)
        left = iter(range(cases))

        async def work() -> None:
            for number in left:
                # A case follows from its number, but for the names that are known by then.
                random.seed(f"{seed} {number}")
                target = random.choice(targets)
                request = maker.request(target.method)
                await _call(target, request, _bearer(random), names, report)
                if number % 5000 == 4999:
                    tell(report)

        await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
        await _still_serves(client, report)
        report.faults += await _faults_in(database_url)
    return report


@asynccontextmanager
async def _house(
    server_url: str, folder: Path
) -> AsyncIterator[tuple[Client, Sequence[Target], str]]:
    """A gateway whose engines answer at once, and both engine services with engines of scripts."""
    async with (
        fresh_database(server_url) as database_url,
        scripted_engines() as engines,
        gateway(
            database_url,
            engines,
            folder,
            custom=[GREETING],
            owner_unfinished=_UNFINISHED,
            owner_calls=1e6,
            llm_slots=16,
            avatar_slots=16,
            retention=5.0,
        ) as client,
        texts.serving(texts.ScriptedEngine()) as text,
        images.serving(images.ScriptedEngine()) as image,
    ):
        methods = [
            *((method, client.channel) for method in RPCS.values()),
            *((m, text.channel) for m in llm.DESCRIPTOR.services_by_name["LlmService"].methods),
            *(
                (m, image.channel)
                for m in avatar.DESCRIPTOR.services_by_name["AvatarService"].methods
            ),
        ]
        yield client, [Target(*each) for each in methods], database_url


async def _names(client: Client) -> Sequence[str]:
    """Names of what is there, of one owner whom some calls are of."""
    owner = client.as_owner("owner-0")
    hatched = await owner.hatch()
    agent = hatched[-1].completed.resource
    said = await owner.say("Please remember that I like tea.", agent=agent)
    written = await owner.write()
    return [
        agent,
        hatched[0].generation,
        written[-1].completed.resource,
        written[0].generation,
        conversation_of(said),
        (await memories(owner))[0].name,
        "recipes/greeting",
    ]


def _bearer(random: Random) -> str:
    if random.random() < 0.03:
        return random.choice(_GARBAGE)
    owner = 0 if random.random() < 0.5 else random.randrange(_OWNERS)
    return f"Bearer {token(f'owner-{owner}')}"


async def _call(target: Target, request: bytes, bearer: str, names: Names, report: Report) -> None:
    rpc = f"{target.method.containing_service.name}.{target.method.name}"
    outcome = "OK"
    try:
        metadata = (("authorization", bearer),) if bearer else ()
        async for answer in _answers(target, request, metadata):
            names.learn(answer)
    except TimeoutError:
        outcome = "OPEN"
    except grpc.aio.AioRpcError as error:
        outcome = error.code().name
        if wrong := _wrong(error):
            report.faults.append(f"{rpc} {request.hex()[:4000]}: {wrong}")
    report.answers[rpc, outcome] += 1


async def _answers(target: Target, request: bytes, metadata: Any) -> AsyncIterator[Message]:
    """What a call answers, a stream only for a while. Raises TimeoutError where it stays."""
    method = target.method
    path = f"/{method.containing_service.full_name}/{method.name}"
    read = GetMessageClass(method.output_type).FromString
    given: Mapping[str, Any] = {"metadata": metadata, "timeout": _DEADLINE}
    if method.client_streaming:
        each = target.channel.stream_unary(path, response_deserializer=read)
        yield await each(iter([request]), **given)
        return
    if not method.server_streaming:
        call: Any = target.channel.unary_unary(path, response_deserializer=read)(request, **given)
        if method.name != "WaitGeneration":
            yield await call
            return
        try:
            yield await asyncio.wait_for(call, _SILENCE)
        finally:
            call.cancel()
        return
    stream = target.channel.unary_stream(path, response_deserializer=read)(request, **given)
    try:
        for _ in range(_ANSWERS):
            async with asyncio.timeout(_SILENCE):
                answer = await stream.read()
            if answer is grpc.aio.EOF:
                return
            yield answer
    finally:
        stream.cancel()


def _wrong(error: grpc.aio.AioRpcError) -> str:
    """What is wrong with a refusal; empty for a good one."""
    if error.code() in _FAULTS:
        return f"{error.code().name} {error.details()}"
    status = rpc_status.from_call(error)
    if status is None:
        return "" if error.code() in _UNTYPED else f"untyped: {error.code().name}"
    infos = [d for d in status.details if d.Is(error_details_pb2.ErrorInfo.DESCRIPTOR)]
    return "" if len(infos) == 1 else f"{len(infos)} reasons: {status}"


async def _still_serves(client: Client, report: Report) -> None:
    """A companion hatches as ever, for somebody who did nothing."""
    story = await client.as_owner("somebody").hatch()
    if not story or not story[-1].HasField("completed"):
        report.faults.append("nobody hatches any more")


async def _faults_in(database_url: str) -> list[str]:
    """Generations that failed for a fault of ours, once nothing is under way any more."""
    async with connected(database_url) as connection:
        await until_at_rest(connection, 60)
        rows = await connection.fetch(
            "SELECT id, recipe, description FROM generations WHERE error_reason = 'INTERNAL'"
        )
    return [f"{row['recipe']} {row['id']} of {row['description'][:200]!r} failed" for row in rows]
