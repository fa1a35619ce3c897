"""Hatches the sample companions on a stack of its own and writes their page: `make samples`."""

import asyncio
import os
import tempfile
from pathlib import Path

import grpc
from hatchery.gateway.v1.agent_service_pb2 import Agent, CreateAgentRequest, GetAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.asset_service_pb2 import DownloadAssetRequest
from hatchery.gateway.v1.asset_service_pb2_grpc import AssetServiceStub

from deploy.local.settings import LocalSettings
from deploy.local.stack import start_in_background, stop
from deploy.local.state import StateFolder

HERE = Path(__file__).parent
SEED = 1
SENTENCES = {
    "dragon": "a shy water dragon who loves books",
    "owl": "a grumpy old owl who keeps a library",
    "robot": "a robot gardener who whispers to tomatoes",
    "mouse": "a brave mouse knight with a tiny sword",
    "ghost": "a sleepy ghost who bakes bread at night",
}
HEAD = """# Five companions

Each was made from its sentence by the parts that come along: SmolLM2, with 135 million parameters,
wrote the persona, and the illustrator drew the portrait. Nothing was chosen or mended by hand;
`make samples` makes them again, with the same seed ({seed}). The words can differ a little between
processors.
"""


async def main() -> None:
    """Starts a stack in a folder that goes, and hatches everyone on it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as root, Postgres runs as somebody else
        settings = LocalSettings(
            state_dir=Path(folder) / "state",
            port=0,
            gateway_port=0,
            llm_port=0,
            avatar_port=0,
            postgres_port=0,
        )
        stack = await asyncio.to_thread(start_in_background, settings)
        try:
            async with grpc.aio.insecure_channel(stack.address.removeprefix("http://")) as channel:
                cards = [await _hatch(channel, *sample) for sample in SENTENCES.items()]
        finally:
            await asyncio.to_thread(stop, StateFolder.of(settings))
    HERE.joinpath("README.md").write_text("\n".join([HEAD.format(seed=SEED), *cards]))


async def _hatch(channel: grpc.aio.Channel, key: str, sentence: str) -> str:
    agents = AgentServiceStub(channel)
    request = CreateAgentRequest(description=sentence, seed=SEED)
    async for event in agents.CreateAgent(request):
        last = event
    agent = await agents.GetAgent(GetAgentRequest(name=last.completed.resource))
    download = AssetServiceStub(channel).DownloadAsset(
        DownloadAssetRequest(name=agent.portrait.asset)
    )
    HERE.joinpath(f"{key}.png").write_bytes(b"".join([chunk.data async for chunk in download]))
    return _card(key, sentence, agent)


def _card(key: str, sentence: str, agent: Agent) -> str:
    persona, looks = agent.persona, agent.persona.appearance
    seen = ", ".join(filter(None, [looks.coat, looks.eyes, looks.outfit]))
    return f"""## {persona.name} the {persona.species}

> {sentence}

<img src="{key}.png" width="256" alt="{persona.name} the {persona.species}">

*{", ".join(persona.traits)}* – {seen}

{persona.backstory}

“{persona.greeting}”
"""


if __name__ == "__main__":
    os.environ.setdefault("HATCHERY_LOG_LEVEL", "warning")
    asyncio.run(main())
