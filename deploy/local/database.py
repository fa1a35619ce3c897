"""Whether a Postgres is there, and lets us in."""

import asyncio
from urllib.parse import urlsplit, urlunsplit

from deploy.local.errors import DatabaseUnreachable, StateDamaged

LOOK_EVERY = 0.02  # seconds
PATIENCE = 5.0  # seconds for one attempt


async def ensure_database(url: str, name: str) -> None:
    """Wait until our own server answers `url`, creating the database `name` in it if need be."""
    import asyncpg  # noqa: PLC0415  # the engines are to be started before this is loaded

    while True:
        try:
            connection = await asyncpg.connect(url, timeout=PATIENCE, ssl=False)
        except asyncpg.InvalidCatalogNameError:
            await _create(urlunsplit(urlsplit(url)._replace(path="/postgres")), name)
        except asyncpg.InvalidAuthorizationSpecificationError as error:
            raise StateDamaged(
                "Postgres does not accept the password in the state folder's secrets",
                "restore that file, or move the state folder away to start afresh",
            ) from error
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await asyncio.sleep(LOOK_EVERY)
        else:
            await connection.close()
            return


async def _create(url: str, name: str) -> None:
    import asyncpg  # noqa: PLC0415

    connection = await asyncpg.connect(url, timeout=PATIENCE, ssl=False)
    try:
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()


async def check_reachable(url: str) -> None:
    """Raise DatabaseUnreachable, without the password, unless somebody else's server lets us in."""
    import asyncpg  # noqa: PLC0415

    try:
        connection = await asyncpg.connect(url, timeout=PATIENCE)
        await connection.close()
    except asyncpg.PostgresError as error:
        reason = str(error)
    except TimeoutError:
        reason = f"no answer within {PATIENCE:.0f} s"
    except OSError as error:
        reason = error.strerror or "no connection"
    except (ValueError, asyncpg.InterfaceError):
        reason = "it is not a postgresql:// address"
    else:
        return
    raise DatabaseUnreachable(
        f"cannot use the database at {_public(url)}: {reason}", "check HATCHERY_DATABASE_URL"
    )


def _public(url: str) -> str:
    try:
        parts = urlsplit(url)
        place = f"{parts.hostname or 'localhost'}:{parts.port or 5432}"
    except ValueError:
        return "HATCHERY_DATABASE_URL"
    return place + parts.path
