"""Writing one part of a value: in one go, or as the best of several candidates."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.llm.engines.llamacpp.completions import Chunk, Completions
from services.llm.engines.llamacpp.grammars import ending_the_line
from services.llm.engines.llamacpp.line import Line
from services.llm.engines.llamacpp.scoring import Judge, best, whole_sentences
from services.llm.engines.llamacpp.tally import Tally, cut_off
from services.llm.loops import LoopWatch
from services.runtime.errors import OutputLooping

DEFAULT_MAX_TOKENS = 160

# A token with a log probability below this was not the model's own idea, and what follows is
# seldom any good.
_FORCED = -8.0


@dataclass(frozen=True)
class Rules:
    """How a part is written."""

    grammar: str = ""
    max_tokens: int = DEFAULT_MAX_TOKENS
    candidates: int = 1
    sentences: bool = False
    temperature: float | None = None


class Pen:
    """Writes on from a prompt to the end of its line."""

    def __init__(
        self,
        completions: Completions,
        sampling: Mapping[str, Any],
        tally: Tally,
        dice: random.Random,
    ) -> None:
        """`sampling` is what each call is asked with; `dice` gives each its seed."""
        self.dice = dice
        self._completions = completions
        self._sampling = sampling
        self._tally = tally

    async def write(self, prompt: str, line: Line, rules: Rules) -> None:
        """Writes one part onto a line, as it comes. Raises OutputCutOff or OutputLooping."""
        holding = rules.sentences and not rules.grammar
        before = line.text
        finish = await self._go_on(prompt, rules, lambda text: line.add(text, sentences=holding))
        if finish == "length" and not (holding and line.text != before):
            raise cut_off()

    async def write_best(self, prompt: str, rules: Rules, judge: Judge, value: str) -> str:
        """Writes candidates and returns the best one. Raises OutputCutOff or OutputLooping."""
        scored: list[tuple[float, str]] = []
        for left in reversed(range(rules.candidates)):
            pieces: list[str] = []
            try:
                # The last one is kept whatever it is like, where there is no other.
                forcing = left == 0 and not scored
                finish = await self._go_on(prompt, rules, pieces.append, forcing=forcing)
            except _Forced:
                continue
            text = "".join(pieces)
            if rules.sentences and not rules.grammar:
                text = whole_sentences(text)
            elif finish == "length":
                text = ""
            if not text.strip():
                continue
            score = judge.score(value, text)
            scored.append((score, text))
            if 0 < judge.weights.enough <= score:
                break
        if not scored:
            raise cut_off()
        return best(scored)

    async def _go_on(
        self, prompt: str, rules: Rules, write: Callable[[str], None], *, forcing: bool = True
    ) -> str:
        """One call; returns why it ended. Without `forcing`, raises _Forced at a forced token."""
        body: dict[str, Any] = {
            **self._sampling,
            "prompt": prompt,
            "max_tokens": rules.max_tokens,
            "stop": ["\n"],
            "seed": self.dice.getrandbits(31),
        }
        if rules.grammar:
            body["grammar"] = ending_the_line(rules.grammar)
        if rules.temperature is not None:
            body["temperature"] = rules.temperature
        if not forcing:
            body["logprobs"] = 1
        loops = LoopWatch()
        last: Chunk | None = None

        def hear(chunk: Chunk) -> None:
            nonlocal last
            last = chunk
            self._tally.hear(chunk)
            if chunk.text:
                if chunk.logprob < _FORCED:
                    raise _Forced
                if loops.feed(chunk.text):
                    raise OutputLooping("the model repeated itself without end: try again")
                write(chunk.text)

        try:
            return (await self._completions.complete(body, hear)).finish
        finally:
            if last is not None:
                self._tally.end(last)


class _Forced(Exception):
    """The grammar made the model write what it would not have written."""
