"""What forms about one action item have in common: a page may show one for each item."""

from domain.action_items.ticket import IssueState
from web.form_data import Wrong
from web.forms.form import Occasion, Sent, Shown


def about_item(on: Occasion) -> Shown:
    """Return the item that the form is about, and its ticket where it has one."""
    item = next((each for each in on.case.items if each.id in on.items), None)
    issue = item.issue if item else None
    return {
        "item": item.id if item else "",
        "text": item.text if item else "",
        "ticket": issue.key if issue else "",
        "unreachable": issue is not None and issue.state is IssueState.UNREACHABLE,
    }


def of_item(sent: Sent) -> str:
    """Return the id of the item that a form was about.

    Raises:
        Wrong: it does not say.
    """
    if "item" not in sent.data:
        raise Wrong({"item": "Reload the page: it does not say which action item this is."})
    return sent.data["item"]
