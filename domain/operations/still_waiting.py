"""What is left to say when every ladder is climbed: one message a week, to whoever runs it all."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from domain.case import Case
from domain.engine.clock import due_at
from domain.engine.entry import Chase, Entry
from domain.engine.ledger import Status
from domain.engine.notice import Link, SendNotice, notice_key
from domain.engine.value import PersonId
from domain.engine.waiting import Asked
from domain.operations.notices import StillWaiting, WaitFacts
from domain.people import name_of, process_owner, usual_calendar

Waits = Sequence[Asked[Case]]


def still_waiting(case: Case, asked: Waits) -> Iterator[Entry]:
    """Yield the next word to the process owner; of their own waits their manager hears as well."""
    owner = process_owner(case)
    if owner is None or case.directory is None:
        return
    above = case.directory.manager_of(owner)
    told = {owner: asked, above: [each for each in asked if each.waiting.person == owner]}
    for reader, waits in told.items():
        begun = [each for each in waits if each.since is not None]
        if reader is not None and begun:
            yield _word(case, reader, begun)


def _word(case: Case, reader: PersonId, waits: Waits) -> Chase:
    """Return one message about all that waits then, a span after the last one or the last step."""
    notice_of = partial(_notice, case, waits)
    key = notice_key(StillWaiting.kind, reader)
    last = case.ledger.get(key)
    at, version = _unheard_of_any(case, waits, reader), "1"
    if last is not None:
        version = last.version
    if last is not None and last.status is not Status.UNAVAILABLE:
        at, version = max(at, _a_span_after(case, last.at, reader)), last.at.isoformat()

    def sent() -> SendNotice[Any]:
        chases = waits[0].waiting.key
        return SendNotice(key=key, version=version, to=reader, notice=notice_of(at), chases=chases)

    reads = (name for each in waits for name in (*each.spec.reads_first, *each.spec.needs_read))
    return Chase(
        at,
        sent,
        key=key,
        version=version,
        waiting=StillWaiting.kind,
        to=reader,
        after=tuple(dict.fromkeys(reads)),
    )


def _unheard_of_any(case: Case, waits: Waits, reader: PersonId) -> datetime:
    """Return when the first of some waits has been at the top for a span.

    Those of one kind, on one person and since one instant are alike, and there may be many.
    """
    kinds = {(each.spec.name, each.waiting.person, each.since): each for each in waits}
    return min(_unheard_from(case, each, reader) for each in kinds.values())


def _unheard_from(case: Case, asked: Asked[Case], reader: PersonId) -> datetime:
    """Return when a wait has been at the top of its ladder for a span."""
    since = asked.since or asked.waiting.since
    calendar = usual_calendar(case, asked.waiting.person)
    ladder = case.binding.ladders.get(asked.spec.name, ())
    ends = (due_at(since, step.after, calendar, case.holds) for step in ladder)
    return _a_span_after(case, max(ends, default=since), reader)


def _a_span_after(case: Case, instant: datetime, reader: PersonId) -> datetime:
    every = case.binding.process_owner.hears_every
    return due_at(instant, every, usual_calendar(case, reader), case.holds)


def _notice(case: Case, waits: Waits, at: datetime) -> StillWaiting:
    begun = sorted(
        (each.waiting for each in waits if each.waiting.since <= at), key=lambda each: each.since
    )
    url = case.document.url
    return StillWaiting(
        link=Link(),
        incident=case.facts,
        document_url=url,
        waits=tuple(
            WaitFacts(
                wait=each.what,
                name=name_of(case, each.person),
                since=each.since,
                items=tuple(item.facts for item in case.items if item.id in each.items),
            )
            for each in begun
        ),
    )
