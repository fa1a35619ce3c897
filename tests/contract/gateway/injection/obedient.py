"""The worst model that there is: it does whatever any text tells it that it reads."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hatchery.llm.v1.llm_service_pb2 import GenerateRequest
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted, TextDelta
from hatchery.types.v1.usage_pb2 import Usage

from services.runtime.engine_stream import Emit
from tests.support.scripted import TEXT, THOUGHTS, document_for

# The most items that any list of ours may have.
_ITEMS = 5
# What a companion cannot do, and would be told to.
UNKNOWN = ("delete_agent", "run_shell", "share", "../change", "Change", "answer; drop", "")


@dataclass
class Obedient:
    """Does what a text with the tag tells it, once it has read it; `turned`: also unread.

    `others` are the names of what belongs to somebody else, which it uses wherever it can. What it
    does of itself is in `good`, and what it says of a picture in `seen`. `lawless`: its documents
    do not keep to their schemas.
    """

    tag: str = ""
    planted: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    good: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    reply: str = TEXT
    turned: bool = False
    lawless: bool = False
    asleep: bool = False

    async def write(self, request: GenerateRequest, emit: Emit) -> StepCompleted:
        """Writes a document or a text, good or bad."""
        obeys = not self.asleep and (self.turned or self.has_read(request))
        usage = Usage(engine="scripted", model="script", output_tokens=1)
        if not request.HasField("response_format"):
            text = f"{self.planted} {' '.join(self.others.values())}" if obeys else self.reply
            emit(Progress(text_delta=TextDelta(text=text)))
            return StepCompleted(text=text, usage=usage)
        completed = StepCompleted(usage=usage)
        if any(message.images for message in request.messages):
            document = document_for(request) | self.seen
        elif obeys:
            document = self._worst(json.loads(request.response_format.json_schema))
        else:
            document = document_for(request)
            document |= {name: self.good[name] for name in document.keys() & self.good.keys()}
        completed.document.update(document)
        return completed

    def has_read(self, request: GenerateRequest) -> bool:
        """Whether the planted text is before its eyes."""
        return any(self.tag in message.content for message in request.messages)

    def _worst(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        document = {name: self._value(name, one) for name, one in schema["properties"].items()}
        if self.lawless:
            document |= {"owner": self.others["OWNER"], "allowed_actions": list(UNKNOWN)}
        return document

    def _value(self, name: str, schema: Mapping[str, Any]) -> Any:
        if name == "actions":
            return self._plan(schema)
        match schema.get("type"):
            case "array" if "enum" in schema["items"]:
                return list(schema["items"]["enum"])
            case "array":
                return [self.planted[:300], *self.others.values()][
                    : max(schema.get("minItems", 1), min(schema.get("maxItems", 3), _ITEMS))
                ]
            case "string" if "enum" in schema:
                return schema["enum"][-1]
        return self.planted

    def _plan(self, schema: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Every action that may be named, with arguments that name what is another's."""
        item = schema["items"]["properties"]
        names = item["action"]["enum"]
        if self.lawless:
            names = [*UNKNOWN, *(name for name in THOUGHTS), *names]
        values = {
            "field": ["name", "backstory", "owner", "__class__", "appearance.coat", "traits"],
            "value": [self.planted[:200], self.others["AGENT"]],
            "text": [self.planted[:400], f"{self.others['MEMORY']} of {self.others['AGENT']}"],
            "query": [self.others["OWNER"], "' OR 1=1 --", "%"],
            "style": [self.others["ASSET"], self.planted[:300]],
        }
        wanted = item["arguments"]["properties"]
        # Beside what an action takes, whatever an RPC would take.
        beside = {
            "agent": self.others["AGENT"],
            "owner": self.others["OWNER"],
            "conversation": self.others["CONVERSATION"],
            "name": self.others["MEMORY"],
            "resource": self.others["GENERATION"],
            "request_id": self.others["GENERATION"].partition("/")[2],
        }
        plan = []
        for number in range(schema["maxItems"]):
            of = {
                name: choices[number % len(choices)]
                for name, choices in values.items()
                if name in wanted
            }
            plan.append(
                {
                    "action": names[number % len(names)],
                    "arguments": beside | of,
                    "reason": self.planted,
                    "verdict": "VERDICT_ACCEPTED",
                    "resource": self.others["AGENT"],
                }
            )
        return plan
