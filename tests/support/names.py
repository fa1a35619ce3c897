"""A name server on loopback, as a cluster has one: a name stands for all replicas of a service."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from dnslib import QTYPE, RR, A, DNSRecord
from dnslib.server import BaseResolver, DNSHandler, DNSLogger, DNSServer


@dataclass
class Names(BaseResolver):  # type: ignore[misc]
    """Where each service is; may change at any time."""

    places: dict[str, Sequence[str]] = field(default_factory=dict)
    port: int = 0
    asked_by: set[str] = field(default_factory=set)  # addresses

    def resolve(self, request: DNSRecord, handler: DNSHandler) -> DNSRecord:
        """Tells all addresses of a name, to be forgotten at once."""
        self.asked_by.add(handler.client_address[0])
        reply = request.reply()
        name = str(request.q.qname).rstrip(".")
        if request.q.qtype == QTYPE.A:
            for address in self.places.get(name, ()):
                reply.add_answer(RR(name, QTYPE.A, rdata=A(address), ttl=0))
        return reply

    def target(self, name: str, port: int) -> str:
        """How gRPC is told to look a name up here."""
        return f"dns://127.0.0.1:{self.port}/{name}:{port}"


@contextmanager
def names(address: str = "127.0.0.1", port: int = 0) -> Iterator[Names]:
    """Runs one, at a free port unless one is named."""
    told = Names()
    server = DNSServer(told, address=address, port=port, logger=DNSLogger("-request,-reply"))
    told.port = server.server.server_address[1]
    server.start_thread()
    try:
        yield told
    finally:
        server.stop()
        server.server.server_close()
