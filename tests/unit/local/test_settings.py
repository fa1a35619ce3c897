"""Settings come from HATCHERY_* variables, once, and say plainly what is wrong with one."""

import pytest

from deploy.local.errors import BadSetting
from deploy.local.settings import LocalSettings, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in LocalSettings.model_fields:
        monkeypatch.delenv(f"HATCHERY_{field.upper()}", raising=False)


def test_defaults_are_the_documented_ports() -> None:
    """Nothing set: the public address is port 8080, and Postgres is our own."""
    settings = read_settings()
    ports = (settings.port, settings.gateway_port, settings.llm_port, settings.avatar_port)
    assert ports == (8080, 50051, 50052, 50053)
    assert settings.postgres_port == 54329
    assert settings.database_url is None


@pytest.mark.parametrize("value", ["http", "-1", "65536", "80.5"])
def test_a_bad_port_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """A value that is no port is refused by the variable's name."""
    monkeypatch.setenv("HATCHERY_PORT", value)
    with pytest.raises(BadSetting) as caught:
        read_settings()
    assert str(caught.value).startswith("HATCHERY_PORT is not usable: ")
    assert "\n" not in str(caught.value)


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """`HATCHERY_DATABASE_URL=` means our own Postgres."""
    monkeypatch.setenv("HATCHERY_DATABASE_URL", "")
    assert read_settings().database_url is None


def test_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blanks and a trailing slash do not make another origin."""
    monkeypatch.setenv("HATCHERY_CORS_ORIGINS", "https://a.example/, http://localhost:5173,")
    assert read_settings().cors_origins == ("https://a.example", "http://localhost:5173")


def test_another_process_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is handed on as variables reads back as it was, secrets included."""
    given = LocalSettings.model_validate(
        {
            "port": 0,
            "database_url": "postgresql://a:b@db/c",
            "cors_origins": ("https://a.example", "https://b.example"),
        }
    )
    for name, value in given.as_environment().items():
        monkeypatch.setenv(name, value)
    assert read_settings() == given


def test_a_secret_is_not_printed() -> None:
    """The database's password does not show in a settings object."""
    given = LocalSettings.model_validate({"database_url": "postgresql://a:hidden@db/c"})
    assert "hidden" not in repr(given)
