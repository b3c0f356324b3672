"""What operations filter cases by in the Temporal UI: ids, roles and dates only."""

from collections.abc import Callable
from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain.engine.value import PersonId
from domain.views.summary import CaseSummary

PHASE = SearchAttributeKey.for_keyword("PostmortemPhase")
SEVERITY = SearchAttributeKey.for_keyword("PostmortemSeverity")
SERVICES = SearchAttributeKey.for_keyword_list("PostmortemServices")
OWNER = SearchAttributeKey.for_keyword("PostmortemOwner")
WAITING_ON = SearchAttributeKey.for_keyword_list("PostmortemWaitingOn")
WAITING_SINCE = SearchAttributeKey.for_datetime("PostmortemWaitingSince")
MEETING_AT = SearchAttributeKey.for_datetime("PostmortemMeetingAt")
LATE = SearchAttributeKey.for_bool("PostmortemLate")
NEEDS_ATTENTION = SearchAttributeKey.for_bool("PostmortemNeedsAttention")

SEARCH_ATTRIBUTES = {
    "PostmortemPhase": "Keyword",
    "PostmortemSeverity": "Keyword",
    "PostmortemServices": "KeywordList",
    "PostmortemOwner": "Keyword",
    "PostmortemWaitingOn": "KeywordList",
    "PostmortemWaitingSince": "Datetime",
    "PostmortemMeetingAt": "Datetime",
    "PostmortemLate": "Bool",
    "PostmortemNeedsAttention": "Bool",
}


def search_attributes(
    seen: CaseSummary, in_clear: Callable[[PersonId], str] = str
) -> list[SearchAttributeUpdate[Any]]:
    """Return a summary as search attributes; what is unknown is taken away.

    `in_clear` tells what stands for a person: whoever sees a list of cases sees these.
    """
    return [
        PHASE.value_set(seen.phase.value),
        SEVERITY.value_set(str(seen.severity)),
        SERVICES.value_set(seen.services),
        WAITING_ON.value_set([_in_clear(each, in_clear) for each in seen.waiting_on]),
        LATE.value_set(seen.late),
        NEEDS_ATTENTION.value_set(seen.needs_attention),
        OWNER.value_set(in_clear(seen.owner)) if seen.owner else OWNER.value_unset(),
        WAITING_SINCE.value_set(seen.waiting_since)
        if seen.waiting_since
        else WAITING_SINCE.value_unset(),
        MEETING_AT.value_set(seen.meeting_at) if seen.meeting_at else MEETING_AT.value_unset(),
    ]


def _in_clear(waiting: str, in_clear: Callable[[PersonId], str]) -> str:
    what, _, person = waiting.partition(":")
    return f"{what}:{in_clear(person)}"
