"""A mail scanner: it opens everything behind a link, and presses everything it finds."""

from random import Random

from devstack.browser import Browser, Form, Page


async def scan(browser: Browser, url: str, dice: Random) -> int:
    """Look, open, and press every form with every choice and a guessed code; count the presses."""
    await browser.look(url)
    page = await browser.open(url)
    presses = 0
    for form in page.forms:
        for typed in _guesses(form, dice):
            await browser.post(page, form, typed)
            presses += 1
    await _follow(browser, page)
    return presses


async def _follow(browser: Browser, page: Page) -> None:
    own = [link for link in page.links if link.startswith(page.url.split("/a/")[0])]
    for link in own:
        await browser.open(link)


def _guesses(form: Form, dice: Random) -> list[dict[str, str]]:
    texts = {name: "something" for name, value in form.fields.items() if not value}
    texts["code"] = f"{dice.randrange(10**6):06d}"
    choices = next(iter(form.choices.items()), ("", [""]))
    return [{}] + [{**texts, choices[0]: choice} for choice in choices[1]]
