"""Whose call it is: one layer around calls names the caller, and nothing else ever does."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from services.gateway.identity.scopes import EVERYTHING, Scope
from services.gateway.identity.tokens import Identity, Tokens
from services.gateway.names import Owner
from services.runtime.errors import ScopeMissing, TokenExpired, TokenInvalid, TokenMissing
from services.runtime.interceptors import AroundCalls, Call, Context

LOCAL = Owner("local")
_LOCAL = Identity(LOCAL, EVERYTHING)
# Answered to everybody.
PUBLIC = ("/grpc.health.v1.Health/", "/grpc.reflection.")
_identity: ContextVar[Identity] = ContextVar("identity")
# A timer may go off so many seconds early.
_EARLY = 0.05


def caller() -> Owner:
    """The owner that the present call acts for."""
    return _identity.get().owner


def may(scope: Scope) -> bool:
    """Whether the present call has a scope."""
    return scope in _identity.get().scopes


def demand(scope: Scope) -> None:
    """Raises ScopeMissing where the present call does not have a scope."""
    if not may(scope):
        raise _missing(scope)


def expired() -> bool:
    """Whether the token of the present call is good no more, which is what ends it."""
    expires = _identity.get().expires
    return expires is not None and time.time() >= expires - _EARLY


class Callers(AroundCalls):
    """Names the caller: the subject of its bearer token, or `local` where no token is needed."""

    def __init__(
        self, tokens: Tokens | None, needed: Mapping[str, Sequence[Scope]], *, token_needed: bool
    ) -> None:
        """Without `tokens` none is accepted; `needed` are the scopes of which a call needs one."""
        self._tokens = tokens
        self._needed = needed
        self._token_needed = token_needed

    async def around(self, method: str, call: Call, context: Context) -> Any:
        """Binds the identity for the time of the call, which ends when its token does."""
        if method.startswith(PUBLIC):
            return await call(context)
        given = [
            str(value)
            for name, value in context.invocation_metadata() or ()
            if name == "authorization"
        ]
        if len(given) > 1:
            raise TokenInvalid("a call has one authorization, and no more")
        identity = await self._identity("".join(given))
        needed = self._needed[method]
        if identity.scopes.isdisjoint(needed):
            raise _missing(needed[0])
        bound = _identity.set(identity)
        expires = identity.expires
        try:
            # A proxy looks at a token only when a stream begins.
            async with asyncio.timeout(expires and expires - time.time()) as until:
                return await call(context)
        except TimeoutError:
            if until.expired():
                raise TokenExpired("the bearer token has expired") from None
            raise
        finally:
            _identity.reset(bound)

    async def _identity(self, authorization: str) -> Identity:
        if not authorization:
            if self._token_needed:
                raise TokenMissing("this server asks for a bearer token")
            return _LOCAL
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or self._tokens is None:
            raise TokenInvalid("this server does not accept such an authorization")
        return await self._tokens.identity(token.strip())


def _missing(scope: Scope) -> ScopeMissing:
    return ScopeMissing(f"the bearer token lacks the scope {scope}", metadata={"scope": scope})
