"""What may be asked of a model: checked before any work begins."""

from collections.abc import Sequence

from hatchery.avatar.v1.avatar_service_pb2 import GenerateRequest

from services.avatar.convert import preview_interval
from services.avatar.port import Model
from services.runtime.errors import InvalidField, UnknownModel


def chosen_model(request: GenerateRequest, models: Sequence[Model]) -> Model:
    """The model that a request names, the first one when it names none. Raises UnknownModel."""
    if not request.model:
        return models[0]
    for model in models:
        if model.name == request.model:
            return model
    raise UnknownModel(request.model, [model.name for model in models])


def check_limits(request: GenerateRequest, model: Model) -> None:
    """Raises InvalidField, naming every field that the model cannot serve."""
    problems: dict[str, str] = {}
    if "\0" in request.prompt:
        problems["prompt"] = "must not contain NUL"
    for side, pixels in (("width", request.width), ("height", request.height)):
        if pixels and not model.min_size <= pixels <= model.max_size:
            problems[side] = (
                f"must be from {model.min_size} to {model.max_size} pixels for {model.name}"
            )
    if request.steps > model.max_steps:
        problems["steps"] = f"must be at most {model.max_steps} for {model.name}"
    if preview_interval(request) < 0:
        problems["preview.min_interval"] = "must not be negative"
    if problems:
        raise InvalidField(problems)
