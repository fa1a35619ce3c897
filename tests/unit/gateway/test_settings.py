"""The gateway's settings, where they guard a door."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.gateway.settings import GatewaySettings


def settings(**given: Any) -> GatewaySettings:
    """Settings with a database."""
    return GatewaySettings(database_url="postgresql://localhost", **given)


def test_tokens_need_a_key() -> None:
    """Asking for tokens without a key to check them with is a mistake, not an open door."""
    with pytest.raises(ValidationError, match="token_key_file"):
        settings(auth="jwt")
    with pytest.raises(ValidationError, match="exclude"):
        settings(token_key_file=Path("key"), token_key_set="keys.json")
    for name in ("token_issuer", "token_audience"):
        with pytest.raises(ValidationError, match=name):
            settings(**{name: ""})


@pytest.mark.parametrize("algorithms", ["", ",", "none", "HS256", "RS256,none", "RS256 ES256"])
def test_only_keys_that_are_public_may_be_in_a_set(algorithms: str) -> None:
    """With a secret's algorithm, or none, a key set would let everybody sign."""
    with pytest.raises(ValidationError, match="token_algorithms"):
        settings(token_algorithms=algorithms)
    assert ("RS256", "ES384") == settings(token_algorithms=" RS256 ,ES384").token_algorithms


@pytest.mark.parametrize(
    "place", ["htps://a.example/k", "ftp://a/k", "file:///k", "https://", "https://a:99999/k"]
)
def test_a_mistyped_address_is_told_at_once(place: str) -> None:
    """Not when the first token comes."""
    with pytest.raises(ValidationError, match="token_key_set"):
        settings(token_key_set=place)


def test_what_a_token_may_by_default() -> None:
    """Reading and creating, unless somebody says less."""
    assert ("hatchery.read", "hatchery.create") == settings().token_scopes
    assert () == settings(token_scopes="").token_scopes
    assert ("hatchery.read",) == settings(token_scopes="hatchery.read").token_scopes
    with pytest.raises(ValidationError, match="token_scopes"):
        settings(token_scopes="read")


@pytest.mark.parametrize(
    "address", ["http://issuer.example/keys", "http://10.0.0.1/keys", "http:///keys"]
)
def test_keys_are_fetched_in_private(address: str) -> None:
    """Or from this machine."""
    with pytest.raises(ValidationError, match="https"):
        settings(token_key_set=address)
    for good in ("https://issuer.example/keys", "http://127.0.0.1:8000/keys", "/etc/keys.json"):
        assert good == settings(token_key_set=good).token_key_set


@pytest.mark.parametrize(
    "servers",
    [
        "nats://127.0.0.1",
        "nats://gateway:secret@localhost:4222",
        "nats://[::1]:4222, tls://nats.example:4222,",
        "tls://token@10.0.0.5:4222",
    ],
)
def test_servers_of_nats_are_named(servers: str, tmp_path: Path) -> None:
    """One or several; what they carry is not shown with the settings."""
    told = settings(nats_url=servers, tls=tmp_path)
    assert tuple(part.strip() for part in servers.split(",") if part.strip()) == told.nats_servers
    assert not any(word in repr(told) for word in ("secret", "token@"))
    assert () == settings(nats_url="").nats_servers == settings().nats_servers


@pytest.mark.parametrize(
    "servers",
    [
        ",",
        "127.0.0.1:4222",
        "ws://127.0.0.1:4222",
        "nats://:4222",
        "nats://a:se/cret@127.0.0.1:4222",
        "nats://a:secret@127.0.0.1:secret",
        "nats://127.0.0.1:0",
        "nats://127.0.0.1:99999",
        "nats://127.0.0.1:4222/secret",
        "nats://127.0.0.1:4222?secret",
        "nats://127.0.0.1:4222,secret",
    ],
)
def test_a_mistyped_server_of_nats_is_told_at_once(servers: str) -> None:
    """Without a word of it: there may be a password in it."""
    with pytest.raises(ValidationError, match="nats_url") as error:
        settings(nats_url=servers)
    assert not any("cret" in problem["msg"] for problem in error.value.errors())


def test_nats_is_spoken_to_in_private(tmp_path: Path) -> None:
    """With another machine over TLS, unless somebody chose otherwise."""
    for server in ("nats://10.0.0.5:4222", "nats://127.0.0.1:4222,nats://a:b@nats.example"):
        for given in ({}, {"tls": tmp_path}):
            with pytest.raises(ValidationError, match="plaintext") as error:
                settings(nats_url=server, **given)
            assert not any("a:b" in problem["msg"] for problem in error.value.errors())
        assert settings(nats_url=server, plaintext=True).plaintext
    with pytest.raises(ValidationError, match="set tls"):
        settings(nats_url="tls://127.0.0.1:4222")


HERE = (
    "postgresql://localhost/x",
    "postgresql://me:a@127.0.0.1:5432/x",
    "postgresql://me:a%40b@[::1]:5432/x",
    "postgresql:///x?host=/run/postgresql",
    "postgresql://%2Frun%2Fpostgresql/x",
    "postgresql:///x",
    "postgresql://LOCALHOST/x",
)
ELSEWHERE = (
    "postgresql://db/x",
    "postgresql://me:localhost@db:5432/x",
    "postgresql://localhost:5432,db:5432/x",
    "postgresql://localhost/x?host=db",
    "postgresql://[2001:db8::1]:5432/x",
    "postgresql://me:a@db,x@localhost/x",
    "postgresql://db/x?sslmode=prefer",
)


@pytest.mark.parametrize("url", HERE)
def test_a_store_of_this_machine_needs_no_tls(url: str) -> None:
    """Over loopback or a socket."""
    assert GatewaySettings(database_url=url)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_store_elsewhere_is_private_or_said_not_to_be(url: str) -> None:
    """A password would go in the clear; it is not in what is said about that."""
    with pytest.raises(ValidationError, match="plaintext=true") as error:
        GatewaySettings(database_url=url)
    assert not any("db" in problem["msg"] for problem in error.value.errors())
    assert GatewaySettings(database_url=url, plaintext=True)
    private = f"{url.replace('?sslmode=prefer', '')}{'&' if 'host=' in url else '?'}"
    assert GatewaySettings(database_url=f"{private}sslmode=verify-full")


def test_what_the_environment_says_of_the_store_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for whoever connects."""
    monkeypatch.setenv("PGHOST", "db")
    with pytest.raises(ValidationError, match="plaintext=true"):
        GatewaySettings(database_url="postgresql:///x")
    assert GatewaySettings(database_url="postgresql://localhost/x")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert GatewaySettings(database_url="postgresql:///x")
