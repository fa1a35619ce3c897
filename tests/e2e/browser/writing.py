"""The page where one has something written."""

import re
from typing import Any

from hatchery.progress.v1.progress_pb2 import Progress
from playwright.async_api import Page, expect


async def ask(page: Page, prompt: str, *, button: str = "Write") -> str:
    """Has something written; returns the name of the generation, or of the comparison."""
    await page.get_by_label("What to write", exact=True).fill(prompt)
    await page.get_by_role("button", name=button, exact=True).click()
    await page.wait_for_url(re.compile("/(generations|comparisons)/"))
    return "/".join(page.url.split("/")[-2:])


async def written(page: Page) -> None:
    """Waits for the end, which a small model may not find before it has no tokens left."""
    await expect(page.get_by_role("link", name="Open it")).to_be_visible(timeout=240_000)


async def card(page: Page, name: str) -> str:
    """What stands on a card."""
    return (
        await page.locator(".fact", has=page.get_by_text(name, exact=True))
        .locator("dd")
        .inner_text()
    )


def write_of(log: list[Progress]) -> Any:
    """How the step that writes ended."""
    return next(e.step_completed for e in log if e.step == "write" and e.step_completed.text)
