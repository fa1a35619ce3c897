"""The keys that tokens are signed with: read from where they are kept, and again as they change."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
import structlog

from services.runtime.errors import HatcheryError, KeysUnavailable

log = structlog.get_logger()

# As RFC 7518 asks for HS256, in bytes; and for RSA, in bits.
_SHORTEST_SECRET, _SHORTEST_RSA = 32, 2048
# By the type and curve of a key, what it can sign with, the usual first.
_ALGORITHMS: Mapping[tuple[str, str], Sequence[str]] = {
    ("RSA", ""): ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
    ("OKP", "Ed25519"): ("EdDSA",),
}
ASYMMETRIC = tuple(name for names in _ALGORITHMS.values() for name in names)
SYMMETRIC = ("HS256",)
# A private key is nobody's business here.
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
# Bytes; and seconds for an answer, between two that were asked for by unknown names, and until it
# is tried again where there are none yet.
_LARGEST, _PATIENCE, _SOONEST, _AGAIN = 1 << 20, 5.0, 5.0, 1.0
# Of the name of a key, so many letters are logged.
_LONGEST_NAME = 100


class KeysUnusable(HatcheryError):
    """The keys for bearer tokens cannot be read or are too weak."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that signatures are checked with; `name` is its `kid`, possibly empty."""

    name: str
    algorithms: Sequence[str]
    material: Any

    def fits(self, name: str, algorithm: str) -> bool:
        """Whether it may have signed a token with such a header."""
        return algorithm in self.algorithms and (not self.name or not name or self.name == name)


Read = Callable[[], Awaitable[Sequence[Key]]]


class Keys:
    """The keys as they were last read."""

    def __init__(
        self, read: Read, *, every: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`every` so many seconds they are read again. `read` raises KeysUnusable."""
        self._read = read
        self._every = every
        self._clock = clock
        self._keys: Sequence[Key] = ()
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None
        self.are_known = False

    async def load(self) -> None:
        """Reads them for the first time. Raises KeysUnusable, also where there are none."""
        if not (keys := await self._read()):
            raise KeysUnusable("there is no usable key for tokens")
        self._keys = keys
        self.are_known = True

    async def run(self) -> None:
        """Reads them again for ever."""
        while True:
            await asyncio.sleep(self._every if self.are_known else min(self._every, _AGAIN))
            await self._renew()

    async def fitting(self, name: str, algorithm: str) -> Sequence[Key]:
        """Those that may have signed a token; a name that is not known is looked for once more.

        Raises KeysUnavailable where none could be read yet.
        """
        if not self.are_known:
            raise KeysUnavailable("the keys for bearer tokens cannot be fetched; try again soon")
        found = self._find(name, algorithm)
        if not found and (self._reading or self._clock() - self._read_at >= _SOONEST):
            await self._renew()
            found = self._find(name, algorithm)
        return found

    def _find(self, name: str, algorithm: str) -> Sequence[Key]:
        return [key for key in self._keys if key.fits(name, algorithm)]

    async def _renew(self) -> None:
        """Reads them, or waits for who does already; whoever leaves does not end the reading."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._reload())
        await asyncio.shield(self._reading)

    async def _reload(self) -> None:
        """Takes what is there now; where it cannot be read, those from before stay."""
        try:
            keys = await self._read()
        except KeysUnusable as error:
            log.warning("keys for tokens are not renewed", reason=error.message)
        except Exception:
            log.exception("keys for tokens are not renewed")
        else:
            self._keys = keys
            self.are_known = self.are_known or bool(keys)
            if not keys:
                log.warning("no token is accepted: there is no usable key for them any more")
        finally:
            self._read_at = self._clock()
            self._reading = None


def secret_in(path: Path) -> Read:
    """Reads one secret, for HS256, from a file; the end of its line is no part of it."""

    async def read() -> Sequence[Key]:
        secret = (await _contents(path)).removesuffix(b"\n").removesuffix(b"\r")
        if len(secret.strip()) < _SHORTEST_SECRET:
            raise KeysUnusable(f"the key in {path} is shorter than {_SHORTEST_SECRET} bytes")
        try:
            jwt.get_algorithm_by_name(SYMMETRIC[0]).prepare_key(secret)
        except jwt.InvalidKeyError:
            raise KeysUnusable(f"what is in {path} is no secret, but a key of a pair") from None
        return [Key("", SYMMETRIC, secret)]

    return read


def key_set_at(place: str) -> Read:
    """Reads a JSON Web Key Set (RFC 7517) from a file, or an address that begins with http."""

    async def read() -> Sequence[Key]:
        if urlsplit(place).scheme:
            return keys_of(await _fetched(place))
        return keys_of(await _contents(Path(place)))

    return read


def keys_of(data: bytes) -> Sequence[Key]:
    """The keys of a JSON Web Key Set that signatures can be checked with; others are passed over.

    Secrets are none of them: whoever reads a key set could sign with one. Raises KeysUnusable.
    """
    try:
        listed = json.loads(data)["keys"]
        entries = [entry for entry in listed if isinstance(entry, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeysUnusable("what should be a JSON Web Key Set is none") from None
    keys = []
    for entry in entries:
        given = {member: value for member, value in entry.items() if value is not None}
        try:
            keys.append(_key(given))
        except (KeysUnusable, jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            reason = error.message if isinstance(error, KeysUnusable) else "it is broken"
            name = str(given.get("kid", ""))[:_LONGEST_NAME]
            log.info("a key for tokens is passed over", kid=name, reason=reason)
    return keys


def _key(entry: Mapping[str, Any]) -> Key:
    """One of a set. Raises KeysUnusable, or whatever a broken one leads to."""
    kind, name = entry.get("kty"), entry.get("kid", "")
    can = _ALGORITHMS.get((str(kind), "" if kind == "RSA" else str(entry.get("crv", ""))), ())
    algorithms = [algorithm for algorithm in can if entry.get("alg", algorithm) == algorithm]
    if not algorithms or not isinstance(name, str):
        raise KeysUnusable("it is of a kind that is not accepted here")
    if entry.get("use", "sig") != "sig" or "verify" not in entry.get("key_ops", ["verify"]):
        raise KeysUnusable("it is for something else")
    public = {member: value for member, value in entry.items() if member not in _PRIVATE}
    material = jwt.PyJWK(public, algorithms[0]).key
    if kind == "RSA" and material.key_size < _SHORTEST_RSA:
        raise KeysUnusable(f"it has less than {_SHORTEST_RSA} bits")
    return Key(name, algorithms, material)


async def _contents(path: Path) -> bytes:
    try:
        return await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        raise KeysUnusable(f"cannot read the key in {path}") from error


async def _fetched(address: str) -> bytes:
    """What an address answers, which may not lead to another one."""
    import httpx  # noqa: PLC0415  # only here is it needed, and it takes a while

    data = b""
    # Without TLS it is this machine's own, and a proxy has no part in that.
    trusted = urlsplit(address).scheme == "https"
    try:
        # That takes long enough to hold up everybody.
        verify = await asyncio.to_thread(httpx.create_ssl_context) if trusted else False
        async with (
            asyncio.timeout(_PATIENCE),
            httpx.AsyncClient(verify=verify, trust_env=trusted) as client,
            client.stream("GET", address) as answer,
        ):
            answer.raise_for_status()
            async for part in answer.aiter_bytes():
                data += part
                if len(data) > _LARGEST:
                    raise KeysUnusable(f"{address} answers with more than {_LARGEST} bytes")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError) as error:
        raise KeysUnusable(f"cannot fetch keys from {address}") from error
    return data
