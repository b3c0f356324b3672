"""What the review page shows of a request: open, decided, superseded or closed."""

from collections.abc import Iterator
from typing import Literal

from domain.case import Case
from domain.customer_message.state import Approval
from domain.moments import posting_allowed_at
from domain.people import shown_at_home
from web.words import name_of

Face = Literal["open", "decided", "superseded", "closed"]


def face_of(case: Case, asked: Approval) -> Face:
    """Return which of its pages a request has now; the case alone knows."""
    if asked.superseded_at is not None:
        return "superseded"
    if asked.decision is not None:
        return "decided"
    if case.message.finished or case.closed_at is not None or case.message.text is None:
        return "closed"
    # Nobody is ever shown another text than the one that they are asked about.
    return "open" if case.message.text.digest == asked.digest else "superseded"


def open_view(case: Case, asked: Approval) -> dict[str, object]:
    """Return what an open request shows: the exact text, and what helps to judge it."""
    mailed = case.rules is not None and case.rules.message.channel == "mail"
    return {
        "asked": asked,
        "text": case.message.text,
        "promises": [
            {"text": item.text, "state": item.state} for item in case.items if item.accepted
        ],
        "others": list(_others(case, asked)),
        "after": (
            "An approved text is sent to the customers' list after a short while, in which it can "
            "still be stopped."
            if mailed
            else "An approved text may be posted after a short while, in which it can still be "
            "stopped."
        ),
    }


def _others(case: Case, asked: Approval) -> Iterator[str]:
    for each in case.message.approvals:
        if each.id != asked.id:
            yield f"{name_of(case, each.liaison)}, about version {each.version}: {_fate(each)}"


def _fate(asked: Approval) -> str:
    if asked.decision == "changes":
        return "asked for a change"
    if asked.superseded_at is not None:
        return "superseded"
    return asked.decision or "not decided"


def decided_view(case: Case, asked: Approval, face: Face) -> dict[str, object]:
    """Return what a request shows that takes no decision any more; never the text."""
    match face:
        case "superseded":
            return _said(
                "This request was superseded",
                "It is about a text, or was sent to a person, that does not count any more.",
                "If you are asked again, use the link in the newest mail.",
            )
        case "decided":
            return _decided(case, asked)
        case _:
            return _said("This request is closed", "There is nothing to decide any more.")


def _decided(case: Case, asked: Approval) -> dict[str, object]:
    when = shown_at_home(case, asked.decided_at) if asked.decided_at else ""
    if asked.decision == "changes":
        return _said(
            "Thank you: a change was asked for",
            f"Text {asked.digest[:10]} (version {asked.version}) will not be used, since {when}.",
            f"What was said: {asked.comment}",
            "When the owner has revised it, the new text is sent for review.",
        )
    allowed = posting_allowed_at(case)
    return _said(
        "Thank you: the text was approved",
        f"Text {asked.digest[:10]} (version {asked.version}) was approved on {when}.",
        *_afterwards(case, shown_at_home(case, allowed) if allowed else ""),
    )


def _afterwards(case: Case, allowed: str) -> tuple[str, ...]:
    if case.message.posted_at is not None:
        return (f"It is out since {shown_at_home(case, case.message.posted_at)}.",)
    if case.message.withdrawn_at is not None:
        return ("It was stopped for good, and does not leave.",)
    return (f"It may leave from {allowed} on. Until then it can be stopped.",)


def _said(title: str, lead: str, *lines: str) -> dict[str, object]:
    return {"title": title, "lead": lead, "lines": lines}
