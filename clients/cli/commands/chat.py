"""`chat`: talk with a companion."""

import re
import sys

import click
from hatchery.gateway.v1.agent_service_pb2 import Agent

from clients.cli.chat import exchange
from clients.cli.chat.companions import companion, conversation, get_companion
from clients.cli.chat.exchange import Wanted
from clients.cli.chat.session import Session
from clients.cli.commands.write import read_standard_input, utf8
from clients.cli.problems import INTERRUPTED, Problem
from clients.cli.sentences import of_status
from clients.cli.server import Server, speaks_to_server
from clients.cli.show.display import Display, JsonLines, in_terminal
from clients.cli.story import Phase, Story
from clients.cli.wording import clean


def _are_words(ctx: click.Context, option: click.Parameter, given: tuple[str, ...]) -> list[str]:
    """Return the actions, each once. Raises click.BadParameter."""
    for action in given:
        if not re.fullmatch("[a-z][a-z_]{0,39}", action):
            raise click.BadParameter("an action is a word, as in remember", ctx, option)
    return list(dict.fromkeys(given))


@click.command()
@click.argument("given", metavar="[COMPANION]", required=False, default="")
@click.option("--message", "-m", metavar="TEXT",
              help="Say this and print the reply; text from a pipe does the same.")  # fmt: skip
@click.option("--conversation", "going_on", default="", metavar="NAME",
              help="Go on with this one: `hatchery conversations list`.")  # fmt: skip
@click.option("--model", default="", metavar="NAME", help="The text model.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N",
              help="Makes replies repeatable, where the engine can.")  # fmt: skip
@click.option("--allow", "allowed", multiple=True, metavar="ACTION", callback=_are_words,
              help="What it may do, several times: recall, remember, change, portrait; "
              "`answer` alone allows nothing else; by default it may do all.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True,
              help="Each Progress as one line of proto-JSON; of one message.")  # fmt: skip
@speaks_to_server
def chat(
    server: Server,
    *,
    given: str,
    message: str | None,
    going_on: str,
    model: str,
    seed: int | None,
    allowed: list[str],
    as_json: bool,
) -> None:
    """Talk with a COMPANION.

    It is named by its name, its id or a part of them; the latest is the default.

    How it thinks is shown as it happens. Ctrl-C stops a reply and keeps you in the chat; Ctrl-D
    leaves. With --message, or with text from a pipe, it is one message without a chat: standard
    output has the reply and nothing else, standard error what was thought.
    """
    text = _only_message(message)
    if text is None and as_json:
        raise click.UsageError("--json goes with one message: --message, or text from a pipe")
    agent, talk = _who(server, given, going_on)
    wanted = Wanted(model, seed, allowed)
    if text is None:
        Session(server, agent, wanted, talk).run()
        return
    saying = exchange.saying(server, text, wanted, agent=agent.name, conversation=talk)
    story = Story()
    try:
        exchange.hear(server, saying, _display(agent, as_json=as_json), story)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    if not as_json:
        name = exchange.conversation_told(server.patient(), story).rpartition("/")[2]
        click.echo(f"Conversation: {name}", err=True)
    if story.phase is Phase.FAILED and story.error is not None:
        raise Problem(of_status(story.error))
    if not exchange.went_well(story):
        raise Problem("it was stopped", INTERRUPTED)


def _only_message(message: str | None) -> str | None:
    """Return the one message that there is, or None for a chat. Raises click.UsageError."""
    if message is not None:
        return utf8(message, "the message")
    if not sys.stdin.isatty():
        return read_standard_input()
    if not sys.stdout.isatty():
        raise click.UsageError("a chat needs a terminal; --message says one thing in a pipe")
    return None


def _who(server: Server, given: str, going_on: str) -> tuple[Agent, str]:
    """Return whom they talk with, and in which conversation. Raises Problem."""
    if not going_on:
        return companion(server, given), ""
    found = conversation(server, going_on)
    agent = get_companion(server, found.agent)
    if given and companion(server, given).name != agent.name:
        raise Problem(f"that conversation is with somebody else: {clean(agent.persona.name)}")
    return agent, found.name


def _display(agent: Agent, *, as_json: bool) -> Display:
    if as_json:
        return JsonLines()
    if in_terminal():
        from clients.cli.show.talking import TalkDisplay  # noqa: PLC0415  # rich takes a while

        return TalkDisplay(agent.persona.name)
    from clients.cli.show.piped import PipedTalk  # noqa: PLC0415

    return PipedTalk()
