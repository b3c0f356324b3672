"""A browser as small as a demo needs: it opens pages and posts their own forms, filled in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

from wording.catalogue import catalogue


@dataclass
class Form:
    """One form of a page: where it goes, and what stands in its fields."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A page that was opened."""

    url: str
    status: int
    text: str
    forms: tuple[Form, ...]
    links: tuple[str, ...]

    def form(self, name: str) -> Form:
        """Return the form whose action ends with a name.

        Raises:
            LookupError: the page has no such form.
        """
        for each in self.forms:
            if urlsplit(each.action).path.rsplit("/", 1)[-1] == name or name == "":
                return each
        raise LookupError(f"{urlsplit(self.url).path[:4]}… shows no form {name}: {self.status}")


class Browser:
    """Opens pages and posts forms, as a person's browser does: no cookies, its own origin."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def open(self, url: str) -> Page:
        """Open a page."""
        return _page(await self._client.get(url, follow_redirects=True))

    async def look(self, url: str) -> int:
        """Ask for a page without its content, as link checkers do; return the status."""
        return (await self._client.head(url)).status_code

    async def send(self, page: Page, form: Form, fields: dict[str, str]) -> Page:
        """Post a form as a person does, who reads it and types the word that it asks for."""
        word = {"word": catalogue().sending.word} if "word" in form.fields else {}
        return await self.post(page, form, {**word, **fields})

    async def post(self, page: Page, form: Form, fields: dict[str, str]) -> Page:
        """Post a form with what stands in it and what is typed over that."""
        address = urlsplit(page.url)
        headers = {"Origin": f"{address.scheme}://{address.netloc}"}
        typed = {**form.fields, **fields}
        answer = await self._client.post(
            form.action, data=typed, headers=headers, follow_redirects=True
        )
        return _page(answer)


def _page(answer: httpx.Response) -> Page:
    reader = _Reader(str(answer.url))
    reader.feed(answer.text)
    return Page(
        url=str(answer.url),
        status=answer.status_code,
        text=" ".join(reader.words),
        forms=tuple(reader.forms),
        links=tuple(reader.links),
    )


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._textarea = ""
        self._select = ""
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self._url, given["href"]))
        if tag == "form":
            self.forms.append(Form(urljoin(self._url, given.get("action", ""))))
        if self.forms:
            self._take_field(self.forms[-1], tag, given)

    def _take_field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        match tag:
            case "input" if given.get("type") in ("radio", "checkbox"):
                form.choices.setdefault(name, []).append(value or "on")
                if "checked" in given:
                    form.fields[name] = value or "on"
            case "input" if name:
                form.fields[name] = value
            case "button" if name:
                form.choices.setdefault(name, []).append(value)
            case "textarea":
                self._textarea = name
                form.fields[name] = ""
            case "select":
                self._select = name
            case "option" if self._select:
                form.choices.setdefault(self._select, []).append(value)
                if "selected" in given or self._select not in form.fields:
                    form.fields[self._select] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""
        if tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self.forms:
            self.forms[-1].fields[self._textarea] += data
        self.words.extend(data.split())
