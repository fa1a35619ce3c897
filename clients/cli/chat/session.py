"""A chat in a terminal: what is said, what is ordered, and where the conversation stands."""

import contextlib
from collections.abc import Sequence

import click
from hatchery.gateway.v1.agent_service_pb2 import Agent
from hatchery.gateway.v1.conversation_service_pb2 import Memory, Message
from hatchery.gateway.v1.generation_service_pb2 import Generation

from clients.cli import portraits
from clients.cli.chat import exchange, keeping, orders, prompt
from clients.cli.chat.companions import get_conversation
from clients.cli.chat.exchange import Wanted
from clients.cli.commands.hatch import watching
from clients.cli.following import Connect
from clients.cli.names import short
from clients.cli.problems import Problem
from clients.cli.server import Server
from clients.cli.show.conversations import memory_lines, message_lines
from clients.cli.show.display import Display, in_terminal
from clients.cli.story import Phase, Story
from clients.cli.wording import clean, joined

HINT = "/help lists what else there is; Ctrl-C stops a reply, Ctrl-D leaves."
_LATEST = 6  # messages that are shown when a conversation is gone on with
_MEMORIES = 20
_GOING = (Generation.STATE_QUEUED, Generation.STATE_RUNNING)


class Session:
    """One chat, from its first line to its last."""

    def __init__(
        self, server: Server, agent: Agent, wanted: Wanted, conversation: str = ""
    ) -> None:
        """`conversation` is the one that is gone on with; else the first message begins one."""
        self._server = server
        self._agent = agent
        self._wanted = wanted
        self._conversation = conversation
        self._latest, self._is_whole = "", False  # the latest generation, and whether it went well
        self._memories: Sequence[Memory] = ()
        self._known: set[str] = set()  # substitutes that were told

    def run(self) -> None:
        """Talk until they leave."""
        prompt.prepare()
        self._greet()
        while True:
            try:
                said = orders.read(prompt.ask())
                if isinstance(said, orders.Order):
                    self._obey(said)
                elif said:
                    self._say(said)
            except prompt.Left:
                break
            except KeyboardInterrupt:
                click.echo("\nCtrl-D or /quit leaves.")
            except Problem as problem:
                problem.show()
        self._go()

    def _greet(self) -> None:
        persona = self._agent.persona
        head = joined(clean(persona.name), clean(persona.species))
        begins = bool(persona.greeting) and not self._conversation
        words = f"“{clean(persona.greeting)}”" if begins else ""
        if in_terminal():
            self._draw(head, words)
        else:
            click.echo("\n".join(filter(None, (head, words, HINT))))
        click.echo()
        if self._conversation:
            self._recall()

    def _draw(self, head: str, words: str) -> None:
        from rich.console import Console  # noqa: PLC0415  # rich takes a while

        from clients.cli.show.greeting import greet, hint  # noqa: PLC0415

        console = Console(highlight=False, markup=False, emoji=False)
        picture = b""
        with contextlib.suppress(Problem):  # a chat needs no portrait
            picture = portraits.download(self._server, self._agent)
        greet(head, words, picture, self._agent.portrait.media_type, console)
        hint(HINT, console)

    def _recall(self) -> None:
        """Show what was said last, and hear what is still being answered."""
        latest = list(keeping.messages(self._server, self._conversation, _LATEST))
        for message in reversed(latest):
            for line in message_lines(message, clean(self._agent.persona.name)):
                click.echo(line)
        if latest and latest[0].generation:
            self._latest = latest[0].generation
            self._is_whole = latest[0].author == Message.AUTHOR_COMPANION
            if latest[0].state in _GOING and not self._is_whole:
                self._hear(watching(self._server), self._latest)

    def _say(self, text: str) -> None:
        if self._latest and not self._conversation:
            # It could not be told when that broke off; another is not to be begun.
            try:
                self._conversation = exchange.conversation_with(self._server, self._latest)
            except Problem as problem:
                raise Problem(f"{problem.message}; /new begins another conversation") from problem
        saying = exchange.saying(
            self._server, text, self._wanted,
            agent=self._agent.name, conversation=self._conversation,
        )  # fmt: skip
        self._hear(saying)

    def _hear(self, connect: Connect, generation: str = "") -> None:
        story = Story()
        try:
            exchange.hear(self._server, connect, self._display(), story, generation)
        except KeyboardInterrupt:
            click.echo("\nIt may go on without you; `hatchery generations list` shows it.")
        finally:
            self._stand(story)
        click.echo()
        if story.phase is Phase.FAILED:
            click.echo("/retry tries again.")

    def _stand(self, story: Story) -> None:
        """Note where the conversation stands, also after what broke off."""
        if not story.generation:
            return
        self._latest, self._is_whole = story.generation, exchange.went_well(story)
        if not self._conversation:
            with contextlib.suppress(Problem):  # it is asked for again
                self._conversation = exchange.conversation_told(self._server, story)

    def _display(self) -> Display:
        who = self._agent.persona.name
        if not in_terminal():
            from clients.cli.show.piped import PipedTalk  # noqa: PLC0415

            return PipedTalk(who)
        from clients.cli.show.talking import TalkDisplay  # noqa: PLC0415  # rich takes a while

        return TalkDisplay(who, known=self._known)

    def _obey(self, order: orders.Order) -> None:
        match order.name:
            case "/retry":
                self._retry()
            case "/memories":
                self._remember(order.rest)
            case "/forget":
                self._forget(order.rest)
            case "/summary":
                self._summary(order.rest)
            case "/new":
                self._conversation, self._latest, self._memories = "", "", ()
                click.echo("A new conversation begins with what you say next.")
            case "/help":
                for name, what in orders.HELP.items():
                    click.echo(f"{name:<18} {what}")
            case "/quit":
                raise prompt.Left
            case _:
                raise Problem(
                    f"there is no {clean(order.rest)}; /help lists what there is, "
                    "and // begins a message with a slash"
                )

    def _retry(self) -> None:
        if not self._latest:
            raise Problem("nothing was said yet that could be answered again")
        self._hear(
            exchange.retrying(
                self._server, self._latest, whole=self._is_whole, seed=self._wanted.seed
            )
        )

    def _remember(self, query: str) -> None:
        found = list(keeping.memories(self._server, self._agent.name, query, _MEMORIES + 1))
        self._memories = found[:_MEMORIES]
        for line in memory_lines(self._memories):
            click.echo(line)
        if len(found) > _MEMORIES:
            click.echo(f"… and more: hatchery memories list{self._server.there}")
        if not self._memories:
            click.echo("Nothing that fits." if query else "Nothing yet.")

    def _forget(self, number: str) -> None:
        if not self._memories:
            raise Problem("/memories lists what may be forgotten")
        if not number.isdecimal() or not 1 <= int(number) <= len(self._memories):
            raise Problem(f"/forget takes a number from 1 to {len(self._memories)}")
        memory = self._memories[int(number) - 1]
        keeping.forget(self._server, memory.name)
        click.echo(f"Forgotten: {clean(memory.text)}")

    def _summary(self, text: str) -> None:
        if not self._conversation:
            raise Problem("the conversation has not begun")
        found = get_conversation(self._server, self._conversation)
        if text:
            keeping.correct_summary(self._server, found, text)
            click.echo("From now on, that is what is read of what was said long ago.")
            return
        click.echo(keeping.summary_told(found))

    def _go(self) -> None:
        if self._conversation:
            name = short(self._conversation)
            click.echo(f"To go on: hatchery chat --conversation {name}{self._server.there}")
