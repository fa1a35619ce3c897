"""`up` and `down`: the local stack."""

import asyncio

import click

from clients.cli.home import Home


@click.command()
@click.pass_obj
def up(home: Home) -> None:
    """Keep the local stack in the foreground, until Ctrl-C."""
    from deploy.local.stack import run  # noqa: PLC0415

    raise SystemExit(asyncio.run(run(home.settings)))


@click.command()
@click.pass_obj
def down(home: Home) -> None:
    """Stop the local stack. Companions are kept."""
    from deploy.local.stack import stop  # noqa: PLC0415

    click.echo("Stopped." if stop(home.state) else "It was not running.")
