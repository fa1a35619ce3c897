"""Which pipeline of mflux draws with a model: read off what mflux says of itself, never a list.

Runs in the worker process only: importing mflux takes seconds and a few hundred megabytes.
"""

import copy
import importlib
import inspect
import json
import pkgutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mflux.cli.defaults.defaults import model_inference_steps
from mflux.models.common.cli.save import MODEL_CLASSES
from mflux.models.common.config.model_config import AVAILABLE_MODELS
from mflux.models.common.resolution.config_resolution import ConfigResolution
from mflux.models.common.resolution.model_revisions import ModelRevisions
from mflux.utils.exceptions import ModelConfigError

# Beside the weights of a folder: which model they derive from, and in what their shape differs.
SIDECAR = "hatchery-model.json"
# What mflux itself writes beside the weights that it saves.
SAVED_BY_MFLUX = "mflux_model.json"
TEXT_TO_IMAGE = "txt2img"


class Unusable(Exception):
    """A source cannot be drawn with. The message is for people."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that it takes to draw with one source."""

    source: str
    name: str
    title: str
    base: str
    steps: int
    pipeline: type[Any]
    config: Any
    path: str | None
    guidance: float | None
    latents: type[Any] | None
    download: str


def resolve(source: str) -> Recipe:
    """The recipe for a name, a hub repository or a folder. Raises Unusable."""
    folder = Path(source).expanduser()
    if folder.is_dir():
        return _from_folder(source, folder)
    if _looks_like_path(source):
        raise Unusable(f"there is no folder {source}")
    base = _base_of(source, None)
    # A third-party repository is loaded by its own name; mflux knows where its own ones lie.
    own = source in _spellings(base)
    config = AVAILABLE_MODELS[base] if own else ConfigResolution.resolve(source)
    return _recipe(source, source, base, config, path=None if own else source, extras={})


def _from_folder(source: str, folder: Path) -> Recipe:
    extras = _read_json(folder / SIDECAR)
    told = extras.get("base_model") or _saved_base(_read_json(folder / SAVED_BY_MFLUX))
    base = _base_of(folder.name, told)
    config = copy.deepcopy(AVAILABLE_MODELS[base])
    config.transformer_overrides |= extras.get("transformer_overrides", {})
    config.text_encoder_overrides |= extras.get("text_encoder_overrides", {})
    return _recipe(source, folder.resolve().name, base, config, path=str(folder), extras=extras)


def _recipe(
    source: str, name: str, base: str, config: Any, *, path: str | None, extras: Mapping[str, Any]
) -> Recipe:
    pipeline = _pipeline(base)
    revision = ModelRevisions.get(config.model_name)
    return Recipe(
        source=source,
        name=name,
        title=str(extras.get("title") or name.rsplit("/", 1)[-1]),
        base=base,
        steps=int(extras.get("steps") or model_inference_steps(base)),
        pipeline=pipeline,
        config=config,
        path=path,
        guidance=extras.get("guidance"),
        latents=_latent_creator(pipeline),
        download=f"hf download {path or config.model_name}"
        + (f" --revision {revision}" if revision and not path else ""),
    )


def _base_of(name: str, told: str | None) -> str:
    """The registry's key of the model that a name, or what is told beside it, means."""
    try:
        key: str | None = ConfigResolution.resolve_key(model_name=told or name)
    except ModelConfigError:
        key = None
    if key is None:
        known = ", ".join(sorted(k for k in AVAILABLE_MODELS if _is_text_to_image(k)))
        raise Unusable(
            f'mflux knows no model "{told or name}"; it knows {known}; a folder tells in its '
            f'{SIDECAR} what it derives from, as in {{"base_model": "flux2-klein-4b"}}'
        )
    if not _is_text_to_image(key):
        raise Unusable(f'"{told or name}" does not draw from text alone')
    return key


def _spellings(base: str) -> set[str]:
    config = AVAILABLE_MODELS[base]
    return {base, *config.aliases, config.model_name}


def _is_text_to_image(key: str) -> bool:
    """Whether a model needs nothing but words: no picture, mask or control image."""
    if AVAILABLE_MODELS[key].controlnet_model is not None:
        return False
    family = _family(key)
    # A family's other variants (edit, fill, depth …) lend their name to the models made for them.
    others = set(_variants(family)) - {TEXT_TO_IMAGE}
    return not others & set(key.split("-")) and _text_to_image_class(family) is not None


def _pipeline(key: str) -> type[Any]:
    pipeline = _text_to_image_class(_family(key))
    if pipeline is None:
        raise Unusable(f'"{key}" does not draw from text alone')
    return pipeline


def _family(key: str) -> str:
    """The package of mflux.models that a model's classes are in."""
    if key in MODEL_CLASSES:
        return str(MODEL_CLASSES[key].__module__.split(".")[2])
    # mflux cannot save every model that it can draw with; those go by their name.
    families = {
        m.name for m in pkgutil.iter_modules(importlib.import_module("mflux.models").__path__)
    }
    words = key.replace("-", "_").split("_")
    names = ("_".join(words[:count]) for count in range(len(words), 0, -1))
    return next((name for name in names if name in families), "common")


def _variants(family: str) -> dict[str, bool]:
    """The variants of a family, and whether each is a package."""
    try:
        package = importlib.import_module(f"mflux.models.{family}.variants")
    except ImportError:
        return {}
    return {module.name: module.ispkg for module in pkgutil.iter_modules(package.__path__)}


def _text_to_image_class(family: str) -> type[Any] | None:
    """The one class of a family whose `generate_image` needs a seed and a prompt, and no more."""
    places = [
        name
        for name, is_package in _variants(family).items()
        if name == TEXT_TO_IMAGE or not is_package
    ]
    for place in places:
        package = importlib.import_module(f"mflux.models.{family}.variants.{place}")
        modules = [package.__name__]
        if place == TEXT_TO_IMAGE:
            modules += [
                f"{package.__name__}.{m.name}" for m in pkgutil.iter_modules(package.__path__)
            ]
        for module in modules:
            for found in vars(importlib.import_module(module)).values():
                if (
                    inspect.isclass(found)
                    and found.__module__ == module
                    and _needs_words_only(found)
                ):
                    return found
    return None


def _needs_words_only(candidate: type[Any]) -> bool:
    generate = getattr(candidate, "generate_image", None)
    if generate is None:
        return False
    parameters = inspect.signature(generate).parameters.values()
    return {p.name for p in parameters if p.default is p.empty} == {"self", "seed", "prompt"}


def _latent_creator(pipeline: type[Any]) -> type[Any] | None:
    """The helper with which a pipeline unpacks its latents; None where it uses none."""
    modules = [vars(sys.modules[base.__module__]) for base in pipeline.__mro__]
    for name, found in (item for module in modules for item in module.items()):
        if name.endswith("LatentCreator") and hasattr(found, "unpack_latents"):
            creator: type[Any] = found
            return creator
    return None


def _looks_like_path(source: str) -> bool:
    # mflux would take such a name for a hub repository and go looking for it there.
    return source.startswith(("/", "./", "../", "~")) or source.count("/") > 1


def _saved_base(info: Mapping[str, Any]) -> str | None:
    return info.get("base_model") or info.get("model_name")


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Unusable(f"{path} is no JSON") from error
    if not isinstance(content, dict):
        raise Unusable(f"{path} is no JSON object")
    return content
