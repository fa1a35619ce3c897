"""The built page as Envoy serves it: a route for each file, and the addresses of its views."""

import mimetypes
from pathlib import Path
from typing import Any

# As `make page` leaves it, and as the package carries it.
BUILT = Path(__file__).parents[2] / "clients" / "web" / "dist"

# What the page itself turns into something to see: its sources are in clients/web/src/app.tsx.
_ADDRESSES = (
    {"path": "/"},
    {"path": "/agents"},
    {"path": "/statistics"},
    {"path": "/workbench"},
    {"path": "/artifacts"},
    {"prefix": "/agents/"},
    {"prefix": "/artifacts/"},
    {"prefix": "/comparisons/"},
    {"prefix": "/conversations/"},
    {"prefix": "/generations/"},
)

# Whoever opens any other address in a browser reads there that nothing is there.
_LOST = {
    "prefix": "/",
    "headers": [
        {"name": ":method", "string_match": {"exact": "GET"}},
        {"name": "accept", "string_match": {"contains": "text/html"}},
    ],
}

# Nothing from elsewhere, nothing inline; pictures are downloaded by call and shown as blobs.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
# Where an app from a model runs: a page of no origin that may show what it has, and reach nobody.
_SANDBOX = "sandbox.html"
_SANDBOX_POLICY = "; ".join(
    (
        "sandbox allow-scripts",
        "default-src 'none'",
        "script-src 'unsafe-inline'",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "font-src data:",
        "media-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
_SANDBOX_HEADERS = {
    "content-security-policy": _SANDBOX_POLICY,
    # What a content security policy does not govern: WebRTC, and connections that are only opened.
    # It may load itself anew.
    "connection-allowlist": "(response-origin)",
    "x-dns-prefetch-control": "off",
}
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
# What has a digest of its content in its name never changes.
_FOR_EVER = "public, max-age=31536000, immutable"


def page_routes(built: Path) -> list[dict[str, Any]]:
    """Return the routes of the page in the folder `built`."""
    index = built / "index.html"
    files = sorted(
        file
        for file in built.rglob("*")
        if file.is_file() and file != index and not file.relative_to(built).parts[0].startswith(".")
    )
    return [
        *(_route({"path": f"/{file.relative_to(built).as_posix()}"}, file) for file in files),
        *(_route(match, index) for match in _ADDRESSES),
        _route(_LOST, index, status=404),
    ]


def _route(match: dict[str, Any], file: Path, *, status: int = 200) -> dict[str, Any]:
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "text/plain"
    headers = {
        **_HEADERS,
        **(_SANDBOX_HEADERS if file.name == _SANDBOX else {}),
        "content-type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        "cache-control": _FOR_EVER if file.parent.name == "static" else "no-cache",
    }
    return {
        "match": match,
        "direct_response": {"status": status, "body": {"filename": str(file)}},
        "response_headers_to_add": [
            {"header": {"key": name, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
            for name, value in headers.items()
        ],
    }
