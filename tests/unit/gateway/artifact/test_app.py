"""Apps as models write them: found, checked, and made to work alone. Nothing is run."""

import pytest

from services.gateway.recipes.artifact.html import check, document_in, parsed
from services.gateway.recipes.artifact.packing import POLICY, packed
from services.runtime.errors import OutputInvalid

PAGE = "<!DOCTYPE html><html><head><title>T</title></head><body>{}</body></html>"


def _problem(body: str) -> str:
    try:
        check(document_in(PAGE.format(body)))
    except OutputInvalid as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    "said",
    [
        PAGE.format("x"),
        f"```html\n{PAGE.format('x')}\n```",
        f"Here you go:\n\n{PAGE.format('x')}\n\nEnjoy </b> it!",
        f"İİİİ işte sayfa: {PAGE.format('x')} I closed it with </html> as asked.",
        f"{PAGE.format('x')}\nOr shorter:\n{PAGE.format('y')}",
        PAGE.format("x").replace("<!DOCTYPE html>", "<!doctype HTML >"),
    ],
)
def test_the_document_is_found_in_what_was_said(said: str) -> None:
    """Without talk and fences around it, from its doctype to its end."""
    document = document_in(said)
    assert document.text.lower().startswith("<!doctype html")
    assert document.text.endswith("</html>")
    assert "T" == document.title


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("", "no HTML document"),
        ("<p>hello</p>", "no HTML document"),
        ("<!doctype html><html><body>", "no end"),
        ("</html> <!doctype html>", "no end"),
        ("<!doctype html><html><script>let a = '</html>", "within <script> in line 1"),
        ("<!doctype html><html>\n<body>\n<div class='</html>", "breaks off"),
        ("<!doctype html><html><!-- </html>", "breaks off"),
        ("<!doctype html><html><textarea></html>", "breaks off"),
    ],
)
def test_what_breaks_off_is_no_document(said: str, problem: str) -> None:
    """The end within a tag, a comment, an attribute or a script is none."""
    with pytest.raises(OutputInvalid, match=problem):
        document_in(said)


def test_a_name_of_a_file_is_a_text_like_any_other() -> None:
    """What a model writes is never taken for something to open."""
    assert "root" not in "".join(parsed("/etc/passwd").root.itertext())


@pytest.mark.parametrize(
    "body",
    [
        "<script src='https://x.test/a.js'></script>",
        "<script src='a.js'></script>",
        "<img src='//x.test/a.png'>",
        "<img srcset='a.png 2x' src='data:image/png;base64,AA'>",
        "<link rel='stylesheet' href='https://x.test/a.css'>",
        "<link rel=preconnect href='https://x.test'>",
        "<iframe src='https://x.test'></iframe>",
        "<object data='x.swf'></object>",
        "<video poster='x.png'></video>",
        "<form action='https://x.test'></form>",
        "<button formaction='https://x.test'>x</button>",
        "<a href='#' ping='https://x.test'>x</a>",
        "<svg><image href='https://x.test/a.png'/></svg>",
        "<svg><use xlink:href='x.svg#a'/></svg>",
        "<base href='https://x.test'>",
        "<style>@import 'https://x.test/a.css';</style>",
        "<style>@import url(a.css);</style>",
        "<style>p { background: url(https://x.test/a.png) }</style>",
        "<style>@media print { p { background: u\\72l(https://x.test/a.png) } }</style>",
        "<style>@font-face { src: url('a.woff2') }</style>",
        "<style>p { background: image-set('a.png' 1x) }</style>",
        "<p style='background: url(a.png)'>x</p>",
        "<meta http-equiv='Refresh' content='0;url=https://x.test'>",
        "<script>fetch('/x')</script>",
        "<script>window.fetch('/x')</script>",
        "<script>new WebSocket('wss://x.test')</script>",
        "<script>const f = () => { new window.XMLHttpRequest(); }</script>",
        "<script>new EventSource('/x')</script>",
        "<script>navigator.sendBeacon('/x')</script>",
        "<script type='application/x-javascript'>fetch('/x')</script>",
        "<svg><script href='a.js'></script></svg>",
        "<script type=module>import a from 'https://x.test/a.js'</script>",
        "<script>import('a.js')</script>",
        "<script type=module>export * from './a.js'</script>",
        "<button onclick=\"fetch('/x')\">x</button>",
        "<a href=\"javascript:fetch('/x')\">x</a>",
    ],
)
def test_what_loads_from_elsewhere_does_not_work_alone(body: str) -> None:
    """Scripts, styles, pictures, fonts, frames, forms, and calls for a network; named in words."""
    assert "does not work alone" in _problem(body)


@pytest.mark.parametrize(
    "body",
    [
        "<a href='https://example.test'>a link is followed, and loads nothing</a>",
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
        "<svg><defs><g id='a'/></defs><use href='#a'/></svg>",
        "<style>p { background: url(data:image/gif;base64,R0lGODlhAQABAAAAACw=) }</style>",
        "<style>p { background: url('#a') } p::after { content: 'url(x)' }</style>",
        "<script>const fetched = items.fetch(); catalogue.fetch(1)</script>",
        "<script>// fetch('/x')\nconst a = 'fetch(1)'; return</script>",
        "<script type='application/json'>{not: json, and: never run(}</script>",
        "<script>class A { #x = 1; static { this.y = 2n ** 64n } }</script>",
        "<script>a?.b ?? `${c}`; for await (const d of e) { break }</script>",
        "<form onsubmit='return false'><button>x</button></form>",
        "<p>unclosed <b>and <i>badly</b> nested</i>",
        "<style>p{color:red};</style><style>body</style><style>p{}}</style>",
        "<p style='margin:0;padding'>x</p><p style='{{ x }}'>y</p>",
        "<style>@namespace url(http://www.w3.org/1999/xhtml);</style>",
        "<script>const page = '<p>' + '</html>'.length</script>",
        "",
    ],
)
def test_what_stands_alone_passes(body: str) -> None:
    """Links, data, drawings of its own, names that only look alike, and sloppy HTML."""
    assert "" == _problem(body)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("<script>let a = ;</script>", "a script does not parse, in its line 1"),
        ("<script>\n\nfunction f( {\n}</script>", "a script does not parse, in its line 3"),
        ("<p onclick='a('>x</p>", "onclick of <p> does not parse"),
        ("<script>You could write a loop here.</script>", "does not parse"),
    ],
)
def test_a_script_that_does_not_parse_is_told_with_its_place(body: str, place: str) -> None:
    """In scripts and in handlers."""
    assert place in _problem(body)


@pytest.mark.parametrize(
    "text",
    [
        PAGE.format("x"),
        "<html><body>no head, no doctype</body></html>",
        "<!doctype html><html lang=en><body><h1>A heading</h1></body></html>",
        "<!doctype html><!-- a comment --><html><!-- <head> --><head lang=en></head></html>",
        "<!doctype html>\n<body><p>not even an html element</p></html>",
        "<!doctype html><html><header>no head at all</header></html>",
    ],
)
def test_the_policy_comes_before_everything(text: str) -> None:
    """However the document begins; with a charset, a viewport and a title where they lack."""
    whole = packed(parsed(text), "made <b>of</b> words")
    root = parsed(whole).root
    head = root.find("head")
    assert head is not None
    first = next(iter(head))
    assert ("Content-Security-Policy", POLICY) == (first.get("http-equiv"), first.get("content"))
    assert 1 == len(list(root.iter("title")))
    assert not list(head.iter("b"))
    assert whole.lower().startswith("<!doctype html")
    names = [meta.get("name") or "" for meta in root.iter("meta")]
    assert 1 == names.count("viewport")


@pytest.mark.parametrize(
    "text",
    [
        '<!doctype html><html data-x="a>b"><head></head><body></body></html>',
        "<!doctype html><html><head data-x='>'><script>1</script></head></html>",
    ],
)
def test_what_cannot_be_made_safe_is_refused(text: str) -> None:
    """A beginning that reads otherwise than it looks does not get its policy in a wrong place."""
    with pytest.raises(OutputInvalid, match="cannot be made safe"):
        packed(parsed(text), "x")
