"""Every failure as one sentence, with what a person can do about it."""

import re
import shlex
from collections.abc import Mapping
from typing import Any

import grpc
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from clients.cli.problems import Problem
from clients.cli.wording import about, clean
from services.runtime import errors
from services.runtime.status import from_status

# What the command calls the fields of a request.
_OPTIONS: Mapping[str, str] = {
    "from_step": "--from-step",
    "description": "the sentence",
    "request_id": "--request-id",
    "llm_model": "--llm-model",
    "portrait.model": "--avatar-model",
    "portrait.width": "--size (width)",
    "portrait.height": "--size (height)",
    "portrait.steps": "--steps",
    "starting_after": "--after",
    "name": "the name",
    "cursors": "the names",
    "data": "the card",
    "template": "--template",
    "template_id": "the name",
    "template.title": "--title",
    "template.description": "the sentence",
    "portrait.style": "--style",
    "reference_image": "--picture",
    "vision_model": "--vision-model",
    "prompt": "the prompt",
    "model": "--model",
    "models": "--model",
    "max_tokens": "--max-tokens",
    "temperature": "--temperature",
    "time_limit": "--time-limit",
    "start_time": "--since",
    "period": "--by",
    "text": "the message",
    "agent": "the companion",
    "conversation": "--conversation",
    "allowed_actions": "--allow",
    "query": "--query",
    "title": "the title",
    "summary": "the summary",
    "input": "what it is given",
}
_LISTED = ("agents", "artifacts", "generations", "conversations", "memories", "recipes")
_AGAIN = "try again"
# What the edge says of a connection on which too much is asked.
FLOODED = "local_rate_limited"
_HINTS: Mapping[type[errors.HatcheryError], str] = {
    errors.PromptTooLong: "say it in fewer words",
    errors.TokenMissing: "give one with --token-file or HATCHERY_TOKEN",
    errors.TokenInvalid: "give another with --token-file or HATCHERY_TOKEN",
    errors.TokenExpired: "give a new one with --token-file or HATCHERY_TOKEN",
    errors.ScopeMissing: "ask for a token with it",
    errors.PeerRefused: "call it at its public address",
    errors.KeysUnavailable: "try again in a moment",
    errors.RequestIdReused: "leave out --request-id, or repeat the same sentence and options",
    errors.VisionMissing: "Ollama with a model that can brings one, as in `ollama pull gemma3`",
    errors.EngineUnavailable: "`hatchery doctor` says what is missing",
    errors.EngineBusy: "try again in a moment",
    errors.TimeLimitReached: "`hatchery write --time-limit` gives more, up to the server's own",
    errors.QueueFull: "try again when some of them have ended",
    errors.RateLimited: "try again in a moment",
    errors.TooManyStreams: "`hatchery watch A B` follows several on one stream",
    errors.EngineFailed: "try again; `hatchery doctor` says what is missing, if something is",
    errors.EngineTimeout: "try again, or choose a smaller model or picture",
    errors.OutputCutOff: "try again, or choose another model",
    errors.OutputInvalid: "try again, or choose another model",
    errors.OutputLooping: "try again, or choose another model",
    errors.StoreUnavailable: "try again in a moment",
    errors.ShuttingDown: "try again in a moment",
    errors.EtagMismatch: "try again",
}


def of_status(status: Status) -> str:
    """Say what a failure in a log was."""
    error = from_status(status)
    return of_error(error) if error else clean(status.message) or "it failed and gave no reason"


def of_error(error: errors.HatcheryError) -> str:
    """Say what happened, and what to do."""
    message, hint = clean(error.message), _HINTS.get(type(error), "")
    match error:
        case errors.InvalidField() if error.fields:
            message = "; ".join(
                f"{_option(name)}: {clean(problem)}" for name, problem in error.fields.items()
            )
            if any(name == "name" or name.endswith("].name") for name in error.fields):
                message = "that is no name of its kind"
                hint = (
                    "names look like agents/…, artifacts/…, conversations/…, memories/… or "
                    "generations/…, as `list` shows them"
                )
        case errors.ModelTooSmall() if model := clean(error.metadata.get("model", "")):
            message = f"{model} is too small to plan"
        case errors.UnknownModel():
            hint = "" if "command" in error.metadata else _to_get_a_model(error)
        case errors.ResourceNotFound():
            kind = error.metadata.get("resource", "").partition("/")[0]
            if kind in _LISTED:
                hint = f"`hatchery {kind} list` shows what there is"
        case errors.NothingToRetry():
            message, hint = "it went well", "--from-step names the step to begin at all the same"
        case errors.CursorBeyondLog():
            last = clean(error.metadata.get("last_sequence", ""))
            message = "--after lies beyond what has happened so far"
            hint = f"the last event is number {last}" if last else ""
        case errors.CursorTrimmed():
            message = "what happened back then is no longer kept"
            hint = "`hatchery generations show` has what came of it"
        case errors.BudgetExceeded():
            hint = "a text may be kept shorter (--max-tokens); `hatchery stats` shows the budget"
            if error.retry_after:
                hint = f"so much is left again in {about(error.retry_after)}; {hint}"
        case errors.EngineBusy() if error.retry_after:
            hint = f"try again in {about(error.retry_after)}"
        case errors.Internal() if found := clean(error.metadata.get("request_id", "")):
            hint = f"the server's logs have it under {found}"
    is_said = hint.startswith(_AGAIN) and _AGAIN in message
    return f"{message}; {hint}" if hint and not is_said else message


def _option(field: str) -> str:
    """Return what the command calls a field; the same within a comparison as without."""
    if field.startswith("input."):  # a recipe's own, as the recipe calls it
        return clean(field.removeprefix("input."))
    name = re.sub(r"\[\d+\]$", "", field.removeprefix("artifact."))
    return _OPTIONS.get(name, clean(field))


def _to_get_a_model(error: errors.UnknownModel) -> str:
    model = shlex.quote(clean(error.metadata.get("model", "")))
    if "llm_model" in error.fields and model:
        return f"where Ollama writes (HATCHERY_LLM_ENGINE=ollama), `ollama pull {model}` brings it"
    return "`hatchery models` lists what there is"


def of_call(error: Any, address: str) -> str:
    """Say why a call failed; `error` is the grpc.RpcError that it raised."""
    if found := typed(error):
        return of_error(found)
    match error.code():
        case grpc.StatusCode.UNAVAILABLE | grpc.StatusCode.UNKNOWN:
            return f"cannot reach Hatchery at {address}; `hatchery up` starts it on this machine"
        case grpc.StatusCode.DEADLINE_EXCEEDED:
            return f"{address} did not answer in time; try again in a moment"
        case grpc.StatusCode.RESOURCE_EXHAUSTED if error.details() == FLOODED:
            return f"{address} is asked for too much at once; try again in a moment"
        case grpc.StatusCode.UNIMPLEMENTED:
            return f"what answers at {address} is not Hatchery, or an older one"
    return f"{address} answered {error.code().name}: {clean(error.details() or 'no reason given')}"


def of_loss(error: Any, address: str, what: str = "work") -> str:
    """Say why a stream of something that goes on by itself came to nothing."""
    if isinstance(error, Problem):
        why = error.message
    elif found := typed(error):
        why = of_error(found)
    else:
        why = f"the connection to {address} is gone"
    return f"{why}; the {what} may go on"


def typed(error: Any) -> errors.HatcheryError | None:
    """Return the error that a failed call carries; None when it is none of ours."""
    try:
        status = rpc_status.from_call(error)
    except ValueError:
        return None  # code or message differ from the details: not to be trusted
    return from_status(status) if status is not None else None
