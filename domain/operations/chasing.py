"""What people are told about something that waits: whoever is waited for, or somebody else."""

from domain.case import Case
from domain.engine.notice import Link, Notice
from domain.engine.value import PersonId
from domain.engine.waiting import Waiting
from domain.operations.notices import Escalation, Reminder
from domain.people import name_of


def chase(case: Case, waiting: Waiting, to: PersonId) -> Notice:
    """Remind the person waited for, or tell somebody else that they are late, without blame."""
    items = tuple(item.facts for item in case.items if item.id in waiting.items)
    if to == waiting.person:
        review = Link(leads_to="approval", subject=waiting.request)
        return Reminder(
            link=review if waiting.request else Link(),
            code_for=waiting.request,
            incident=case.facts,
            wait=waiting.what,
            since=waiting.since,
            items=items,
        )
    url = case.document.url
    return Escalation(
        link=Link(leads_to="document", url=url) if url else None,
        incident=case.facts,
        wait=waiting.what,
        name=name_of(case, waiting.person),
        since=waiting.since,
        items=items,
        document_url=url,
    )
