"""`token`: a bearer token for the local stack, signed with its own key."""

import datetime as dt

import click

from clients.cli.commands.times import Span
from clients.cli.home import Home
from clients.cli.problems import Problem

_HOUR = dt.timedelta(hours=1)
_SCOPES = ("read", "create", "operate")


@click.command()
@click.argument("subject", default="local")
@click.option("--scope", "scopes", type=click.Choice(_SCOPES), multiple=True,
              help="What it lets its bearer do; several times for several. By default, read and "
              "create.")  # fmt: skip
@click.option("--for", "lasts", type=Span(), default=_HOUR, metavar="TIME",
              help="How long it is good, as in 90s or 1h30m; an hour by default.")  # fmt: skip
@click.pass_obj
def token(home: Home, subject: str, scopes: tuple[str, ...], lasts: dt.timedelta) -> None:
    """Make a bearer token whose owner is SUBJECT, for the stack on this machine.

    Without a token, everything belongs to the owner `local`.
    """
    import jwt  # noqa: PLC0415

    from deploy.local.parts import TOKEN_KEY  # noqa: PLC0415

    if not 0 < len(subject) <= 200 or not subject.isprintable():
        raise Problem("a subject has 1 to 200 letters, all of which can be seen")
    home.state.prepare()
    now = dt.datetime.now(dt.UTC)
    claims = {
        "iss": "hatchery",
        "aud": "hatchery",
        "sub": subject,
        "iat": now,
        "exp": now + lasts,
        "scope": " ".join(f"hatchery.{scope}" for scope in scopes or _SCOPES[:2]),
    }
    click.echo(jwt.encode(claims, home.state.secret(TOKEN_KEY), algorithm="HS256"))
