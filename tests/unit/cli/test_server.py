"""What a command sends to the server that it speaks to."""

from typing import cast

import pytest

from clients.cli.home import Home
from clients.cli.problems import Problem
from clients.cli.server import Server

NOBODY = cast("Home", None)


@pytest.mark.parametrize(
    "address",
    [
        "https://hatchery.example.com",
        "http://hatchery.example.com",
        "HTTPS://hatchery.example.com",
        "127.0.0.1:8080",
        "localhost:8080",
        "localhost",
        "LOCALHOST:8080",
        "[::1]:8080",
        "unix:/run/hatchery.sock",
    ],
)
def test_a_token_goes_over_tls_or_stays_on_this_machine(address: str) -> None:
    """Or where somebody says in so many words that it may go in clear."""
    assert (("authorization", "Bearer abc"),) == Server(NOBODY, address, "abc").metadata


@pytest.mark.parametrize(
    "address",
    ["hatchery.example.com", "hatchery.example.com:80", "10.0.0.1:80", "127.evil.example:443"],
)
def test_a_token_is_not_sent_in_clear_by_mistake(address: str) -> None:
    """What is missing is said; without a token there is nothing to read."""
    with pytest.raises(Problem, match=f"--address https://{address}"):
        _ = Server(NOBODY, address, "abc").metadata
    assert () == Server(NOBODY, address).metadata
