"""Mutual TLS between services, with certificates from files that may change at any time."""

import datetime as dt
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import structlog
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.runtime.errors import HatcheryError, PeerRefused
from services.runtime.interceptors import AroundCalls, Call, Context

log = structlog.get_logger()

# As cert-manager and Kubernetes name them: our chain, our key, and who signed the others'.
CHAIN, KEY, AUTHORITY = "tls.crt", "tls.key", "ca.crt"
# Files are looked at that often at most, in seconds.
_LOOKS = 1.0
_PUBLIC = "/grpc.health.v1.Health/"


class CertificatesUnusable(HatcheryError):
    """The certificates of this process cannot be read, or do not belong together."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a process shows of itself and believes of others, in PEM."""

    chain: bytes
    key: bytes
    authority: bytes


class Certificates:
    """The certificates in a folder, read again as they change."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises CertificatesUnusable."""
        self._folder = folder
        self._clock = clock
        self._seen = _read(folder)
        self._bundle = _sound(self._seen)
        self._looked = clock()

    def current(self) -> Bundle:
        """The present ones; from any thread. Where the new ones do not fit, those from before."""
        if self._clock() - self._looked >= _LOOKS:
            self._looked = self._clock()
            try:
                seen = _read(self._folder)
                if seen != self._seen:
                    self._seen = seen
                    self._bundle = _sound(seen)
                    log.info("certificates are renewed")
            except CertificatesUnusable as error:
                log.warning("certificates are not renewed", reason=error.message)
        return self._bundle

    def context(self) -> ssl.SSLContext:
        """For one connection to a server that speaks TLS and no gRPC, of the files as they are now.

        Raises CertificatesUnusable.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        chain, key, authority = (self._folder / name for name in (CHAIN, KEY, AUTHORITY))
        try:
            # With a password, since who has none is asked for it on a terminal.
            context.load_cert_chain(chain, key, password="")
            context.load_verify_locations(authority)
        except OSError as error:
            raise CertificatesUnusable(f"cannot use {CHAIN}, {KEY} and {AUTHORITY}") from error
        return context


def _read(folder: Path) -> Bundle:
    try:
        return Bundle(*((folder / name).read_bytes() for name in (CHAIN, KEY, AUTHORITY)))
    except OSError as error:
        raise CertificatesUnusable(f"cannot read {error.filename}") from error


def _sound(bundle: Bundle) -> Bundle:
    """The same, once it is known to belong together: files change one after the other."""
    try:
        leaf = x509.load_pem_x509_certificates(bundle.chain)[0]
        shown = leaf.public_key()
        x509.load_pem_x509_certificates(bundle.authority)
        own = load_pem_private_key(bundle.key, None).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CertificatesUnusable(f"one of {CHAIN}, {KEY}, {AUTHORITY} is no PEM") from error
    if shown != own:
        raise CertificatesUnusable(f"{KEY} does not belong to {CHAIN}")
    if leaf.not_valid_after_utc <= dt.datetime.now(dt.UTC):
        raise CertificatesUnusable(f"the time of {CHAIN} is over")
    return bundle


def server_credentials(certificates: Certificates) -> grpc.ServerCredentials:
    """What a server shows, new with each connection; whoever calls has to show a certificate."""
    told = certificates.current()

    def renewed() -> Any:
        nonlocal told
        present = certificates.current()
        if present is told:
            return None
        told = present
        return _configuration(present)

    return grpc.dynamic_ssl_server_credentials(
        _configuration(told), renewed, require_client_authentication=True
    )


def _configuration(bundle: Bundle) -> Any:
    return grpc.ssl_server_certificate_configuration([(bundle.key, bundle.chain)], bundle.authority)


def channel_credentials(bundle: Bundle) -> grpc.ChannelCredentials:
    """What a caller shows, and whom it believes."""
    return grpc.ssl_channel_credentials(bundle.authority, bundle.key, bundle.chain)


class Peers(AroundCalls):
    """Lets only those call whose certificate has a name that is expected."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)

    async def around(self, method: str, call: Call, context: Context) -> Any:
        """Refuses all others; whether it lives may be asked by everybody with a certificate."""
        if not method.startswith(_PUBLIC):
            shown = context.auth_context().get("x509_subject_alternative_name", ())
            if self._names.isdisjoint(name.decode(errors="replace") for name in shown):
                raise PeerRefused("the certificate of who calls has none of the expected names")
        return await call(context)
