"""Companions and conversations, found by what people call them."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import conversation_service_pb2 as pb
from hatchery.gateway.v1.agent_service_pb2 import Agent
from hatchery.gateway.v1.conversation_service_pb2 import Conversation

from clients.cli.commands.listing import pages
from clients.cli.names import agent_name, conversation_name
from clients.cli.problems import Problem
from clients.cli.server import Server
from clients.cli.wording import clean

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHOWN = 5  # of those that a word may mean
_LEAST = 4  # letters of an id that can mean one

T = TypeVar("T", Agent, Conversation)


def companion(server: Server, given: str) -> Agent:
    """Return the one that is meant: by name, id or a unique part; the latest for nothing.

    Raises Problem.
    """
    if not given:
        newest = next(_companions(server, 1), None)
        if newest is None:
            raise Problem(
                'there is no companion yet: hatchery hatch "a shy water dragon who loves books"'
            )
        return newest
    if _is_name(given):
        return get_companion(server, agent_name(given))
    return _one(given, _companions(server), lambda one: one.persona.name, "companion", "agents")


def get_companion(server: Server, name: str) -> Agent:
    """Return a companion by its name. Raises Problem."""
    found: Agent = server.ask(server.agents.GetAgent, agents.GetAgentRequest(name=name))
    return found


def conversation(server: Server, given: str) -> Conversation:
    """Return the one that is meant: by name, id or a unique part of either or of its title.

    Raises Problem.
    """
    if _is_name(given):
        return get_conversation(server, conversation_name(given))
    found = conversations(server)
    return _one(given, found, lambda one: one.title, "conversation", "conversations")


def get_conversation(server: Server, name: str) -> Conversation:
    """Return a conversation by its name. Raises Problem."""
    request = pb.GetConversationRequest(name=name)
    found: Conversation = server.ask(server.conversations.GetConversation, request)
    return found


def conversations(server: Server, agent: str = "", limit: int = 0) -> Iterator[Conversation]:
    """Yield conversations, of one companion or of all, the latest first. Raises Problem."""

    def page(size: int, token: str) -> Any:
        request = pb.ListConversationsRequest(page_size=size, page_token=token, agent=agent)
        return server.ask(server.conversations.ListConversations, request)

    return pages(page, lambda answer: answer.conversations, limit)


def _companions(server: Server, limit: int = 0) -> Iterator[Agent]:
    def page(size: int, token: str) -> Any:
        request = agents.ListAgentsRequest(page_size=size, page_token=token)
        return server.ask(server.agents.ListAgents, request)

    return pages(page, lambda answer: answer.agents, limit)


def _is_name(given: str) -> bool:
    return "/" in given or _UUID.fullmatch(given) is not None


def _one(given: str, all_: Iterable[T], called: Callable[[T], str], kind: str, listed: str) -> T:
    """Return the only one that is called so, or whose name or id has that part. Raises Problem."""
    said, exact, partly = given.strip().casefold(), list[T](), list[T]()
    for one in all_:
        name, number = clean(called(one)).casefold(), one.name.rpartition("/")[2]
        if name == said:
            exact.append(one)
        elif said in name or (len(said) >= _LEAST and number.startswith(said)):
            partly.append(one)
    found = exact or partly
    if len(found) == 1:
        return found[0]
    if not found:
        raise Problem(
            f"there is no {kind} “{clean(given)}”; `hatchery {listed} list` shows what there is"
        )
    some = ", ".join(
        f"{clean(called(one))} ({one.name.rpartition('/')[2][:8]})" for one in found[:_SHOWN]
    )
    more = " …" if len(found) > _SHOWN else ""
    raise Problem(f"“{clean(given)}” may be {some}{more}; more of the name, or the id, says which")
