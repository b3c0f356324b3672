"""Mail through SendGrid, over HTTP against the simulator."""

import base64
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import formataddr
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from integrations.errors import Ambiguous, Refused, ServiceError, Throttled, Unavailable
from integrations.ports import Address, Mail
from integrations.sendgrid.notifier import SendGridNotifier
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("nothing_broken")

KEY = "SG.secret-of-this-test"
SEND = "^/v3/mail/send$"


def notifier(url: str, timeout: float = 5) -> SendGridNotifier:
    return SendGridNotifier(KEY, "Aftermath <aftermath@example.com>", url, timeout)


def mail(to: str, **changes: Any) -> Mail:  # noqa: ANN401 - any field
    return Mail(
        key=f"INC-204:preread:1:{to}",
        to=Address(email=to, name="Inês Duarte"),
        subject="Pre-read: Rule update blocked logins",
        text="Please read https://aftermath.example.com/s/token",
        html='<p>Please read <a href="https://aftermath.example.com/s/token">it</a></p>',
        at=datetime(2026, 3, 4, 9, tzinfo=UTC),
        kind="preread",
        case="INC-204",
    ).replace(**changes)


def inbox(world: World, to: str) -> Any:  # noqa: ANN401 - JSON
    return world.all("mails", to=to)


def test_a_mail_arrives_with_its_text_its_marks_and_no_tracking(world: World) -> None:
    notifier(world.url).send(mail("ines@example.com"))

    [received] = inbox(world, "ines@example.com")
    assert received["subject"] == "Pre-read: Rule update blocked logins"
    assert received["from_name"] == "Aftermath"
    assert received["custom_args"] == {
        "case": "INC-204",
        "key": "INC-204:preread:1:ines@example.com",
        "kind": "preread",
        "at": "2026-03-04T09:00:00+00:00",
    }
    assert received["categories"] == ["preread"]
    assert received["headers"]["Auto-Submitted"] == "auto-generated"
    tracking = received["tracking_settings"]
    assert tracking["click_tracking"] == {"enable": False, "enable_text": False}
    assert tracking["open_tracking"] == {"enable": False}


def test_an_invitation_is_attached_as_a_calendar_file(world: World) -> None:
    notifier(world.url).send(mail("guest@example.com", calendar_file="BEGIN:VCALENDAR"))

    [received] = inbox(world, "guest@example.com")
    [attached] = received["attachments"]
    assert attached["filename"] == "invite.ics"
    assert base64.b64decode(attached["content"]) == b"BEGIN:VCALENDAR"


def test_a_subject_stays_on_one_line(world: World) -> None:
    notifier(world.url).send(mail("line@example.com", subject="Two\r\nlines"))

    assert inbox(world, "line@example.com")[0]["subject"] == "Two lines"


def test_a_sender_may_have_a_name_beyond_ascii(world: World) -> None:
    sender = formataddr(("Revisão de incidentes", "aftermath@example.com"))

    SendGridNotifier(KEY, sender, world.url).send(mail("named@example.com"))

    assert inbox(world, "named@example.com")[0]["from_name"] == "Revisão de incidentes"


def test_a_lost_answer_is_ambiguous_and_one_request(world: World) -> None:
    world.break_next("POST", SEND, "close_after")

    with pytest.raises(Ambiguous):
        notifier(world.url).send(mail("lost@example.com"))

    assert len(inbox(world, "lost@example.com")) == 1
    assert world.asked("POST", SEND) == 1


def test_the_same_mail_sent_again_carries_the_same_identity(world: World) -> None:
    world.break_next("POST", SEND, "close_after")
    with pytest.raises(Ambiguous):
        notifier(world.url).send(mail("again@example.com"))

    notifier(world.url).send(mail("again@example.com"))

    first, second = inbox(world, "again@example.com")
    for part in ("headers", "custom_args", "subject", "text", "html"):
        assert first[part] == second[part]


def test_an_answer_that_comes_too_late_is_ambiguous(world: World) -> None:
    world.break_next("POST", SEND, "delay_after", seconds=2)

    with pytest.raises(Ambiguous):
        notifier(world.url, timeout=0.5).send(mail("late@example.com"))


@pytest.mark.parametrize(
    ("status", "word"), [(400, Refused), (401, Refused), (413, Refused), (500, Ambiguous)]
)
def test_an_error_status_has_its_word(world: World, status: int, word: type[ServiceError]) -> None:
    world.break_next("POST", SEND, "status", status=status)

    with pytest.raises(word) as error:
        notifier(world.url).send(mail("nobody@example.com"))

    assert type(error.value) is word
    assert "nobody" not in str(error.value)


def test_a_success_that_is_not_202_is_not_believed(world: World) -> None:
    world.break_next("POST", SEND, "html200")

    with pytest.raises(Ambiguous):
        notifier(world.url).send(mail("portal@example.com"))


def test_a_pause_is_as_long_as_the_reset_says(world: World) -> None:
    reset = int((datetime.now(UTC) + timedelta(seconds=90)).timestamp())
    headers = {"X-RateLimit-Reset": str(reset)}
    world.break_next("POST", SEND, "status", status=429, headers=headers)

    with pytest.raises(Throttled) as error:
        notifier(world.url).send(mail("pause@example.com"))

    assert timedelta(seconds=80) < error.value.retry_after <= timedelta(seconds=90)


def test_an_unverified_sender_is_refused_without_the_vendors_words(world: World) -> None:
    world.set("settings", {"verified_senders": ["other@example.com"]})

    with pytest.raises(Refused) as error:
        notifier(world.url).send(mail("unverified@example.com"))

    world.set("settings", {"verified_senders": None})
    assert str(error.value) == (
        "SendGrid refused a mail (403). Verify the sender at SendGrid, and let the key send mail."
    )


def test_nothing_listening_means_certainly_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable):
            notifier(f"http://127.0.0.1:{port}").send(mail("nobody@example.com"))


def test_the_key_never_follows_a_redirect(world: World) -> None:
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers.get("Authorization", ""))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        to = f"http://127.0.0.1:{elsewhere.server_port}/"
        world.break_next("POST", SEND, "status", status=302, headers={"Location": to})

        with pytest.raises(Refused):
            notifier(world.url).send(mail("redirected@example.com"))

        elsewhere.shutdown()
    assert asked == []
