"""Draws the contact sheet: a portrait for each line of `sentences.txt`, row by row.

Run it from the root of the repository: `python docs/sketch/contact_sheet.py`. It needs Pillow,
which the development environment has.
"""

import asyncio
import io
from pathlib import Path

from PIL import Image

from services.avatar.engines.sketch.engine import SketchEngine
from services.avatar.port import EngineEvent, PortraitRequest

HERE = Path(__file__).parent
COLUMNS, CELL, GAP = 10, 176, 4


def ignore(event: EngineEvent) -> None:
    """A contact sheet needs no progress."""


async def portraits(sentences: list[str]) -> list[Image.Image]:
    """One picture per sentence, two at a time."""
    engine = SketchEngine()
    slots = asyncio.Semaphore(engine.concurrency)

    async def one(sentence: str) -> Image.Image:
        async with slots:
            portrait = await engine.draw(PortraitRequest(prompt=sentence, seed=7), ignore)
        picture = Image.open(io.BytesIO(portrait.png)).convert("RGB")
        return picture.resize((CELL, CELL), Image.Resampling.LANCZOS)

    try:
        return await asyncio.gather(*(one(sentence) for sentence in sentences))
    finally:
        await engine.close()


def main() -> None:
    """Writes `contact_sheet.jpg` beside this script."""
    sentences = (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()
    rows = -(-len(sentences) // COLUMNS)
    step = CELL + GAP
    sheet = Image.new("RGB", (COLUMNS * step + GAP, rows * step + GAP), "white")
    for index, picture in enumerate(asyncio.run(portraits(sentences))):
        sheet.paste(picture, (GAP + index % COLUMNS * step, GAP + index // COLUMNS * step))
    sheet.save(HERE / "contact_sheet.jpg", quality=88, optimize=True)


if __name__ == "__main__":
    main()
