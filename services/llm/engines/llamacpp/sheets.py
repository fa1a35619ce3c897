"""Example sheets: plain text from which a small model sees what is wanted. Pure.

    Idea: a brave mouse who sails the seas
    Name: Pipkin
    Traits: brave, curious

Each value stands on one line, so that no value can pose as another field.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from google.protobuf.json_format import MessageToDict
from hatchery.llm.v1.llm_service_pb2 import Example, Message

IDEA = "Idea"

# A model of this size makes nothing of more. In letters; a byte of another script, which is a token
# of its own as often as not, counts for three.
_IDEA_LETTERS = 600
_OTHER_SCRIPTS = 3


def one_line(text: str) -> str:
    """The text on one line, without what a tokenizer would take for a control token."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return defused(re.sub(r"\s+", " ", printable).strip())


def defused(text: str) -> str:
    """The text with the marks of control tokens, such as <|im_end|>, taken apart."""
    return text.replace("<|", "< |").replace("|>", "| >")


def shortened(text: str, limit: int = _IDEA_LETTERS) -> str:
    """The beginning of a text that costs no more than `limit` letters, cut between words."""
    costs = (1 if c.isascii() else _OTHER_SCRIPTS * len(c.encode()) for c in text)
    fitting = sum(1 for cost in accumulate(costs) if cost <= limit)
    if fitting == len(text):
        return text
    head, space, _ = text[:fitting].rpartition(" ")
    return head if space and len(head) > fitting // 2 else text[:fitting]


def idea_of(messages: Sequence[Message]) -> str:
    """What the document shall be about: the last message of a person, else the last one."""
    said = [m.content for m in messages if m.role == Message.ROLE_USER]
    return shortened(one_line(said[-1] if said else messages[-1].content))


def shown(value: object) -> str:
    """A value as it stands in a sheet."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case str():
            return one_line(value)
        case Iterable() if not isinstance(value, Mapping):
            return ", ".join(shown(item) for item in value)
    return one_line(str(value))


def example_document(example: Example) -> Mapping[str, Any]:
    """The document of an example."""
    return dict(MessageToDict(example.document))


def introduction(
    examples: Sequence[Example], labels: Mapping[str, str], instruction: str, idea: str
) -> str:
    """What stands before the first field: examples, or else the instruction, and the idea."""
    sheets = []
    for example in examples:
        document = example_document(example)
        lines = [f"{IDEA}: {one_line(example.prompt)}"]
        lines += [
            f"{label}: {shown(document[name])}"
            for name, label in labels.items()
            if name in document
        ]
        sheets.append("\n".join(lines))
    if not sheets and instruction:
        sheets.append(defused(instruction.strip()))
    sheets.append(f"{IDEA}: {idea}")
    return "\n\n".join(sheets)
