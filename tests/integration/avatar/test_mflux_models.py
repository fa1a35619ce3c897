"""Every model that mflux maps, asked of mflux itself in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, sys
from mflux.models.common.config.model_config import AVAILABLE_MODELS
from services.avatar.engines.mflux.models import Unusable, resolve

def told(source):
    try:
        recipe = resolve(source)
    except Unusable as problem:
        return {"problem": str(problem)}
    return {
        "base": recipe.base,
        "pipeline": recipe.pipeline.__name__,
        "steps": recipe.steps,
        "path": recipe.path,
        "repository": recipe.config.model_name,
        "download": recipe.download,
        "layers": recipe.config.transformer_overrides.get("num_layers"),
    }

print(json.dumps({source: told(source) for source in [*AVAILABLE_MODELS, *sys.argv[1:]]}))
"""
# What mflux 0.24 draws with from nothing but words; a new version may know more.
FAMILIES = {
    "Anima",
    "BooguImage",
    "ErnieImage",
    "FIBO",
    "Fibo2",
    "Flux1",
    "Flux2Klein",
    "Flux3Klein",
    "Ideogram4",
    "Iris",
    "Krea2",
    "LensImage",
    "MOSSImage",
    "MingImage",
    "QwenImage",
    "QwenImage21",
    "ZImage",
}


def resolved(*sources: str) -> dict[str, dict[str, str]]:
    """What is known of mflux's own models and of further sources."""
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, *sources], stdout=subprocess.PIPE, check=True, timeout=90
    )
    content: dict[str, dict[str, str]] = json.loads(ran.stdout)
    return content


@pytest.mark.usefixtures("tiny_flux")
def test_every_text_to_image_model_has_its_pipeline() -> None:
    """Each family that draws from words is found; models that need a picture are refused."""
    known = resolved()
    drawn = {key: told for key, told in known.items() if "problem" not in told}
    assert {told["pipeline"] for told in drawn.values()} >= FAMILIES
    assert {"flux2-klein-4b", "schnell", "qwen-image", "z-image-turbo", "lens-turbo"} <= set(drawn)
    marks = ("edit", "controlnet", "fill", "redux", "depth", "kontext", "seedvr2")
    assert not [key for key in drawn if any(mark in key for mark in marks)]
    assert [key for key in known if any(mark in key for mark in marks)] == sorted(
        set(known) - set(drawn), key=list(known).index
    )


def test_sources_are_names_repositories_and_folders(tiny_flux: Path, tmp_path: Path) -> None:
    """Aliases, repositories, and folders: with a sidecar, saved by mflux, or well named."""
    saved = tmp_path / "mine"
    saved.mkdir()
    (saved / "mflux_model.json").write_text('{"model_name": "z-image-turbo", "base_model": null}')
    named = tmp_path / "flux2-klein-9b-q4"
    named.mkdir()
    plain = tmp_path / "stuff"
    plain.mkdir()
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "hatchery-model.json").write_text("{")
    third = "mlx-community/flux2-klein-9b-8bit"
    folders = [str(f) for f in (tiny_flux, saved, named, plain, broken)]
    told = resolved(
        "klein-4b", "Tongyi-MAI/Z-Image-Turbo", third, "no-such-model", "~/nowhere", *folders
    )
    assert "flux2-klein-4b" == told["klein-4b"]["base"]
    own = told["Tongyi-MAI/Z-Image-Turbo"]
    assert ("z-image-turbo", 9, None) == (own["base"], own["steps"], own["path"])
    assert ("flux2-klein-9b", third) == (told[third]["base"], told[third]["path"])
    assert f"hf download {third}" == told[third]["download"]
    tiny = told[str(tiny_flux)]
    assert ("flux2-klein-4b", 1, str(tiny_flux)) == (tiny["base"], tiny["layers"], tiny["path"])
    assert "z-image-turbo" == told[str(saved)]["base"]
    assert "flux2-klein-9b" == told[str(named)]["base"]
    assert "hatchery-model.json" in told[str(plain)]["problem"]
    assert "no JSON" in told[str(broken)]["problem"]
    assert "knows no model" in told["no-such-model"]["problem"]
    # mflux itself would ask the hub for this one.
    assert "there is no folder ~/nowhere" == told["~/nowhere"]["problem"]
    # What the sidecar changes is this folder's alone.
    assert told["flux2-klein-4b"]["layers"] != 1
