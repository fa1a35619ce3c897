"""Templates and ratings in a browser: begun with, kept, deleted; liked, and shown in statistics."""

import pytest
from playwright.async_api import expect

from tests.e2e.browser.conftest import PATIENCE, Visitor
from tests.e2e.browser.test_hatching import hatched

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)


async def test_one_hatches_from_a_template_and_is_rated(visitor: Visitor) -> None:
    """Its sentence leads; stars are there again after a reload, and in the statistics."""
    page = await visitor.open()
    await page.get_by_text("Begin with a template").click()
    await page.get_by_role("button", name="The gardener").click()
    await expect(page.get_by_text("Begins with The gardener")).to_be_visible()
    await page.get_by_label("Your companion, in a sentence").fill("with a very small rake")
    await page.get_by_role("button", name="Hatch", exact=True).click()
    await page.wait_for_url("**/generations/*")
    begun = page.locator(".description")
    await expect(begun).to_contain_text("a patient turtle in green overalls")
    await expect(begun).to_contain_text("with a very small rake")
    await hatched(page)
    portrait = page.get_by_role("group", name="The portrait")
    four = portrait.get_by_role("button", name="4 of 5 stars")
    await four.click()
    await expect(four).to_have_attribute("aria-pressed", "true")
    await page.reload()
    await expect(four).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("link", name="Statistics").click()
    liked = page.get_by_role("figure", name="How it was liked")
    portraits = liked.get_by_role("listitem").filter(has_text="avatar")
    await expect(portraits).to_contain_text("★ 4.0 of 1 rating")
    await page.go_back()
    await expect(four).to_have_attribute("aria-pressed", "true")
    await four.click()
    await expect(four).to_have_attribute("aria-pressed", "false")


async def test_what_is_written_is_kept_as_a_template_and_deleted(visitor: Visitor) -> None:
    """It is there on the next visit; a second one of its name is refused in words."""
    page = await visitor.open()
    words = page.get_by_label("Your companion, in a sentence")
    await words.fill("a heron who collects umbrellas")
    await page.get_by_text("Begin with a template").click()
    title = page.get_by_label("as a template called")
    await title.fill("The Collector!")
    await page.get_by_role("button", name="Keep", exact=True).click()
    await expect(page.get_by_text("Begins with The Collector!")).to_be_visible()
    await expect(words).to_have_value("")
    await words.fill("a stork")
    await title.fill("the collector")
    await page.get_by_role("button", name="Keep", exact=True).click()
    await expect(page.get_by_text("There is another template of that name.")).to_be_visible()
    other = await visitor.open()
    await other.get_by_text("Begin with a template").click()
    await other.get_by_role("button", name="Delete the template The Collector!").click()
    await expect(other.get_by_role("button", name="The Collector!")).to_have_count(0)
    await expect(other.get_by_role("button", name="The knight")).to_be_visible()
