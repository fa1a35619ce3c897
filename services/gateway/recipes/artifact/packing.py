"""What is put into an app so that it works alone: a policy, and what its author left out. Pure."""

import re
from html import escape

from services.gateway.recipes.artifact.html import Document, parsed
from services.runtime.errors import OutputInvalid

# It has the page and nothing else: no network, no frames, no forms that are sent.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'unsafe-inline'",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "font-src data:",
        "media-src data: blob:",
        "form-action 'none'",
        "base-uri 'none'",
    )
)
# A sandboxed page has no storage: what it asks of it lasts as long as the page.
_STORAGE = """<script>
for (const name of ["localStorage", "sessionStorage"]) {
  try { window[name].length; } catch {
    const kept = new Map();
    Object.defineProperty(window, name, { value: {
      get length() { return kept.size; },
      key: (at) => [...kept.keys()][at] ?? null,
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => { kept.set(String(key), String(value)); },
      removeItem: (key) => { kept.delete(String(key)); },
      clear: () => kept.clear(),
    } });
  }
}
</script>"""
_COMMENTS = r"(?:\s|<!--.*?-->)*"
_UP_TO_HEAD = re.compile(
    rf"{_COMMENTS}(?P<doctype><!doctype[^>]*>)?{_COMMENTS}"
    rf"(?P<html><html(?:\s[^>]*)?>)?{_COMMENTS}(?P<head><head(?:\s[^>]*)?>)?",
    re.IGNORECASE | re.DOTALL,
)
_MARK = "Content-Security-Policy"


def packed(document: Document, title: str) -> str:
    """The document, ready to be shown or kept anywhere. Raises OutputInvalid.

    `title` is what it is called where it has no name of its own.
    """
    found = _UP_TO_HEAD.match(document.text)
    assert found is not None  # every part of it may be missing
    names = {element.tag for element in document.root.iter() if isinstance(element.tag, str)}
    metas = [element.attrib for element in document.root.iter("meta")]
    put = [f'<meta http-equiv="{_MARK}" content="{POLICY}">']
    if not any("charset" in meta for meta in metas):
        put.append('<meta charset="utf-8">')
    if not any(meta.get("name", "").lower() == "viewport" for meta in metas):
        put.append('<meta name="viewport" content="width=device-width, initial-scale=1">')
    if "title" not in names:
        put.append(f"<title>{escape(document.title or title)}</title>")
    put.append(_STORAGE)
    head = "\n".join(put)
    before, after = document.text[: found.end()], document.text[found.end() :]
    if not found["doctype"]:
        before = f"<!doctype html>\n{before}"
    text = f"{before}\n{head}{after}" if found["head"] else f"{before}<head>\n{head}</head>{after}"
    _check(text)
    return text


def _check(text: str) -> None:
    """Raises OutputInvalid unless the policy comes before everything that it is for."""
    head = parsed(text).root.find("head")
    first = next((child for child in head if isinstance(child.tag, str)), None) if head else None
    if first is None or first.get("http-equiv") != _MARK:
        raise OutputInvalid("the HTML document begins in a way that cannot be made safe: try again")
