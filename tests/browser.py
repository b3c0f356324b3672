"""A browser without a screen: what stands on a page, and forms that are filled in and sent."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx
from fastapi import FastAPI


@dataclass
class Form:
    """One form of a page, as a browser holds it."""

    action: str = ""
    filled: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """What stands on a page: its words, links, forms, ids and labels."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.status, self.url = answer.status_code, str(answer.url)
        self.html = answer.text
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[str] = []
        self.headings: list[str] = []
        self._words: list[str] = []
        self._select = self._area = ""
        self.feed(answer.text)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def form(self, name: str) -> Form:
        return next(each for each in self.forms if each.action.rsplit("/", 1)[-1] == name)

    @property
    def form_names(self) -> list[str]:
        return [each.action.rsplit("/", 1)[-1] for each in self.forms]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._note(tag, told)
        match tag:
            case "form":
                self.forms.append(Form(action=told["action"]))
            case "input":
                self._input(told)
            case "select":
                self._select = told["name"]
                self.forms[-1].filled[self._select] = ""
                self.forms[-1].choices[self._select] = []
            case "option":
                self.forms[-1].choices[self._select].append(told["value"])
                if "selected" in told:
                    self.forms[-1].filled[self._select] = told["value"]
            case "button" if "name" in told:
                self.forms[-1].buttons.setdefault(told["name"], []).append(told["value"])
            case "textarea":
                self._area = told["name"]
                self.forms[-1].filled[self._area] = ""
                self.forms[-1].texts.append(self._area)

    def _note(self, tag: str, told: dict[str, str]) -> None:
        if "id" in told:
            self.ids.append(told["id"])
        if tag in ("input", "select", "textarea") and told.get("type") != "hidden":
            self.fields.append(told.get("id", ""))
        if tag == "label":
            self.labelled.add(told["for"])
        if "href" in told:
            self.links.append(told["href"])
        self.headings += [""] if tag == "h1" else []

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            # A browser drops the line end right after the tag.
            self.forms[-1].filled[self._area] += data.removeprefix("\n")
        self._words.append(data)

    def _input(self, told: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], told["name"], told["type"]
        if kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(told["value"])
            if "checked" in told:
                form.filled[name] = told["value"]
            return
        form.filled[name] = told.get("value", "")
        if kind != "hidden":
            form.texts.append(name)


class Browser:
    """Opens pages and sends forms as browsers do, from our own pages.

    `types` is what its person types into fields of these names, unless they are told otherwise.
    """

    def __init__(self, app: FastAPI, base: str, **types: str) -> None:
        self.base = base
        self._types = types
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=base, follow_redirects=True
        )

    async def open(self, address: str) -> Page:
        return Page(await self._client.get(address))

    async def ask(self, method: str, address: str, **rest: object) -> httpx.Response:
        return await self._client.request(method, address, **rest)  # type: ignore[arg-type]

    async def send(self, page: Page, form: Form, **typed: str) -> Page:
        """Fill fields in as a person, by their names with `_` for `-`, and press the button."""
        known = {name: value for name, value in self._types.items() if name in form.filled}
        return await self.press(page, form, **{**known, **typed})

    async def press(self, page: Page, form: Form, **typed: str) -> Page:
        """Send a form with these fields and nothing else that a person would know."""
        names = [*form.filled, *form.choices, *form.buttons]
        known = {name.replace("-", "_"): name for name in names}
        filled = {**form.filled, **{known.get(name, name): value for name, value in typed.items()}}
        address = urljoin(page.url, form.action)
        answer = await self._client.post(address, data=filled, headers={"Origin": self.base})
        return Page(answer)

    async def answer(self, address: str, name: str, **typed: str) -> Page:
        """Open a page, fill one of its forms in and send it."""
        page = await self.open(address)
        return await self.send(page, page.form(name), **typed)
