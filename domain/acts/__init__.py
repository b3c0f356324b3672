"""Everything a person can do to a case, by the name of its update."""

from domain.acts.act import Act
from domain.acts.decisions import ConfirmActionItem, Decide, ProposeActionItems
from domain.acts.meeting import MoveMeeting, RecordMeeting
from domain.acts.message import (
    DecideExternalMessage,
    DraftExternalMessage,
    MarkPosted,
    ReportWrongCode,
    WithdrawMessage,
)
from domain.acts.operations import CompleteStep, Retry
from domain.acts.ownership import AcceptOwnership, AppointOwner, DeclineOwnership

__all__ = [
    "ACTS",
    "NAMES",
    "AcceptOwnership",
    "Act",
    "AppointOwner",
    "CompleteStep",
    "ConfirmActionItem",
    "Decide",
    "DecideExternalMessage",
    "DeclineOwnership",
    "DraftExternalMessage",
    "MarkPosted",
    "MoveMeeting",
    "ProposeActionItems",
    "RecordMeeting",
    "ReportWrongCode",
    "Retry",
    "WithdrawMessage",
]

ACTS: dict[str, type[Act]] = {
    "accept_ownership": AcceptOwnership,
    "decline_ownership": DeclineOwnership,
    "appoint_owner": AppointOwner,
    "propose_action_items": ProposeActionItems,
    "move_meeting": MoveMeeting,
    "record_meeting": RecordMeeting,
    "decide": Decide,
    "confirm_action_item": ConfirmActionItem,
    "draft_external_message": DraftExternalMessage,
    "decide_external_message": DecideExternalMessage,
    "report_wrong_code": ReportWrongCode,
    "withdraw_message": WithdrawMessage,
    "mark_posted": MarkPosted,
    "complete_step": CompleteStep,
    "retry": Retry,
}

NAMES: dict[type[Act], str] = {act: name for name, act in ACTS.items()}
