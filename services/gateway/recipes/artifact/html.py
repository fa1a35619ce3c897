"""An app as a model wrote it: the HTML document in what it said, and what speaks against it. Pure.

Nothing is run here. A document that does not work alone is refused with what it would load, so that
the next try, or the person, knows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from xml.etree import ElementTree as ET

import tinycss2
from tinycss2.ast import Node
from tinyhtml5.parser import HTMLParser

from services.gateway.recipes.artifact.scripts import Script, network_in
from services.runtime.errors import OutputInvalid

_BEGINS = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_END = re.compile(r"</html\s*>", re.IGNORECASE)
# Where a reference loads something at once; a link that is only followed is none.
_LOADING = {
    "src": None,
    "srcset": None,
    "imagesrcset": None,
    "poster": None,
    "background": None,
    "data": {"object"},
    "href": {"link", "image", "use", "feimage", "base", "script"},
    "xlink:href": {"image", "use", "feimage", "script"},
    "code": {"embed", "applet", "object"},
    "action": {"form"},
    "formaction": None,
    "ping": None,
}
_WITHIN = re.compile(r"\s*(data:|blob:|about:blank|#|$)", re.IGNORECASE)
_IN_STYLE = re.compile(r"url\(|@import|image-set\(", re.IGNORECASE)
# Script of these types runs; any other is data.
_RUNS = {"", "module"}
_SCRIPT = re.compile(r"(text|application)/(x-)?(java|ecma|j|live)script[\d.]*")
_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Document:
    """An HTML document: its text, and the tree that a browser makes of it."""

    text: str
    root: ET.Element

    @property
    def title(self) -> str:
        """What it is called: its title, or else its first heading; possibly nothing."""
        for name in ("title", "h1"):
            for element in self.root.iter(name):
                if text := " ".join("".join(element.itertext()).split()):
                    return text
        return ""


def document_in(said: str) -> Document:
    """The document in what a model said, without the talk around it. Raises OutputInvalid."""
    begins = _BEGINS.search(said)
    if begins is None:
        raise OutputInvalid("the model wrote no HTML document: try again, or with a larger model")
    ends = _END.search(said, begins.end())
    if ends is None:
        raise OutputInvalid("the model's HTML document has no end: try again")
    try:
        return parsed(said[begins.start() : ends.end()])
    except OutputInvalid:
        # It may stand within a script, too, and what follows the last one is talk.
        *_, ends = _END.finditer(said, begins.end())
        return parsed(said[begins.start() : ends.end()])


def parsed(text: str) -> Document:
    """The document of a text. Raises OutputInvalid for one that breaks off within something."""
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(StringIO(text))
    for (line, _), problem, details in parser.errors:
        if problem.startswith("eof-") or problem.endswith("-but-got-eof"):
            what = details.get("name", "")
            within = f" within <{what}>" if what else ""
            raise OutputInvalid(f"the HTML document breaks off{within} in line {line}: try again")
    return Document(text, root)


def verify(said: str) -> None:
    """Raises OutputInvalid unless a model said an app that works alone."""
    check(document_in(said))


def check(document: Document) -> None:
    """Raises OutputInvalid unless its scripts parse and it loads nothing from elsewhere."""
    loads = list(dict.fromkeys(_loads(document.root)))
    if loads:
        told = ", ".join(loads[:_MOST_TOLD]) + (" …" if loads[_MOST_TOLD:] else "")
        raise OutputInvalid(f"the app does not work alone, it loads: {told}")


def _loads(root: ET.Element) -> Iterator[str]:
    """What it would load, in words. Raises OutputInvalid for a script that does not parse."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue  # a comment
        tag = element.tag.rpartition("}")[2].lower()
        for name, value in element.attrib.items():
            yield from _of_attribute(tag, name.rpartition("}")[2].lower(), value, element)
        if tag == "style":
            yield from _of_style(tinycss2.parse_stylesheet("".join(element.itertext())))
        kind = element.get("type", "").strip().lower()
        if tag == "script" and (kind in _RUNS or _SCRIPT.match(kind)):
            yield from network_in(Script("".join(element.itertext()), "a script"))


def _of_attribute(tag: str, name: str, value: str, element: ET.Element) -> Iterator[str]:
    if name == "style":
        yield from _of_style(tinycss2.parse_declaration_list(value))
    elif name.startswith("on") and value.strip():
        yield from network_in(Script(value, f"{name} of <{tag}>"))
    elif tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
        yield "a refresh to another page"
    elif name == "href" and value.strip().lower().startswith("javascript:"):
        yield from network_in(Script(value.strip()[len("javascript:") :], f"a link of <{tag}>"))
    elif _is_loaded(tag, name) and not _WITHIN.match(value):
        yield f"<{tag} {name}={_short(value)}>"


def _is_loaded(tag: str, name: str) -> bool:
    tags = _LOADING.get(name, set())
    return tags is None or tag in tags


def _of_style(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if node.type == "error":
            continue  # a browser leaves it out, too
        text = node.serialize()
        if not _IN_STYLE.search(text) or getattr(node, "lower_at_keyword", "") == "namespace":
            continue
        if node.type == "at-rule" and node.lower_at_keyword == "import":
            yield f"@import {_short(text)}"
            continue
        for address in _addresses(node):
            if not _WITHIN.match(address):
                yield f"url({_short(address)})"


def _addresses(node: Node) -> Iterator[str]:
    """The addresses within a piece of a style sheet."""
    if node.type == "url":
        yield node.value
    elif node.type == "function" and node.lower_name in ("url", "image-set", "src"):
        yield from (part.value for part in node.arguments if part.type in ("string", "url"))
    for part in ("prelude", "content", "value", "arguments"):
        inner = getattr(node, part, None)
        if isinstance(inner, list):
            for one in inner:
                yield from _addresses(one)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
