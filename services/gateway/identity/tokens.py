"""Bearer tokens: JSON Web Tokens (RFC 7519) that are checked against keys."""

import math
import time
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from typing import Any

import jwt

from services.gateway.identity.keys import Key, Keys
from services.gateway.identity.scopes import Scope, scopes_of
from services.gateway.names import Owner
from services.runtime.errors import TokenExpired, TokenInvalid

# The clock of an issuer may be so many seconds ahead of ours.
_SKEW = 10.0
_LONGEST_SUBJECT = 200
# A longer token is not known again.
_LONGEST_REMEMBERED = 4_096
# Times are looked at last, and here: only who had a good token is told that it is over.
_OPTIONS: Any = {
    "require": ["exp", "sub", "iss", "aud"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls, what they may do, and until when: a Unix time, or None for ever."""

    owner: Owner
    scopes: Set[Scope]
    expires: float | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token has to say of itself, beside being signed."""

    algorithms: Collection[str]
    issuer: str
    audience: str
    # What it may do where it names no scope of Hatchery's.
    scopes: Set[Scope]


@dataclass(frozen=True, slots=True)
class _Known:
    """Whom a good token names, and the key that it was signed with.

    `named` is that key as its header has it: a name, and an algorithm.
    """

    identity: Identity
    expires: float
    key: Key
    named: tuple[str, str]


class Tokens:
    """Tells who calls by a token; one that comes again is known, while its key is accepted.

    What was not used for longest is forgotten first.
    """

    def __init__(self, keys: Keys, expected: Expected, *, remembered: int = 1_000) -> None:
        """So many tokens are known again."""
        self._remembered = remembered
        self._keys = keys
        self._expected = expected
        self._known: dict[str, _Known] = {}

    async def identity(self, token: str) -> Identity:
        """Who a token names. Raises TokenInvalid, TokenExpired and KeysUnavailable."""
        known = self._known.get(token)
        if (
            known is None
            or known.expires <= time.time()
            or known.key not in await self._keys.fitting(*known.named)
        ):
            known = await self._looked_at(token)
        self._remember(token, known)
        return known.identity

    def _remember(self, token: str, known: _Known) -> None:
        if len(token) > _LONGEST_REMEMBERED:
            return
        self._known.pop(token, None)
        if len(self._known) >= self._remembered:
            del self._known[next(iter(self._known))]
        self._known[token] = known

    async def _looked_at(self, token: str) -> _Known:
        header = _header(token)
        algorithm, name = str(header.get("alg")), header.get("kid", "")
        if algorithm not in self._expected.algorithms:
            raise TokenInvalid("the bearer token is signed in a way that is not accepted here")
        if "crit" in header or not isinstance(name, str):
            raise TokenInvalid("the bearer token has a header that is not understood here")
        keys = await self._keys.fitting(name, algorithm)
        claims, key = self._claims(token, algorithm, keys)
        identity = self._identity(claims)
        assert identity.expires is not None
        return _Known(identity, identity.expires, key, (name, algorithm))

    def _claims(
        self, token: str, algorithm: str, keys: Collection[Key]
    ) -> tuple[Mapping[str, Any], Key]:
        for key in keys:
            try:
                claims: Mapping[str, Any] = jwt.decode(
                    token,
                    key.material,
                    algorithms=[algorithm],
                    issuer=self._expected.issuer,
                    audience=self._expected.audience,
                    options=_OPTIONS,
                )
            except jwt.InvalidSignatureError:
                continue
            except jwt.InvalidIssuerError:
                raise TokenInvalid("the bearer token is from another issuer") from None
            except jwt.InvalidAudienceError:
                raise TokenInvalid("the bearer token is for another audience") from None
            except jwt.MissingRequiredClaimError as error:
                raise TokenInvalid(f"the bearer token lacks the claim {error.claim}") from None
            except (jwt.PyJWTError, ValueError, OverflowError, TypeError):
                raise TokenInvalid("the bearer token is not valid") from None
            return claims, key
        raise TokenInvalid("the bearer token is signed with a key that is not accepted here")

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        now, subject = time.time(), claims["sub"]
        begins, expires = _time(claims.get("nbf", 0)), _time(claims["exp"])
        if begins > now + _SKEW:
            raise TokenInvalid("the bearer token is not valid yet")
        if not 0 < len(subject) <= _LONGEST_SUBJECT or "\0" in subject or not _is_text(subject):
            raise TokenInvalid("the subject of the bearer token is not usable")
        if expires <= now:
            raise TokenExpired("the bearer token has expired")
        scopes = scopes_of((claims.get("scope"), claims.get("scp")), self._expected.scopes)
        return Identity(Owner(subject), scopes, expires)


def _is_text(subject: str) -> bool:
    try:
        subject.encode()
    except UnicodeEncodeError:
        return False
    return True


def _header(token: str) -> Mapping[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise TokenInvalid("the bearer token is not a JSON Web Token") from None


def _time(value: object) -> float:
    """A NumericDate of RFC 7519. Raises TokenInvalid."""
    try:
        if isinstance(value, (int, float)) and math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise TokenInvalid("the bearer token has a time that is none")
