"""Each way in which a page reaches a server, and a server that counts who reached it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

# By itself, each of these asks the server for something: {http} and {ws} are its address, {tcp}
# and {udp} its places. They leave the page where it is.
STAYING = {
    "fetch": "<script>fetch('{http}/', {{mode: 'no-cors'}}).catch(() => 0)</script>",
    "xhr": (
        "<script>{{ const x = new XMLHttpRequest(); x.open('GET', '{http}/'); x.send(); }}</script>"
    ),
    "websocket": "<script>new WebSocket('{ws}/')</script>",
    "event source": "<script>new EventSource('{http}/')</script>",
    "beacon": "<script>navigator.sendBeacon('{http}/', 'x')</script>",
    "picture": "<img src='{http}/'>",
    "svg": "<svg><image href='{http}/'/></svg>",
    "video": "<video src='{http}/' autoplay></video>",
    "object": "<object data='{http}/'></object>",
    "script": "<script src='{http}/'></script>",
    "import": "<script>import('{http}/').catch(() => 0)</script>",
    "worker": ("<script>new Worker(URL.createObjectURL(new Blob([`fetch('{http}/')`])))</script>"),
    "style sheet": "<link rel=stylesheet href='{http}/'>",
    "style import": "<style>@import '{http}/';</style>",
    "style url": "<style>body {{ background: url({http}/) }}</style>",
    "font": (
        "<style>@font-face {{ font-family: f; src: url({http}/) }} p {{ font-family: f }}</style>"
        "<p>f"
    ),
    "prefetch": "<link rel=prefetch href='{http}/'>",
    "preload": "<link rel=preload as=image href='{http}/'>",
    "preconnect": "<link rel=dns-prefetch href='{http}/'><link rel=preconnect href='{http}/'>",
    "speculation": (
        '<script type=speculationrules>{{"prefetch": [{{"urls": ["{http}/"],'
        ' "eagerness": "immediate"}}]}}</script>'
    ),
    "frame": "<iframe src='{http}/'></iframe>",
    "frame within": (
        "<iframe srcdoc=\"<script>fetch('{http}/', {{mode: 'no-cors'}})</script>\"></iframe>"
    ),
    "frame led away": (
        "<iframe id=led></iframe><script>led.contentWindow.location = '{http}/'</script>"
    ),
    "window": "<script>window.open('{http}/')</script>",
    "ping": "<a id=pinging href='#x' ping='{http}/'>x</a><script>pinging.click()</script>",
    "webrtc": """
<iframe id=fresh></iframe><script>
  {{
    const {{ RTCPeerConnection: Connection }} = fresh.contentWindow;
    const iceServers = [
      {{ urls: "stun:{udp}" }},
      {{ urls: "turn:{tcp}?transport=tcp", username: "x", credential: "x" }},
    ];
    const connection = new Connection({{ iceServers }});
    connection.createDataChannel("x");
    connection.createOffer().then((offer) => connection.setLocalDescription(offer));
  }}
</script>""",
}
# These lead the page itself away, and so come one at a time.
LEAVING = {
    "location": "<script>location = '{http}/'</script>",
    "refresh": "<meta http-equiv=refresh content='0;url={http}/'>",
    "link": "<a id=leading href='{http}/'>x</a><script>leading.click()</script>",
    "form": "<form id=sent method=post action='{http}/'></form><script>sent.submit()</script>",
    "top": "<script>top.location = '{http}/'</script>",
}


@dataclass
class Counting:
    """A server on loopback, and what came: connections, what they asked first, and datagrams."""

    http: str = ""
    tcp: str = ""
    udp: str = ""
    came: list[str] = field(default_factory=list)

    def filled(self, html: str) -> str:
        """The HTML with the server's places in it."""
        return html.format(
            http=self.http, ws=self.http.replace("http", "ws"), tcp=self.tcp, udp=self.udp
        )

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Counts a connection, even one that asks for nothing."""
        self.came.append("a connection")
        try:
            self.came.append((await reader.readline()).decode(errors="replace").strip())
            writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, counting: Counting) -> None:
        self._counting = counting

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._counting.came.append("a datagram")


@asynccontextmanager
async def counting() -> AsyncIterator[Counting]:
    """One that counts until the block is left."""
    server = Counting()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams(server), local_addr=("127.0.0.1", 0)
    )
    server.udp = f"127.0.0.1:{transport.get_extra_info('sockname')[1]}"
    listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    server.tcp = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    server.http = f"http://{server.tcp}"
    try:
        yield server
    finally:
        listening.close()
        transport.close()


@asynccontextmanager
async def open_house(pages: dict[str, str]) -> AsyncIterator[str]:
    """A site on loopback that keeps nobody from anything; yields its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
            body = f"<!doctype html><html><body>{pages.get(path[1:], '')}</body></html>".encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n"
                b"connection: close\r\ncontent-length: %d\r\n\r\n" % len(body)
            )
            writer.write(body)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
