"""The forms of the pages: one module for each act that people do there, and the one list of them.

A module's `FORM` says which act it becomes, what it shows of a case and how it is read. Who may
do an act, when it is offered and what it answers is the domain's to say. An act without a module
gets a form made from its fields.
"""

from domain import lifecycle
from domain.case import Case
from domain.engine.act import Act
from domain.engine.journal import Door
from web.forms import (
    accept_ownership,
    appoint_owner,
    confirm_action_item,
    decide,
    decide_external_message,
    draft_external_message,
    mark_posted,
    move_meeting,
    propose_action_items,
    record_booking,
    record_document,
    record_done,
    record_meeting,
    record_ticket,
    retry,
    send_code,
    settle_delivery,
    snooze,
    unlock_codes,
    withdraw_message,
)
from web.forms.form import Form
from web.forms.generic import generic_form

FORMS: tuple[Form, ...] = (
    accept_ownership.FORM,
    appoint_owner.FORM,
    move_meeting.FORM,
    record_booking.FORM,
    record_meeting.FORM,
    record_document.FORM,
    propose_action_items.FORM,
    decide.FORM,
    confirm_action_item.FORM,
    record_ticket.FORM,
    record_done.FORM,
    draft_external_message.FORM,
    decide_external_message.FORM,
    withdraw_message.FORM,
    mark_posted.FORM,
    settle_delivery.FORM,
    unlock_codes.FORM,
    send_code.FORM,
    snooze.FORM,
    retry.FORM,
)


def form_of(act: type[Act[Case]]) -> Form:
    """Return the form that becomes an act: its module's, or one made from its fields."""
    own = next((form for form in FORMS if act in form.acts), None)
    return own or generic_form(act)


def form_named(act: str, door: Door) -> Form | None:
    """Return the form behind a name in an address, if it can be sent through this door."""
    known = lifecycle.acts().get(act)
    form = form_of(known) if known else None
    return form if form is not None and door in form.doors else None
