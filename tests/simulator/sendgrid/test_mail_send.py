"""The simulated SendGrid: what it accepts, refuses and delivers; also through its library."""

import base64
from typing import Any

import httpx
import pytest
from python_http_client.exceptions import ForbiddenError  # type: ignore[import-untyped]
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import CustomArg, Header, Mail

from tests.simulator.bodies import ADA, MAIL


@pytest.fixture
def mailer(client: httpx.Client) -> httpx.Client:
    client.headers["Authorization"] = "Bearer SG.key"
    return client


def mails(mailer: httpx.Client, **params: str | int) -> list[dict[str, Any]]:
    return list(mailer.get("/simulator/mails", params=params).json())


def test_a_mail_arrives_with_everything_that_was_said(mailer: httpx.Client) -> None:
    attachment = {
        "content": base64.b64encode(b"BEGIN:VCALENDAR").decode(),
        "filename": "slot.ics",
        "type": "text/calendar",
    }
    extra = {
        "content": [*MAIL["content"], {"type": "text/html", "value": "<p>Please review.</p>"}],
        "headers": {"Message-ID": "<n1@example.com>"},
        "custom_args": {"notice": "n1"},
        "categories": ["review"],
        "attachments": [attachment],
        "tracking_settings": {"click_tracking": {"enable": False}},
    }

    answer = mailer.post("/v3/mail/send", json=MAIL | extra)

    assert (answer.status_code, answer.content) == (202, b"")
    [mail] = mails(mailer, to=ADA, kind="sendgrid")
    assert mail["message_id"] == answer.headers["x-message-id"]
    assert (mail["to_name"], mail["from_name"]) == ("Ada Byron", "Bot")
    assert (mail["text"], mail["html"]) == ("Please review.", "<p>Please review.</p>")
    for name in ("headers", "custom_args", "categories", "attachments", "tracking_settings"):
        assert mail[name] == extra[name]


def test_each_recipient_gets_a_mail_and_equal_mails_are_not_folded(mailer: httpx.Client) -> None:
    people = [
        {"to": [{"email": ADA}], "cc": [{"email": "carl@example.com"}]},
        {"to": [{"email": "bob@example.com"}], "subject": "For Bob"},
    ]

    for _ in range(2):
        mailer.post("/v3/mail/send", json=MAIL | {"personalizations": people})

    found = mails(mailer)
    assert [mail["to"].partition("@")[0] for mail in found] == ["ada", "carl", "bob"] * 2
    assert found[2]["subject"] == "For Bob"
    assert [mail["id"] for mail in mails(mailer, after=found[3]["id"])] == [5, 6]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"personalizations": []}, "personalizations"),
        ({"personalizations": [{"to": []}]}, "personalizations.0.to"),
        ({"personalizations": [{"to": [{"email": "ada"}]}]}, "personalizations.0.to.0.email"),
        (
            {"personalizations": [{"to": [{"email": ADA}], "cc": [{"email": ADA.upper()}]}]},
            "personalizations.0",
        ),
        ({"from": {}}, "from.email"),
        ({"subject": ""}, "subject"),
        ({"content": []}, "content"),
        ({"content": [{"type": "text/plain", "value": ""}]}, "content.0.value"),
        (
            {
                "content": [
                    {"type": "text/html", "value": "x"},
                    {"type": "text/plain", "value": "x"},
                ]
            },
            "content",
        ),
        ({"headers": {"Reply-To": "x@example.com"}}, "headers"),
        ({"custom_args": {"n": 1}}, "personalizations.0.custom_args"),
        ({"custom_args": {"n": "x" * 10_000}}, "custom_args"),
        ({"categories": ["a", "a"]}, "categories"),
        ({"attachments": [{"filename": "a", "content": "?"}]}, "attachments.0.content"),
    ],
)
def test_a_mail_that_sendgrid_would_refuse_is_refused_with_the_field_named(
    mailer: httpx.Client, changes: dict[str, Any], field: str
) -> None:
    answer = mailer.post("/v3/mail/send", json=MAIL | changes)

    [error] = answer.json()["errors"]
    assert answer.status_code == 400
    assert error["field"] == field
    assert error.keys() == {"message", "field", "help"}
    assert mails(mailer) == []


def test_a_key_that_is_none_is_no_key(mailer: httpx.Client) -> None:
    answer = mailer.post("/v3/mail/send", json=MAIL, headers={"Authorization": "Bearer None"})

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["field"] is None


def test_sendgrids_own_client_sends_and_hears_of_an_unverified_sender(
    mailer: httpx.Client,
) -> None:
    client = SendGridAPIClient("SG.key", host=str(mailer.base_url).rstrip("/"))
    client.client.timeout = 5
    mail = Mail("bot@example.com", ADA, "Review", "Please review.", "<p>Please review.</p>")
    mail.add_header(Header("Message-ID", "<n1@example.com>"))
    mail.add_custom_arg(CustomArg("notice", "n1"))

    answer = client.send(mail)
    mailer.put("/simulator/settings", json={"verified_senders": ["other@example.com"]})
    with pytest.raises(ForbiddenError) as refused:
        client.send(mail)

    assert answer.status_code == 202
    assert refused.value.to_dict["errors"][0]["field"] == "from"
    [arrived] = mails(mailer)
    assert arrived["custom_args"] == {"notice": "n1"}
    assert arrived["headers"] == {"Message-ID": "<n1@example.com>"}
