"""The policy: numbers as data, wrong ones refused, the shipped file whole."""

import pytest
from pydantic import ValidationError

from domain.calendar.spans import Span, Unit
from domain.incident import Severity
from domain.policy import Connected, MessageRules, Policy
from tests.playing import POLICY


def test_the_shipped_policy_says_what_the_sources_say() -> None:
    rules = POLICY.rules_for(Severity.SEV1, Connected(), 1)

    assert str(rules.severity.meeting_within) == "3bd"
    assert str(rules.meeting.pre_read_before) == "24h"
    assert rules.severity.action_due_days == 15
    assert rules.action_items.ticket_priorities == ("P0", "P1")
    assert rules.message.channel == "manual"
    assert str(POLICY.severities[Severity.SEV2].meeting_within) == "5bd"


def test_only_major_incidents_are_wanted() -> None:
    wanted = [severity for severity in Severity if POLICY.wants(severity)]

    assert wanted == [Severity.SEV1, Severity.SEV2]
    assert not POLICY.replace(severities={}).wants(Severity.SEV1)


def test_every_severity_has_rules_and_a_priority_that_means_it() -> None:
    assert set(POLICY.severities) == set(Severity)
    assert set(POLICY.priorities.values()) == set(Severity)


def test_a_policy_reads_what_it_writes() -> None:
    assert Policy.model_validate_json(POLICY.model_dump_json()) == POLICY


def test_mail_to_customers_needs_a_list() -> None:
    told = POLICY.message.model_dump() | {"channel": "mail"}

    with pytest.raises(ValidationError, match="mailing_list"):
        MessageRules.model_validate(told)
    assert MessageRules.model_validate(told | {"mailing_list": "customers"}).channel == "mail"


def test_a_field_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError):
        Policy.model_validate(POLICY.model_dump() | {"coffee": "black"})


@pytest.mark.parametrize(
    ("written", "amount", "unit", "said"),
    [
        ("10m", 10, Unit.MINUTES, "10 minutes"),
        ("1 h", 1, Unit.HOURS, "1 hour"),
        ("15d", 15, Unit.DAYS, "15 days"),
        ("4bh", 4, Unit.BUSINESS_HOURS, "4 business hours"),
        (" 1bd ", 1, Unit.BUSINESS_DAYS, "1 business day"),
    ],
)
def test_a_span_is_read_and_said(written: str, amount: int, unit: Unit, said: str) -> None:
    span = Span.model_validate(written)

    assert (span.amount, span.unit) == (amount, unit)
    assert span.in_words == said
    assert Span.model_validate_json(span.model_dump_json()) == span
    assert Span(amount=amount, unit=unit) == span


@pytest.mark.parametrize("written", ["", "soon", "-1h", "1 week", "1.5h"])
def test_what_is_no_span_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="is no span"):
        Span.model_validate(written)
