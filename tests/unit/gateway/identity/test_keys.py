"""Keys for tokens: which are taken, when they are read, and what an unknown one costs."""

import asyncio
import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.identity.keys import Key, Keys, KeysUnusable, key_set_at, keys_of, secret_in
from services.runtime.errors import KeysUnavailable
from tests.support.issuer import SigningKey, key_set

RSA = SigningKey("r", "RS256")
EC = SigningKey("e", "ES256")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "ES384", "ES512", "EdDSA"])
def test_a_key_signs_as_its_kind_can(algorithm: str) -> None:
    """An elliptic curve has one algorithm, an RSA key several; never that of a secret."""
    (key,) = keys_of(key_set(SigningKey("k", algorithm)))
    assert algorithm in key.algorithms
    assert (6 if algorithm == "RS256" else 1) == len(key.algorithms)
    assert not any(name.startswith("HS") or name == "none" for name in key.algorithms)


@pytest.mark.parametrize(
    "entry",
    [
        {"kty": "oct", "k": base64.urlsafe_b64encode(b"x" * 32).decode(), "alg": "HS256"},
        {"kty": "oct", "k": base64.urlsafe_b64encode(b"x" * 32).decode(), "alg": "RS256"},
        EC.jwk(use="enc"),
        EC.jwk(key_ops=["sign"]),
        EC.jwk(alg="ES384"),
        EC.jwk(alg="none"),
        RSA.jwk(alg="HS256"),
        EC.jwk(kid=7),
        EC.jwk(crv="secp256k1"),
        EC.jwk(x="AAAA"),
        {"kty": "EC", "crv": "P-256", "kid": "e"},
        {"kty": "RSA"},
        {"kty": ["RSA"]},
        {},
        SigningKey("short", "RS256", bits=1024).jwk(),
        EC.jwk(key_ops=7),
        EC.jwk(key_ops=True),
        {"kty": "oct", "key_ops": 7},
        EC.jwk(use=["enc"]),
        EC.jwk(alg=["ES256"]),
    ],
)
def test_a_key_that_cannot_be_used_is_passed_over(entry: dict[str, Any]) -> None:
    """Secrets, keys for something else, broken and short ones; the good one beside it stays."""
    (kept,) = keys_of(key_set(entry, RSA))
    assert "r" == kept.name


def test_what_is_null_is_not_there() -> None:
    """As some serialisers write it."""
    (key,) = keys_of(key_set(EC.jwk(alg=None, use=None, key_ops=None, x5c=None)))
    assert "e" == key.name


def test_private_halves_are_not_read() -> None:
    """Of a key set that should not have had them."""
    halves = [key.jwk(private=True, key_ops=["sign", "verify"]) for key in (RSA, EC)]
    keys = keys_of(key_set(*halves))
    assert ["r", "e"] == [key.name for key in keys]
    assert not any(hasattr(key.material, "sign") for key in keys)


@given(st.binary() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps).map(str.encode))
def test_what_is_no_key_set_is_refused(data: bytes) -> None:
    """Whatever is there instead."""
    with pytest.raises(KeysUnusable):
        keys_of(data)


@pytest.mark.parametrize("key", [b"", b"   \n", b"short", b"x" * 31])
async def test_a_secret_that_can_be_guessed_is_refused(key: bytes, tmp_path: Path) -> None:
    """An empty key file would let everybody sign as anybody."""
    (tmp_path / "key").write_bytes(key)
    with pytest.raises(KeysUnusable):
        await secret_in(tmp_path / "key")()


async def test_a_key_of_a_pair_is_no_secret(tmp_path: Path) -> None:
    """A gateway that took it would be ready, and refuse every token."""
    public = RSA.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key").write_bytes(public)
    with pytest.raises(KeysUnusable, match="pair"):
        await secret_in(tmp_path / "key")()
    (tmp_path / "key").write_bytes(b" " + b"x" * 32 + b" \r\n")
    (key,) = await secret_in(tmp_path / "key")()
    assert b" " + b"x" * 32 + b" " == key.material


async def test_a_missing_file_is_told_in_words(tmp_path: Path) -> None:
    """The path is named."""
    for read in (secret_in(tmp_path / "none"), key_set_at(str(tmp_path / "none"))):
        with pytest.raises(KeysUnusable, match="none"):
            await read()


class Source:
    """Keys as a test has them, given when it lets them go; counts how often it is asked."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys, self.asked, self.now = keys, 0, 0.0
        self.fault: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.heard = asyncio.Semaphore(0)

    async def read(self) -> Sequence[Key]:
        """The keys of this moment."""
        self.asked += 1
        self.heard.release()
        keys = self.keys
        await self.open.wait()
        if self.fault:
            raise self.fault
        return keys_of(key_set(*keys))

    async def asked_twice(self) -> None:
        """Waits until it was asked twice more: then the first answer has arrived."""
        while not self.heard.locked():
            await self.heard.acquire()
        for _ in range(2):
            await self.heard.acquire()


async def known_of(source: Source, every: float = 60.0) -> Keys:
    """Keys with the clock of a source, read once."""
    known = Keys(source.read, every=every, clock=lambda: source.now)
    await known.load()
    return known


async def names(found: Keys, name: str, algorithm: str = "ES256") -> list[str]:
    """Which keys fit."""
    return [key.name for key in await found.fitting(name, algorithm)]


async def test_a_new_key_is_known_when_it_is_used() -> None:
    """Without waiting; and not more often than every few seconds, whoever makes names up."""
    source = Source(EC)
    known = await known_of(source)
    assert ["e"] == await names(known, "e")
    assert ["e"] == await names(known, "")
    source.keys = (EC, SigningKey("new"))
    assert [["new"]] * 50 == await asyncio.gather(*(names(known, "new") for _ in range(50)))
    assert 2 == source.asked
    await asyncio.gather(*(names(known, f"made up {n}") for n in range(50)))
    assert 2 == source.asked
    source.now = 6.0
    await asyncio.gather(*(names(known, f"made up {n}") for n in range(50)))
    assert 3 == source.asked
    assert [] == await names(known, "e", "RS256")


async def test_one_slow_answer_is_waited_for_once() -> None:
    """By however many: nobody reads behind another, and known keys wait for nothing."""
    source = Source(EC)
    known = await known_of(source)
    source.open.clear()
    source.keys = (EC, SigningKey("new"))
    waiting = [asyncio.create_task(names(known, f"made up {n}")) for n in range(50)]
    waiting.append(asyncio.create_task(names(known, "new")))
    await asyncio.sleep(0)
    assert ["e"] == await asyncio.wait_for(names(known, "e"), 1)
    source.now = 100.0
    source.open.set()
    assert ["new"] == (await asyncio.wait_for(asyncio.gather(*waiting), 1))[-1]
    assert 2 == source.asked
    await names(known, "made up")
    assert 2 == source.asked  # the pause begins where the answer came


async def test_who_leaves_ends_no_reading() -> None:
    """Else a caller without patience could keep new keys from everybody."""
    source = Source(EC)
    known = await known_of(source)
    source.open.clear()
    source.keys = (EC, SigningKey("new"))
    impatient = asyncio.create_task(names(known, "made up"))
    await asyncio.sleep(0)
    patient = asyncio.create_task(names(known, "new"))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    source.open.set()
    assert ["new"] == await patient


@pytest.mark.parametrize("fault", [KeysUnusable("away"), RuntimeError("a bug"), OSError("no")])
async def test_an_old_key_goes_when_they_are_read_again(fault: Exception) -> None:
    """And where they cannot be read, for whatever reason, those from before stay."""
    source = Source(EC)
    known = await known_of(source, every=0.01)
    task = asyncio.create_task(known.run())
    try:
        source.fault = fault
        await source.asked_twice()
        assert ["e"] == await names(known, "e")
        source.fault, source.keys = None, (SigningKey("new"),)
        await source.asked_twice()
        assert [] == await names(known, "e")
        assert ["new"] == await names(known, "new")
        source.keys = ()
        await source.asked_twice()
        assert [] == await names(known, "new")  # that there is none any more is news, too
    finally:
        task.cancel()


async def test_without_any_there_is_no_answer() -> None:
    """Which is another matter than a token that is wrong: at once, until they could be read."""
    source = Source()
    known = Keys(source.read, every=60.0)
    with pytest.raises(KeysUnusable):
        await known.load()
    source.open.clear()
    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            await asyncio.wait_for(known.fitting("e", "ES256"), 1)
    assert not known.are_known
    source.open.set()
    source.keys = (EC,)
    await known.load()
    assert known.are_known
    assert ["e"] == await names(known, "e")
