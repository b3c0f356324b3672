"""The demo's people: they read their mail, open its link, and post the page's own form."""

import re
from typing import Any
from urllib.parse import urlsplit

from console.running import CannotRun
from demo.narrator import kind_of
from devstack.browser import Page
from devstack.environment import Environment

_CODE = re.compile(r"code for the page: (\d{6})")


class Stuck(CannotRun):
    """A person could not do what the story wants; the text says what they saw."""


class Person:
    """Somebody of the organisation file, with a mailbox and a browser."""

    def __init__(self, here: Environment, id_: str) -> None:
        self._here = here
        self.id = id_
        self.email = here.email(id_)
        self.name = here.directory.addresses([id_])[id_].name

    async def mail(self, kind: str) -> dict[str, Any]:
        """Return the newest mail of a kind.

        Raises:
            Stuck: there is none.
        """
        mails = [m for m in await self._here.told("mails", to=self.email) if kind_of(m) == kind]
        if not mails:
            raise Stuck(f"{self.name} has no mail of the kind {kind}.")
        newest: dict[str, Any] = mails[-1]
        return newest

    async def link(self, kind: str) -> str:
        """Return the link to our pages in the newest mail of a kind."""
        mail = await self.mail(kind)
        found: list[str] = re.findall(r"https?://\S+/[saw]/\S+", mail["text"])
        if not found:
            raise Stuck(f"The mail “{mail['subject']}” to {self.name} has no link.")
        return found[0]

    async def code(self) -> str:
        """Return the six digits in the newest mail that has some."""
        mails = await self._here.told("mails", to=self.email)
        found = [code for mail in mails for code in _CODE.findall(mail["text"])]
        return str(found[-1]) if found else ""

    async def does(self, kind: str, form: str, **fields: str) -> Page:
        """Open the link of a mail and post one of the page's forms."""
        return await self.posts(await self.link(kind), form, {**fields})

    async def posts(self, url: str, form: str, fields: dict[str, str]) -> Page:
        """Open a page and post one of its forms, filled in.

        Raises:
            Stuck: the page says no.
        """
        browser = self._here.browser
        page = await browser.open(url)
        shown = page.form(form)
        code = {"code": await self.code()} if "code" in shown.fields else {}
        answer = await browser.send(page, shown, {**code, **fields})
        if answer.status >= 400:  # noqa: PLR2004 - HTTP's own border
            raise Stuck(f"{self.name} could not {form.replace('_', ' ')}: {answer.text[:300]}")
        await self._here.settle()
        return answer

    async def steps(self) -> str:
        """Return the link to this person's steps from whichever mail had it."""
        for mail in reversed(await self._here.told("mails", to=self.email)):
            found: list[str] = re.findall(r"https?://\S+/s/\S+", mail["text"])
            if found:
                return found[0]
        raise Stuck(f"{self.name} was never sent a link to the steps.")

    async def writes(self, heading: str, text: str) -> None:
        """Write a paragraph into a section of the document."""
        await self._here.press(
            f"{await self._document()}/write", heading=heading, text=text, author=self.email
        )

    async def renames(self, heading: str, to: str) -> None:
        """Give a heading of the document other words."""
        path = f"{await self._document()}/rename-heading"
        await self._here.press(path, heading=heading, to=to, author=self.email)

    async def types_row(self, cells: list[str]) -> None:
        """Type a row into the document's table of action items."""
        path = f"{await self._document()}/row"
        await self._here.press(path, table="1", cells=cells, author=self.email)

    async def answers_invitation(self, response: str) -> None:
        """Answer the calendar's invitation."""
        case = await self._here.case()
        path = f"{urlsplit(case.meeting.url).path}/respond"
        await self._here.press(path, email=self.email, response=response)

    async def _document(self) -> str:
        return urlsplit((await self._here.case()).document.url).path
