"""Whose call it is: one interceptor names the caller, and nothing else ever does."""

import asyncio
import time
from contextvars import ContextVar
from typing import Any

import jwt

from services.gateway.names import Owner
from services.runtime.errors import TokenInvalid, TokenMissing
from services.runtime.interceptors import AroundCalls, Behaviour, Context

LOCAL = Owner("local")
_ALGORITHM = "HS256"
_PUBLIC = ("/grpc.health.v1.Health/", "/grpc.reflection.")
_caller: ContextVar[Owner] = ContextVar("caller")
# When the token of the present call expires, in seconds since 1970.
_expires: ContextVar[float | None] = ContextVar("expires", default=None)
# A timer may go off so many seconds early.
_EARLY = 0.05


def caller() -> Owner:
    """The owner that the present call acts for."""
    return _caller.get()


def expired() -> bool:
    """Whether the token of the present call is good no more, which is what ends it."""
    expires = _expires.get()
    return expires is not None and time.time() >= expires - _EARLY


class Callers(AroundCalls):
    """Names the caller: the subject of its bearer token, or `local` where no token is needed."""

    def __init__(self, key: str | None, *, token_needed: bool) -> None:
        """`key` is what tokens are signed with; without one no token is accepted."""
        self._key = key
        self._token_needed = token_needed

    async def around(self, method: str, call: Behaviour, request: Any, context: Context) -> Any:
        """Binds the owner for the time of the call."""
        if method.startswith(_PUBLIC):
            return await call(request, context)
        metadata = dict(context.invocation_metadata() or ())
        owner, expires = self._read(str(metadata.get("authorization", "")))
        bound, until_then = _caller.set(owner), _expires.set(expires)
        try:
            # A proxy looks at a token only when a stream begins.
            async with asyncio.timeout(expires and expires - time.time()) as until:
                return await call(request, context)
        except TimeoutError:
            if until.expired():
                raise TokenInvalid("the bearer token has expired") from None
            raise
        finally:
            _caller.reset(bound)
            _expires.reset(until_then)

    def _read(self, authorization: str) -> tuple[Owner, float | None]:
        """Who calls, and the Unix time at which that ends to be known."""
        if not authorization:
            if self._token_needed:
                raise TokenMissing("this server asks for a bearer token")
            return LOCAL, None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or self._key is None:
            raise TokenInvalid("this server does not accept such an authorization")
        try:
            claims = jwt.decode(
                token.strip(),
                self._key,
                algorithms=[_ALGORITHM],
                options={"require": ["exp", "sub"]},
            )
            subject, expires = claims["sub"], float(claims["exp"])
            subject.encode()
        except (jwt.PyJWTError, ValueError, OverflowError) as error:
            raise TokenInvalid("the bearer token is not valid, or has expired") from error
        if not 0 < len(subject) <= 200 or "\0" in subject:
            raise TokenInvalid("the subject of the bearer token is not usable")
        return Owner(subject), expires
