"""The portrait of a companion: what is asked of the avatar service, and what stands in for it."""

import html

from hatchery.avatar.v1 import avatar_service_pb2 as avatar
from hatchery.progress.v1.progress_pb2 import Fallback, StepCompleted
from hatchery.types.v1.image_pb2 import ImageRef
from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.names import asset_name
from services.gateway.recipes.effects import StoreAsset
from services.gateway.recipes.recipe import Drawn, StepContext, StepResult
from services.runtime.errors import EngineFailed, HatcheryError
from services.runtime.status import to_status

_SIZE = 512
_EMOJI = {
    "dragon": "🐉", "cat": "🐱", "dog": "🐶", "wolf": "🐺", "fox": "🦊", "rabbit": "🐰",
    "hare": "🐰", "bear": "🐻", "panda": "🐼", "owl": "🦉", "raven": "🐦", "bird": "🐦",
    "parrot": "🦜", "penguin": "🐧", "frog": "🐸", "toad": "🐸", "turtle": "🐢", "fish": "🐟",
    "octopus": "🐙", "squid": "🦑", "whale": "🐳", "snake": "🐍", "mouse": "🐭", "deer": "🦌",
    "hedgehog": "🦔", "unicorn": "🦄", "horse": "🐴", "lion": "🦁", "tiger": "🐯", "bee": "🐝",
    "butterfly": "🦋", "snail": "🐌", "robot": "🤖", "ghost": "👻", "mushroom": "🍄",
    "wizard": "🧙", "witch": "🧙", "mermaid": "🧜", "alien": "👽", "tree": "🌳",
}  # fmt: skip


# What of a picture a portrait is drawn by: steps of the generation that its companion hatched in.
FROM_PICTURE = ("analyze", "describe")


async def draw(context: StepContext) -> StepResult:
    """The step: has the portrait drawn and keeps it."""
    completed = await context.images.draw(portrait_request(context), context.emit, context.timeout)
    image = completed.image
    if not image.data:
        raise EngineFailed("the image model's answer is no picture")
    asset = StoreAsset(image.data, image.media_type)
    told = StepCompleted(
        portrait=portrait_ref(asset, image.width, image.height),
        usage=completed.usage if completed.HasField("usage") else None,
    )
    return StepResult(told, [asset])


def size(request: Drawn) -> str:
    """What the time of drawing depends on."""
    asked = request.portrait
    return f"{asked.width}x{asked.height}, {asked.steps} steps"


def portrait_request(context: StepContext) -> avatar.GenerateRequest:
    """What is asked of the avatar service."""
    persona = context.persona.persona
    options = context.drawn.portrait
    nothing = StepCompleted()
    described = context.results.get("describe", nothing)
    measured = context.results.get("analyze", nothing).reading
    picture = described.picture_description
    # What was only measured says nothing of whom it shows.
    shown = picture.physical_description if not described.HasField("fallback") else ""
    said = " ".join(filter(None, (context.description.strip(), shown)))
    request = avatar.GenerateRequest(
        model=options.model,
        prompt=said or persona.species or persona.name,
        species=persona.species,
        appearance=persona.appearance,
        width=options.width,
        height=options.height,
        steps=options.steps,
        preview=avatar.PreviewOptions(),
        style=options.style or picture.visual_style,
        palette=[swatch.color for swatch in measured.palette],
    )
    if (seed := context.seed) is not None:
        request.seed = seed
    return request


def placeholder(context: StepContext, error: HatcheryError) -> StepResult:
    """The last resort: a card with an emoji, which says in the log that it is one, and why."""
    persona = context.persona.persona
    width, height = context.drawn.portrait.width, context.drawn.portrait.height
    card = placeholder_card(persona, width or _SIZE, height or _SIZE)
    asset = StoreAsset(card.encode(), "image/svg+xml")
    return StepResult(
        StepCompleted(
            portrait=portrait_ref(asset, width or _SIZE, height or _SIZE),
            fallback=Fallback(substitute="placeholder", error=to_status(error)),
        ),
        [asset],
    )


def placeholder_card(persona: Persona, width: int, height: int) -> str:
    """An SVG with the species' emoji, or an egg, over the name."""
    words = persona.species.lower().split()
    emoji = next((_EMOJI[w] for w in reversed(words) if w in _EMOJI), "🥚")
    name = html.escape(persona.name[:24])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        ' viewBox="0 0 100 100">'
        '<rect width="100" height="100" fill="#fdf3d8"/>'
        '<rect x="4" y="4" width="92" height="92" rx="8" fill="none" stroke="#d9a521"'
        ' stroke-width="2"/>'
        f'<text x="50" y="58" font-size="40" text-anchor="middle">{emoji}</text>'
        f'<text x="50" y="84" font-size="8" font-family="sans-serif" fill="#7a5c10"'
        f' text-anchor="middle">{name}</text></svg>'
    )


def portrait_ref(asset: StoreAsset, width: int, height: int) -> ImageRef:
    """Points to a picture that is kept."""
    return ImageRef(
        asset=asset_name(asset.digest),
        media_type=asset.media_type,
        width=width,
        height=height,
        size_bytes=len(asset.data),
    )
