"""A mail scanner: it opens everything behind a link, and presses everything it finds."""

from random import Random

from devstack.browser import Browser, Form, Page


class LinkScanner:
    """What stands between a mail and its reader, at its worst; dice guess the code."""

    def __init__(self, browser: Browser, dice: Random) -> None:
        self._browser = browser
        self._dice = dice

    async def scan(self, url: str) -> int:
        """Look, open, and press every form with every choice; count the presses."""
        await self._browser.look(url)
        page = await self._browser.open(url)
        presses = 0
        for form in page.forms:
            for typed in self._guesses(form):
                await self._browser.post(page, form, typed)
                presses += 1
        await self._follow(page)
        return presses

    async def _follow(self, page: Page) -> None:
        own = [link for link in page.links if link.startswith(page.url.split("/a/")[0])]
        for link in own:
            await self._browser.open(link)

    def _guesses(self, form: Form) -> list[dict[str, str]]:
        texts = {name: "something" for name, value in form.fields.items() if not value}
        texts["code"] = f"{self._dice.randrange(10**6):06d}"
        choices = next(iter(form.choices.items()), ("", [""]))
        return [{}] + [{**texts, choices[0]: choice} for choice in choices[1]]
