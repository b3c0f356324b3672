"""What every page says of a case, whatever else it shows."""

from functools import partial

from domain.case import Case
from domain.people import name_of
from web.forms.form import Occasion


def incident_shown(on: Occasion) -> dict[str, object]:
    """Return what the templates ask for by name: the incident, names and dates in words."""
    return {
        "case": on.case,
        "incident": on.case.incident,
        "process_name": process_name(on.case),
        "person_name": on.name(on.person),
        "name": partial(name_of, on.case, otherwise="nobody yet"),
        "at": on.at,
    }


def process_name(case: Case) -> str:
    """Return what people call the process."""
    return case.rules.process_name if case.rules else "postmortem"
