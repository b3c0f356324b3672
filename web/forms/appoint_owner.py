"""Naming the owner: one of the people whom the case knows, or somebody else.

Fields: `owner` a person's id, or empty; `other` the id of somebody who is not in the list.
"""

from domain.ownership.acts import AppointOwner
from domain.people import ranked_candidates
from web.form_data import Wrong
from web.forms.choices import people
from web.forms.form import Form, Occasion, Sent, Shown


def _shows(on: Occasion) -> Shown:
    known = on.case.directory.people if on.case.directory else {}
    first = ranked_candidates(on.case)
    rest = sorted((each for each in known if each not in first), key=on.name)
    return {"people": people(on.case, (*first, *rest))}


def _read(sent: Sent) -> AppointOwner:
    field = "other" if "other" in sent.data else "owner"
    if field not in sent.data:
        raise Wrong({"owner": "Choose who is to own it."})
    try:
        return sent.act(AppointOwner, owner=sent.data[field])
    except Wrong as wrong:
        raise Wrong({field: "This is nobody's id in the organisation file."}) from wrong


FORM = Form(acts=(AppointOwner,), template="appoint_owner.html", read=_read, shows=_shows)
