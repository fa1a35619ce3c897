"""What surrounds every RPC: its request id, its log line, its errors, its request's checks."""

import asyncio
import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeAlias

import grpc
import protovalidate
import structlog
from google.protobuf.message import DecodeError, Message
from google.rpc import code_pb2, status_pb2
from grpc_status import rpc_status

from services.runtime.errors import (
    HatcheryError,
    InvalidField,
    MalformedMessage,
    RateLimited,
    TokenExpired,
    TokenInvalid,
    TokenMissing,
    TooManyStreams,
    internal,
)
from services.runtime.status import reason_name, to_status
from services.runtime.tracing import here

Context = grpc.aio.ServicerContext[Any, Any]
Behaviour = Callable[[Any, Context], Awaitable[Any]]
Parse = Callable[[bytes], Any]
# A call, all but its context.
Call = Callable[[Context], Awaitable[Any]]
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Continuation: TypeAlias = "Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]]"

REQUEST_ID = "x-request-id"
# Of which generation a gateway asks an engine service for something.
GENERATION = "x-hatchery-generation"
_MOST_VIOLATIONS = 10
# Seconds after which it is known that a caller has gone.
_GONE = 0.1
# Whoever asks too much, or has no right to ask, is not to fill the logs, too: metrics count them.
_UNTOLD = (RateLimited, TooManyStreams, TokenMissing, TokenInvalid, TokenExpired)
log = structlog.get_logger()


class AroundCalls:
    """A layer that surrounds every call with one coroutine, `around`.

    Nothing that the caller sends behind the headers is read before all layers have let the call
    pass: `context.read` reads a message, as bytes. Calls that stream both ways (reflection) pass
    untouched.
    """

    async def around(self, method: str, call: Call, context: Context) -> Any:
        """Calls `call(context)` with something before, after or instead."""
        raise NotImplementedError


class ContextWithin:
    """The context of a call, of which something is done another way."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)


class Surrounding(grpc.aio.ServerInterceptor):
    """Puts what surrounds calls in front of handlers; a handler gets it once, not at each call.

    It reads and checks requests itself, and refuses bytes that do not parse and requests that break
    the rules in their proto. Responses that are bytes already go as they are, so that a stored
    message is encoded once.
    """

    def __init__(self, layers: Sequence[AroundCalls]) -> None:
        """The first of the `layers` is the outermost."""
        self._layers = layers
        self._handlers: dict[str, Handler] = {}

    async def intercept_service(
        self, continuation: Continuation, handler_call_details: grpc.HandlerCallDetails
    ) -> "Handler | None":
        """Returns the handler of a method with all layers in front of it."""
        method = handler_call_details.method
        if (known := self._handlers.get(method)) is not None:
            return known
        handler = await continuation(handler_call_details)
        if handler is None:  # whoever calls can make up methods: nothing is kept of them
            return None
        return self._handlers.setdefault(method, self._surrounded(method, handler))

    def _surrounded(self, method: str, handler: Any) -> Handler:
        if handler.request_streaming and handler.response_streaming:
            passed: Handler = handler
            return passed
        behaviour = handler.unary_stream or handler.unary_unary or handler.stream_unary
        answer = _answer_all if handler.request_streaming else _answer_one
        call: Call = partial(answer, behaviour, handler.request_deserializer)
        for layer in reversed(self._layers):
            call = partial(layer.around, method, call)

        # grpcio would run what is no coroutine function itself in a thread.
        async def surrounded(_unread: object, context: Context) -> Any:
            return await call(context)

        encode = handler.response_serializer
        # grpcio reads the one message of a call before anything is asked, and a stream when it is.
        make: Any = (
            grpc.stream_stream_rpc_method_handler
            if handler.response_streaming
            else grpc.stream_unary_rpc_method_handler
        )
        made: Handler = make(
            surrounded,
            response_serializer=lambda answer: (
                answer if isinstance(answer, bytes) else encode(answer)
            ),
        )
        return made


async def _answer_one(behaviour: Behaviour, parse: Parse, context: Context) -> Any:
    if (request := await _read(parse, context)) is None:
        # So it looks where the caller is gone as well, or sent too much: then this is cancelled.
        await asyncio.sleep(_GONE)
        raise MalformedMessage("the call has no message")
    return await behaviour(request, context)


async def _answer_all(behaviour: Behaviour, parse: Parse, context: Context) -> Any:
    async def requests() -> AsyncIterator[Any]:
        while (request := await _read(parse, context)) is not None:
            yield request

    return await behaviour(requests(), context)


async def _read(parse: Parse, context: Context) -> Any:
    """The next message, once it was checked; None where there is no more."""
    data = await context.read()
    if data is grpc.aio.EOF:
        return None
    try:
        message = parse(data)
    except (DecodeError, ValueError):  # grpcio would send the exception's text
        raise MalformedMessage(
            "the request is not a well-formed message of the expected type"
        ) from None
    check(message)
    return message


class RequestLog(AroundCalls):
    """Gives every call a request id, the caller's where that is a sane one, and a log line."""

    def __init__(self, *, generations: bool = False) -> None:
        """`generations` says whether callers are believed which one they ask for."""
        self._generations = generations

    async def around(self, method: str, call: Call, context: Context) -> Any:
        """Binds the id for every log line within the call, and tells it in the initial metadata."""
        metadata = dict(context.invocation_metadata() or ())
        given, of = metadata.get(REQUEST_ID, ""), metadata.get(GENERATION, "")
        request_id = given if _sane(given) else str(uuid.uuid4())
        known = {"generation": of} if self._generations and _sane(of) else {}
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id, method=method, **known):
            await context.send_initial_metadata(((REQUEST_ID, request_id),))
            try:
                return await call(context)
            finally:
                log.debug("call ended", seconds=round(time.perf_counter() - started, 4))


class ErrorStatuses(AroundCalls):
    """The one place where an exception becomes a status; one that is not ours stays inside."""

    async def around(self, method: str, call: Call, context: Context) -> Any:
        """Turns a HatcheryError into its status, and any other exception into INTERNAL."""
        try:
            return await call(context)
        except grpc.aio.AbortError:
            raise
        except Exception as exception:
            error = our_error(exception)
            if error is None:
                log.exception("call failed")
                error = internal()
            else:
                # What is wrong with a request may repeat it: that is the caller's alone.
                wrong = error.code == code_pb2.INVALID_ARGUMENT
                told = {"fields": _outer(error.fields)} if wrong else {"message": error.message}
                say = log.debug if isinstance(error, _UNTOLD) else log.info
                say("call refused", reason=reason_name(error), **told)
            here().note({"hatchery.reason": reason_name(error)})
            await abort(context, to_status(error))


def _outer(fields: Iterable[str]) -> list[str]:
    """The outermost names of fields, which are the contract's: inner ones may be the caller's."""
    return sorted({re.split(r"[.\[]", field)[0] for field in fields})


def check(message: Message) -> None:
    """Raises InvalidField, naming every field that breaks a rule written in its proto."""
    # A status has room for some of them: it travels in the trailers of the call.
    violations = protovalidate.collect_violations(message)[:_MOST_VIOLATIONS]
    if violations:
        raise InvalidField(
            {_place(v.proto): v.proto.message or v.proto.rule_id for v in violations}
        )


async def abort(context: Context, status: status_pb2.Status) -> None:
    """Ends the call with a status and its details."""
    await context.abort_with_status(rpc_status.to_status(status))


def our_error(exception: BaseException) -> HatcheryError | None:
    """The first error of ours in an exception, also within groups."""
    if isinstance(exception, HatcheryError):
        return exception
    if isinstance(exception, BaseExceptionGroup):
        return next((e for e in map(our_error, exception.exceptions) if e is not None), None)
    return None


def _place(violation: Any) -> str:
    """The field of a violation; a rule for a whole message bears the field's name in its own."""
    return _path(violation) or str(violation.rule_id).partition(".")[0]


def _path(violation: Any) -> str:
    """The field path as AIP writes it, such as "portrait.width" or "messages[2].content"."""
    path = ""
    for element in violation.field.elements if violation.field else ():
        path += ("." if path else "") + element.field_name
        if element.subscript is not None:
            path += f"[{element.subscript.value}]"
    return path


def _sane(request_id: str | bytes) -> bool:
    return (
        isinstance(request_id, str)
        and 0 < len(request_id) <= 100
        and all(c.isalnum() or c in "-_." for c in request_id)
    )
