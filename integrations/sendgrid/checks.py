"""Whether SendGrid would take our mails: the key, its scope, and the sender."""

from collections.abc import Iterator

from integrations.checks.check import TIMEOUT, Examination, Finding, fail, ok, warn
from integrations.checks.read_only_client import Asking, NotAllowed, Unknown, bearer
from integrations.errors import Refused
from integrations.http import Timeout
from integrations.sendgrid.notifier import HOST

ABOUT = "SendGrid"
_SCOPE = "mail.send"


def sendgrid_examination(
    key: str, sender: str, host: str = HOST, timeout: Timeout = TIMEOUT
) -> Examination:
    """Return the looks at SendGrid; no mail is sent, not even in its sandbox."""
    asking = Asking(ABOUT, f"{host.rstrip('/')}/v3", bearer(key), timeout)
    return Examination(ABOUT, ((lambda: _key(asking),), (lambda: _sender(asking, sender),)))


def _key(asking: Asking) -> Iterator[Finding]:
    try:
        scopes = asking.get_object("scopes", "name the scopes of our key").get("scopes")
    except NotAllowed:
        yield fail(
            ABOUT,
            "it does not accept PM_SENDGRID_KEY.",
            "Make a key with Mail Send access; in the EU also set PM_SENDGRID_HOST.",
        )
        return
    if not isinstance(scopes, list):
        raise Refused("Something that is not SendGrid answered when asked for scopes.")
    if _SCOPE in scopes:
        yield ok(ABOUT, "the key is valid and may send mail.")
    else:
        yield fail(
            ABOUT,
            f"the key lacks the scope {_SCOPE}.",
            "Give it Mail Send access, or make another.",
        )


def _sender(asking: Asking, sender: str) -> Iterator[Finding]:
    domain = sender.rpartition("@")[2].casefold()
    try:
        if _is_verified(asking, sender.casefold()) or _is_authenticated(asking, domain):
            yield ok(ABOUT, "the address in PM_SENDER is verified.")
            return
    except (NotAllowed, Unknown):
        yield warn(
            ABOUT,
            "the key may not see whether the address in PM_SENDER is verified.",
            "Look under Settings > Sender Authentication, or give the key read access to it.",
        )
        return
    yield fail(
        ABOUT,
        "the address in PM_SENDER is not verified.",
        "Verify it, or authenticate its domain, under Settings > Sender Authentication.",
    )


def _is_verified(asking: Asking, sender: str) -> bool:
    told = asking.get_object("verified_senders", "list the verified senders")
    return any(
        each.get("verified") and str(each.get("from_email", "")).casefold() == sender
        for each in told.get("results", [])
    )


def _is_authenticated(asking: Asking, domain: str) -> bool:
    told = asking.get_list("whitelabel/domains", "list the authenticated domains", limit=200)
    return any(
        each.get("valid") and str(each.get("domain", "")).casefold() == domain for each in told
    )
