"""The settings of the avatar service, and the engines that they choose."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from services.avatar.registry import ENGINES, build_engine
from services.avatar.settings import AvatarSettings


def test_every_engine_that_can_be_chosen_can_be_built() -> None:
    """The setting's values and the registry are the same, and each builds what bears its name."""
    choices = AvatarSettings.model_json_schema()["properties"]["avatar_engine"]["enum"]
    assert set(choices) == set(ENGINES)
    for name in choices:
        assert name == build_engine(AvatarSettings(avatar_engine=name)).name


@pytest.mark.parametrize("bits", [0, 1, 2, 7, 16])
def test_bits_that_mflux_does_not_know_are_refused(bits: int) -> None:
    """Only 3, 4, 5, 6 and 8."""
    with pytest.raises(ValidationError):
        AvatarSettings(mflux_quantize=bits)


def test_the_illustrator_never_imports_mflux() -> None:
    """Who uses sketch pays neither the seconds nor the memory of MLX."""
    script = (
        "import sys, services.avatar.__main__ as main\n"
        "main.build_engine(main.AvatarSettings(avatar_engine='sketch'))\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('mflux', 'mlx', 'PIL')))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_wrong_settings_are_one_line_and_a_status() -> None:
    """A person reads which variable is wrong, and no traceback."""
    ran = subprocess.run(
        [sys.executable, "-m", "services.avatar"],
        env={"HATCHERY_AVATAR_ENGINE": "oil", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith("HATCHERY_AVATAR_ENGINE: ")
    assert len(ran.stderr.strip().splitlines()) == 1
