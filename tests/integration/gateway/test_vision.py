"""A picture all the way to a multimodal model: gateway, llm service, and what speaks as Ollama."""

import base64
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image

from deploy.local.checks import grpc_serving
from tests.integration.llm.ollama_double import ollama_double
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.pictures import as_file
from tests.support.ports import free_port
from tests.support.process import module_process
from tests.support.scripted import DOCUMENT, MORE, Engines


def _answer(asked: dict[str, Any]) -> str:
    """The document that is asked for, as a large model would write it."""
    names = asked["format"]["properties"]
    return json.dumps({name: (DOCUMENT | MORE)[name] for name in names})


async def test_the_model_that_can_see_is_shown_the_picture(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """The one with vision, once, as a JPEG; the largest picture there can be passes every door."""
    noise = Image.effect_noise((2400, 2400), 120).convert("RGB")
    llm = f"127.0.0.1:{free_port()}"
    async with ollama_double(capabilities=["completion", "vision"], answering=_answer) as double:
        settings = {"HATCHERY_LLM_ENGINE": "ollama", "HATCHERY_OLLAMA_URL": double.url}
        with module_process("services.llm", HATCHERY_LISTEN=llm, **settings):
            await grpc_serving(llm)
            engines.llm_target = llm
            async with gateway(database_url, engines, tmp_path) as client:
                picture = as_file(noise, "JPEG", quality=95)
                assert 2_000_000 < len(picture) < 8 * 2**20
                events = assert_story(await client.hatch("", reference_image=picture))
    ends = {e.step: e.step_completed for e in events if e.HasField("step_completed")}
    described = ends["describe"]
    assert not described.HasField("fallback")
    assert ("ollama", "quill:latest") == (described.usage.engine, described.usage.model)
    look, details, history = double.asked
    (shown,) = [image for turn in look["messages"] for image in turn.get("images", ())]
    image = Image.open(io.BytesIO(base64.b64decode(shown)))
    assert ("JPEG", (1024, 1024)) == (image.format, image.size)
    assert not any(turn.get("images") for one in (details, history) for turn in one["messages"])
    assert MORE["physical_description"] == details["messages"][-1]["content"]
