"""The state folder: one holder, private secrets, and a description that may be garbage."""

import os
import stat
from pathlib import Path

import pytest

from deploy.local.errors import AlreadyRunning, StateDamaged, StateUnusable
from deploy.local.identity import record
from deploy.local.settings import LocalSettings
from deploy.local.state import ROOT_DEFAULT, StackInfo, StateFolder


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    """Return a prepared folder."""
    state = StateFolder(tmp_path / "state")
    state.prepare()
    return state


def test_only_one_holds_the_folder(state: StateFolder) -> None:
    """A second holder is refused in one line while the first lives, and let in after it."""
    with (
        state.locked(),
        pytest.raises(AlreadyRunning, match="already running with the state folder"),
        StateFolder(state.root).locked(),
    ):
        pass
    with state.locked():
        pass


def test_a_secret_is_private_and_stays(state: StateFolder) -> None:
    """A secret is made once, is long, and nobody else may read it."""
    first = state.secret("key")
    assert len(first) >= 32
    assert state.secret("key") == first
    assert stat.S_IMODE((state.secrets / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE(state.secrets.stat().st_mode) == 0o700


def test_a_lost_secret_is_damage(state: StateFolder) -> None:
    """A secret that must exist is not made up, and an empty one is not taken."""
    with pytest.raises(StateDamaged, match="lost is missing"):
        state.secret("lost", create=False)
    (state.secrets / "empty").touch()
    with pytest.raises(StateDamaged, match="empty is empty"):
        state.secret("empty")


def test_a_description_reads_back(state: StateFolder) -> None:
    """What was written about a stack is what another process reads."""
    info = StackInfo(
        address="http://127.0.0.1:1",
        ports={"envoy": 1},
        supervisor=record("supervisor", os.getpid()),
        ready=True,
    )
    state.write_info(info)
    assert state.read_info() == info
    state.clear_info()
    assert state.read_info() is None


@pytest.mark.parametrize("garbage", [b"", b"{", b"\xff\x00", b"[]", b'{"address": 1}'])
def test_a_garbled_description_is_none(state: StateFolder, garbage: bytes) -> None:
    """Nothing is known from a file that cannot be read."""
    (state.root / "stack.json").write_bytes(garbage)
    assert state.read_info() is None


def test_a_file_in_the_folders_place_is_one_clear_line(tmp_path: Path) -> None:
    """A state folder that is a file is named, with the variable that helps."""
    (tmp_path / "state").touch()
    with pytest.raises(StateUnusable, match="HATCHERY_STATE_DIR"):
        StateFolder(tmp_path / "state").prepare()


def test_the_folders_place_is_a_setting_else_the_users_own(tmp_path: Path) -> None:
    """The setting wins; root has a place that other users can reach, a user their own."""
    chosen = StateFolder.of(LocalSettings.model_validate({"state_dir": tmp_path}))
    assert chosen.root == tmp_path
    usual = StateFolder.of(LocalSettings.model_validate({"state_dir": None})).root
    assert usual == (ROOT_DEFAULT if os.geteuid() == 0 else Path.home() / ".local/state/hatchery")
