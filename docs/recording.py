"""Draws the recording in the README from a real run, frame by frame, as a terminal shows it.

Run it from the root of the repository, with the events and the portrait that a run left:

    hatchery hatch --json --output owl.png "a grumpy owl librarian" > owl.jsonl
    python docs/recording.py "a grumpy owl librarian" owl.jsonl owl.png

It needs Pillow, which the development environment has, and DejaVu Sans Mono.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from google.protobuf import json_format
from hatchery.gateway.v1.agent_service_pb2 import Agent
from hatchery.progress.v1.progress_pb2 import Progress
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console, RenderableType
from rich.segment import Segment

from clients.cli.show.live import PREVIEW_SIDE, View
from clients.cli.show.panel import panel
from clients.cli.show.pixels import pixels
from clients.cli.show.scene import in_half_blocks

OUT = Path(__file__).with_name("hatching.gif")
FRAMES = 6  # a second
COLUMNS, LINES = 96, 25
CELL = (8, 16)  # pixels
MARGIN = 16  # pixels
INK, PAPER = "#f5ecd9", "#17141c"
AT_THE_END = 6.0  # seconds for which the card stays


class Terminal:
    """Draws what rich would print as a picture of a terminal."""

    def __init__(self, font: str) -> None:
        self.console = Console(
            width=COLUMNS, height=LINES, color_system="truecolor", force_terminal=True
        )
        bold = font.replace(".ttf", "-Bold.ttf")
        self._fonts = {
            False: ImageFont.truetype(font, 13),
            True: ImageFont.truetype(bold, 13),
        }

    def picture(self, shown: RenderableType) -> Image.Image:
        """One frame."""
        size = (COLUMNS * CELL[0] + 2 * MARGIN, LINES * CELL[1] + 2 * MARGIN)
        picture = Image.new("RGB", size, PAPER)
        draw = ImageDraw.Draw(picture)
        rows = self.console.render_lines(shown, self.console.options, pad=False)
        for y, row in enumerate(rows[:LINES]):
            x = 0
            for segment in row:
                for character in segment.text:
                    self._cell(draw, x, y, character, segment)
                    x += Segment(character).cell_length
        return picture

    def _cell(
        self, draw: ImageDraw.ImageDraw, x: int, y: int, character: str, segment: Segment
    ) -> None:
        left, top = MARGIN + x * CELL[0], MARGIN + y * CELL[1]
        right, bottom, middle = left + CELL[0] - 1, top + CELL[1] - 1, top + CELL[1] // 2
        style = segment.style
        ink, paper = INK, ""
        if style is not None:
            ink = style.color.get_truecolor().hex if style.color else INK
            paper = style.bgcolor.get_truecolor().hex if style.bgcolor else ""
        if paper:
            draw.rectangle((left, top, right, bottom), paper)
        match character:
            case "▀":
                draw.rectangle((left, top, right, middle - 1), ink)
            case "▄":
                draw.rectangle((left, middle, right, bottom), ink)
            case "█":
                draw.rectangle((left, top, right, bottom), ink)
            case _ if character.isspace() or Segment(character).cell_length > 1:
                pass  # the font has no emoji
            case _:
                bold = bool(style is not None and style.bold)
                draw.text((left, top), character, ink, self._fonts[bold])


def frames(
    terminal: Terminal, title: str, events: list[Progress], portrait: bytes
) -> Iterator[tuple[Image.Image, float]]:
    """Yield the frames and for how many seconds each stays."""
    view, agent, shown, now = View(title), Agent(), 0, 0.0
    began = events[0].emit_time.ToNanoseconds()
    times = [(event.emit_time.ToNanoseconds() - began) / 1e9 for event in events]
    while now <= times[-1]:
        while shown < len(events) and times[shown] <= now:
            event = events[shown]
            view.story.hear(event, now)
            if event.WhichOneof("event") == "preview":
                drawn = pixels(event.preview.image, event.preview.media_type, PREVIEW_SIDE)
                view.picture = in_half_blocks(drawn) if drawn else view.picture
            if event.WhichOneof("event") == "step_completed":
                done = event.step_completed
                agent.persona.MergeFrom(done.persona)
                agent.portrait.MergeFrom(done.portrait)
            shown += 1
        yield terminal.picture(view.frame(terminal.console, now)), 1 / FRAMES
        now += 1 / FRAMES
    yield terminal.picture(panel(agent, portrait, terminal.console)), AT_THE_END


def _side_by_side(pictures: list[Image.Image]) -> Image.Image:
    width, height = pictures[0].size
    whole = Image.new("RGB", (width * len(pictures), height))
    for index, picture in enumerate(pictures):
        whole.paste(picture, (index * width, 0))
    return whole


def main() -> None:
    """Write the GIF."""
    parser = argparse.ArgumentParser()
    parser.add_argument("title")
    parser.add_argument("events", type=Path)
    parser.add_argument("portrait", type=Path)
    parser.add_argument("--font", default="/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf")
    given = parser.parse_args()
    lines = given.events.read_text(encoding="utf-8").splitlines()
    events = [json_format.Parse(line, Progress()) for line in lines]
    drawn = list(frames(Terminal(given.font), given.title, events, given.portrait.read_bytes()))
    palette = _side_by_side([drawn[0][0], drawn[len(drawn) * 2 // 3][0], drawn[-1][0]]).quantize(
        128
    )
    pictures = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture, _ in drawn]
    pictures[0].save(
        OUT,
        save_all=True,
        append_images=pictures[1:],
        duration=[int(seconds * 1000) for _, seconds in drawn],
        loop=0,
        optimize=True,
    )


if __name__ == "__main__":
    main()
