"""How an open case is read: by an update that is always refused, with the case as its reason.

A query is no way to ask an open case. One that waits for a worker may reach the next worker
together with events that belong to a task which is not finished. The SDK works them in at once,
keeps the result, and later reports it under another task, with another time (temporalio 1.35 and
before, with any workflow): the case can then not be replayed, and stands still for ever. An
update comes with a task of its own, and a refused one leaves nothing in history. For the same
reason an act that would change nothing is refused, with its answer.
"""

import json

from temporalio.exceptions import ApplicationError

from domain.case import Answer, Case

READING = "read"
"""The name of the update."""

_KIND, _STANDS = "Case", "StandsAlready"


def answer(case: Case) -> ApplicationError:
    """Return the refusal that carries a case."""
    return ApplicationError("Here it is; nothing was changed.", case, type=_KIND)


def standing(left: Answer) -> ApplicationError:
    """Return the refusal of an act that would change nothing, with where the case stands."""
    return ApplicationError("It stands so already; nothing was changed.", left, type=_STANDS)


def stood(refusal: BaseException | None) -> Answer | None:
    """Return the answer that such a refusal carries, if it is one."""
    if not isinstance(refusal, ApplicationError) or refusal.type != _STANDS or not refusal.details:
        return None
    return Answer.model_validate(refusal.details[0])


def answered(refusal: BaseException | None) -> Case | None:
    """Return the case that a refusal carries, if it does."""
    if not isinstance(refusal, ApplicationError) or refusal.type != _KIND or not refusal.details:
        return None
    return Case.model_validate_json(json.dumps(refusal.details[0]))
