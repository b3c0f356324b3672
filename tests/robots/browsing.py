"""The same robots in real Chromium, with scripts on: what they render, press and fill in."""

from playwright.async_api import BrowserContext, Locator, Page

CHOICES_TRIED = 2
PATIENCE_MS = 5_000

_FILLINGS = {
    "date": "2027-12-01",
    "datetime-local": "2027-03-01T10:00",
    "url": "https://robot.example/",
}


async def scan(browser: BrowserContext, address: str, base: str) -> int:
    """Do to one link all that robots do, and count what was pressed."""
    page = await browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await browser.request.head(address)
    await _opened(page, address)
    await _follow(page, address, base)
    pressed = await _press(page, address, filled=False) + await _press(page, address, filled=True)
    await page.close()
    return pressed


async def _opened(page: Page, address: str) -> None:
    await page.goto(address, wait_until="load")
    await page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


async def _follow(page: Page, address: str, base: str) -> None:
    links = await page.eval_on_selector_all("a[href]", "found => found.map(each => each.href)")
    for link in {each for each in links if each.startswith(base)}:
        await page.goto(link, wait_until="load")
    await _opened(page, address)


async def _press(page: Page, address: str, *, filled: bool) -> int:
    """Press each button of the page, each time on a page that is opened anew."""
    await _opened(page, address)
    buttons = await page.locator("form button").count()
    rounds = range(CHOICES_TRIED) if filled else range(1)
    for number in range(buttons):
        for choice in rounds:
            await _opened(page, address)
            button = page.locator("form button").nth(number)
            if filled:
                await _fill(button.locator("xpath=ancestor::form"), choice)
            await button.click()
            await page.wait_for_load_state("load")
    return buttons * (len(rounds))


async def _fill(form: Locator, choice: int) -> None:
    for field in await form.locator("input:not([type=hidden]), textarea").all():
        kind = await field.get_attribute("type") or ""
        if kind not in ("radio", "checkbox"):
            name = await field.get_attribute("name") or ""
            await field.fill("314159" if name == "code" else _FILLINGS.get(kind, "robot"))
    for group in await form.locator("fieldset:has(input[type=radio])").all():
        options = group.locator("input[type=radio]")
        await options.nth(min(choice, await options.count() - 1)).check()
    for box in await form.locator("input[type=checkbox]").all():
        await box.check()
    for field in await form.locator("select").all():
        last = await field.locator("option").count() - 1
        await field.select_option(index=min(choice + 1, last))
