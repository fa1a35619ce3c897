"""What the gateway's log has of people: who called what, and none of what they said."""

import asyncio
from pathlib import Path

from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1.recipe_service_pb2 import RunRecipeRequest

from tests.support.calls import RPCS, call
from tests.support.collector import collecting
from tests.support.gateway import KEY, Client, gateway, token
from tests.support.gateway_process import gateway_process
from tests.support.logged import SAID, discreet
from tests.support.oracle import assert_story
from tests.support.scripted import DOCUMENT, MORE, TEXT, Engines, scripted_engines
from tests.support.waiting import until


async def test_logs_have_neither_words_nor_secrets(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Each line is one JSON object, whatever is sent; at INFO, no prompt, no reply and no token."""
    (tmp_path / "key").write_text(KEY)
    path, tokens = tmp_path / "log", list[str]()
    settings = {"auth": "jwt", "token_key_file": str(tmp_path / "key")}
    async with gateway_process(database_url, engines, path, owner="alice", **settings) as (
        process,
        client,
    ):
        await _use(client, tokens)
        await until(lambda: _has(path, "call refused"))
        process.terminate()
        assert 0 == await asyncio.to_thread(process.wait, 20)
    lines = discreet(path.read_text(), "gateway", TEXT, KEY, database_url, *tokens)
    assert {"listening", "claimed", "call refused", "stopped"} <= {one["event"] for one in lines}
    assert all("request_id" in one for one in lines if one["event"] == "call refused")
    assert all("generation" in one for one in lines if one["event"] == "claimed")


async def test_spans_have_neither_words_nor_secrets(database_url: str, tmp_path: Path) -> None:
    """Whatever is said, asked for wrongly or made of it: none of it is exported, and no owner."""
    tokens: list[str] = []
    async with collecting() as collector:
        async with (
            scripted_engines(traces=collector.endpoint) as engines,
            gateway(
                database_url, engines, tmp_path, traces=collector.endpoint, auth="jwt"
            ) as client,
        ):
            await _use(client.as_owner("alice"), tokens)
        exported = "".join(f"{one.span}{one.attributes}" for one in collector.spans)
        assert {"hatchery-gateway", "hatchery-llm", "hatchery-avatar"} == {
            one.service for one in collector.spans
        }
    assert "INVALID_ARGUMENT" in exported
    assert "UNAUTHENTICATED" in exported
    for private in (
        "private wish",
        "forged",
        "\x1b",
        "alice",
        "mallory",
        KEY,
        database_url,
        *tokens,
    ):
        assert private not in exported, private
    for made in (TEXT, *(value for value in (DOCUMENT | MORE).values() if isinstance(value, str))):
        assert made not in exported, made


async def _has(path: Path, words: str) -> bool:
    return words in await asyncio.to_thread(path.read_text)


async def _use(client: Client, tokens: list[str]) -> None:
    """Makes, says and asks for whatever has words of a person's, and some of it wrongly."""
    hatched = assert_story(await client.hatch(SAID))
    agent = hatched[-1].completed.resource
    assert_story(await client.say(SAID, agent=agent))
    assert_story(await client.write(SAID))
    tokens += [token("alice"), token("mallory", seconds=-9), token("x" * 300)]
    for given in tokens[1:]:
        await call(
            client.channel,
            RPCS["AgentService.GetAgent"],
            agents.GetAgentRequest(name=agent),
            (("authorization", f"Bearer {given}"), ("x-request-id", "forged id")),
        )
    for request in (
        agents.CreateAgentRequest(description=SAID * 2000),
        agents.CreateAgentRequest(description=SAID, llm_model=SAID[:30]),
        agents.CreateAgentRequest(description="a dragon", template=SAID),
        agents.CreateAgentRequest(description=SAID, reference_image=b"no picture"),
    ):
        await call(client.channel, RPCS["AgentService.CreateAgent"], request, client.metadata)
    run = RunRecipeRequest(name="recipes/none")
    run.input.update({SAID: SAID})
    await call(client.channel, RPCS["RecipeService.RunRecipe"], run, client.metadata)
