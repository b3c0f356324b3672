"""What every page says of a case, whatever else it shows."""

from functools import partial

from domain.people import name_of
from web.forms.form import Occasion


def case_shown(on: Occasion) -> dict[str, object]:
    """Return what the templates ask for by name: the incident, names and dates in words."""
    rules = on.case.rules
    return {
        "case": on.case,
        "incident": on.case.incident,
        "process_name": rules.process_name if rules else "postmortem",
        "person_name": on.name(on.person),
        "name": partial(name_of, on.case, otherwise="nobody yet"),
        "at": on.at,
    }
