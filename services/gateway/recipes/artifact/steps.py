"""The recipes of artifacts: a text, and a single-page app."""

from dataclasses import replace

from hatchery.gateway.v1.artifact_service_pb2 import Artifact, CreateArtifactRequest
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.names import artifact_name
from services.gateway.recipes.artifact import foretelling
from services.gateway.recipes.artifact.asking import most_of
from services.gateway.recipes.artifact.html import document_in
from services.gateway.recipes.artifact.packing import packed
from services.gateway.recipes.artifact.writing import check_app, write
from services.gateway.recipes.effects import StoreArtifact
from services.gateway.recipes.recipe import Recipe, Step, StepContext, StepResult, Text
from services.gateway.reducer.length import Prior

# The longest title, in characters.
_TITLE = 80
# A model that writes for hours is stopped by the limit of the generation, not by that of a step.
_TIMEOUT = 24 * 3600.0


async def save(context: StepContext) -> StepResult:
    """The step: keeps what was written, an app ready to be shown."""
    request, written = context.request, context.results["write"]
    assert isinstance(request, CreateArtifactRequest)
    # Postgres knows no NUL within a text.
    content, title = written.text.replace("\0", "\ufffd"), ""
    app = request.kind == Artifact.KIND_APP
    if app:
        content, title = await context.apart(pack, content, _first_line(request.prompt))
    effect = StoreArtifact(
        kind=Artifact.KIND_APP if app else Artifact.KIND_TEXT,
        title=title or _first_line(content) or _first_line(request.prompt),
        prompt=request.prompt,
        content=content,
        media_type="text/html" if app else "text/plain",
        usage=written.usage if written.HasField("usage") else None,
        cost=written.cost if written.HasField("cost") else None,
        fallback=written.fallback if written.HasField("fallback") else None,
    )
    return StepResult(StepCompleted(resource=artifact_name(context.resource)), [effect])


def pack(said: str, name: str) -> tuple[str, str]:
    """The app in what a model said, ready to be kept, and what it is called."""
    document = document_in(said)
    return packed(document, name), _clipped(document.title or name)


def _first_line(text: str) -> str:
    """How a text begins, without what marks a heading."""
    lines = (" ".join(line.strip(" \t#*_>-").split()) for line in text.splitlines())
    return _clipped(next(filter(None, lines), ""))


def _clipped(text: str) -> str:
    return text if len(text) <= _TITLE else f"{text[: _TITLE - 1].rstrip()}…"


def _time_limit(request: CreateArtifactRequest) -> float:
    if not request.HasField("time_limit"):
        return float("inf")
    return request.time_limit.seconds + request.time_limit.nanos / 1e9


def _write(title: str, expected: float, prior: Prior, size: str, attempts: int) -> Step:
    return Step(
        "write",
        title,
        write,
        expected=expected,
        engine="llm",
        attempts=attempts,
        timeout=_TIMEOUT,
        model=lambda request: request.model,
        size=lambda _: size,
        most=most_of,
        text=Text(foretelling.features, prior, lambda request: request.max_tokens),
    )


CREATE_TEXT = Recipe(
    "create_text",
    CreateArtifactRequest,
    [
        _write("Writing", 15.0, foretelling.TEXT, "text", 3),
        Step("save", "Putting it away", save, expected=0.1),
    ],
    named=artifact_name,
    time_limit=_time_limit,
)

CREATE_APP = Recipe(
    "create_app",
    CreateArtifactRequest,
    [
        replace(_write("Writing the app", 60.0, foretelling.APP, "app", 2), check=check_app),
        Step("save", "Making it work alone", save, expected=0.2),
    ],
    named=artifact_name,
    time_limit=_time_limit,
)
