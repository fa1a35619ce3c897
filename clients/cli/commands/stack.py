"""`up` and `down`: the local stack."""

import asyncio

import click

from clients.cli.home import Home


@click.command()
@click.option("--replicas", type=click.IntRange(1, 16), metavar="N",
              help="Gateways behind Envoy; HATCHERY_REPLICAS or 1 by default.")  # fmt: skip
@click.pass_obj
def up(home: Home, replicas: int | None) -> None:
    """Keep the local stack in the foreground, until Ctrl-C."""
    from deploy.local.stack import run  # noqa: PLC0415

    settings = home.settings
    if replicas is not None:
        settings = settings.model_copy(update={"replicas": replicas})
    raise SystemExit(asyncio.run(run(settings)))


@click.command()
@click.pass_obj
def down(home: Home) -> None:
    """Stop the local stack. Companions are kept."""
    from deploy.local.stack import stop  # noqa: PLC0415

    click.echo("Stopped." if stop(home.state) else "It was not running.")
