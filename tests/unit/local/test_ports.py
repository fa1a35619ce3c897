"""A port is ours to take, or the error says who has it and what to set."""

import os
import socket
import threading

import pytest

from deploy.envoy.page import BUILT
from deploy.local.errors import PortTaken
from deploy.local.ports import SETTINGS, choose_ports
from deploy.local.settings import LocalSettings

PAGE = (BUILT / "index.html").read_text()
ANY = dict.fromkeys(SETTINGS.values(), 0)


def test_zero_is_any_free_port_and_none_twice() -> None:
    """Five zeros give five different ports, each of which can be bound."""
    ports = choose_ports(LocalSettings.model_validate(ANY))
    assert sorted(ports) == sorted(SETTINGS)
    assert len(set(ports.values())) == len(SETTINGS)
    for port in ports.values():
        with socket.socket() as again:
            again.bind(("127.0.0.1", port))


def test_a_taken_port_names_its_holder_and_its_setting() -> None:
    """The line says which port, who listens there, and which variable moves us away."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            choose_ports(LocalSettings.model_validate({**ANY, "gateway_port": port}))
    line = str(caught.value)
    assert line.startswith(f"port {port} (for gateway) is taken by ")
    assert f"(pid {os.getpid()})" in line
    assert line.endswith("set HATCHERY_GATEWAY_PORT to another port")


def test_all_taken_ports_are_named_at_once() -> None:
    """Whoever has to move away moves once."""
    with socket.socket() as one, socket.socket() as other:
        taken = {}
        for name, listener in (("llm", one), ("avatar", other)):
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            taken[f"{name}_port"] = listener.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            choose_ports(LocalSettings.model_validate(ANY | taken))
    line = str(caught.value)
    for name in ("llm", "avatar"):
        assert f"port {taken[f'{name}_port']} (for {name}) is taken by " in line
    assert line.endswith("set HATCHERY_LLM_PORT, HATCHERY_AVATAR_PORT to other ports")


@pytest.mark.parametrize("page", [PAGE, "<title>Something else</title>"])
def test_a_hatchery_at_the_public_port_can_be_used(page: str) -> None:
    """Where another Hatchery answers, the line says how to speak to it; where not, it does not."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        def answer() -> None:
            with other.accept()[0] as visitor:
                visitor.recv(4096)
                visitor.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + page.encode())

        server = threading.Thread(target=answer)
        server.start()
        with pytest.raises(PortTaken) as caught:
            choose_ports(LocalSettings.model_validate({**ANY, "port": port}))
        server.join()
    uses = f"a Hatchery answers there: `--address 127.0.0.1:{port}` uses it" in str(caught.value)
    assert (page is PAGE) == uses


def test_one_port_for_two_is_refused() -> None:
    """The same number for two processes is a taken port, not a surprise later."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(PortTaken):
        choose_ports(LocalSettings.model_validate({**ANY, "llm_port": port, "avatar_port": port}))


def test_another_database_needs_no_port_of_ours() -> None:
    """With HATCHERY_DATABASE_URL nothing is reserved for Postgres."""
    settings = {**ANY, "database_url": "postgresql://db/hatchery"}
    assert "postgres" not in choose_ports(LocalSettings.model_validate(settings))
