"""A form as it stands on a page, with what was typed into it if it was not taken in."""

from dataclasses import dataclass, field, replace

from web.available_actions import Action
from web.form_data import FormData
from web.forms.form import Occasion

CHECK = "Please check what you typed"


@dataclass(frozen=True)
class Refusal:
    """Why a form was not taken in: a sentence, the fields in question, what was typed."""

    form: str
    problem: str
    typed: FormData = field(default_factory=FormData)
    errors: FormData = field(default_factory=FormData)


def card(
    action: Action, on: Occasion, address: str, refusal: Refusal | None = None
) -> dict[str, object]:
    """Return all that a form's template asks for; it is sent to `address`."""
    mistaken = refusal if refusal is not None and refusal.form == action.id else None
    words = on.words.act(action.form.name)
    return {
        "id": action.id,
        "template": f"forms/{action.form.template}",
        "address": address,
        "title": words.title,
        "button": words.button,
        "waited_for": bool(action.waitings),
        "coded": bool(action.form.code_for(on.case)),
        "sending": on.words.sending,
        "typed": mistaken.typed if mistaken else FormData(),
        "errors": mistaken.errors if mistaken else FormData(),
        "open": mistaken is not None,
        **action.form.shows(replace(on, waitings=action.waitings)),
    }
