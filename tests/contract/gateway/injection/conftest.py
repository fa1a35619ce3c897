"""One scene for the cases of a module: each attacks with an owner of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import pytest_asyncio
import uvloop

from tests.contract.gateway.injection.scene import Attack, Scene, a_scene


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    """With a model that can plan, and does so for whoever it reads."""
    async with a_scene(postgres_url, tmp_path_factory.mktemp("scene")) as scene:
        yield scene


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def small(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    """With one that is too small for that."""
    folder = tmp_path_factory.mktemp("small")
    async with a_scene(postgres_url, folder, documents=False) as scene:
        yield scene


@pytest_asyncio.fixture(loop_scope="module")
async def attack(scene: Scene, request: pytest.FixtureRequest) -> AsyncIterator[Attack]:
    """A case with its text where it belongs, and a check at the end that nothing was reached."""
    attack = await scene.attack(request.param)
    yield attack
    await attack.assert_nothing_reached()


@pytest_asyncio.fixture(loop_scope="module")
async def small_attack(small: Scene, request: pytest.FixtureRequest) -> AsyncIterator[Attack]:
    """The same against a small model."""
    attack = await small.attack(request.param)
    yield attack
    await attack.assert_nothing_reached()


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop that a gateway runs in: there are many of these tests."""
    return {"uvloop": uvloop.new_event_loop}
