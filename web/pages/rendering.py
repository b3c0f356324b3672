"""How a page is made: templates, what they may ask, and the pages that only say one thing."""

from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from wording.catalogue import Catalogue

_WEB = Path(__file__).parent.parent
TEMPLATES = _WEB / "templates"
STATIC = _WEB / "static"
RETRY_AFTER_SECONDS = 60


class Pages:
    """Every template, escaping whatever it is given and failing on what it is not given.

    `root` is the path that all our addresses begin with, empty at the top of a host.
    """

    def __init__(self, words: Catalogue, root: str = "") -> None:
        self.words = words
        self.root = root
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.tests["web_address"] = is_web_address
        self._environment.globals["root"] = root

    def page(
        self, template: str, status: HTTPStatus = HTTPStatus.OK, **shown: object
    ) -> HTMLResponse:
        """Return a page made of a template."""
        html = self._environment.get_template(template).render(**shown)
        return HTMLResponse(html, status_code=status)

    def invalid_link(self) -> HTMLResponse:
        """Say that a link is none of ours, or leads to nothing."""
        return self._message(
            HTTPStatus.NOT_FOUND,
            "This link is not valid",
            "Perhaps your mail program cut it off. Open it from the mail again, or use the newest "
            "mail about this incident.",
        )

    def earlier_link(self) -> HTMLResponse:
        """Say that a link is about an earlier postmortem of the same incident."""
        return self._message(
            HTTPStatus.GONE,
            "This link has been replaced",
            "The incident was resolved once more since, and what it was about is closed. Use the "
            "newest mail about this incident.",
        )

    def no_such_case(self) -> HTMLResponse:
        """Say that the case is gone."""
        return self._message(
            HTTPStatus.NOT_FOUND,
            "There is nothing here any more",
            "It was closed some time ago. What was decided stands in the published report and in "
            "the tickets.",
        )

    def not_ready(self) -> HTMLResponse:
        """Say that a case has only just begun."""
        return self._message(
            HTTPStatus.OK,
            "This is still being set up",
            "Open the page again in a minute.",
        )

    def nothing_here(self) -> HTMLResponse:
        """Say that an address leads nowhere."""
        return self._message(
            HTTPStatus.NOT_FOUND,
            "There is no such page",
            "Open the link from your mail; there is nothing to find here otherwise.",
        )

    def away(self) -> HTMLResponse:
        """Say that nobody answers at the moment, and when to come back."""
        page = self._message(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "We cannot reach it at the moment",
            "Nothing is lost, and you have not done anything wrong. If you had just sent a form, "
            "it may still have been taken in. Open the page again in a minute to see.",
        )
        page.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return page

    def too_often(self, seconds: int) -> HTMLResponse:
        """Say that there were too many requests, and when to come back."""
        wait = "1 second" if seconds == 1 else f"{seconds} seconds"
        page = self._message(
            HTTPStatus.TOO_MANY_REQUESTS,
            "That was too often",
            "This was opened or sent very often just now. Nothing is lost, and nothing of what you "
            f"had just sent was taken in. Go back and try again in {wait}.",
        )
        page.headers["Retry-After"] = str(seconds)
        return page

    def _message(self, status: HTTPStatus, title: str, text: str) -> HTMLResponse:
        return self.page("message.html", status, title=title, text=text)


def is_web_address(address: str) -> bool:
    """Tell whether an address may become a link; people paste all sorts of things."""
    return address.startswith(("https://", "http://"))
