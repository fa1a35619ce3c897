"""The keys that tokens are signed with: read from where they are kept, and again as they change."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
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
        self._asked = float("-inf")
        self._reading = asyncio.Lock()

    @property
    def are_known(self) -> bool:
        """Whether they could be read at all."""
        return bool(self._keys)

    async def load(self) -> None:
        """Reads them. Raises KeysUnusable, and then those from before stay."""
        self._asked = self._clock()
        self._keys = await self._read()

    async def run(self) -> None:
        """Reads them again for ever."""
        while True:
            await asyncio.sleep(self._every if self._keys else min(self._every, _AGAIN))
            await self._reload()

    async def fitting(self, name: str, algorithm: str) -> Sequence[Key]:
        """Those that may have signed a token; a name that is not known is looked for once more.

        Raises KeysUnavailable where none could be read yet.
        """
        if not (found := self._find(name, algorithm)):
            async with self._reading:
                found = self._find(name, algorithm)
                if not found and self._clock() - self._asked >= _SOONEST:
                    await self._reload()
                    found = self._find(name, algorithm)
        if not self._keys:
            raise KeysUnavailable("the keys for bearer tokens cannot be fetched; try again soon")
        return found

    def _find(self, name: str, algorithm: str) -> Sequence[Key]:
        return [key for key in self._keys if key.fits(name, algorithm)]

    async def _reload(self) -> None:
        try:
            await self.load()
        except KeysUnusable as error:
            log.warning("keys for tokens are not renewed", reason=error.message)


def secret_in(path: Path) -> Read:
    """Reads one secret, for HS256, from a file."""

    async def read() -> Sequence[Key]:
        secret = (await _contents(path)).strip()
        if len(secret) < _SHORTEST_SECRET:
            raise KeysUnusable(f"the key in {path} is shorter than {_SHORTEST_SECRET} bytes")
        return [Key("", SYMMETRIC, secret)]

    return read


def key_set_at(place: str) -> Read:
    """Reads a JSON Web Key Set (RFC 7517) from a file, or an address that begins with http."""

    async def read() -> Sequence[Key]:
        fetched = place.startswith(("https://", "http://"))
        data = await (_fetched(place) if fetched else _contents(Path(place)))
        keys = keys_of(data)
        if not keys:
            raise KeysUnusable(f"there is no usable key in {place}")
        return keys

    return read


def keys_of(data: bytes) -> Sequence[Key]:
    """The keys of a JSON Web Key Set that signatures can be checked with; others are passed over.

    Secrets are none of them: whoever reads a key set could sign with one.
    """
    try:
        listed = json.loads(data)["keys"]
        entries = [entry for entry in listed if isinstance(entry, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeysUnusable("what should be a JSON Web Key Set is none") from None
    return [key for entry in entries if (key := _key(entry))]


def _key(entry: Mapping[str, Any]) -> Key | None:
    kind = str(entry.get("kty")), str(entry.get("crv", "")) if entry.get("kty") != "RSA" else ""
    can = _ALGORITHMS.get(kind, ())
    algorithms = [name for name in can if entry.get("alg", name) == name]
    operations = entry.get("key_ops", ["verify"])
    checks = entry.get("use", "sig") == "sig" and "verify" in operations
    name = entry.get("kid", "")
    if not algorithms or not checks or not isinstance(name, str):
        return None
    public = {member: value for member, value in entry.items() if member not in _PRIVATE}
    try:
        material = jwt.PyJWK(public, algorithms[0]).key
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        log.warning("a key for tokens is passed over: it is broken", kid=name)
        return None
    if kind[0] == "RSA" and material.key_size < _SHORTEST_RSA:
        log.warning("a key for tokens is passed over: it is too short", kid=name)
        return None
    return Key(name, algorithms, material)


async def _contents(path: Path) -> bytes:
    try:
        return await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        raise KeysUnusable(f"cannot read the key in {path}") from error


async def _fetched(address: str) -> bytes:
    """What an address answers, which may not lead to another one."""
    data = b""
    try:
        async with (
            asyncio.timeout(_PATIENCE),
            httpx.AsyncClient() as client,
            client.stream("GET", address) as answer,
        ):
            answer.raise_for_status()
            async for part in answer.aiter_bytes():
                data += part
                if len(data) > _LARGEST:
                    raise KeysUnusable(f"{address} answers with more than {_LARGEST} bytes")
    except (httpx.HTTPError, TimeoutError) as error:
        raise KeysUnusable(f"cannot fetch keys from {address}") from error
    return data
