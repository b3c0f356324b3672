"""The document of a case in Google Docs, over HTTP against the simulator."""

import base64
import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.preparation.document import (
    LONGEST,
    MOST_ROWS,
    ActionRow,
    DesiredDocument,
    TableRowState,
)
from integrations.errors import Ambiguous, Refused, Throttled, Unavailable
from integrations.google.credentials import WHOLE_DRIVE, static_token
from integrations.google.document_reading import (
    ACTIONS_MARK,
    COLUMNS,
    Cell,
    Page,
    Row,
    Table,
    action_rows,
)
from integrations.google.documents import LOOKS_BEFORE_MAKING_ANOTHER, GoogleDocs
from integrations.google.http import GoogleAccess
from integrations.ports import Address
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("nothing_broken")

PEOPLE = {
    "ines": Address(email="ines@example.com", name="Inês Duarte"),
    "rui": Address(email="rui@example.com"),
}
SECTIONS = (
    ("Summary", "Two or three sentences."),
    ("Timeline", "UTC, each line with a link."),
    ("Action items", "One row per proposal."),
    ("Open questions", "With a name."),
)
FILES = "^/drive/v3/files$"
BATCH = ":batchUpdate$"


@pytest.fixture(autouse=True)
def _lists_keep_up(world: World) -> None:
    world.set("settings", {"drive_list_lag_seconds": 0})


def store(world: World) -> GoogleDocs:
    """Return the adapter with a folder that is there already: the top of our own drive."""
    return GoogleDocs(GoogleAccess(static_token("simulator"), world.url, (1, 5)), "root")


def wanted(world: World, **changes: Any) -> DesiredDocument:  # noqa: ANN401 - any field
    folder = store(world).reserve_folder()
    world.forget()
    return DesiredDocument(
        key="INC-204:document:1",
        folder_id=folder,
        title="Postmortem INC-204: Rule update 🔥 blocked logins",
        header=(("Status", "drafting"), ("Severity", "sev1"), ("Owner", "Inês Duarte")),
        opening="Everyone did the best they could with what they knew.",
        sections=SECTIONS,
        editors=("ines", "rui"),
    ).replace(**changes)


def item(number: int, **changes: Any) -> TableRowState:  # noqa: ANN401 - any field
    return TableRowState(
        id=f"AI-{number}", text=f"Add canary stage {number}", type="prevent", priority="P1"
    ).replace(**changes)


def documents_in(world: World, folder: str) -> Any:  # noqa: ANN401 - JSON
    return [each for each in world.all("documents") if folder in each["parents"]]


def text_of(world: World, document: str) -> str:
    [found] = [each for each in world.all("documents") if each["id"] == document]
    return str(found["text"])


def signed_in(world: World, email: str) -> dict[str, str]:
    """Return what a person's editor sends along."""
    claims = {"sub": email, "scope": WHOLE_DRIVE}
    told = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    body = {"grant_type": grant, "assertion": f"head.{told}.signature"}
    return {"Authorization": f"Bearer {world.vendor('POST', '/token', data=body)['access_token']}"}


class Writer:
    """A person who writes in a document with the editor."""

    def __init__(self, world: World, document: str, email: str = "ines@example.com") -> None:
        self._headers = signed_in(world, email)
        self._path = f"/v1/documents/{document}"
        self._world = world

    def content(self) -> Any:  # noqa: ANN401 - JSON
        told = self._world.vendor("GET", self._path, headers=self._headers)
        return told["body"]["content"]

    def paragraph(self, text: str) -> Any:  # noqa: ANN401 - JSON
        return next(each for each in self.content() if _text(each) == text)

    def table(self, number: int) -> Any:  # noqa: ANN401 - JSON
        tables = [each for each in self.content() if "table" in each]
        return tables[number]["table"]["tableRows"]

    def insert(self, index: int, text: str) -> None:
        self.batch({"insertText": {"location": {"index": index}, "text": text}})

    def below(self, text: str, words: str) -> None:
        self.insert(self.paragraph(text)["endIndex"], words)

    def rename(self, text: str, to: str) -> None:
        place = self.paragraph(text)
        start, end = place["startIndex"], place["endIndex"]
        gone = {"startIndex": start + 1, "endIndex": end - 1}
        self.insert(start + 1, to)
        moved = {name: index + len(to) for name, index in gone.items()}
        first = {"startIndex": start, "endIndex": start + 1}
        self.batch(
            {"deleteContentRange": {"range": moved}}, {"deleteContentRange": {"range": first}}
        )

    def delete(self, text: str) -> None:
        place = self.paragraph(text)
        whole = {"startIndex": place["startIndex"], "endIndex": place["endIndex"]}
        self.batch({"deleteContentRange": {"range": whole}})

    def fill(self, row: int, *cells: str) -> None:
        """Write into a row of the action-item table, from its second column on."""
        places = self.table(1)[row]["tableCells"][1:]
        for cell, words in reversed(list(zip(places, cells, strict=False))):
            self.insert(cell["content"][0]["startIndex"], words)

    def batch(self, *requests: object) -> None:
        body = {"requests": requests}
        self._world.vendor("POST", f"{self._path}:batchUpdate", json=body, headers=self._headers)


def _text(element: Any) -> str:  # noqa: ANN401 - JSON
    elements = element.get("paragraph", {}).get("elements", [])
    return "".join(each["textRun"]["content"] for each in elements).removesuffix("\n")


def rows_of(world: World, document: str) -> list[list[str]]:
    rows = Writer(world, document).table(1)
    return [[_text(cell["content"][0]) for cell in row["tableCells"]] for row in rows]


def test_a_new_document_has_all_its_parts_in_order(world: World) -> None:
    facts = (("Timeline", "02:14 began\n04:40 resolved"), ("People and roles", "Joana: commander"))
    reading = store(world).put_document(wanted(world, facts=facts), PEOPLE)

    text = text_of(world, reading.document_id)
    parts = (
        "Postmortem INC-204: Rule update 🔥 blocked logins",
        "Everyone did the best",
        "Status\ndrafting\nSeverity\nsev1\nOwner\nInês Duarte",
        "Summary\nTwo or three sentences.",
        "Timeline\nUTC, each line with a link.\n02:14 began\n04:40 resolved",
        "Action items\nOne row per proposal.",
        "#\nAction\nType\nPriority\nTeam\nDone when\nState",
        "Open questions\nWith a name.",
        "People and roles\nJoana: commander",
        "Decisions\nNo decisions yet.",
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    assert reading.url


def test_headings_are_headings_and_prompts_are_italic(world: World) -> None:
    reading = store(world).put_document(wanted(world), PEOPLE)

    page = Writer(world, reading.document_id)
    heading, prompt = page.paragraph("Summary"), page.paragraph("Two or three sentences.")
    assert heading["paragraph"]["paragraphStyle"]["namedStyleType"] == "HEADING_2"
    assert prompt["paragraph"]["paragraphStyle"]["namedStyleType"] == "NORMAL_TEXT"
    assert prompt["paragraph"]["elements"][0]["textRun"]["textStyle"].get("italic")
    headings = [
        _text(each)
        for each in page.content()
        if each.get("paragraph", {}).get("paragraphStyle", {}).get("headingId")
    ]
    assert headings == ["Summary", "Timeline", "Action items", "Open questions", "Decisions"]


def test_putting_the_same_again_takes_two_requests_and_writes_nothing(world: World) -> None:
    document = wanted(world, rows=(item(1),), decisions=("AI-1: accepted.",))
    store(world).put_document(document, PEOPLE)
    world.forget()

    store(world).put_document(document, PEOPLE)

    assert world.asked() == world.asked("GET") == 2


@pytest.mark.parametrize("path", [FILES, BATCH, "/permissions$", "^/drive/v3/files/"])
@pytest.mark.parametrize("fault", ["close_after", "close_before"])
def test_a_write_whose_answer_was_lost_is_made_once(world: World, path: str, fault: str) -> None:
    document = wanted(world, rows=(item(1),))
    world.break_next("PATCH" if path.endswith("files/") else "POST", path, fault)
    with pytest.raises(Ambiguous):
        store(world).put_document(document, PEOPLE)

    reading = put_patiently(world, document)

    assert len(documents_in(world, document.folder_id)) == 1
    assert text_of(world, reading.document_id).count("Add canary stage 1") == 1
    assert text_of(world, reading.document_id).count("Decisions") == 1


def put_patiently(world: World, document: DesiredDocument) -> Any:  # noqa: ANN401 - a reading
    for _ in range(LOOKS_BEFORE_MAKING_ANOTHER):
        try:
            return store(world).put_document(document, PEOPLE)
        except Unavailable:
            continue
    return None


def test_a_document_that_the_list_does_not_show_yet_is_not_made_twice(world: World) -> None:
    document = wanted(world)
    world.set("settings", {"drive_list_lag_seconds": 300})
    world.break_next("POST", FILES, "close_after", times=1)
    with pytest.raises(Ambiguous):
        store(world).put_document(document, PEOPLE)
    with pytest.raises(Unavailable):
        store(world).put_document(document, PEOPLE)

    world.set("settings", {"drive_list_lag_seconds": 0})
    put_patiently(world, document)

    assert len(documents_in(world, document.folder_id)) == 1


def test_a_document_that_people_moved_elsewhere_is_still_the_one(world: World) -> None:
    document = wanted(world)
    first = store(world).put_document(document, PEOPLE)
    path = f"/drive/v3/files/{first.document_id}"
    elsewhere = store(world).put_document(wanted(world), PEOPLE)
    [other] = [e for e in world.all("documents") if e["id"] == elsewhere.document_id]
    moves = {"addParents": other["parents"][0], "removeParents": document.folder_id}
    world.vendor("PATCH", path, params=moves, json={}, headers={"Authorization": "Bearer x"})

    second = store(world).put_document(document, PEOPLE)

    assert second.document_id == first.document_id


def test_a_document_in_the_bin_is_refused_and_not_replaced(world: World) -> None:
    document = wanted(world)
    reading = store(world).put_document(document, PEOPLE)
    path = f"/drive/v3/files/{reading.document_id}"
    world.vendor("PATCH", path, json={"trashed": True}, headers={"Authorization": "Bearer x"})

    with pytest.raises(Refused, match="bin"):
        store(world).put_document(document, PEOPLE)


def second_document(world: World, document: DesiredDocument) -> str:
    """Make a document of the same case in the same folder, as a lost answer behind a list does."""
    body = {
        "name": document.title,
        "mimeType": "application/vnd.google-apps.document",
        "parents": [document.folder_id],
        "appProperties": {"pmKey": document.key},
    }
    made = world.vendor("POST", "/drive/v3/files", json=body, headers={"Authorization": "Bearer x"})
    return str(made["id"])


def test_an_empty_second_document_goes_to_the_bin_and_that_is_told_once(world: World) -> None:
    document = wanted(world)
    first = store(world).put_document(document, PEOPLE)
    second = second_document(world, document)

    repairing, again = (store(world).put_document(document, PEOPLE) for _ in range(2))

    assert repairing.document_id == again.document_id == first.document_id
    assert "moved to the bin" in repairing.repaired
    assert not again.repaired
    assert [e["trashed"] for e in world.all("documents") if e["id"] == second] == [True]


def test_a_second_document_that_people_wrote_in_is_renamed_and_left(world: World) -> None:
    document = wanted(world)
    first = store(world).put_document(document, PEOPLE)
    second = second_document(world, document)
    ines = {"type": "user", "role": "writer", "emailAddress": "ines@example.com"}
    path = f"/drive/v3/files/{second}/permissions"
    world.vendor("POST", path, json=ines, headers={"Authorization": "Bearer x"})
    Writer(world, second).insert(1, "Logins failed.")

    repairing, again = (store(world).put_document(document, PEOPLE) for _ in range(2))

    assert repairing.document_id == again.document_id == first.document_id
    assert "Second copy" in repairing.repaired
    assert not again.repaired
    [left] = [each for each in world.all("documents") if each["id"] == second]
    assert (left["trashed"], left["name"]) == (False, f"Second copy: {document.title}")
    assert "Logins failed." in left["text"]


def test_of_two_documents_that_nobody_knows_the_oldest_counts(world: World) -> None:
    document = wanted(world)
    world.set("settings", {"drive_list_lag_seconds": 300})
    world.break_next("POST", FILES, "delay_before")
    world.break_next("POST", FILES, "close_before")
    with pytest.raises(Ambiguous):
        store(world).put_document(document, PEOPLE)
    world.set("settings", {"drive_list_lag_seconds": 0})
    oldest, youngest = second_document(world, document), second_document(world, document)

    found = store(world).put_document(document, PEOPLE)

    assert found.document_id in {oldest, youngest}
    assert len([e for e in documents_in(world, document.folder_id) if not e["trashed"]]) == 1


def test_editors_may_write_and_nobody_is_mailed_by_google(world: World) -> None:
    document, mailed_before = wanted(world), world.all("mails", kind="drive")

    reading = store(world).put_document(document, PEOPLE)

    [file] = documents_in(world, document.folder_id)
    writers = {each["emailAddress"] for each in file["permissions"] if each["role"] == "writer"}
    assert writers == {"ines@example.com", "rui@example.com"}
    assert reading.document_id == file["id"]
    assert world.all("mails", kind="drive") == mailed_before


def test_a_person_whom_google_refuses_holds_nobody_else_up(world: World) -> None:
    document = wanted(world)
    world.break_next("POST", "/permissions$", "status", status=400)

    reading = store(world).put_document(document, PEOPLE)

    assert reading.repaired == (
        "Google did not let us share the document with ines: share it by hand."
    )
    [file] = documents_in(world, document.folder_id)
    assert "rui@example.com" in {each.get("emailAddress") for each in file["permissions"]}


def test_a_new_document_is_empty_but_for_facts(world: World) -> None:
    facts = (("Timeline", "02:14 began"),)

    reading = store(world).put_document(wanted(world, facts=facts), PEOPLE)

    assert reading.empty_sections == ("Summary", "Action items", "Open questions")
    assert reading.rows == ()


def test_a_section_with_words_is_not_empty_even_under_another_heading(world: World) -> None:
    document = wanted(world)
    first = store(world).put_document(document, PEOPLE)
    ines = Writer(world, first.document_id)
    ines.below("Two or three sentences.", "Logins failed for 23 minutes.")
    ines.rename("Summary", "In short")
    ines.delete("UTC, each line with a link.")

    reading = store(world).put_document(document, PEOPLE)

    assert reading.empty_sections == ("Timeline", "Action items", "Open questions")


def test_words_written_into_the_prompt_itself_count(world: World) -> None:
    document = wanted(world)
    first = store(world).put_document(document, PEOPLE)
    ines = Writer(world, first.document_id)
    ines.insert(ines.paragraph("With a name.")["endIndex"] - 1, " Rui asks about the canary.")

    reading = store(world).put_document(document, PEOPLE)

    assert "Open questions" not in reading.empty_sections


def test_rows_that_people_write_are_read_and_get_their_number(world: World) -> None:
    document = wanted(world)
    first = store(world).put_document(document, PEOPLE)
    Writer(world, first.document_id).fill(1, " Alert on login errors ", "detect", "P1", "edge")

    reading = store(world).put_document(document, PEOPLE)

    row = ActionRow(text="Alert on login errors", type="detect", priority="P1", team="edge")
    assert reading.rows == (row,)
    assert reading.editors == ("ines",)
    assert "Action items" not in reading.empty_sections

    proposed = item(1, text="alert on  login errors", state="proposed")
    numbered = store(world).put_document(document.replace(rows=(proposed,)), PEOPLE)

    assert numbered.rows == (row.replace(id="AI-1"),)
    cells = ["AI-1", " Alert on login errors ", "detect", "P1", "edge", "", "proposed"]
    assert rows_of(world, first.document_id)[1] == cells


def test_words_that_are_too_long_are_read_as_far_as_a_case_takes_them(world: World) -> None:
    document = wanted(world)
    first = store(world).put_document(document, PEOPLE)
    Writer(world, first.document_id).fill(1, "x" * 2000, "detect", "P1", "edge", "y" * 2000)

    reading = store(world).put_document(document, PEOPLE)

    (row,) = reading.rows
    assert (len(row.text), len(row.done_when)) == (LONGEST["text"], LONGEST["done_when"])
    assert reading.cut
    assert "Shorten it" in reading.repaired

    proposed = item(1, text=row.text, state="proposed")
    numbered = store(world).put_document(document.replace(rows=(proposed,)), PEOPLE)

    assert [each.id for each in numbered.rows] == ["AI-1"]


def test_a_table_of_nearly_a_megabyte_is_read_as_far_as_a_case_takes_it() -> None:
    rows, cut = action_rows(page_with(["x" * 900_000, "Do another thing"]))

    assert cut
    assert [len(row.text) for row in rows] == [LONGEST["text"], len("Do another thing")]


def test_of_a_table_with_ever_more_rows_the_first_are_read() -> None:
    page = page_with([f"Do thing {number}" for number in range(5000)])

    rows, cut = action_rows(page)

    assert cut
    assert [row.text for row in rows] == [f"Do thing {number}" for number in range(MOST_ROWS)]
    assert action_rows(page_with(["Do one thing"])) == ((ActionRow(text="Do one thing"),), False)


def page_with(texts: list[str]) -> Page:
    """A document that is one table with an action in each row."""
    lines = [COLUMNS, *(("", text, "", "", "", "", "") for text in texts)]
    rows = tuple(Row(0, tuple(Cell(0, 0, text) for text in line)) for line in lines)
    return Page("1", (Table(1, 9, rows),), {ACTIONS_MARK: (1, 2)})


def test_the_state_of_a_row_follows_and_peoples_cells_stay(world: World) -> None:
    document = wanted(world, rows=(item(1, state="proposed"), item(2)))
    first = store(world).put_document(document, PEOPLE)
    Writer(world, first.document_id).insert(
        Writer(world, first.document_id).table(1)[1]["tableCells"][1]["content"][0]["startIndex"],
        "Really: ",
    )

    changed = document.replace(rows=(item(1, state="accepted"), item(2, state="declined")))
    store(world).put_document(changed, PEOPLE)

    rows = rows_of(world, first.document_id)
    assert rows[1] == ["AI-1", "Really: Add canary stage 1", "prevent", "P1", "", "", "accepted"]
    assert rows[2][-1] == "declined"


def test_rows_that_are_wanted_and_absent_are_added_below_the_filled_ones(world: World) -> None:
    document = wanted(world, rows=(item(1),))
    first = store(world).put_document(document, PEOPLE)
    Writer(world, first.document_id).fill(2, "Written by a person")

    store(world).put_document(document.replace(rows=(item(1), item(2), item(3))), PEOPLE)

    rows = rows_of(world, first.document_id)
    assert [row[0] for row in rows] == ["#", "AI-1", "", "AI-2", "AI-3", "", ""]
    assert rows[3][1] == "Add canary stage 2"
    assert rows[2][1] == "Written by a person"


def test_what_a_write_tells_is_what_the_next_look_finds(world: World) -> None:
    document = wanted(world, rows=(item(1, state="proposed"),))
    first = store(world).put_document(document, PEOPLE)
    writer = Writer(world, first.document_id)
    writer.fill(2, "Add canary  stage 2", "detect")
    writer.fill(3, "Written by a person")
    writer.below("Summary", "Logins failed.\n")
    world.forget()

    changed = document.replace(
        header=(("Status", "deciding"),),
        rows=(item(1, state="accepted"), item(2, state="declined"), item(3, text="Try 🔥")),
        decisions=("AI-1: accepted.",),
    )
    told = store(world).put_document(changed, PEOPLE)

    assert world.asked("GET", "^/v1/documents/") == 1
    assert told == store(world).put_document(changed, PEOPLE).replace(editors=told.editors)
    assert [row.id for row in told.rows] == ["AI-1", "AI-2", "", "AI-3"]
    assert "Summary" not in told.empty_sections


def test_the_header_and_the_decisions_follow(world: World) -> None:
    document = wanted(world)
    first = store(world).put_document(document, PEOPLE)
    header = (("Status", "deciding"), ("Severity", "sev1"), ("Owner", "Rui 🚒 Barbosa"))
    decisions = ("AI-1: accepted.", "AI-2: declined. Reason: too dear 💸.")

    changed = document.replace(header=(*header, ("Meeting", "Wednesday")), decisions=decisions)
    store(world).put_document(changed, PEOPLE)
    fewer = changed.replace(decisions=decisions[1:])
    store(world).put_document(fewer, PEOPLE)
    world.forget()
    store(world).put_document(fewer, PEOPLE)

    assert not world.asked("POST", BATCH)
    text = text_of(world, first.document_id)
    assert "Status\ndeciding\nSeverity\nsev1\nOwner\nRui 🚒 Barbosa\nMeeting\nWednesday" in text
    assert text.rstrip().endswith("Decisions\nAI-2: declined. Reason: too dear 💸.")


@pytest.mark.parametrize("also_heading", [False, True])
def test_decisions_that_people_deleted_come_again(world: World, *, also_heading: bool) -> None:
    document = wanted(world, decisions=("AI-1: accepted.",))
    first = store(world).put_document(document, PEOPLE)
    Writer(world, first.document_id).delete("AI-1: accepted.")
    if also_heading:
        Writer(world, first.document_id).delete("Decisions")

    store(world).put_document(document, PEOPLE)
    world.forget()
    store(world).put_document(document, PEOPLE)

    assert not world.asked("POST", BATCH)
    assert text_of(world, first.document_id).rstrip().endswith("Decisions\nAI-1: accepted.")


def test_words_that_people_add_after_a_decision_stay(world: World) -> None:
    document = wanted(world, decisions=("AI-1: accepted.",))
    first = store(world).put_document(document, PEOPLE)
    ines = Writer(world, first.document_id)
    ines.insert(ines.paragraph("AI-1: accepted.")["endIndex"] - 1, " Good!")

    store(world).put_document(document, PEOPLE)

    assert "AI-1: accepted. Good!" in text_of(world, first.document_id)


def test_a_document_that_people_emptied_of_our_parts_is_left_alone(world: World) -> None:
    document = wanted(world)
    first = store(world).put_document(document, PEOPLE)
    ines = Writer(world, first.document_id)
    content = ines.content()
    start, end = content[1]["startIndex"], content[-1]["endIndex"] - 1
    ines.batch({"deleteContentRange": {"range": {"startIndex": start, "endIndex": end}}})
    ines.insert(1, "All of it is somewhere else now.")

    reading = store(world).put_document(document, PEOPLE)

    assert text_of(world, first.document_id).strip() == "All of it is somewhere else now."
    assert reading.empty_sections == tuple(title for title, _ in SECTIONS)


def test_a_write_at_a_revision_that_is_gone_reads_again(world: World) -> None:
    document = wanted(world)
    first = store(world).put_document(document, PEOPLE)
    world.break_next("POST", BATCH, "delay_before", seconds=1)
    adapter = store(world)

    changed = document.replace(header=(("Status", "deciding"), *document.header[1:]))
    other = threading.Timer(
        0.4, lambda: Writer(world, first.document_id).below("With a name.", "Meanwhile.")
    )
    other.start()
    reading = adapter.put_document(changed, PEOPLE)
    other.join()

    assert "Status\ndeciding" in text_of(world, first.document_id)
    assert "Open questions" not in reading.empty_sections


def test_a_request_that_is_wrong_is_refused(world: World) -> None:
    document = wanted(world)
    world.break_next("POST", BATCH, "status", status=400)

    with pytest.raises(Refused):
        store(world).put_document(document, PEOPLE)


def test_the_export_is_text_with_our_line_ends(world: World) -> None:
    reading = store(world).put_document(wanted(world), PEOPLE)

    text = store(world).export(reading.document_id)

    assert text.startswith("Postmortem INC-204: Rule update 🔥")
    assert "\r" not in text


def test_an_export_that_google_throttles_waits(world: World) -> None:
    world.break_next("GET", "/export$", "status", status=429)

    with pytest.raises(Throttled):
        store(world).export("any")


def test_the_simulated_clock_is_not_ours(world: World) -> None:
    world.set("clock", {"now": datetime(2027, 1, 1, tzinfo=UTC).isoformat()})

    assert store(world).put_document(wanted(world), PEOPLE).document_id


DIRTY = "Pager \x07beeps\x1b[31m red\x1b[0m \ue000\u202ediar\u202c \x9b1mloud"


def test_letters_that_google_strips_are_written_once_and_read_back_as_they_stand(
    world: World,
) -> None:
    dirty = wanted(
        world,
        title=DIRTY,
        header=(("Incident", DIRTY), ("Status", "drafting")),
        opening=DIRTY,
        facts=(("What happened", f"{DIRTY}\n{DIRTY}"),),
        rows=(item(1, text=DIRTY),),
        decisions=(f"Accepted: {DIRTY}",),
    )

    first = store(world).put_document(dirty, PEOPLE)
    writes = world.asked("POST", BATCH)
    second = store(world).put_document(dirty, PEOPLE)

    assert [row.text for row in first.rows] == ["Pager beeps red diar loud"]
    assert second.rows == first.rows
    assert world.asked("POST", BATCH) == writes == 1
