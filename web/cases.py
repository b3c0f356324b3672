"""What pages and webhooks ask of the cases; `workflows.client.Postmortems` is what answers."""

from typing import Protocol

from domain.action_items.ticket import ObservedIssue
from domain.case import Answer, Case
from domain.engine.act import Act
from domain.incident import Incident


class Cases(Protocol):
    """Every case, by the words of the domain; errors are those of `workflows.client`."""

    async def incident_resolved(self, incident: Incident) -> str:
        """Start the incident's case, or tell the one that is there; return its id."""
        ...

    async def ticket_changed(self, case: str, issue: ObservedIssue) -> None:
        """Tell a case that one of its tickets changed."""
        ...

    async def act(self, case: str, act: Act[Case], *, link: str) -> Answer:
        """Carry out a person's act and say where it leaves the case."""
        ...

    async def case(self, case: str) -> Case:
        """Return a case, open or recently closed."""
        ...
