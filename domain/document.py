"""Our own parts of the postmortem document: header, facts, table state, decisions."""

from domain.case import ActionItem, Case, Verdict
from domain.instants import shown_day
from domain.keys import outside_key
from domain.outside import TableRowState, WantedDocument
from domain.people import attendees, shown_at_home
from domain.phases import phase


def wanted_document(case: Case) -> WantedDocument | None:
    """Return the document as it should be now, as far as it is ours."""
    incident, rules = case.incident, case.rules
    if incident is None or rules is None or not case.document.folder_id:
        return None
    return WantedDocument(
        key=outside_key(case, "document"),
        folder_id=case.document.folder_id,
        title=f"{rules.process_name.capitalize()} {incident.key}: {incident.title}",
        header=_header(case),
        opening=rules.document.opening,
        sections=rules.document.sections,
        facts=_facts(case),
        rows=tuple(_row(item) for item in case.items),
        decisions=decisions(case),
        editors=tuple(each.person for each in attendees(case)),
    )


def _header(case: Case) -> tuple[tuple[str, str], ...]:
    incident = case.incident
    if incident is None or case.almanac is None:
        return ()
    named = case.almanac.name_of
    owner, chair = case.ownership.owner, case.meeting.facilitator
    start = case.meeting.start
    return (
        ("Status", phase(case).value),
        ("Severity", incident.severity.value),
        ("Services", ", ".join(incident.services)),
        ("Owner", named(owner) if owner else "being asked"),
        ("Facilitator", named(chair) if chair else "none yet"),
        ("Meeting", shown_at_home(case, start) if start else "being booked"),
        ("Incident", incident.url or incident.key),
    )


def _facts(case: Case) -> tuple[tuple[str, str], ...]:
    """Fill in, once, what the incident tool knew (G10: no blank page)."""
    incident = case.incident
    if incident is None or case.almanac is None:
        return ()
    moments = (
        ("began", incident.started_at),
        ("detected", incident.detected_at),
        ("resolved", incident.resolved_at),
    )
    timeline = "\n".join(f"{at:%Y-%m-%d %H:%M} UTC  {what}" for what, at in moments if at)
    roles = "\n".join(
        f"{case.almanac.name_of(each.person)}: {each.role}" for each in incident.participants
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
    return tuple(_sentence(case, item) for item in case.items if item.decision is not None)


def _sentence(case: Case, item: ActionItem) -> str:
    decision = item.decision
    if decision is None or case.almanac is None:
        return ""
    by = case.almanac.name_of(decision.by)
    words = [f"{item.id} {item.text}: {decision.verdict} ({by})."]
    if decision.reason:
        words.append(f"Reason: {decision.reason}")
    if decision.consequence:
        words.append(f"Expected consequence: {decision.consequence}")
    if decision.verdict is Verdict.DEFERRED and decision.revisit:
        words.append(f"Look at it again on {shown_day(decision.revisit)} {decision.revisit.year}.")
    return " ".join(words)
