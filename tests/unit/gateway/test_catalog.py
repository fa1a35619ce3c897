"""What can be asked for: remembered for a while, and what is refused before it is stored."""

import asyncio

import pytest
from hatchery.gateway.v1.agent_service_pb2 import PortraitOptions
from hatchery.types.v1.model_pb2 import ImageLimits, Model

from services.gateway.upstream.catalog import Catalog, Offer
from services.runtime.errors import EngineUnavailable, InvalidField, UnknownModel

_TEXT = Model(name="smollm2", default=True)
_IMAGE = Model(
    name="sketch", default=True, image=ImageLimits(min_size=64, max_size=1024, max_steps=20)
)


class _Services:
    """Two services that may be down; counts how often they were asked."""

    def __init__(self) -> None:
        self.down = False
        self.asked = 0
        self.text = _TEXT

    async def texts(self) -> Offer:
        return self._answer(self.text, "ollama pull")

    async def images(self) -> Offer:
        return self._answer(_IMAGE)

    def _answer(self, model: Model, pull_command: str = "") -> Offer:
        self.asked += 1
        if self.down:
            raise EngineUnavailable("down")
        return Offer([model], pull_command)


def _catalog(services: _Services, now: list[float]) -> Catalog:
    return Catalog(services.texts, services.images, clock=lambda: now[0])


async def test_an_answer_is_good_for_a_while() -> None:
    """The services are asked once, and again when the answer is old."""
    services, now = _Services(), [0.0]
    catalog = _catalog(services, now)
    assert ([_TEXT, _IMAGE], []) == await catalog.list()
    await catalog.list()
    assert 2 == services.asked
    now[0] += 60
    await catalog.list()
    assert 4 == services.asked


async def test_a_service_that_is_down_is_named_and_left_out() -> None:
    """The list is of what can be had now."""
    services = _Services()
    services.down = True
    assert ([], ["llm", "avatar"]) == await _catalog(services, [0.0]).list()


async def test_a_model_that_was_there_is_accepted_while_its_service_is_away() -> None:
    """A restart of a service refuses nobody; what was never known cannot be judged."""
    services, now = _Services(), [0.0]
    catalog = _catalog(services, now)
    await catalog.check_text("smollm2")
    services.down = True
    now[0] += 60
    await catalog.check_text("smollm2")
    with pytest.raises(EngineUnavailable):
        await _catalog(services, now).check_text("smollm2")


async def test_defaults_need_no_answer() -> None:
    """What leaves everything to the engines is accepted even while they are all down."""
    services = _Services()
    services.down = True
    catalog = _catalog(services, [0.0])
    await catalog.check_text("")
    await catalog.check_portrait(PortraitOptions())
    assert 0 == services.asked


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (PortraitOptions(width=1040), "portrait.width"),
        (PortraitOptions(height=48), "portrait.height"),
        (PortraitOptions(steps=21), "portrait.steps"),
    ],
)
async def test_limits_of_the_model_are_kept(options: PortraitOptions, field: str) -> None:
    """A size or a number of steps beyond the model's own is a violation that names the field."""
    with pytest.raises(InvalidField) as refused:
        await _catalog(_Services(), [0.0]).check_portrait(options)
    assert [field] == list(refused.value.fields)


async def test_an_unknown_model_is_refused_with_those_that_are_known() -> None:
    """The field is named, and the message says what there is."""
    catalog = _catalog(_Services(), [0.0])
    with pytest.raises(UnknownModel, match="smollm2") as text:
        await catalog.check_text("llama")
    assert ["llm_model"] == list(text.value.fields)
    assert "ollama pull llama" == text.value.metadata["command"]
    with pytest.raises(UnknownModel, match="sketch") as image:
        await catalog.check_portrait(PortraitOptions(model="flux"))
    assert ["portrait.model"] == list(image.value.fields)
    assert "command" not in image.value.metadata


async def test_a_name_in_a_command_is_quoted() -> None:
    """What a person is told to run is one argument, whatever the request called the model."""
    with pytest.raises(UnknownModel) as refused:
        await _catalog(_Services(), [0.0]).check_text("x; rm -rf ~")
    assert "ollama pull 'x; rm -rf ~'" == refused.value.metadata["command"]


async def test_an_alias_means_its_model() -> None:
    """A model may be asked for by any name that its engine knows it by."""
    services = _Services()
    services.text = Model(name="qwen3:latest", aliases=["qwen3"])
    catalog = _catalog(services, [0.0])
    await catalog.check_text("qwen3")
    await catalog.check_text("qwen3:latest")
    with pytest.raises(UnknownModel):
        await catalog.check_text("qwen")


async def test_a_model_that_was_just_brought_is_found() -> None:
    """A name that is not in the answer of a moment ago is asked for once more."""
    services, now = _Services(), [0.0]
    catalog = _catalog(services, now)
    with pytest.raises(UnknownModel):
        await catalog.check_text("llama")
    services.text = Model(name="llama")
    now[0] += 2
    await catalog.check_text("llama")


async def test_an_unknown_model_cannot_be_judged_while_its_service_is_away() -> None:
    """It may have been brought since the service last answered."""
    services, now = _Services(), [0.0]
    catalog = _catalog(services, now)
    await catalog.check_text("smollm2")
    services.down = True
    now[0] += 2
    with pytest.raises(EngineUnavailable):
        await catalog.check_text("llama")


async def test_a_slow_answer_is_waited_for_once_and_kept() -> None:
    """It is of use to the next one, where nobody could wait for it."""
    asked, answers = 0, asyncio.Event()

    async def slowly() -> Offer:
        nonlocal asked
        asked += 1
        await answers.wait()
        return Offer([_TEXT])

    catalog = Catalog(slowly, slowly, clock=lambda: 100.0)
    assert [None] * 10 == await asyncio.gather(*(catalog.resolve("llm", "") for _ in range(10)))
    answers.set()
    assert _TEXT == await catalog.resolve("llm", "")
    assert 1 == asked


async def test_an_answer_that_nobody_waits_for_may_be_none() -> None:
    """It is asked for again."""
    services = _Services()
    services.down = True
    catalog = _catalog(services, [0.0])
    assert await catalog.resolve("llm", "") is None
    services.down = False
    assert _TEXT == await catalog.resolve("llm", "")
