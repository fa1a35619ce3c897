"""The gateway's settings, where they guard a door."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.gateway.settings import GatewaySettings, TokenKeyUnusable


def test_tokens_need_a_key() -> None:
    """Asking for tokens without a key to check them with is a mistake, not an open door."""
    with pytest.raises(ValidationError, match="token_key_file"):
        GatewaySettings(database_url="postgresql://x", auth="jwt")


@pytest.mark.parametrize("key", ["", "   \n", "short", "x" * 31])
def test_a_key_that_can_be_guessed_is_refused(key: str, tmp_path: Path) -> None:
    """An empty key file would let everybody sign as anybody."""
    (tmp_path / "key").write_text(key)
    settings = GatewaySettings(database_url="postgresql://x", token_key_file=tmp_path / "key")
    with pytest.raises(TokenKeyUnusable):
        settings.token_key()


def test_a_missing_key_file_is_told_in_words(tmp_path: Path) -> None:
    """The path is named, with no traceback."""
    settings = GatewaySettings(database_url="postgresql://x", token_key_file=tmp_path / "none")
    with pytest.raises(TokenKeyUnusable, match="none"):
        settings.token_key()
