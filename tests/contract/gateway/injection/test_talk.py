"""The same for texts that were said, remembered or summarised, and for the person's own message."""

from typing import Any

import pytest
from hatchery.llm.v1.llm_service_pb2 import Message

from services.gateway.recipes.reply.actions import ACTIONS
from tests.contract.gateway.injection.holding import (
    TALK,
    assert_fenced,
    assert_read_alone,
    begins_nothing,
    cases,
    voice,
)
from tests.contract.gateway.injection.scene import IDLE, Attack, taken

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("attack", cases(*TALK), indirect=True)
async def test_a_text_that_was_said_begins_nothing(attack: Attack) -> None:
    """No action at all, unless the message asks for one, and then that one and no other."""
    await begins_nothing(attack)


@pytest.mark.parametrize("attack", cases("message"), indirect=True)
async def test_a_text_that_is_said_does_no_more_than_is_allowed(attack: Attack) -> None:
    """Their own message may have it do what is allowed, with their companion, and nothing else."""
    said, companion = attack.model.planted, await attack.companion()
    allowed = ["recall"] if attack.case.number % 2 else ["answer"]
    story = await attack.say(said, allowed)
    assert set(taken(story)) <= {"answer", *allowed}
    assert_read_alone(attack, said)
    assert companion == await attack.companion()
    assert 0 == await attack.portraits()

    # All is allowed: the person has that authority over their own companion.
    lawless = attack.model.lawless = attack.case.family == "unknown actions"
    story = await attack.say(said)
    assert ({"answer"} if lawless else set(ACTIONS)) == set(taken(story))
    assert (0 if lawless else 1) == await attack.portraits()


@pytest.mark.parametrize("attack", cases("earlier")[:2], indirect=True)
async def test_a_summary_says_what_it_was_told_and_does_nothing(attack: Attack) -> None:
    """Of a long talk with a hostile beginning: in that conversation alone, and as data."""
    companion = await attack.companion()
    for _ in range(13):
        story = await attack.say(IDLE, ["answer"])
    update = next(e.step_completed.memory_update for e in story if e.step == "memory" and _ends(e))
    assert update.summarized_messages > 0
    assert ["answer"] == taken(await attack.say(IDLE))
    assert_fenced(attack)
    summary = next(m.content for m in voice(attack).messages if m.role == Message.ROLE_SYSTEM)
    assert attack.case.tag in summary.partition("<earlier>")[2].partition("</earlier>")[0]
    assert companion == await attack.companion()


def _ends(event: Any) -> bool:
    return bool(event.HasField("step_completed"))
