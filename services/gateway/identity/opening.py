"""Keys and what is expected of tokens, as the settings name them."""

from urllib.parse import urlsplit

import structlog

from services.gateway.identity.keys import SYMMETRIC, Keys, KeysUnusable, key_set_at, secret_in
from services.gateway.identity.tokens import Expected, Tokens
from services.gateway.settings import GatewaySettings

log = structlog.get_logger()


async def open_keys(settings: GatewaySettings) -> Keys | None:
    """The keys for bearer tokens; None where none is accepted.

    Raises KeysUnusable for a file that is: an address may answer later.
    """
    if settings.token_key_set:
        read = key_set_at(settings.token_key_set)
    elif settings.token_key_file is not None:
        read = secret_in(settings.token_key_file)
    else:
        return None
    keys = Keys(read, every=settings.token_refresh)
    try:
        await keys.load()
    except KeysUnusable as error:
        if not urlsplit(settings.token_key_set).scheme:
            raise
        log.warning("tokens cannot be looked at yet", reason=error.message)
    return keys


def tokens_by(keys: Keys, settings: GatewaySettings) -> Tokens:
    """What tells by keys who calls."""
    expected = Expected(
        settings.token_algorithms if settings.token_key_set else SYMMETRIC,
        settings.token_issuer,
        settings.token_audience,
        frozenset(settings.token_scopes),
    )
    return Tokens(keys, expected)
