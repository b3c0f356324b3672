"""What would be refused during an incident, found before the first one."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from typing import Any

from console.temporal_checkup import temporal_findings
from domain.engine.value import PersonId
from integrations.checks import levels
from integrations.checks.deployment import archive_findings, link_findings, webhook_findings
from integrations.checks.examination import Examination, Finding, carried_out, fail, ok, warn
from integrations.checks.organisation import ABOUT as ORGANISATION
from integrations.checks.organisation import organisation_findings, projects_of
from integrations.errors import Refused
from integrations.files.organisation import Organisation, WrongOrganisation, read_organisation
from integrations.files.policy import WrongPolicy, read_policy
from integrations.google.checks import ABOUT as GOOGLE
from integrations.google.checks import GoogleWanted, google_examination
from integrations.google.credentials import google_credentials
from integrations.jira.checks import ABOUT as JIRA
from integrations.jira.checks import JiraSite, jira_examination
from integrations.jira.dialect import Flavour
from integrations.ports import Address
from integrations.sendgrid.checks import ABOUT as SENDGRID
from integrations.sendgrid.checks import sendgrid_examination
from settings import Settings, WrongSettings

SETTINGS, POLICY = "settings", "policy"

PEOPLE_TRIED = 2
"""As many people's busy times are read to see whether any can be."""

_ADDRESS = re.compile(r"[^\s@']+@[^\s@']+")


async def examine(settings: Settings) -> tuple[Finding, ...]:
    """Look at everything that a deployment needs; nothing is changed anywhere."""
    organisation, of_files = _files(settings)
    google, of_google = _google(settings)
    outside = [_sendgrid(settings), *_google_looks(settings, google, organisation)]
    outside += _jira_looks(settings, organisation)
    of_temporal, of_vendors = await asyncio.gather(temporal_findings(), carried_out(outside))
    found = (*_of_settings(settings), *of_files, *of_temporal, *of_google, *of_vendors)
    return (*found, levels.level(_standing(settings, found)))


def wrong_settings(wrong: WrongSettings) -> tuple[Finding, ...]:
    """Return one finding for each setting that is missing or wrong."""
    lines = [each.strip() for each in str(wrong).splitlines() if each.startswith(" ")]
    return tuple(fail(SETTINGS, _ADDRESS.sub("(an address)", each)) for each in lines)


def _of_settings(settings: Settings) -> Iterator[Finding]:
    yield ok(SETTINGS, "complete.")
    if settings.organisation_file == Settings.model_fields["organisation_file"].default:
        own = "Set PM_ORGANISATION_FILE to a file of your own."
        yield warn(SETTINGS, "the organisation is the example that ships.", own)
    yield from link_findings(settings.public_url, development=settings.development)
    yield from archive_findings(settings.archive_folder)
    yield from webhook_findings(
        tools=bool(settings.pagerduty_secrets or settings.generic_secrets),
        jira=settings.has_issues,
        jira_secret=settings.jira_webhook_secret is not None,
    )


def _files(settings: Settings) -> tuple[Organisation | None, list[Finding]]:
    found: list[Finding] = []
    try:
        read_policy(settings.policy_file)
        found.append(ok(POLICY, "the file is valid."))
    except WrongPolicy as wrong:
        found += _wrong(POLICY, wrong)
    try:
        organisation = read_organisation(settings.organisation_file)
    except WrongOrganisation as wrong:
        unseen = "busy times and projects were not looked at, because their names are in this file."
        return None, [*found, *_wrong(ORGANISATION, wrong), warn(ORGANISATION, unseen)]
    found += organisation_findings(
        organisation, tickets=settings.has_issues, pagerduty=bool(settings.pagerduty_secrets)
    )
    return organisation, found


def _wrong(about: str, wrong: Exception) -> list[Finding]:
    """Return one finding for each complaint; no address of a person stands in any."""
    first, *rest = _ADDRESS.sub("(an address)", str(wrong)).splitlines()
    return [fail(about, each.strip()) for each in rest or [first]]


def _google(settings: Settings) -> tuple[Any, list[Finding]]:
    token = settings.google_token
    try:
        found = google_credentials(
            token=token.get_secret_value() if token else None,
            service_account_file=settings.google_service_account_file,
            subject=settings.google_subject,
            refresh_token_file=settings.google_refresh_token_file,
            peoples_folder=settings.drive_folder is not None,
        )
    except Refused as refused:
        return None, [fail(GOOGLE, str(refused))]
    return found, []


def _sendgrid(settings: Settings) -> Examination:
    key = settings.sendgrid_key.get_secret_value()
    return sendgrid_examination(key, settings.sender, settings.sendgrid_host)


def _google_looks(
    settings: Settings,
    credentials: Any,  # noqa: ANN401 - of Google's
    organisation: Organisation | None,
) -> Iterator[Examination]:
    if credentials is not None:
        wanted = GoogleWanted(
            calendar_id=settings.calendar_id,
            documents=settings.google_documents,
            folder=settings.drive_folder,
            people=_tried(organisation),
        )
        yield google_examination(credentials, settings.google_base_url or "", wanted)


def _jira_looks(settings: Settings, organisation: Organisation | None) -> Iterator[Examination]:
    if settings.jira_token is not None:
        token, user = settings.jira_token.get_secret_value(), settings.jira_user
        auth = (user, token) if user else token
        site = JiraSite(settings.jira_api_url, auth, Flavour(settings.jira_flavour))
        yield jira_examination(site, projects_of(organisation) if organisation else {})


def _tried(organisation: Organisation | None) -> Mapping[PersonId, Address]:
    if organisation is None:
        return {}
    asked = [*organisation.incident_commanders, *organisation.people]
    chosen = list(dict.fromkeys(asked))[:PEOPLE_TRIED]
    return {each: Address(email=organisation.people[each].email) for each in chosen}


def _standing(settings: Settings, found: tuple[Finding, ...]) -> levels.Standing:
    return levels.Standing(
        mail_works=levels.works(found, SENDGRID),
        google_works=levels.works(found, GOOGLE),
        jira_works=levels.works(found, JIRA),
        delegated=settings.google_subject is not None,
        connected={
            "PM_CALENDAR_ID and access to Google": settings.has_calendar,
            "access to Google, with PM_GOOGLE_DOCUMENTS=true": settings.has_documents,
            "PM_JIRA_URL": settings.has_issues,
        },
    )
