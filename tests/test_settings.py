"""What a deployment may set, and how it is told what is wrong."""

import re
import secrets
from pathlib import Path

import pytest

from console.held_secrets import SECRETS, needless, values
from integrations.keys import weakness
from settings import (
    PROGRAMS,
    Common,
    Keyed,
    Settings,
    WebSettings,
    WorkerSettings,
    WrongSettings,
    read_settings,
)

PAYLOADS = "Xe5Tn-0RcGq8WvLb3HsY_j7ZpKd2UfMa9Io4NwCx6BtQhVy1"
OLD = "s0Hq2LxPz8WmYt4RbKd6VnCf1JgUeA9y"
KEY = "Zk3v_8QmT1xRbN5cLw7Jd-2fYpHs9AoEu4GiXtVqMz6KrWn0"
CODES = "Wq7Yb-4LdMu2SfGx9TkPn_6jRvCzEa3HoI5sNfBtK8yXlU"
WEBHOOK = "q7Lw0ZtNc4HxVb2Rk9Ps"
MAIL_ONLY = {
    "PM_PUBLIC_URL": "https://postmortems.example.com/",
    "PM_LINK_KEYS": KEY,
    "PM_CODE_KEYS": CODES,
    "PM_ARCHIVE_FOLDER": "archive",
    "PM_PAYLOAD_KEYS": PAYLOADS,
    "PM_SENDGRID_KEY": "SG.key",
    "PM_SENDER": "postmortems@example.com",
}
GOOGLE = {"PM_GOOGLE_TOKEN": "token", "PM_CALENDAR_ID": "shared@example.com"}
JIRA = {
    "PM_JIRA_URL": "https://example.atlassian.net",
    "PM_JIRA_USER": "bot@example.com",
    "PM_JIRA_TOKEN": "token",
}
ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / ".env.example"


def told(environ: dict[str, str], kind: type[Common] = Settings) -> str:
    with pytest.raises(WrongSettings) as wrong:
        read_settings(environ, kind)
    return str(wrong.value)


def test_mail_is_all_that_is_needed() -> None:
    settings = read_settings(
        MAIL_ONLY | {"HOME": "/root", "TEMPORAL_ADDRESS": "temporal:7233"}, Settings
    )

    assert (settings.has_calendar, settings.has_documents, settings.has_issues) == (False,) * 3
    assert settings.public_url == "https://postmortems.example.com"
    assert settings.policy_file.is_file()
    assert settings.organisation_file.is_file()


def test_each_integration_is_on_when_it_is_set() -> None:
    settings = read_settings(MAIL_ONLY | GOOGLE | JIRA, Settings)

    assert (settings.has_calendar, settings.has_documents, settings.has_issues) == (True,) * 3


def test_each_way_into_jira_has_its_address() -> None:
    api_token = read_settings(MAIL_ONLY | JIRA, Settings)
    scoped = read_settings(MAIL_ONLY | JIRA | {"PM_JIRA_CLOUD_ID": "11223344-a1b2"}, Settings)
    own = {"PM_JIRA_URL": "https://jira.example.com/jira/", "PM_JIRA_TOKEN": "personal"}
    personal = read_settings(MAIL_ONLY | own | {"PM_JIRA_FLAVOUR": "datacenter"}, Settings)

    assert api_token.jira_api_url == "https://example.atlassian.net"
    assert scoped.jira_api_url == "https://api.atlassian.com/ex/jira/11223344-a1b2"
    assert scoped.jira_url == "https://example.atlassian.net"
    assert personal.jira_api_url == "https://jira.example.com/jira"
    assert personal.jira_user is None


def test_mail_may_stay_in_the_eu() -> None:
    settings = read_settings(
        MAIL_ONLY | {"PM_SENDGRID_HOST": "https://api.eu.sendgrid.com/"}, Settings
    )

    assert settings.sendgrid_host == "https://api.eu.sendgrid.com"


def test_google_can_serve_the_calendar_or_the_documents_alone() -> None:
    calendar = read_settings(MAIL_ONLY | GOOGLE | {"PM_GOOGLE_DOCUMENTS": "false"}, Settings)
    documents = read_settings(MAIL_ONLY | {"PM_GOOGLE_TOKEN": "token"}, Settings)

    assert (calendar.has_calendar, calendar.has_documents) == (True, False)
    assert (documents.has_calendar, documents.has_documents) == (False, True)


def test_all_that_is_missing_is_named_at_once() -> None:
    message = told({})

    assert "7 settings are" in message
    assert all(f"{name} is missing" in message for name in MAIL_ONLY)


def test_what_is_wrong_and_what_lacks_a_companion_are_named_at_once() -> None:
    wrong = {
        "PM_PUBLIC_URL": "postmortems",
        "PM_SENDER": "Jane <jane@example.com>",
        "PM_WEB_PORT": "eighty",
        "PM_INTERNAL_PORT": "70000",
        "PM_POLICY_FILE": "/no/such/file",
        "PM_DEVELOPMENT": "perhaps",
        "PM_LINK_KEYS": f"{KEY},short",
        "PM_JIRA_URL": "https://example.atlassian.net",
    }

    message = told(MAIL_ONLY | wrong)

    assert "9 settings are" in message
    assert all(f"  {name} " in message for name in wrong.keys() - {"PM_JIRA_URL"})
    assert "PM_JIRA_TOKEN is missing: PM_JIRA_URL is set" in message


def test_no_value_of_a_secret_stands_in_the_message() -> None:
    given = {
        "PM_LINK_KEYS": "canary-1",
        "PM_GENERIC_SECRETS": "canary-4",
        "PM_PAGERDUTY_SECRETS": "canary-4",
        "PM_GOOGLE_TOKEN": "canary-2",
        "PM_JIRA_TOKEN": "canary-3",
    }

    assert "canary" not in told(MAIL_ONLY | given)


def test_a_misspelt_name_is_refused_with_the_right_one() -> None:
    message = told(MAIL_ONLY | {"PM_SENDGRID_KEYS": "x"})

    assert "PM_SENDGRID_KEYS is not a setting; did you mean PM_SENDGRID_KEY?" in message


def test_an_empty_variable_is_an_absent_one() -> None:
    assert read_settings(MAIL_ONLY | dict.fromkeys(JIRA, ""), Settings).has_issues is False
    assert "PM_SENDER is missing" in told(MAIL_ONLY | {"PM_SENDER": " "})


@pytest.mark.parametrize(
    ("half", "named"),
    [
        ({"PM_JIRA_TOKEN": "x"}, "PM_JIRA_URL is missing"),
        ({"PM_JIRA_USER": "x"}, "PM_JIRA_TOKEN is missing"),
        ({"PM_JIRA_FLAVOUR": "datacenter"}, "PM_JIRA_URL is missing"),
        ({"PM_JIRA_CLOUD_ID": "11223344-a1b2"}, "PM_JIRA_TOKEN is missing"),
        (
            {"PM_JIRA_URL": "https://example.atlassian.net", "PM_JIRA_TOKEN": "x"},
            "PM_JIRA_USER is missing: an API token needs its account",
        ),
        (
            JIRA | {"PM_JIRA_FLAVOUR": "datacenter", "PM_JIRA_CLOUD_ID": "11223344-a1b2"},
            "PM_JIRA_CLOUD_ID is for Jira Cloud",
        ),
        (JIRA | {"PM_JIRA_FLAVOUR": "server"}, "PM_JIRA_FLAVOUR must be 'cloud' or 'datacenter'"),
        (JIRA | {"PM_JIRA_CLOUD_ID": "a/b"}, "PM_JIRA_CLOUD_ID "),
        ({"PM_JIRA_WEBHOOK_SECRET": WEBHOOK}, "PM_JIRA_URL is missing"),
        ({"PM_CALENDAR_ID": "x"}, "PM_CALENDAR_ID is set, but there is no access to Google"),
        ({"PM_DRIVE_FOLDER": "x"}, "PM_DRIVE_FOLDER is set, but there is no access to Google"),
        ({"PM_GOOGLE_BASE_URL": "http://localhost:1"}, "PM_GOOGLE_BASE_URL is set, but"),
        (GOOGLE | {"PM_GOOGLE_SUBJECT": "a@example.com"}, "PM_GOOGLE_SUBJECT needs"),
        (
            GOOGLE | {"PM_GOOGLE_REFRESH_TOKEN_FILE": __file__},
            "PM_GOOGLE_REFRESH_TOKEN_FILE is one access to Google too many",
        ),
        (
            {"PM_GOOGLE_SERVICE_ACCOUNT_FILE": __file__, "PM_CALENDAR_ID": "x"},
            "PM_GOOGLE_SUBJECT is missing",
        ),
        ({"PM_WEB_PORT": "8081"}, "PM_INTERNAL_PORT must differ from PM_WEB_PORT"),
        (
            {"PM_PUBLIC_URL": "http://postmortems.example.com"},
            "PM_PUBLIC_URL must begin with https",
        ),
    ],
)
def test_what_is_half_set_is_named(half: dict[str, str], named: str) -> None:
    assert f"  {named}" in told(MAIL_ONLY | half)


WEB_ONLY = {
    name: MAIL_ONLY[name]
    for name in ("PM_PUBLIC_URL", "PM_LINK_KEYS", "PM_CODE_KEYS", "PM_PAYLOAD_KEYS")
}


def test_the_pages_need_nothing_that_opens_a_vendor() -> None:
    settings = read_settings(WEB_ONLY | {"PM_JIRA_WEBHOOK_SECRET": WEBHOOK}, WebSettings)

    assert settings.jira_webhook_secret is not None
    assert not {"jira_token", "google_token", "sendgrid_key"} & type(settings).model_fields.keys()


def test_each_program_reads_nothing_of_the_other() -> None:
    everything = MAIL_ONLY | GOOGLE | JIRA | {"PM_GENERIC_SECRETS": WEBHOOK}

    web, worker = (read_settings(everything, kind) for kind in (WebSettings, WorkerSettings))

    assert not {"google_token", "jira_token", "sendgrid_key"} & web.model_dump().keys()
    assert "generic_secrets" not in worker.model_dump()


def test_every_secret_is_for_one_program_but_what_signs_links_and_encrypts_cases() -> None:
    both = set.intersection(*(set(kind.model_fields) for kind in PROGRAMS.values()))

    assert both & SECRETS == {"link_keys", "code_keys", "payload_keys"}
    assert set.union(*(set(kind.model_fields) for kind in PROGRAMS.values())) == set(
        Settings.model_fields
    )


def test_a_program_that_holds_the_others_secrets_is_told_which() -> None:
    everything = MAIL_ONLY | JIRA | {"PM_GENERIC_SECRETS": WEBHOOK}

    assert needless(everything, WebSettings) == ("PM_JIRA_TOKEN", "PM_SENDGRID_KEY")
    assert needless(everything, WorkerSettings) == ("PM_GENERIC_SECRETS",)
    assert values(read_settings(everything, WebSettings)) == {KEY, CODES, PAYLOADS, WEBHOOK}


def test_a_misspelt_name_is_refused_by_each_program() -> None:
    message = told(WEB_ONLY | {"PM_JIRA_TOKENS": "x"}, WebSettings)

    assert "PM_JIRA_TOKENS is not a setting; did you mean PM_JIRA_TOKEN?" in message


@pytest.mark.parametrize(
    "known",
    [
        "everybody-knows-this-key-so-it-is-for-trying-only",
        "k" * 48,
        "0123456789abcdef" * 3,
        "abcdefghijklmnopqrstuvwxyz0123456789",
        f"my-secret-{KEY}",
    ],
)
def test_a_key_that_others_can_guess_signs_no_link(known: str) -> None:
    careless = MAIL_ONLY | {"PM_LINK_KEYS": f"{KEY},{known}"}

    assert "  PM_LINK_KEYS " in told(careless)
    assert known not in told(careless)
    assert read_settings(careless | {"PM_DEVELOPMENT": "true"}, Settings).development


def test_one_key_has_one_use() -> None:
    shared = {"PM_GENERIC_SECRETS": WEBHOOK, "PM_PAGERDUTY_SECRETS": WEBHOOK}

    assert "PM_LINK_KEYS stands there twice" in told(MAIL_ONLY | {"PM_LINK_KEYS": f"{KEY},{KEY}"})
    assert "PM_GENERIC_SECRETS stands there twice, or in two places" in told(MAIL_ONLY | shared)


def test_what_temporal_keeps_is_in_clear_in_development_alone() -> None:
    clear = {name: value for name, value in MAIL_ONLY.items() if name != "PM_PAYLOAD_KEYS"}

    assert "PM_PAYLOAD_KEYS is missing, so that Temporal would keep all in clear" in told(clear)
    assert not read_settings(clear | {"PM_DEVELOPMENT": "true"}, Settings).payload_keys


def test_the_command_line_needs_the_payload_keys_alone() -> None:
    there = read_settings(MAIL_ONLY, Keyed)

    assert [key.get_secret_value() for key in there.payload_keys] == [PAYLOADS]
    assert not read_settings({}, Keyed).payload_keys


def test_a_webhook_is_signed_by_more_than_a_word() -> None:
    assert "PM_GENERIC_SECRETS has fewer than 16" in told(
        MAIL_ONLY | {"PM_GENERIC_SECRETS": WEBHOOK[:15]}
    )


@pytest.mark.parametrize("bits", range(16, 64, 4))
def test_no_key_that_was_made_by_chance_is_refused(bits: int) -> None:
    assert weakness(secrets.token_urlsafe(bits)) is None
    assert weakness(secrets.token_hex(bits)) is None


def test_nothing_that_everybody_can_read_here_passes_outside_development() -> None:
    lines = (ROOT / "deploy/simulator.env").read_text().splitlines()
    shipped = dict(line.split("=", 1) for line in lines if line.startswith("PM_"))
    assert read_settings(shipped | {"PM_ARCHIVE_FOLDER": "archive"}, Settings).development

    message = told(shipped | {"PM_ARCHIVE_FOLDER": "archive", "PM_DEVELOPMENT": "false"})

    for name in ("LINK_KEYS", "GENERIC_SECRETS", "JIRA_WEBHOOK_SECRET", "JIRA_URL"):
        assert f"  PM_{name} " in message
    assert "  PM_SENDGRID_HOST must begin with https" in message
    assert "  PM_GOOGLE_BASE_URL must begin with https" in message


def test_a_vendor_without_https_may_only_be_a_neighbour_on_this_machine() -> None:
    near = {"PM_SENDGRID_HOST": "http://127.0.0.1:9000"}
    far = {"PM_SENDGRID_HOST": "http://sendgrid.internal"}

    assert read_settings(MAIL_ONLY | near, Settings).sendgrid_host == near["PM_SENDGRID_HOST"]
    assert "PM_SENDGRID_HOST must begin with https" in told(MAIL_ONLY | far)


def test_links_to_this_machine_need_no_https() -> None:
    local = read_settings(MAIL_ONLY | {"PM_PUBLIC_URL": "http://localhost:8080"}, Settings)

    assert local.public_url == "http://localhost:8080"


def test_lists_keep_their_order_and_forget_spaces() -> None:
    settings = read_settings(MAIL_ONLY | {"PM_LINK_KEYS": f"{OLD}, {KEY},"}, Settings)

    assert [key.get_secret_value() for key in settings.link_keys] == [OLD, KEY]


def test_secrets_print_as_stars_and_nothing_changes_later() -> None:
    settings = read_settings(MAIL_ONLY | JIRA | {"PM_GENERIC_SECRETS": WEBHOOK}, Settings)

    assert WEBHOOK not in repr(settings)
    assert KEY not in repr(settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.web_port = 1  # type: ignore[misc]


def test_only_the_environment_that_was_given_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PM_WEB_PORT", "9999")

    assert read_settings(MAIL_ONLY, Settings).web_port == 8080


def test_the_example_lists_every_setting_with_its_default() -> None:
    lines = re.findall(r"^(?:# )?PM_([A-Z_]+)=(.*)$", EXAMPLE.read_text(), flags=re.MULTILINE)

    assert [name.lower() for name, _ in lines] == list(Settings.model_fields)
    for name, value in lines:
        field = Settings.model_fields[name.lower()]
        if isinstance(field.default, bool | int | str) and field.default is not None:
            assert value.lower() == str(field.default).lower(), name


def test_the_example_explains_every_setting_as_the_code_does() -> None:
    text = " ".join(EXAMPLE.read_text().replace("\n# ", " ").split())

    for name, field in Settings.model_fields.items():
        assert f"{field.description}" in text, name


def test_the_example_as_it_stands_asks_for_what_only_a_deployment_knows() -> None:
    given = re.findall(r"^(PM_[A-Z_]+)=(.*)$", EXAMPLE.read_text(), flags=re.MULTILINE)

    message = told(dict(given))

    assert "5 settings are" in message
    assert "PM_LINK_KEYS is missing" in message
    assert "PM_SENDGRID_KEY is missing" in message


def test_codes_have_keys_of_their_own() -> None:
    assert "PM_CODE_KEYS stands there twice" in told(MAIL_ONLY | {"PM_CODE_KEYS": KEY})
