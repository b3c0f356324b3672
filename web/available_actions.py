"""Which forms are on a person's page: what answers a wait of theirs, then what else they may do."""

from dataclasses import dataclass

from domain import lifecycle
from domain.case import Case
from domain.engine.act import Act, possible
from domain.engine.agenda import Life
from domain.engine.journal import Door
from domain.engine.value import PersonId
from domain.engine.waiting import Asked, Waiting
from web.forms import form_of
from web.forms.form import Form


@dataclass(frozen=True)
class Action:
    """A form on somebody's page; it answers `waitings`, or nobody asked for it."""

    form: Form
    about: str = ""
    waitings: tuple[Waiting, ...] = ()

    @property
    def id(self) -> str:
        """What it is called on the page."""
        return self.form.id_about(self.about)


def asked_of(life: Life[Case], person: PersonId) -> tuple[Asked[Case], ...]:
    """Return what the case waits for from one person."""
    return tuple(each for each in life.asked if each.waiting.person == person)


def asked_of_others(life: Life[Case], person: PersonId) -> tuple[Asked[Case], ...]:
    """Return what the case waits for from everybody else."""
    return tuple(each for each in life.asked if each.waiting.person != person)


def actions(life: Life[Case], person: PersonId) -> tuple[Action, ...]:
    """Return the forms for one person, those that are waited for first.

    None is there whose act the case would refuse for being somebody else's.
    """
    wanted: dict[str, Action] = {}
    for asked in asked_of(life, person):
        for answer in answering(life.case, asked):
            # Waits of one kind are answered together, unless the form tells them apart.
            known = wanted.setdefault(answer.id, answer)
            if known is not answer:
                waitings = (*known.waitings, asked.waiting)
                wanted[answer.id] = Action(known.form, known.about, waitings)
    forms = {each.form.name for each in wanted.values()}
    more = (form_of(act) for act in lifecycle.acts().values() if _offered(act, life, person))
    fresh = {each.name: Action(each) for each in more if each.name not in forms}
    return (*wanted.values(), *fresh.values())


def answering(case: Case, asked: Asked[Case]) -> tuple[Action, ...]:
    """Return the forms of the page that answer one wait, the usual one first."""
    waiting = asked.waiting
    mine = (act for act in asked.spec.answered_by if possible(act, case, waiting.person))
    found: dict[str, Action] = {}
    for form in map(form_of, mine):
        if Door.PAGE in form.doors:
            about = waiting.about if form.apart_by else ""
            found.setdefault(form.name, Action(form, about, (waiting,)))
    return tuple(found.values())


def _offered(act: type[Act[Case]], life: Life[Case], person: PersonId) -> bool:
    return Door.PAGE in form_of(act).doors and lifecycle.open_to(life, act, person)
