"""What one types on the command line, read into our words."""

from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from domain.calendar.spans import Span, Unit
from domain.incident import Incident


class WrongInput(Exception):
    """What was typed, or the file that was named, cannot be used; the text says why."""


def incident_in(file: Path) -> Incident:
    """Return the incident that a file holds.

    Raises:
        WrongInput: there is no such file, or no incident in it; every wrong field is named.
    """
    try:
        return Incident.model_validate_json(file.read_bytes())
    except OSError as error:
        raise WrongInput(f"{file} cannot be read: {error.strerror}.") from None
    except ValidationError as invalid:
        told = f"{file} is no incident; docs/incident.schema.json describes one:"
        places = [".".join(map(str, each["loc"])) or "all of it" for each in invalid.errors()]
        messages = [each["msg"] for each in invalid.errors()]
        wrong = [f"  {place}: {said}" for place, said in zip(places, messages, strict=True)]
        raise WrongInput("\n".join([told, *wrong])) from None


def moved_to(now: datetime, incident: Incident) -> Incident:
    """Return the incident as if it had been resolved at an instant."""
    far = now.replace(microsecond=0) - incident.resolved_at
    times = ("resolved_at", "started_at", "detected_at")
    known = {name: at for name in times if (at := getattr(incident, name)) is not None}
    return incident.replace(**{name: at + far for name, at in known.items()})


def elapsed(span: str) -> timedelta:
    """Return how long a span is; business hours and days have no length of their own.

    Raises:
        WrongInput: it is no span, or one of business time.
    """
    units = {Unit.MINUTES: "minutes", Unit.HOURS: "hours", Unit.DAYS: "days"}
    try:
        read = Span.model_validate(span)
        return timedelta(**{units[read.unit]: read.amount})
    except (ValidationError, KeyError, OverflowError):
        raise WrongInput(f"'{span}' is no span to skip: write 90m, 24h or 3d.") from None
