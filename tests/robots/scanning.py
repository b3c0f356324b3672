"""What mail filters do to links: they look, render, press and fill in; over HTTP, without scripts.

A filter types what it knows: nothing, a word of its own, a number where a code may be wanted.
"""

import random
from collections.abc import Awaitable, Callable, Iterator

from tests.browser import Browser, Form

CHOICES_TRIED = 4
"""Of each field, the first so many choices are tried, all fields' first ones together."""

_GUESSES = random.Random(7)


async def look(browser: Browser, address: str) -> None:
    """Ask for the head and the page, more than once, as filters do before delivery."""
    for _ in range(2):
        await browser.ask("HEAD", address)
        await browser.ask("GET", address)


async def render(browser: Browser, address: str) -> None:
    """Open the page and whatever of ours it loads or leads to."""
    page = await browser.open(address)
    for link in page.links:
        if link.startswith(("/", browser.base)):
            await browser.ask("GET", link)


async def press(browser: Browser, address: str) -> None:
    """Send each form as it stands, by each of its buttons."""
    page = await browser.open(address)
    for form in page.forms:
        for button in _buttons(form):
            await browser.press(page, form, **button)


async def fill(browser: Browser, address: str) -> None:
    """Choose everything, write into every field, and press every button."""
    page = await browser.open(address)
    for form in page.forms:
        for typed in _fillings(form):
            await browser.press(page, form, **typed)


Robot = Callable[[Browser, str], Awaitable[None]]
ROBOTS: tuple[Robot, ...] = (look, render, press, fill)


def _buttons(form: Form) -> list[dict[str, str]]:
    named = [{name: each} for name, values in form.buttons.items() for each in values]
    return named or [{}]


def _fillings(form: Form) -> Iterator[dict[str, str]]:
    texts = {name: _written(name) for name in form.texts}
    most = max((len(values) for values in form.choices.values()), default=1)
    for number in range(min(most, CHOICES_TRIED)):
        chosen = {
            name: values[min(number + ("" in values), len(values) - 1)]
            for name, values in form.choices.items()
        }
        for button in _buttons(form):
            yield {**texts, **chosen, **button}


def _written(name: str) -> str:
    match name.partition("-")[0]:
        case "code":
            return f"{_GUESSES.randrange(10**6):06d}"
        case "url" | "reference":
            return "https://robot.example/"
        case "revisit":
            return "2027-12-01"
        case "other":
            return "2027-03-01T10:00"
        case _:
            return "robot"
