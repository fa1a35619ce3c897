"""Writing a document field by field, since a small model cannot hold a whole one together."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message, Part

from services.llm.engines.llamacpp import grammars
from services.llm.engines.llamacpp.choosing import standing_in
from services.llm.engines.llamacpp.fields import Field, fields_of
from services.llm.engines.llamacpp.line import Line
from services.llm.engines.llamacpp.parts import DEFAULT_MAX_TOKENS, Pen, Rules
from services.llm.engines.llamacpp.scoring import Judge, all_runs, significant, words
from services.llm.engines.llamacpp.sheets import example_document, idea_of, introduction, shown
from services.llm.engines.llamacpp.tally import Tally
from services.llm.port import Emit, TextWritten
from services.llm.schema import Schema

_POINTER = re.compile(r"\{(/[^{}/]+)\}")
_NO_LIST_ITEM = '[^,;\\n\\t"]'


class DocumentWriter:
    """Writes the document that one request asks for, one field after the other."""

    def __init__(
        self, request: GenerateRequest, schema: Schema, pen: Pen, tally: Tally, emit: Emit
    ) -> None:
        self._pen = pen
        self._tally = tally
        self._emit = emit
        self._schema = schema
        self._fields = fields_of(schema, request.response_format)
        self._idea = idea_of(request.messages)
        self._messages = " ".join(message.content for message in request.messages)
        examples = request.response_format.examples
        self._sheet = introduction(
            examples,
            {field.name: field.label for field in self._fields},
            _instruction(request.messages),
            self._idea,
        )
        self._example_runs = all_runs(
            shown(value) for example in examples for value in example_document(example).values()
        )
        self._document: dict[str, Any] = {}

    async def write(self) -> Mapping[str, Any]:
        """Writes all fields. Raises OutputCutOff, OutputLooping or OutputInvalid."""
        for index, field in enumerate(self._fields):
            self._tally.expected = sum(f.expected_tokens for f in self._fields[index:])
            value = await self._field(field)
            self._document[field.name] = value
            self._sheet += f"\n{field.label}: {shown(value)}"
        return self._schema.check(self._document)

    async def _field(self, field: Field) -> object:
        line = Line(lambda text: self._emit(TextWritten(field.pointer, text)))
        prompt = f"{self._sheet}\n{field.label}:"
        match field.kind:
            case "list":
                return await self._list(field, prompt, line)
            case "boolean":
                # Said as JSON has it, asked for as people say it.
                answer = Line(lambda _: None)
                await self._pen.write(prompt, answer, Rules(grammars.BOOLEAN, 4))
                line.add("true" if answer.text == "yes" else "false")
                return answer.text == "yes"
            case "integer":
                await self._pen.write(prompt, line, Rules(grammars.INTEGER, 20))
                return int(line.text)
            case "number":
                await self._pen.write(prompt, line, Rules(grammars.NUMBER, 30))
                return float(line.text)
        if field.choices:
            line.add(await self._choice(prompt, field.choices, field))
        else:
            await self._string(field, prompt, line)
        return line.text

    async def _string(self, field: Field, prompt: str, line: Line) -> None:
        guide = field.guide
        for part in guide.parts or [Part()]:
            opening = self._opening(part)
            rules = Rules(
                grammar=part.grammar or guide.grammar,
                max_tokens=guide.max_tokens or DEFAULT_MAX_TOKENS,
                candidates=max(1, guide.candidates),
                sentences=guide.sentences,
                temperature=_temperature(field),
            )
            gap = " " if opening else ""
            so_far = f"{prompt} {line.text}" if line.text else prompt
            asked = f"{so_far}{gap}{opening}"
            if rules.candidates == 1:
                holding = rules.sentences and not rules.grammar
                line.add(gap + opening, sentences=holding)
                await self._pen.write(asked, line, rules)
            else:
                judge = self._judge(field)
                text = await self._pen.write_best(asked, rules, judge, f"{line.text} {opening}")
                line.add(gap + opening + text)
            line.end()

    async def _list(self, field: Field, prompt: str, line: Line) -> Sequence[str]:
        if not field.choices:
            item = f'" " {_NO_LIST_ITEM}{{1,40}}'
            grammar = f'root ::= {item} ("," {item}){{{field.items - 1}}}'
            await self._pen.write(prompt, line, Rules(grammar, 16 * field.items))
            return [item.strip() for item in line.text.split(",")]
        items: list[str] = []
        standing = standing_in(self._idea, field.choices)
        while len(items) < min(field.items, len(set(field.choices))):
            asked = prompt + "".join(f" {item}," for item in items)
            left = [choice for choice in field.choices if choice not in items]
            rest = [choice for choice in standing if choice not in items]
            items.append(rest[0] if rest else await self._pick(asked, left, field))
            line.add((", " if line.text else "") + items[-1])
        return items

    async def _choice(self, prompt: str, choices: Sequence[str], field: Field) -> str:
        """The choice that the message names, or else the one that the model takes."""
        standing = standing_in(self._idea, choices)
        return standing[0] if standing else await self._pick(prompt, choices, field)

    async def _pick(self, prompt: str, choices: Sequence[str], field: Field) -> str:
        if len(choices) == 1:
            return choices[0]
        picked = Line(lambda _: None)
        rules = Rules(grammars.one_of(choices), 60, temperature=_temperature(field))
        await self._pen.write(prompt, picked, rules)
        return picked.text

    def _opening(self, part: Part) -> str:
        if not part.openings:
            return ""
        opening = self._pen.dice.choice(part.openings)
        return _POINTER.sub(lambda m: shown(self._document.get(m[1][1:], "")), opening)

    def _judge(self, field: Field) -> Judge:
        known = self._messages + " " + " ".join(shown(v) for v in self._document.values())
        return Judge(
            weights=field.guide.scoring,
            keywords=significant(self._idea),
            known_names=frozenset(words(known)),
            example_runs=self._example_runs,
            avoid=frozenset(word.casefold() for word in field.guide.scoring.avoid),
        )


def _temperature(field: Field) -> float | None:
    return field.guide.temperature if field.guide.HasField("temperature") else None


def _instruction(messages: Sequence[Message]) -> str:
    return "\n".join(m.content for m in messages if m.role == Message.ROLE_SYSTEM)
