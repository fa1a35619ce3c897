"""A companion from a picture, in a browser: chosen, dropped, pasted, and what comes of it."""

import base64
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e.browser.conftest import PATIENCE, Visitor
from tests.e2e.browser.test_hatching import hatched
from tests.support.pictures import as_file, at_dusk, drawn

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)

DUSK = as_file(at_dusk((600, 800)), "JPEG", quality=95)
# Hands a file to the page as a drop or a paste does.
_HAND = """
([kind, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "picture", { type }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
  document.getElementById("description").dispatchEvent(event);
}
"""


async def _hand(page: Page, kind: str, media_type: str, data: bytes) -> None:
    await page.evaluate(_HAND, [kind, media_type, base64.b64encode(data).decode()])


async def test_a_picture_alone_hatches(visitor: Visitor, tmp_path: Path) -> None:
    """It is shown with its colours, and it is said that no more than that was read."""
    file = tmp_path / "dusk.jpg"
    file.write_bytes(DUSK)
    page = await visitor.open()
    hatch = page.get_by_role("button", name="Hatch", exact=True)
    await expect(hatch).to_be_disabled()
    await page.locator("input[type=file]").set_input_files(file)
    await expect(page.get_by_role("img", name="What it is made after")).to_be_visible()
    await hatch.click()
    await page.wait_for_url("**/generations/*")
    brought = page.get_by_role("region", name="The picture that you brought")
    await expect(brought.get_by_role("img", name="What you brought")).to_be_visible()
    await expect(brought.get_by_role("listitem").first).to_contain_text("teal")
    await expect(brought).to_contain_text("dark, moderate contrast")
    await expect(page.get_by_text("Only the picture’s colours, light and")).to_be_visible()
    await hatched(page)
    await expect(page.locator(".persona-age")).to_be_visible()
    await expect(page.locator(".persona-backstory dd")).to_have_count(1)
    again = page.get_by_role("button", name="Look at the picture again")
    await expect(again).to_be_visible()
    await page.get_by_role("link", name="Meet your companion").click()
    await expect(page.get_by_role("button", name="Edit")).to_be_visible()


async def test_a_picture_is_dropped_pasted_replaced_and_left_out(visitor: Visitor) -> None:
    """What the server would not take is drawn anew; what is none is refused in words."""
    page = await visitor.open()
    shown = page.get_by_role("img", name="What it is made after")
    await _hand(page, "drop", "image/jpeg", DUSK)
    await expect(shown).to_be_visible()
    first = await shown.get_attribute("src")
    await _hand(page, "paste", "image/gif", as_file(drawn(), "GIF"))
    await expect(shown).not_to_have_attribute("src", first or "")
    await _hand(page, "drop", "text/plain", b"words")
    await expect(page.get_by_text("That is no picture that can be read here.")).to_be_visible()
    await page.get_by_role("button", name="Without it").click()
    await expect(shown).to_have_count(0)
    await expect(page.get_by_role("button", name="Hatch", exact=True)).to_be_disabled()


async def test_a_photo_that_is_too_large_is_drawn_smaller(visitor: Visitor) -> None:
    """So that one from a camera can be taken as it is."""
    noise = Image.effect_noise((3000, 2400), 90).convert("RGB")
    large = as_file(noise, "PNG")
    assert len(large) > 8 * 2**20
    page = await visitor.open()
    await _hand(page, "drop", "image/png", large)
    shown = page.get_by_role("img", name="What it is made after")
    await expect(shown).to_be_visible()
    assert [2048, 1638] == await shown.evaluate("(img) => [img.naturalWidth, img.naturalHeight]")
    async with page.expect_request("**/CreateAgent") as asked:
        await page.get_by_role("button", name="Hatch", exact=True).click()
    body = (await asked.value).post_data_buffer
    assert body is not None
    assert b"\xff\xd8\xff" in body
    assert len(body) < 8 * 2**20
    await page.wait_for_url("**/generations/*")
    await expect(page.get_by_role("img", name="What you brought")).to_be_visible()
    await page.get_by_role("button", name="Stop", exact=True).click()
    await expect(page.get_by_role("button", name="Try again from here")).to_be_visible()
