"""The organisation file: what it gives to a case, and how it complains."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.directory_snapshot import DirectorySnapshot
from integrations.files.directory import FileDirectory
from integrations.files.organisation import WrongOrganisation

SHIPPED = Path(__file__).parents[3] / "organisation.toml"
NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def directory() -> FileDirectory:
    return FileDirectory(SHIPPED)


@pytest.fixture(scope="module")
def snapshot(directory: FileDirectory) -> DirectorySnapshot:
    return directory.snapshot(NOW)


def written(folder: Path, text: str) -> Path:
    path = folder / "organisation.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_directory_snapshot_reaches_40_days_back_and_13_months_ahead(
    snapshot: DirectorySnapshot,
) -> None:
    assert snapshot.covers(NOW - timedelta(days=40))
    assert snapshot.covers(datetime(2027, 4, 2, tzinfo=UTC))


def test_the_directory_snapshot_of_one_day_is_the_same_whenever_it_is_asked(
    directory: FileDirectory,
) -> None:
    later = directory.snapshot(NOW + timedelta(hours=9))

    assert later.model_dump_json() == directory.snapshot(NOW).model_dump_json()


def test_everyone_named_anywhere_in_the_directory_snapshot_is_in_it(
    snapshot: DirectorySnapshot,
) -> None:
    named = {*snapshot.incident_commanders, *snapshot.facilitators, *snapshot.customer_liaisons}
    named |= {each.manager for each in snapshot.people.values() if each.manager}
    for team in snapshot.teams.values():
        named |= {team.engineering_manager, *team.members}

    assert named <= snapshot.people.keys()


def test_the_core_people_of_the_demo_work_in_lisbon(snapshot: DirectorySnapshot) -> None:
    core = [*snapshot.teams["edge-firewall"].members, snapshot.incident_commanders[0]]
    core += snapshot.facilitators[:2]

    assert {snapshot.people[each].zone for each in core} == {"Europe/Lisbon"}
    assert {snapshot.people[each].holidays for each in core} == {"PT"}


def test_every_manager_of_a_team_reports_to_one_director(snapshot: DirectorySnapshot) -> None:
    leaders = [team.engineering_manager for team in snapshot.teams.values()]

    assert {snapshot.manager_of(each) for each in leaders} == {"helena-vasconcelos"}


def test_nobody_in_the_facilitators_pool_belongs_to_the_incidents_team(
    snapshot: DirectorySnapshot,
) -> None:
    members = set(snapshot.teams["edge-firewall"].members)

    assert not members & set(snapshot.facilitators)


def test_public_holidays_follow_the_office(snapshot: DirectorySnapshot) -> None:
    assert date(2026, 4, 25) in snapshot.holidays["PT"]
    assert date(2026, 5, 25) in snapshot.holidays["GB-ENG"]
    assert date(2026, 11, 26) in snapshot.holidays["US-TX"]


def test_offsets_agree_with_the_zone_at_every_hour(snapshot: DirectorySnapshot) -> None:
    for zone, changes in snapshot.zones.items():
        at = snapshot.valid_from
        while at < snapshot.valid_until:
            ours = [each.offset_minutes for each in changes if each.at <= at][-1]
            offset = at.astimezone(ZoneInfo(zone)).utcoffset()
            assert offset == timedelta(minutes=ours)
            at += timedelta(hours=1)


def test_a_clock_changes_at_the_very_minute(snapshot: DirectorySnapshot) -> None:
    instants = [each.at for each in snapshot.zones["Europe/Lisbon"]]

    assert instants == [
        datetime(2026, 1, 20, tzinfo=UTC),
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
        datetime(2027, 3, 28, 1, tzinfo=UTC),
    ]


def test_no_address_is_in_the_directory_snapshot(snapshot: DirectorySnapshot) -> None:
    assert "@" not in snapshot.model_dump_json()


def test_addresses_are_given_for_people_and_lists_that_are_known(directory: FileDirectory) -> None:
    addresses = directory.addresses(["ines-duarte", "incident-reports", "nobody"])

    assert {id_: each.email for id_, each in addresses.items()} == {
        "ines-duarte": "ines.duarte@example.com",
        "incident-reports": "incident-reports@example.com",
    }


def test_a_tools_own_id_leads_to_the_person_and_the_service(directory: FileDirectory) -> None:
    assert directory.person_called("pagerduty", "PJOANA1") == "joana-neves"
    assert directory.service_called("pagerduty", "PWAF001") == "edge-firewall"
    assert directory.service_called("pagerduty", "web application firewall") == "edge-firewall"


def test_a_mail_address_leads_to_the_person_in_any_case(directory: FileDirectory) -> None:
    assert directory.person_called("google", "Ines.Duarte@Example.com") == "ines-duarte"


def test_an_id_of_another_tool_and_an_empty_name_lead_to_nobody(directory: FileDirectory) -> None:
    assert directory.person_called("jira", "PJOANA1") is None
    assert directory.person_called("pagerduty", " ") is None
    assert directory.service_called("pagerduty", "") is None


def test_what_a_person_says_of_hours_wins_over_the_office(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        process_owner = "ana"
        [offices.lisbon]
        zone = "Europe/Lisbon"
        holidays = "PT"
        hours = ["09:00", "18:00"]
        [people.ana]
        name = "Ana"
        email = "ana@example.com"
        office = "lisbon"
        hours = ["10:00", "14:00"]
        weekdays = [0, 1, 2]
        absences = [{ first = 2026-03-09, last = 2026-03-13 }]
        """,
    )

    ana = FileDirectory(path).snapshot(NOW).people["ana"]

    assert (ana.zone, ana.holidays) == ("Europe/Lisbon", "PT")
    assert ana.hours == (time(10), time(14))
    assert ana.weekdays == (0, 1, 2)
    assert ana.absences[0].first == date(2026, 3, 9)


def test_every_wrong_field_is_named_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [people.ana]
        name = ""
        email = "no address"
        shoe_size = 39
        [teams.web]
        name = "Web"
        """,
    )

    with pytest.raises(WrongOrganisation) as refusal:
        FileDirectory(path)

    for place in ("ana.name", "ana.email", "ana.shoe_size", "web.engineering_manager"):
        assert place in str(refusal.value)


def test_every_name_that_leads_nowhere_is_named_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        facilitators = ["ghost"]
        head_of_support = "chief"
        process_owner = "nobody"
        [people.ana]
        name = "Ana"
        email = "ana@example.com"
        zone = "Europe/Lissabon"
        holidays = "PT-ZZ"
        hours = ["18:00", "09:00"]
        manager = "boss"
        [people.bea]
        name = "Bea"
        email = "ANA@example.com"
        team = "web"
        [services.shop]
        name = "Shop"
        team = "shop"
        """,
    )

    with pytest.raises(WrongOrganisation) as refusal:
        FileDirectory(path)

    for complaint in (
        "facilitators: there is no person 'ghost'",
        "head_of_support: there is no person 'chief'",
        "process_owner: there is no person 'nobody'",
        "people.ana: there is no time zone 'Europe/Lissabon'",
        "people.ana: there is no holiday calendar 'PT-ZZ'",
        "people.ana: the working hours end before they start",
        "people.ana.manager: there is no person 'boss'",
        "people: more than one has the address of ana@example.com",
        "people.bea.team: there is no team 'web'",
        "people.bea: neither it nor an office of its says the zone",
        "services.shop.team: there is no team 'shop'",
    ):
        assert complaint in str(refusal.value)


def test_a_file_that_is_missing_or_no_toml_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WrongOrganisation, match="cannot be read"):
        FileDirectory(tmp_path / "nowhere.toml")
    with pytest.raises(WrongOrganisation, match="is not TOML"):
        FileDirectory(written(tmp_path, "people = ["))
