"""`doctor`: what is there, what is not, and what to do about it."""

import click

from clients.cli.doctor.findings import Finding, Verdict
from clients.cli.home import Home
from clients.cli.problems import Problem
from clients.cli.show.display import in_terminal

_MARKS = {Verdict.GOOD: "✓", Verdict.OPTIONAL: "–", Verdict.MISSING: "✗"}


@click.command()
@click.pass_obj
def doctor(home: Home) -> None:
    """Say which engines, models and parts are there, and what to do about what is missing.

    Ends with 0 where the stack can run as it is set up.
    """
    from clients.cli.doctor.examination import examine  # noqa: PLC0415

    missing = 0
    for finding in examine(home):
        _say(finding)
        missing += finding.verdict is Verdict.MISSING
    if missing:
        raise Problem("as it is, the local stack cannot run; see what is marked ✗")
    click.echo("\nAll that the local stack needs is here.")


def _say(finding: Finding) -> None:
    colours = {Verdict.GOOD: "yellow", Verdict.OPTIONAL: "white", Verdict.MISSING: "red"}
    mark = _MARKS[finding.verdict]
    if in_terminal():
        mark = click.style(mark, fg=colours[finding.verdict], bold=True)
    click.echo(f"{mark} {finding.part:<14} {finding.found}")
    if finding.advice:
        click.echo(f"  {'':<14} → {finding.advice}")
