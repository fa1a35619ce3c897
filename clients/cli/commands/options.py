"""Options that several commands have: how a portrait is drawn, and how its story is told."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

# A file that is there and can be read.
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


class Size(click.ParamType[tuple[int, int]]):
    """WIDTHxHEIGHT in pixels, or one number for a square."""

    name = "size"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, int]:
        """Return width and height."""
        if isinstance(value, tuple):
            return value
        if not (found := re.fullmatch(r"(\d{1,5})(?:[x×*](\d{1,5}))?", value.strip())):
            self.fail("a size looks like 512x512", param, ctx)
        size = int(found[1]), int(found[2] or found[1])
        if 0 in size:
            self.fail("a picture has at least one pixel", param, ctx)
        return size


class Destination(click.ParamType[Path]):
    """A folder, or a file in one, that can be written: asked before anything is made."""

    name = "path"

    def convert(self, value: Any, param: Any, ctx: Any) -> Path:
        """Return the path."""
        path = Path(value)
        if not path.exists() and not path.parent.is_dir():
            self.fail(f"there is no folder {path.parent}", param, ctx)
        needed = path if path.exists() else path.parent
        if not os.access(needed, os.W_OK):
            self.fail(f"{needed} cannot be written", param, ctx)
        return path


def output_option(of_json: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command --output; `of_json` says what --json makes of it."""
    return click.option(
        "--output", "-o", type=Destination(), metavar="PATH",
        help=f"Where the portrait goes; `portraits` in the state folder by default{of_json}.",
    )  # fmt: skip


def portrait_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of how a portrait is drawn."""
    for option in (
        click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N",
                     help="Makes the result repeatable, where the engines can."),
        click.option("--steps", type=click.IntRange(1, 100), metavar="N", default=None,
                     help="Denoising steps, where the image model makes any."),
        click.option("--size", type=Size(), metavar="WxH", help="In pixels; 512x512 by default."),
        click.option("--style", default="", metavar="TEXT",
                     help="In what manner to draw, where the image model can."),
        click.option("--avatar-model", default="", metavar="NAME", help="The image model."),
        click.option("--request-id", default="", metavar="UUID",
                     help="Repeating a call with it attaches to the same generation."),
    ):  # fmt: skip
        command = option(command)
    return command


def telling_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of how its story is told."""
    command = output_option(", and nowhere with --json")(command)
    return click.option(
        "--json", "as_json", is_flag=True, help="Each Progress as one line of proto-JSON."
    )(command)
