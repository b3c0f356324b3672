"""The tickets as a person sees and moves them."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from simulator.errors import VendorError
from simulator.jira.issues import Issues
from simulator.jira.site import TRANSITIONS
from simulator.jira.text import as_adf
from simulator.pages.adf_html import adf_as_html
from simulator.pages.rendering import back_to, page
from simulator.world import World, WorldHere

router = APIRouter(prefix="/tickets")

Author = Annotated[str, Form()]


@router.get("")
async def list_tickets(request: Request, world: WorldHere) -> HTMLResponse:
    """Show every ticket, newest first."""
    return page(request, "tickets", issues=world.store.all("issues")[::-1])


@router.get("/{key}")
async def show_ticket(request: Request, key: str, world: WorldHere) -> HTMLResponse:
    """Show one ticket."""
    issue = Issues(world, request).get(key)
    return page(
        request,
        "ticket",
        issue=issue,
        fields=issue["fields"],
        description=adf_as_html(as_adf(issue["fields"]["description"])),
        comments=[each | {"html": adf_as_html(as_adf(each["body"]))} for each in issue["comments"]],
        statuses=[
            name for name in TRANSITIONS.values() if name != issue["fields"]["status"]["name"]
        ],
        people=world.store.all("people"),
    )


@router.post("/{key}/transition")
async def move_ticket(
    request: Request, key: str, world: WorldHere, to: Annotated[str, Form()], author: Author = ""
) -> Response:
    """Move a ticket to another status."""
    numbers = {name: number for number, name in TRANSITIONS.items()}
    if to not in numbers:
        raise VendorError(400, {"detail": f"There is no status “{to}”."})
    issues = Issues(world, request)
    issues.transition(issues.get(key), numbers[to], _actor(world, author))
    return back_to(f"/tickets/{key}")


@router.post("/{key}/due-date")
async def set_due_date(
    request: Request,
    key: str,
    world: WorldHere,
    duedate: Annotated[str, Form()] = "",
    author: Author = "",
) -> Response:
    """Give a ticket another due date, or none."""
    issues = Issues(world, request)
    fields = {"duedate": duedate.strip() or None}
    issues.edit(issues.get(key), {"fields": fields}, _actor(world, author))
    return back_to(f"/tickets/{key}")


@router.post("/{key}/project")
async def move_to_project(
    request: Request, key: str, world: WorldHere, to: Annotated[str, Form()], author: Author = ""
) -> Response:
    """Move a ticket to another project, where it gets another key."""
    issues = Issues(world, request)
    moved = issues.move(issues.get(key), to.strip().upper(), _actor(world, author))
    return back_to(f"/tickets/{moved['key']}")


@router.post("/{key}/delete")
async def delete_ticket(
    request: Request, key: str, world: WorldHere, author: Author = ""
) -> Response:
    """Delete a ticket for good."""
    issues = Issues(world, request)
    issues.remove(issues.get(key), _actor(world, author))
    return back_to("/tickets")


def _actor(world: World, author: str) -> str:
    return author.strip() or world.settings.account
