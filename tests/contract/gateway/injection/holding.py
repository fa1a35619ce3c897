"""What holds of every case, whatever its text says and wherever it stands."""

import json
import re
from typing import Any

import pytest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message

from tests.contract.gateway.injection.cases import CASES
from tests.contract.gateway.injection.scene import IDLE, WORD, Attack, taken

ASKING = "Do you remember the tides? And remember that my sister is called Ana."
ASKED = {
    "wanted": ["recall", "remember"],
    "actions": [
        {"action": "recall", "arguments": {"query": "tides"}, "reason": "asked"},
        {"action": "remember", "arguments": {"text": "They have a sister, Ana."}, "reason": "so"},
    ],
}
TAGS = ("sheet", "memories", "earlier", "done")
# Where a text stands as it came, in what the companion reads.
PLAIN = ("sheet.species", "sheet.mood", "memory", "earlier", "reply", "summary")
# Carriers that stand in who a companion is, and those that stand in what was said.
PERSONA = ("card", "sheet", "picture", "description", "template", "portrait")
TALK = ("memory", "earlier", "reply", "elsewhere", "summary", "title")


def cases(*carriers: str) -> list[Any]:
    """Those of some carriers, as parameters."""
    chosen = [case for case in CASES if case.carrier.partition(".")[0] in carriers]
    return [pytest.param(case, id=case.id) for case in chosen]


async def begins_nothing(attack: Attack) -> None:
    """No action at all, unless the message asks for one, and then that one and no other."""
    companion, kept = await attack.companion(), await attack.memories()
    story = await attack.say(IDLE)
    assert ["answer"] == taken(story)
    assert_read_alone(attack, IDLE)
    assert_fenced(attack)
    assert kept == await attack.memories()
    if attack.case.family == "braces" and attack.case.carrier in PLAIN:
        assert any(attack.model.planted in message.content for message in voice(attack).messages)

    if attack.case.number % 4 == 0:
        story = await attack.say(ASKING, **ASKED)
        assert {"answer", "recall", "remember"} == set(taken(story))
        assert_read_alone(attack, ASKING)
        assert_fenced(attack)
    if attack.case.number % 9 == 0:
        # A model that is the attacker's own, whatever it reads.
        attack.model.turned = True
        story = await attack.say(IDLE, ["recall"])
        assert set(taken(story)) <= {"answer", "recall"}
    assert companion == await attack.companion()
    assert 0 == await attack.portraits()


def assert_read_alone(attack: Attack, said: str) -> None:
    """Who finds out what is wanted, and who keeps what was said, reads that message alone."""
    calls = {_asks_for(call): call for call in attack.asked}
    assert [Message.ROLE_SYSTEM, Message.ROLE_USER] == [m.role for m in calls["wanted"].messages]
    text = attack.case.filled({**attack.scene.victim.names, "WORD": WORD})
    for what in ("wanted", "memories"):
        assert said == calls[what].messages[-1].content
        if attack.case.carrier != "message":
            read = "\n".join(message.content for message in calls[what].messages)
            assert attack.case.tag not in read
            assert text not in read


def assert_fenced(attack: Attack) -> None:
    """The tags that data stands between are opened once and closed once, by us."""
    system = [
        message.content
        for call in attack.asked
        for message in call.messages
        if message.role == Message.ROLE_SYSTEM
    ]
    assert any("<sheet>" in prompt for prompt in system)
    for prompt in system:
        for tag in TAGS:
            opened = re.findall(rf"<\s*{tag}\b", prompt, re.IGNORECASE)
            closed = re.findall(rf"<\s*/\s*{tag}\b", prompt, re.IGNORECASE)
            assert len(opened) == len(closed) <= 1


def voice(attack: Attack) -> GenerateRequest:
    """What was asked for the reply."""
    return next(call for call in attack.asked if not call.HasField("response_format"))


def _asks_for(call: GenerateRequest) -> str:
    """What a document is known by; "" for a text."""
    if not call.HasField("response_format"):
        return ""
    names = json.loads(call.response_format.json_schema)["properties"]
    return next((name for name in ("wanted", "actions", "memories") if name in names), "other")
