"""The steps from a picture to a persona."""

from functools import partial

from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.progress.v1.progress_pb2 import Fallback, StepCompleted
from hatchery.types.v1.image_pb2 import Image

from services.gateway.pictures import JPEG, PNG, flattened, stripped
from services.gateway.recipes.documents import write_document
from services.gateway.recipes.effects import DropUpload, StoreAsset
from services.gateway.recipes.picture import asking
from services.gateway.recipes.picture.reading import read_picture
from services.gateway.recipes.picture.telling import told
from services.gateway.recipes.portrait import portrait_ref
from services.gateway.recipes.recipe import DOCUMENT, Step, StepContext, StepResult
from services.runtime.errors import HatcheryError, OutputInvalid, VisionMissing
from services.runtime.status import to_status

# The longest side of a picture, in pixels, as it is kept.
SIDE = 1024


async def take_in(context: StepContext) -> StepResult:
    """The step: makes an asset of its owner of the picture that came with the request."""
    data = await context.pictures.brought()
    picture = await context.work(partial(stripped, data, side=SIDE))
    asset = StoreAsset(picture.data, PNG)
    kept = portrait_ref(asset, picture.width, picture.height)
    return StepResult(StepCompleted(picture=kept), [asset, DropUpload()])


async def analyze(context: StepContext) -> StepResult:
    """The step: measures colours, light and composition."""
    data = await context.pictures.kept(context.results["upload"].picture)
    reading = await context.work(partial(read_picture, data))
    return StepResult(StepCompleted(reading=reading))


async def describe(context: StepContext) -> StepResult:
    """The step: has a model look at the picture and say what it shows, if there is one that can."""
    request = _asked(context)
    model = await context.texts.with_vision(request.vision_model or request.llm_model)
    if not model:
        return measured(context, VisionMissing("none of the text models here can look at pictures"))
    data = await context.pictures.kept(context.results["upload"].picture)
    seen = await context.work(partial(flattened, data))
    image = Image(data=seen.data, media_type=JPEG, width=seen.width, height=seen.height)
    asked = asking.picture_request(image, context.description, model=model)
    document, usage = await write_document(context, asked)
    words = asking.picture_from(document)
    if not words.physical_description:
        raise OutputInvalid("the model that looked at the picture said nothing")
    return StepResult(StepCompleted(picture_description=words, usage=usage))


def measured(context: StepContext, error: HatcheryError) -> StepResult:
    """What stands in for a description: what was measured, which says that it is no more."""
    words = told(context.results["analyze"].reading)
    fallback = Fallback(substitute="reading", error=to_status(error))
    return StepResult(StepCompleted(picture_description=words, fallback=fallback))


async def write_details(context: StepContext) -> StepResult:
    """The step: has names, age, gender, species, personality and looks invented."""
    brief = _brief(context)
    asked = asking.details_request(brief, model=_asked(context).llm_model, seed=context.seed)
    document, usage = await write_document(context, asked)
    return StepResult(StepCompleted(persona=asking.details_from(document, brief), usage=usage))


async def write_history(context: StepContext) -> StepResult:
    """The step: has its history told."""
    brief, persona = _brief(context), context.results["details"].persona
    asked = asking.history_request(
        brief, persona, model=_asked(context).llm_model, seed=context.seed
    )
    document, usage = await write_document(context, asked)
    return StepResult(StepCompleted(persona=asking.history_from(document, persona), usage=usage))


STEPS = (
    Step("upload", "Taking in the picture", take_in, expected=0.3),
    Step("analyze", "Reading its colours and light", analyze, expected=0.1),
    Step(
        "describe",
        "Putting the picture into words",
        describe,
        expected=4.0,
        engine="llm",
        model=lambda request: request.vision_model or request.llm_model,
        fallback=measured,
        sees=True,
        most=lambda _: DOCUMENT,
    ),
    Step(
        "details",
        "Finding out who it is",
        write_details,
        expected=5.0,
        engine="llm",
        model=lambda request: request.llm_model,
        most=lambda _: DOCUMENT,
    ),
    Step(
        "history",
        "Writing its history",
        write_history,
        expected=6.0,
        engine="llm",
        model=lambda request: request.llm_model,
        most=lambda _: DOCUMENT,
    ),
)


def _asked(context: StepContext) -> CreateAgentRequest:
    assert isinstance(context.request, CreateAgentRequest)
    return context.request


def _brief(context: StepContext) -> asking.Brief:
    described = context.results["describe"]
    return asking.Brief(
        description=context.description,
        picture=described.picture_description,
        measured=context.results["analyze"].reading,
        seen=not described.HasField("fallback"),
    )
