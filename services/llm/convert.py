"""Between the wire and the port: requests' defaults, models and results of the llm service."""

import datetime as dt
import secrets

from google.protobuf.duration_pb2 import Duration
from google.protobuf.struct_pb2 import Struct
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest
from hatchery.progress.v1.progress_pb2 import StepCompleted
from hatchery.types.v1.model_pb2 import Model as WireModel
from hatchery.types.v1.usage_pb2 import Usage

from services.llm.port import Model, Written

MAX_SEED = 2**32


def with_seed(request: GenerateRequest) -> GenerateRequest:
    """The request with a seed: its own, or a random one, so that every result can be repeated."""
    seeded = GenerateRequest()
    seeded.CopyFrom(request)
    if not request.HasField("seed"):
        seeded.seed = secrets.randbelow(MAX_SEED)
    return seeded


def wire_model(model: Model, engine: str, *, default: bool) -> WireModel:
    """A model as ListModels tells of it."""
    return WireModel(
        name=model.name,
        title=model.title,
        engine=engine,
        kind=WireModel.KIND_TEXT,
        default=default,
        loaded=model.loaded,
        note=model.note,
        vision=model.vision,
        aliases=model.aliases,
        documents=model.documents,
    )


def step_completed(written: Written, engine: str) -> StepCompleted:
    """The result of a call: the text or document, and what it took."""
    usage = Usage(
        engine=engine,
        model=written.model,
        input_tokens=written.input_tokens,
        output_tokens=written.output_tokens,
        seed=written.seed,
        load_duration=duration(written.load_seconds),
        prompt_duration=duration(written.prompt_seconds),
        generate_duration=duration(written.generate_seconds),
        total_duration=duration(
            written.load_seconds + written.prompt_seconds + written.generate_seconds
        ),
    )
    if written.document is None:
        return StepCompleted(text=written.text, usage=usage)
    document = Struct()
    document.update(dict(written.document))
    return StepCompleted(document=document, usage=usage)


def duration(seconds: float) -> Duration:
    """Seconds as the wire has them, never below zero."""
    message = Duration()
    message.FromTimedelta(dt.timedelta(seconds=max(0.0, seconds)))
    return message
