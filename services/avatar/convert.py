"""Between the wire and the port: requests, models and results of the avatar service."""

import datetime as dt
import secrets

from google.protobuf.duration_pb2 import Duration
from hatchery.avatar.v1.avatar_service_pb2 import GenerateRequest
from hatchery.progress.v1.progress_pb2 import StepCompleted
from hatchery.types.v1.image_pb2 import Image
from hatchery.types.v1.model_pb2 import ImageLimits
from hatchery.types.v1.model_pb2 import Model as WireModel
from hatchery.types.v1.usage_pb2 import Usage

from services.avatar.port import Appearance, Model, Portrait, PortraitRequest

DEFAULT_SIZE = 512
DEFAULT_PREVIEW_INTERVAL = 1.0
MAX_SEED = 2**32


def portrait_request(request: GenerateRequest, model: Model) -> PortraitRequest:
    """The port's form of a request, with every default of `model` filled in."""
    default_size = max(model.min_size, min(DEFAULT_SIZE, model.max_size))
    look = request.appearance
    return PortraitRequest(
        prompt=request.prompt,
        appearance=Appearance(
            species=request.species,
            coat=look.coat,
            eyes=look.eyes,
            outfit=look.outfit,
            mood=look.mood,
            colors=tuple(look.colors),
            features=tuple(look.features),
        ),
        width=request.width or default_size,
        height=request.height or default_size,
        steps=request.steps or model.default_steps,
        seed=request.seed if request.HasField("seed") else secrets.randbelow(MAX_SEED),
        model=model.name,
        previews=request.HasField("preview"),
        preview_interval=preview_interval(request),
        style=request.style,
        palette=tuple(request.palette),
    )


def preview_interval(request: GenerateRequest) -> float:
    """The least time between two previews, in seconds."""
    if not request.preview.HasField("min_interval"):
        return DEFAULT_PREVIEW_INTERVAL
    return request.preview.min_interval.ToNanoseconds() / 1e9


def wire_model(model: Model, engine: str, *, default: bool) -> WireModel:
    """A model as ListModels tells of it."""
    return WireModel(
        name=model.name,
        title=model.title,
        engine=engine,
        kind=WireModel.KIND_IMAGE,
        default=default,
        loaded=model.loaded,
        note=model.note,
        image=ImageLimits(
            unit=model.unit,
            default_steps=model.default_steps,
            max_steps=model.max_steps,
            min_size=model.min_size,
            max_size=model.max_size,
        ),
    )


def step_completed(portrait: Portrait, engine: str) -> StepCompleted:
    """The result of a call: the picture, and what it took."""
    usage = Usage(
        engine=engine,
        model=portrait.model,
        steps=portrait.steps,
        seed=portrait.seed,
        load_duration=duration(portrait.load_seconds),
        generate_duration=duration(portrait.draw_seconds),
        total_duration=duration(portrait.load_seconds + portrait.draw_seconds),
    )
    image = Image(
        data=portrait.png, media_type="image/png", width=portrait.width, height=portrait.height
    )
    return StepCompleted(image=image, usage=usage)


def duration(seconds: float) -> Duration:
    """Seconds as the wire has them, never below zero."""
    message = Duration()
    message.FromTimedelta(dt.timedelta(seconds=max(0.0, seconds)))
    return message
