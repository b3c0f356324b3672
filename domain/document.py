"""Our own parts of the postmortem document: header, facts, table state, decisions."""

from domain.calendar.instants import shown_day
from domain.case import ActionItem, Case, Decision, Verdict
from domain.incident import Incident
from domain.keys import outside_key
from domain.people import attendees, name_of, shown_at_home
from domain.phases import phase
from domain.preparation.document import DesiredDocument, TableRowState


def desired_document(case: Case) -> DesiredDocument | None:
    """Return the document as it should be now, as far as it is ours."""
    incident, rules = case.incident, case.rules
    if incident is None or rules is None or not case.document.folder_id:
        return None
    return DesiredDocument(
        key=outside_key(case, "document"),
        folder_id=case.document.folder_id,
        title=f"{rules.process_name.capitalize()} {incident.key}: {incident.title}",
        header=_header(case, incident),
        opening=rules.document.opening,
        sections=rules.document.sections,
        facts=_facts(case, incident),
        rows=tuple(_row(item) for item in case.items),
        decisions=decisions(case),
        editors=tuple(each.person for each in attendees(case)),
    )


def _header(case: Case, incident: Incident) -> tuple[tuple[str, str], ...]:
    start = case.meeting.start
    return (
        ("Status", phase(case).value),
        ("Severity", incident.severity.value),
        ("Services", ", ".join(incident.services)),
        ("Owner", name_of(case, case.ownership.owner, otherwise="being asked")),
        ("Facilitator", name_of(case, case.meeting.facilitator, otherwise="none yet")),
        ("Meeting", shown_at_home(case, start) if start else "being booked"),
        ("Incident", incident.url or incident.key),
    )


def _facts(case: Case, incident: Incident) -> tuple[tuple[str, str], ...]:
    """Fill in, once, what the incident tool knew (G10: no blank page)."""
    moments = (
        ("began", incident.started_at),
        ("detected", incident.detected_at),
        ("resolved", incident.resolved_at),
    )
    timeline = "\n".join(f"{at:%Y-%m-%d %H:%M} UTC  {what}" for what, at in moments if at)
    roles = "\n".join(
        f"{name_of(case, each.person)}: {each.role}" for each in incident.participants
    )
    facts = (("Incident log", timeline), ("People and roles", roles))
    return tuple((heading, text) for heading, text in facts if text)


def _row(item: ActionItem) -> TableRowState:
    return TableRowState(
        id=item.id,
        text=item.text,
        type=item.type,
        priority=item.priority,
        team=item.team,
        done_when=item.done_when,
        state=item.state,
    )


def decisions(case: Case) -> tuple[str, ...]:
    """Return one sentence per verdict, those against acting with reason and consequence (S0)."""
    return tuple(
        _sentence(case, item, item.decision) for item in case.items if item.decision is not None
    )


def _sentence(case: Case, item: ActionItem, decision: Decision) -> str:
    by = name_of(case, decision.by)
    words = [f"{item.id} {item.text}: {decision.verdict} ({by})."]
    if decision.reason:
        words.append(f"Reason: {decision.reason}")
    if decision.consequence:
        words.append(f"Expected consequence: {decision.consequence}")
    if decision.verdict is Verdict.DEFERRED and decision.revisit:
        words.append(f"Look at it again on {shown_day(decision.revisit)} {decision.revisit.year}.")
    return " ".join(words)
