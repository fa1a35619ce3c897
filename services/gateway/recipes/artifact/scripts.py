"""JavaScript of an app: whether it parses, and whether it asks for a network. Pure; never run."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from services.runtime.errors import OutputInvalid

# What asks for a network when it is called or made.
_CALLED = {"fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts"}
_ON_NAVIGATOR = "sendBeacon"


@dataclass(frozen=True, slots=True)
class Script:
    """A piece of JavaScript, and where it stands, in words."""

    text: str
    place: str


@cache
def _language() -> Language:
    return Language(tree_sitter_javascript.language())


def network_in(script: Script) -> Iterator[str]:
    """What it would load, in words. Raises OutputInvalid where it does not parse."""
    root = Parser(_language()).parse(script.text.encode(errors="replace")).root_node
    if root.has_error:
        raise OutputInvalid(
            f"{script.place} does not parse, in its line {_broken(root)}: try again"
        )
    nodes = [root]
    while nodes:
        node = nodes.pop()
        nodes += node.children
        if asked := _asks(node):
            yield asked


def _asks(node: Node) -> str:
    if node.type in ("import_statement", "export_statement"):
        source = node.child_by_field_name("source")
        return f"import {_text(source)}" if source else ""
    if node.type == "call_expression":
        called = node.child_by_field_name("function")
    elif node.type == "new_expression":
        called = node.child_by_field_name("constructor")
    else:
        return ""
    if called is None:
        return ""
    name = called.child_by_field_name("property") or called
    if called.type == "import":
        return "import()"
    if called.type == "identifier" and _text(called) in _CALLED:
        return f"{_text(called)}()"
    if called.type == "member_expression" and _text(name) in {*_CALLED, _ON_NAVIGATOR}:
        owner = _text(called.child_by_field_name("object"))
        if owner in ("window", "self", "globalThis", "navigator"):
            return f"{owner}.{_text(name)}()"
    return ""


def _broken(root: Node) -> int:
    """The line, from 1, of the first thing that is wrong or missing."""
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if node.is_error or node.is_missing:
            return node.start_point[0] + 1
        nodes += [child for child in reversed(node.children) if child.has_error or child.is_missing]
    return root.start_point[0] + 1


def _text(node: Node | None) -> str:
    return (node.text or b"").decode(errors="replace") if node is not None else ""
