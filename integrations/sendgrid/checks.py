"""Whether SendGrid would take our mails: the key, its scope, and the sender."""

from collections.abc import Iterator

from integrations.checks.examination import TIMEOUT, Examination, Finding, fail, ok, warn
from integrations.checks.read_only_client import NotAllowed, ReadOnlyClient, Unknown, bearer
from integrations.errors import Refused
from integrations.http import Timeout
from integrations.sendgrid.http import HOST

ABOUT = "SendGrid"
_SCOPE = "mail.send"


def sendgrid_examination(
    key: str, sender: str, host: str = HOST, timeout: Timeout = TIMEOUT
) -> Examination:
    """Return the looks at SendGrid; no mail is sent, not even in its sandbox."""
    client = ReadOnlyClient(ABOUT, f"{host.rstrip('/')}/v3", bearer(key), timeout)
    return Examination(ABOUT, ((lambda: _key(client),), (lambda: _sender(client, sender),)))


def _key(client: ReadOnlyClient) -> Iterator[Finding]:
    try:
        scopes = client.get_object("scopes", "name the scopes of our key").get("scopes")
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


def _sender(client: ReadOnlyClient, sender: str) -> Iterator[Finding]:
    domain = sender.rpartition("@")[2].casefold()
    try:
        if _is_verified(client, sender.casefold()) or _is_authenticated(client, domain):
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


def _is_verified(client: ReadOnlyClient, sender: str) -> bool:
    told = client.get_object("verified_senders", "list the verified senders")
    return any(
        each.get("verified") and str(each.get("from_email", "")).casefold() == sender
        for each in told.get("results", [])
    )


def _is_authenticated(client: ReadOnlyClient, domain: str) -> bool:
    told = client.get_list("whitelabel/domains", "list the authenticated domains", limit=200)
    return any(
        each.get("valid") and str(each.get("domain", "")).casefold() == domain for each in told
    )
