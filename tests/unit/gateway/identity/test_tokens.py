"""Bearer tokens: whose they are, and the many ways in which one is not right."""

import asyncio
import base64
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.identity.callers import Callers
from services.gateway.identity.keys import SYMMETRIC, Key, Keys, keys_of
from services.gateway.identity.scopes import EVERYTHING, Scope
from services.gateway.identity.tokens import Expected, Tokens
from services.runtime.errors import TokenExpired, TokenInvalid, TokenMissing
from tests.support.gateway import KEY, token
from tests.support.issuer import SigningKey, key_set

RSA, EC, ED = SigningKey("r", "RS256"), SigningKey("e", "ES256"), SigningKey("d", "EdDSA")
OTHER = SigningKey("e", "ES256")
USUAL = frozenset({Scope.READ, Scope.CREATE})


async def with_keys(*keys: Key, algorithms: tuple[str, ...]) -> Tokens:
    """What checks tokens against keys."""

    async def read() -> tuple[Key, ...]:
        return keys

    known = Keys(read, every=60.0)
    await known.load()
    return Tokens(known, Expected(algorithms, "hatchery", "hatchery", USUAL))


async def secret() -> Tokens:
    """With the secret of the tests."""
    return await with_keys(Key("", SYMMETRIC, KEY.encode()), algorithms=SYMMETRIC)


async def public() -> Tokens:
    """With public keys of three kinds."""
    keys = keys_of(key_set(RSA, EC, ED))
    return await with_keys(*keys, algorithms=("RS256", "ES256", "EdDSA"))


@pytest.mark.parametrize("subject", ["a", "Ängström 🐉", "x" * 200, "o'; DROP TABLE agents; --"])
async def test_the_owner_is_the_subject(subject: str) -> None:
    """Whatever its letters; what it may do, and until when, stands beside it."""
    keys = await public()
    for tokens, told in (
        (await secret(), token(subject)),
        *((keys, key.token(subject)) for key in (RSA, EC, ED)),
        (keys, EC.token(subject, headers={"kid": ""})),
        (keys, EC.token(subject, aud=["others", "hatchery"])),
        (keys, EC.token(subject, nbf=time.time() + 3, iat=time.time() + 30)),
    ):
        identity = await tokens.identity(told)
        assert (subject, USUAL) == (identity.owner, identity.scopes)
        assert identity.expires is not None
        assert 500 < identity.expires - time.time() < 601
    identity = await keys.identity(EC.token("a", scp=["hatchery.operate"]))
    assert {Scope.OPERATE} == identity.scopes


@pytest.mark.parametrize(
    "told",
    [
        "",
        "a",
        "a.b",
        "a.b.c",
        ".." * 3,
        token("a", key="another key, which is as long as it has to be"),
        token(""),
        token("x" * 201),
        token("a\0b"),
        token("\ud800"),
        token("a", exp=float("inf")),
        token("a", exp=float("nan")),
        token("a", exp="soon"),
        token("a", exp="99999999999"),
        token("a", exp=10**400),
        token("a", exp=[]),
        token("a", exp=None),
        token("a", nbf=2**40),
        token("a", nbf="later"),
        token("a", nbf=float("nan")),
        token("a", nbf=[]),
        token("a", aud="somebody else"),
        token("a", aud=""),
        token("a", aud=None),
        token("a", iss="somebody else"),
        token("a", iss=None),
        jwt.encode({"iss": "hatchery", "aud": "hatchery", "exp": 2**33}, KEY, "HS256"),
        jwt.encode({"sub": "a", "exp": 2**33}, None, algorithm="none"),
        jwt.encode({"sub": "a", "exp": 2**33}, KEY * 2, algorithm="HS512"),
        token("a")[:-4],
        token("a") + "x",
    ],
)
async def test_a_token_that_is_not_quite_right_is_invalid(told: str) -> None:
    """Wrong key, wrong algorithm, none at all, no or odd claims: none is taken."""
    with pytest.raises(TokenInvalid):
        await (await secret()).identity(told)


async def test_one_that_is_over_says_so() -> None:
    """So that its bearer fetches another."""
    for tokens, told in (
        (await secret(), token("a", seconds=-1)),
        (await public(), RSA.token("a", seconds=-1)),
    ):
        with pytest.raises(TokenExpired):
            await tokens.identity(told)
    # Whether it is over is only told to who had a good one.
    for told in (
        OTHER.token("a", seconds=-1),
        EC.token("a", seconds=-1, aud="others"),
        EC.token("a", seconds=-1, iss="others"),
        EC.token("", seconds=-1),
    ):
        with pytest.raises(TokenInvalid):
            await (await public()).identity(told)


async def test_a_known_one_is_good_no_longer_than_its_key() -> None:
    """Nor than itself; meanwhile it is looked at but once."""
    accepted = [Key("", SYMMETRIC, KEY.encode())]

    async def read() -> list[Key]:
        return list(accepted)

    keys = Keys(read, every=60.0)
    await keys.load()
    tokens = Tokens(keys, Expected(SYMMETRIC, "hatchery", "hatchery", USUAL))
    told, short = token("alice"), token("alice", exp=time.time() + 1)
    assert await tokens.identity(told) is await tokens.identity(told)
    await tokens.identity(short)
    accepted[:] = [Key("", SYMMETRIC, b"another key, which is as long as it has to be")]
    await keys.load()
    with pytest.raises(TokenInvalid, match="not accepted here"):
        await tokens.identity(told)
    accepted.append(Key("", SYMMETRIC, KEY.encode()))
    await keys.load()
    assert "alice" == (await tokens.identity(told)).owner
    await asyncio.sleep(1.1)
    with pytest.raises(TokenExpired):
        await tokens.identity(short)


async def test_so_many_tokens_are_remembered() -> None:
    """The one not used for longest is looked at again, and one that is very long always."""

    async def read() -> list[Key]:
        return [Key("", SYMMETRIC, KEY.encode())]

    keys = Keys(read, every=60.0)
    await keys.load()
    tokens = Tokens(keys, Expected(SYMMETRIC, "hatchery", "hatchery", USUAL), remembered=2)
    told = {owner: token(owner) for owner in "abc"}
    seen = [await tokens.identity(told[owner]) for owner in "abacab"]
    assert seen[0] is seen[2] is seen[4]
    assert seen[1] is not seen[5]
    long = token("a", padding="x" * 5000)
    assert await tokens.identity(long) is not await tokens.identity(long)


def _signed_with(key: bytes, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token that PyJWT itself would not make: an HMAC whose key is what others can read."""
    algorithm = jwt.get_algorithm_by_name("HS256")
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in (header, claims)
    ]
    signature = algorithm.sign(b".".join(parts), key)
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


async def test_a_public_key_is_no_secret() -> None:
    """Signing with it as if it were one (RFC 8725, 2.1) makes no token, under whatever name."""
    claims = {"iss": "hatchery", "aud": "hatchery", "sub": "a", "exp": 2**33}
    public_key = RSA.private.public_key()
    for written in (
        public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(RSA.jwk()).encode(),
    ):
        for algorithm in ("HS256", "RS256", "none", "hs256"):
            told = _signed_with(written, {"alg": algorithm, "kid": "r"}, claims)
            with pytest.raises(TokenInvalid):
                await (await public()).identity(told)


@pytest.mark.parametrize(
    "told",
    [
        OTHER.token("a"),
        SigningKey("unknown").token("a"),
        SigningKey("", "RS256").token("a"),
        # A key for one algorithm does not take another, nor one that was not allowed.
        RSA.token("a", algorithm="RS512"),
        RSA.token("a", algorithm="PS256"),
        EC.token("a", headers={"kid": "r"}),
        # What a token says of where its key lies is not read.
        OTHER.token("a", headers={"jwk": OTHER.jwk()}),
        OTHER.token("a", headers={"jku": "https://127.0.0.1/keys"}),
        OTHER.token("a", headers={"x5u": "https://127.0.0.1/keys"}),
        OTHER.token("a", headers={"kid": "../../../dev/null"}),
        OTHER.token("a", headers={"kid": "e' OR '1'='1"}),
        # What has to be understood, and is not.
        EC.token("a", headers={"crit": ["exp"], "exp": 0}),
        EC.token("a", headers={"b64": False, "crit": ["b64"]}),
    ],
)
async def test_a_token_chooses_neither_key_nor_algorithm(told: str) -> None:
    """Its header names a key at most, and the key says how it signs."""
    with pytest.raises(TokenInvalid):
        await (await public()).identity(told)


@given(st.text() | st.binary().map(bytes.hex) | st.from_regex(r"[\w-]*\.[\w-]*\.[\w-]*"))
async def test_nonsense_is_invalid(told: str) -> None:
    """Whatever stands there."""
    with pytest.raises(TokenInvalid):
        await (await public()).identity(told)


async def test_who_calls_is_the_subject_or_local() -> None:
    """With a good token its subject; without one `local`, unless tokens are needed."""
    tokens = await secret()
    strict = Callers(tokens, {}, token_needed=True)
    assert "Ängström 🐉" == (await strict._identity(f"bearer {token('Ängström 🐉')}")).owner
    local = await Callers(None, {}, token_needed=False)._identity("")
    assert ("local", EVERYTHING, None) == (local.owner, local.scopes, local.expires)
    with pytest.raises(TokenMissing):
        await strict._identity("")
    for callers, authorization in (
        (Callers(None, {}, token_needed=False), f"Bearer {token('a')}"),
        (strict, "Bearer"),
        (strict, "Bearer "),
        (strict, token("a")),
        (strict, f"Basic {token('a')}"),
    ):
        with pytest.raises(TokenInvalid):
            await callers._identity(authorization)
