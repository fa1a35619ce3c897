"""Starting points: shipped ones, one's own, their versions, and what hatches from them."""

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any

import protovalidate
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import template_service_pb2 as pb
from hatchery.gateway.v1.generation_service_pb2 import (
    ListGenerationsRequest,
    RetryGenerationRequest,
)

from services.avatar.engines.sketch.read import read
from services.avatar.port import PortraitRequest
from services.gateway.templates.shipped import shipped
from tests.contract.gateway.requests import refusal_of
from tests.support.gateway import Client
from tests.support.oracle import assert_story
from tests.support.pictures import as_file, at_dusk
from tests.support.scripted import Engines

FOX = pb.Template(
    title="My fox",
    description="a fox who sells weather!",
    llm_model="script",
    portrait=agents.PortraitOptions(width=128, height=256, style="ink"),
)


async def listed(client: Client, size: int = 0) -> list[pb.Template]:
    """All templates, read in pages of a size."""
    found: list[pb.Template] = []
    token = ""
    while True:
        request = pb.ListTemplatesRequest(page_size=size, page_token=token)
        answer = await client.templates.ListTemplates(request, metadata=client.metadata)
        assert not size or len(answer.templates) <= size
        found += answer.templates
        token = answer.next_page_token
        if not token:
            return found


async def keep(client: Client, id_: str, template: pb.Template = FOX) -> pb.Template:
    """Makes one of the caller's own."""
    request = pb.CreateTemplateRequest(template_id=id_, template=template)
    kept: pb.Template = await client.templates.CreateTemplate(request, metadata=client.metadata)
    return kept


async def change(client: Client, paths: Sequence[str] = (), **fields: str) -> pb.Template:
    """Makes a new version of the one that is called `mine`."""
    request = pb.UpdateTemplateRequest(
        template=pb.Template(name="templates/mine", **fields), update_mask={"paths": paths}
    )
    made: pb.Template = await client.templates.UpdateTemplate(request, metadata=client.metadata)
    return made


def test_a_dozen_are_shipped_and_the_built_in_illustrator_knows_who_they_are() -> None:
    """Each keeps to the rules for anybody's, and names somebody whom it can draw."""
    assert len(shipped()) >= 12
    for name, template in shipped().items():
        assert [] == protovalidate.collect_violations(template)
        assert (f"templates/{name}", True) == (template.name, template.shipped)
        assert template.version >= 1
        assert "critter" != read(PortraitRequest(template.description)).species, name


async def test_one_hatches_from_a_template_and_more(client: Client, engines: Engines) -> None:
    """What is said follows the template's words; what is set goes before what it sets."""
    await keep(client, "mine")
    events = assert_story(
        await client.hatch(
            "He is afraid of rain.",
            template="templates/mine",
            portrait=agents.PortraitOptions(height=512, style="oil"),
        )
    )
    (asked,), (drawn,) = engines.text_calls, engines.image_calls
    assert "a fox who sells weather! He is afraid of rain." == asked.messages[-1].content
    assert "script" == asked.model
    assert (128, 512, "oil") == (drawn.width, drawn.height, drawn.style)
    told = await client.get(events[0].generation)
    assert "templates/mine@1" == told.template
    await client.hatch("", template="templates/knight")
    assert shipped()["knight"].description == engines.text_calls[-1].messages[-1].content
    assert shipped()["knight"].portrait.style == engines.image_calls[-1].style
    await client.hatch("with a dog", template="templates/knight")
    assert engines.text_calls[-1].messages[-1].content.endswith("remembers. with a dog")


async def test_a_picture_and_a_template_go_together(client: Client, engines: Engines) -> None:
    """The template's style counts, and the picture's colours."""
    dusk = as_file(at_dusk(), "PNG")
    await client.hatch("", template="templates/bard", reference_image=dusk)
    assert shipped()["bard"].portrait.style == engines.image_calls[-1].style
    assert engines.image_calls[-1].palette


async def test_each_change_is_a_version_and_the_earlier_ones_stay(
    client: Client, engines: Engines
) -> None:
    """What hatched from one can be hatched again, also when it was deleted."""
    first = await keep(client, "mine")
    assert (1, "1", "My fox") == (first.version, first.etag, first.title)
    second = await change(client, ["title"], title="Our fox", etag="1")
    assert (2, "Our fox", FOX.description) == (second.version, second.title, second.description)
    third = await change(client, title="Wolf", description="a wolf")
    assert (3, "a wolf", "") == (third.version, third.description, third.llm_model)
    assert [third] == [one for one in await listed(client) if not one.shipped]
    get = pb.GetTemplateRequest(name="templates/mine@1")
    assert first == await client.templates.GetTemplate(get)
    await client.hatch("", template="templates/mine@2")
    assert FOX.description == engines.text_calls[-1].messages[-1].content

    deleted = await client.templates.DeleteTemplate(
        pb.DeleteTemplateRequest(name="templates/mine", etag="3")
    )
    assert third == deleted
    assert all(one.shipped for one in await listed(client))
    for rpc, request in (
        ("GetTemplate", pb.GetTemplateRequest(name="templates/mine")),
        ("UpdateTemplate", pb.UpdateTemplateRequest(template=pb.Template(name="templates/mine"))),
        ("DeleteTemplate", pb.DeleteTemplateRequest(name="templates/mine")),
    ):
        refused = await refusal_of(client, f"TemplateService.{rpc}", request)
        assert "RESOURCE_NOT_FOUND" == refused.reason
    assert first == await client.templates.GetTemplate(get)
    assert 4 == (await keep(client, "mine")).version


async def test_a_template_that_changed_since_makes_no_other_generation(
    client: Client, engines: Engines
) -> None:
    """The same request attaches to what it made, and a retry goes by what was asked then."""
    await keep(client, "mine")
    fields = {"template": "templates/mine", "request_id": str(uuid.uuid4())}
    first = assert_story(await client.hatch("", **fields))
    await change(client, title="Wolf", description="a wolf")
    again = assert_story(await client.hatch("", **fields))
    assert first == again
    request = RetryGenerationRequest(name=first[0].generation, from_step="persona")
    retried = assert_story([e async for e in client.generations.RetryGeneration(request)])
    assert FOX.description == engines.text_calls[-1].messages[-1].content
    assert "templates/mine@1" == (await client.get(retried[0].generation)).template


async def test_lists_come_in_pages_shipped_first_and_the_newest_next(client: Client) -> None:
    """Pages of any size, put together, are the same list."""
    for number in range(5):
        await keep(client, f"mine-{number}")
    whole = [template.name for template in await listed(client)]
    assert [f"templates/{name}" for name in shipped()] == whole[:-5]
    assert [f"templates/mine-{number}" for number in reversed(range(5))] == whole[-5:]
    for size in (1, 3, 7, len(shipped()), len(whole)):
        assert whole == [template.name for template in await listed(client, size)]


async def test_of_two_who_change_it_at_once_one_is_told(client: Client) -> None:
    """Nothing is overwritten that was not read; making the same twice makes one."""
    made = await asyncio.gather(*(keep(client, "mine") for _ in range(8)))
    assert all(made[0] == one for one in made)
    request = pb.UpdateTemplateRequest(
        template=pb.Template(name="templates/mine", title="x", description="x", etag="1")
    )
    answers = await asyncio.gather(
        *(client.templates.UpdateTemplate(request) for _ in range(8)), return_exceptions=True
    )
    assert 1 == sum(isinstance(answer, pb.Template) for answer in answers)


async def test_what_is_deleted_while_it_is_changed_stays_deleted_or_changed(client: Client) -> None:
    """Of a change and a deletion at once one is told that it came too late."""
    for number in range(10):
        name = (await keep(client, f"mine-{number}")).name
        update = pb.UpdateTemplateRequest(
            template=pb.Template(name=name, title="x", description="x", etag="1")
        )
        delete = pb.DeleteTemplateRequest(name=name, etag="1")
        answers = await asyncio.gather(
            client.templates.UpdateTemplate(update),
            client.templates.DeleteTemplate(delete),
            return_exceptions=True,
        )
        changed, deleted = (isinstance(answer, pb.Template) for answer in answers)
        assert changed != deleted
        assert changed == any(one.name == name for one in await listed(client))


async def test_only_values_can_be_changed(client: Client) -> None:
    """Not its name, its version, or that it is shipped."""
    await keep(client, "mine")
    for path in ("name", "version", "shipped", "etag", "portrait.width", "x"):
        request = pb.UpdateTemplateRequest(
            template=pb.Template(name="templates/mine"), update_mask={"paths": [path]}
        )
        refused = await refusal_of(client, "TemplateService.UpdateTemplate", request)
        assert ["update_mask"] == refused.fields
    mine = await keep(client, "other", pb.Template(title="x", description="y", shipped=True))
    assert not mine.shipped


@pytest.mark.parametrize(
    "values", [{"llm_model": "gone"}, {"portrait": agents.PortraitOptions(model="gone")}]
)
async def test_a_template_whose_model_is_gone_is_refused_by_name(
    client: Client, values: dict[str, Any]
) -> None:
    """When something is to hatch from it, and before anything is stored."""
    await keep(client, "mine", pb.Template(title="x", description="y", **values))
    request = agents.CreateAgentRequest(template="templates/mine")
    refused = await refusal_of(client, "AgentService.CreateAgent", request)
    assert ("UNKNOWN_MODEL", "gone") == (refused.reason, refused.info.metadata["model"])
    begun = await client.generations.ListGenerations(ListGenerationsRequest())
    assert not begun.generations
