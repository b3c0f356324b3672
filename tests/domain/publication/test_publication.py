"""Publication: the report goes out once to everybody, is kept, and the case closes."""

from domain.case import Phase
from domain.engine.act import OPERATIONS
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.incident import Severity
from domain.operations.subject import Retry
from domain.phases import phase
from domain.policy import Policy
from domain.publication.effects import WriteRecord
from domain.publication.notices import Published
from domain.views.record import record
from tests.playing import (
    INES,
    OLIVER,
    POLICY,
    an_incident,
    snapshot,
)
from tests.scenes import (
    confirm,
    decide,
    followed,
    met,
    no,
    settled,
    yes,
)


def test_the_report_counts_what_was_accepted() -> None:
    play = met()

    play.act(decide(play.case, yes("AI-1"), no("AI-2", OLIVER), no("AI-3"), no("AI-4")))
    play.act(confirm(INES, "AI-1"))

    report = play.told(Published)[0]
    assert (report.accepted, len(report.items)) == (1, 4)
    assert report.document_url == "https://documents/1"
    assert [item.state.value for item in report.items] == ["ticketed", *["declined"] * 3]


def test_the_report_is_published_when_everything_is_settled_and_ticketed() -> None:
    play = settled()

    assert play.case.published_at == play.now
    assert {to for _, to in play.sent("published")} == {
        "edge-firewall",
        "edge-platform",
        "incident-reports",
    }


def test_the_record_is_written_at_publication_and_at_closing() -> None:
    play = followed()
    at_publication = [e.version for e in play.kinds(WriteRecord)]
    for key in play.issues:
        play.take(key)
    play.wait(days=40)

    assert at_publication == ["published"]
    assert [e.version for e in play.kinds(WriteRecord)] == ["published", "closed"]
    assert '"phase": "closed"' in record(play.case)


def test_a_list_that_refuses_does_not_keep_the_report_from_the_others() -> None:
    closed = ["edge-platform"]
    play = settled(trouble=lambda e, _: _refused(e, closed))
    published = play.case.published_at

    closed.clear()
    play.act(Retry(by=OPERATIONS))

    assert published is not None
    assert [to for _, to in play.sent("published")][-1] == "edge-platform"
    assert play.case.published_at == published


def test_a_report_that_every_list_refuses_is_not_published() -> None:
    lists = ["edge-firewall", "edge-platform", "incident-reports"]
    play = settled(trouble=lambda e, _: _refused(e, lists))
    parked = play.seen

    lists.clear()
    play.act(Retry(by=OPERATIONS))

    assert parked.needs_attention
    assert parked.published_at is None
    assert play.case.published_at == play.now


def test_without_lists_everybody_who_was_invited_gets_the_report() -> None:
    known = snapshot(an_incident().resolved_at)
    teams = {name: team.replace(list=None) for name, team in known.teams.items()}
    play = settled(directory=known.replace(teams=teams), policy=_without_lists())

    assert {to for _, to in play.sent("published")} == set(play.case.meeting.invited)


def test_a_sev2_without_a_customer_message_closes_with_its_tickets() -> None:
    play = settled(incident=an_incident(severity=Severity.SEV2))
    for key in play.issues:
        play.take(key)
    play.wait(days=60)

    assert phase(play.case) is Phase.CLOSED
    assert not play.sent("message-draft")


def test_the_record_is_handed_over_as_it_is_now() -> None:
    play = settled()

    handed = WriteRecord().request(play.case, play.now)

    assert (handed.case, handed.revision) == (play.case.id, 1)
    assert handed.record == record(play.case)
    assert handed.document_id == "document-1"


def _refused(effect: object, lists: list[str]) -> Status | None:
    to = effect.to if isinstance(effect, SendNotice) else ""
    return Status.REFUSED if to in lists else None


def _without_lists() -> Policy:
    return POLICY.replace(publication=POLICY.publication.replace(lists=()))
