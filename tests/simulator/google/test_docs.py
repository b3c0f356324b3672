"""The simulated Docs: indexes, batches, revisions, named ranges, and people in the editor."""

import json
from typing import Any

import httpx
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.google.docs.manuscript import BrokenStructure, Manuscript, paragraphs_in, units_of
from simulator.google.docs.places import RequestRefused, deleted
from simulator.google.docs.requests import insert
from simulator.google.docs.tables import delete_row, insert_row, insert_table
from tests.simulator.bodies import DOCUMENT

OWNER = "olga@example.com"
EMOJI = "\N{FIRE}"


class Doc:
    """One document, spoken to over HTTP."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        body = {"name": "Postmortem", "mimeType": DOCUMENT}
        self.id = client.post("/drive/v3/files", json=body).json()["id"]

    def batch(self, *requests: dict[str, Any], **control: str) -> httpx.Response:
        body = {"requests": list(requests)} | ({"writeControl": control} if control else {})
        return self.client.post(f"/v1/documents/{self.id}:batchUpdate", json=body)

    def told(self, **params: str) -> dict[str, Any]:
        return dict(self.client.get(f"/v1/documents/{self.id}", params=params).json())

    def content(self) -> list[dict[str, Any]]:
        return list(self.told()["body"]["content"])

    def paragraphs(self) -> list[tuple[str, str]]:
        return [
            (each["paragraph"]["paragraphStyle"]["namedStyleType"], text_in(each["paragraph"]))
            for each in self.content()
            if "paragraph" in each
        ]

    def export(self, mime: str) -> httpx.Response:
        path = f"/drive/v3/files/{self.id}/export"
        return self.client.get(path, params={"mimeType": mime})

    def act(self, form: str, **fields: str | list[str]) -> httpx.Response:
        data = {"author": OWNER} | fields
        return self.client.post(f"/documents/{self.id}/{form}", data=data)


@pytest.fixture
def doc(client: httpx.Client) -> Doc:
    client.post("/simulator/people", json={"people": [{"email": OWNER, "name": "Olga"}]})
    return Doc(client)


def text_in(paragraph: dict[str, Any]) -> str:
    return "".join(element["textRun"]["content"] for element in paragraph["elements"])


def text(index: int, value: str) -> dict[str, Any]:
    return {"insertText": {"location": {"index": index}, "text": value}}


def at_end(value: str) -> dict[str, Any]:
    return {"insertText": {"endOfSegmentLocation": {}, "text": value}}


def style(start: int, end: int, name: str) -> dict[str, Any]:
    changes = {"paragraphStyle": {"namedStyleType": name}, "fields": "namedStyleType"}
    return {"updateParagraphStyle": {"range": span(start, end)} | changes}


def span(start: int, end: int) -> dict[str, int]:
    return {"startIndex": start, "endIndex": end}


def remove(start: int, end: int) -> dict[str, Any]:
    return {"deleteContentRange": {"range": span(start, end)}}


def table(index: int, rows: int = 2, columns: int = 2) -> dict[str, Any]:
    return {"insertTable": {"location": {"index": index}, "rows": rows, "columns": columns}}


def refused(answer: httpx.Response) -> str:
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    return str(error["message"])


def test_an_empty_document_is_a_section_break_and_an_empty_paragraph(doc: Doc) -> None:
    section, paragraph = doc.content()

    assert section["endIndex"] == 1
    assert "startIndex" not in section
    assert (paragraph["startIndex"], paragraph["endIndex"]) == (1, 2)
    assert text_in(paragraph["paragraph"]) == "\n"


def test_text_is_counted_in_utf_16_code_units(doc: Doc) -> None:
    doc.batch(text(1, f"a{EMOJI}b\nc"), text(4, "!"))

    assert doc.paragraphs() == [("NORMAL_TEXT", f"a{EMOJI}!b\n"), ("NORMAL_TEXT", "c\n")]
    assert [each.get("endIndex") for each in doc.content()] == [1, 7, 9]
    assert "grapheme" in refused(doc.batch(text(3, "x")))
    assert "surrogate" in refused(doc.batch(remove(1, 3)))


def test_letters_that_docs_does_not_keep_are_dropped_and_half_a_pair_is_refused(doc: Doc) -> None:
    doc.batch(text(1, "a\x07b\x1b[31mc\ue000d\u202ee"))
    path = f"/v1/documents/{doc.id}:batchUpdate"
    half = json.dumps({"requests": [text(1, "x\ud83d")]})
    answer = doc.client.post(path, content=half, headers={"Content-Type": "application/json"})

    assert doc.paragraphs() == [("NORMAL_TEXT", "ab[31mcd\u202ee\n")]
    assert "UTF-8" in refused(answer)


def test_a_table_takes_one_index_for_itself_each_row_and_each_cell(doc: Doc) -> None:
    doc.batch(table(1))

    found = next(each for each in doc.content() if "table" in each)
    rows = found["table"]["tableRows"]
    assert (found["startIndex"], found["endIndex"]) == (2, 14)
    assert [(row["startIndex"], row["endIndex"]) for row in rows] == [(3, 8), (8, 13)]
    cells = [cell["content"][0]["startIndex"] for row in rows for cell in row["tableCells"]]
    assert cells == [5, 7, 10, 12]


def test_rows_come_and_go_and_the_last_one_takes_the_table(doc: Doc) -> None:
    def cell(row: int) -> dict[str, Any]:
        return {"tableStartLocation": {"index": 2}, "rowIndex": row, "columnIndex": 0}

    doc.batch(table(1), text(5, "head"))
    doc.batch({"insertTableRow": {"tableCellLocation": cell(0), "insertBelow": True}})
    assert doc.export("text/markdown").text.count("|\n") == 4
    doc.batch(*[{"deleteTableRow": {"tableCellLocation": cell(1)}}] * 2)
    [left] = next(each["table"]["tableRows"] for each in doc.content() if "table" in each)
    assert text_in(left["tableCells"][0]["content"][0]["paragraph"]) == "head\n"

    doc.batch({"deleteTableRow": {"tableCellLocation": cell(0)}})

    assert doc.paragraphs() == [("NORMAL_TEXT", "\n"), ("NORMAL_TEXT", "\n")]
    missing = doc.batch({"deleteTableRow": {"tableCellLocation": cell(0)}})
    assert "table start location" in refused(missing)


def test_a_heading_has_an_id_that_survives_edits_and_is_its_own(doc: Doc) -> None:
    doc.batch(text(1, "Impact\nbody"), style(1, 2, "HEADING_2"))
    before = doc.content()[1]["paragraph"]["paragraphStyle"]["headingId"]

    doc.batch(text(1, "Cause\n"))

    first, second, third = (each["paragraph"]["paragraphStyle"] for each in doc.content()[1:])
    assert second["headingId"] == before
    assert first["headingId"] != before
    assert "headingId" not in third
    doc.batch(style(1, 2, "NORMAL_TEXT"))
    assert doc.paragraphs()[0] == ("NORMAL_TEXT", "Cause\n")
    assert "headingId" not in doc.content()[1]["paragraph"]["paragraphStyle"]


def test_text_style_splits_runs_and_is_taken_over_by_what_is_typed_behind_it(doc: Doc) -> None:
    link = {"textStyle": {"link": {"url": "https://example.com"}, "bold": True}, "fields": "*"}
    doc.batch(text(1, "see here now"), {"updateTextStyle": {"range": span(5, 9)} | link})

    doc.batch(text(9, "!"))

    runs = [element["textRun"] for element in doc.content()[1]["paragraph"]["elements"]]
    assert [run["content"] for run in runs] == ["see ", "here!", " now\n"]
    assert runs[1]["textStyle"]["link"] == {"url": "https://example.com"}
    assert doc.export("text/markdown").text == "see [**here!**](https://example.com) now\n"


def test_a_batch_is_applied_whole_or_not_at_all(doc: Doc) -> None:
    before = doc.told()

    message = refused(doc.batch(text(1, "x"), text(99, "y")))

    assert message.startswith("Invalid requests[1].insertText: Index 99 must be less than")
    assert doc.told() == before


def test_a_stale_revision_is_refused_and_each_batch_makes_a_new_one(doc: Doc) -> None:
    first = doc.told()["revisionId"]
    second = doc.batch(text(1, "x"), requiredRevisionId=first).json()["writeControl"]

    stale = doc.batch(text(1, "y"), requiredRevisionId=first)

    assert second["requiredRevisionId"] == doc.told()["revisionId"] != first
    assert stale.status_code == 400
    assert stale.json()["error"]["status"] == "FAILED_PRECONDITION"
    assert doc.paragraphs() == [("NORMAL_TEXT", "x\n")]


def test_deleting_across_paragraphs_merges_them_under_the_first_style(doc: Doc) -> None:
    doc.batch(text(1, "Impact\nbody"), style(1, 2, "HEADING_1"))

    doc.batch(remove(4, 10))

    assert doc.paragraphs() == [("HEADING_1", "Impdy\n")]


@pytest.mark.parametrize(
    ("start", "end"),
    [(2, 3), (3, 5), (1, 4), (6, 7), (1, 2), (13, 15), (14, 15), (0, 2), (4, 4), (1, 99)],
)
def test_what_would_break_the_structure_cannot_be_deleted(doc: Doc, start: int, end: int) -> None:
    doc.batch(table(1))

    refused(doc.batch(remove(start, end)))

    assert doc.content()[2]["endIndex"] == 14


def test_a_whole_table_can_be_deleted_and_so_can_what_a_cell_holds(doc: Doc) -> None:
    doc.batch(table(1), text(5, "one\ntwo"))
    doc.batch(remove(5, 12))
    assert doc.content()[2]["endIndex"] == 14

    doc.batch(remove(2, 14))

    assert doc.paragraphs() == [("NORMAL_TEXT", "\n"), ("NORMAL_TEXT", "\n")]


@pytest.mark.parametrize("index", [0, 2, 3, 4, 13])
def test_text_goes_only_into_paragraphs(doc: Doc, index: int) -> None:
    doc.batch(table(1))

    assert "inside the bounds of an existing paragraph" in refused(doc.batch(text(index, "x")))


def test_all_occurrences_are_replaced_also_in_tables(doc: Doc) -> None:
    doc.batch(table(1), text(5, "{{x}} and {{X}}"), at_end(f"{EMOJI}{{{{x}}}}"))
    wanted = {"containsText": {"text": "{{x}}", "matchCase": True}, "replaceText": "longer text"}

    answer = doc.batch({"replaceAllText": wanted})

    assert answer.json()["replies"] == [{"replaceAllText": {"occurrencesChanged": 2}}]
    assert doc.paragraphs()[-1] == ("NORMAL_TEXT", f"{EMOJI}longer text\n")
    assert "longer text and {{X}}" in doc.export("text/plain").text


def test_named_ranges_move_with_their_text_and_go_with_it(doc: Doc) -> None:
    doc.batch(text(1, "one two three"))
    name = {"createNamedRange": {"name": "pm:summary", "range": span(5, 8)}}
    reply = doc.batch(name).json()["replies"][0]["createNamedRange"]["namedRangeId"]

    doc.batch(text(1, "so "), text(9, "--"))

    [known] = doc.told()["namedRanges"]["pm:summary"]["namedRanges"]
    assert (known["namedRangeId"], known["ranges"]) == (reply, [span(8, 13)])
    doc.batch(remove(10, 15))
    [known] = doc.told()["namedRanges"]["pm:summary"]["namedRanges"]
    assert known["ranges"] == [span(8, 10)]
    doc.batch(remove(7, 11))
    assert "namedRanges" not in doc.told()


def test_the_content_of_a_named_range_can_be_replaced_and_keeps_its_name(doc: Doc) -> None:
    doc.batch(text(1, "before old after"))
    doc.batch({"createNamedRange": {"name": "pm:x", "range": span(8, 11)}})

    for value in ("brand new", "x"):
        change = {"namedRangeName": "pm:x", "text": value}
        assert doc.batch({"replaceNamedRangeContent": change}).status_code == 200

    assert doc.paragraphs() == [("NORMAL_TEXT", "before x after\n")]
    [known] = doc.told()["namedRanges"]["pm:x"]["namedRanges"]
    assert known["ranges"] == [span(8, 9)]
    doc.batch({"deleteNamedRange": {"name": "pm:x"}})
    gone = doc.batch({"replaceNamedRangeContent": {"namedRangeName": "pm:x", "text": "y"}})
    assert "was not found" in refused(gone)


@pytest.mark.parametrize(
    "request_",
    [
        {"insertEmoji": {}},
        {"insertText": {"location": {"index": 1}}},
        {"insertText": {"text": "x"}},
        {"updateParagraphStyle": {"range": span(1, 2), "paragraphStyle": {}}},
        {"createNamedRange": {"name": "", "range": span(1, 2)}},
        {"insertTable": {"location": {"index": 1}, "rows": 0, "columns": 1}},
        {"replaceAllText": {"containsText": {"text": ""}}},
        {"insertText": {"text": "a"}, "deleteContentRange": {}},
    ],
)
def test_a_request_that_google_would_refuse_is_refused(doc: Doc, request_: dict[str, Any]) -> None:
    before = doc.told()

    refused(doc.batch(request_))

    assert doc.told() == before


def test_a_batch_without_requests_and_a_document_that_is_none_are_refused(doc: Doc) -> None:
    folder = {"name": "F", "mimeType": "application/vnd.google-apps.folder"}
    made = doc.client.post("/drive/v3/files", json=folder).json()["id"]

    assert "at least one request" in refused(doc.batch())
    missing = doc.client.get("/v1/documents/nothing").json()["error"]
    assert (missing["code"], missing["status"]) == (404, "NOT_FOUND")
    assert doc.client.get(f"/v1/documents/{made}").status_code == 400


def test_content_stands_in_a_tab_for_readers_who_ask_for_tabs(doc: Doc) -> None:
    told = doc.told(includeTabsContent="true")

    assert "body" not in told
    assert told["tabs"][0]["documentTab"]["body"]["content"][0]["endIndex"] == 1


def test_exports_are_what_google_makes_of_a_document(doc: Doc) -> None:
    doc.batch(text(1, "Impact & more\nbody"), style(1, 2, "HEADING_2"))

    assert doc.export("text/plain").content == b"\xef\xbb\xbfImpact & more\r\nbody"
    assert doc.export("text/markdown").text == "## Impact & more\n\nbody\n"
    html = doc.export("text/html").text
    assert ">Impact &amp; more</h2><p>body</p>" in html
    assert doc.export("image/png").status_code == 400


def test_a_person_writes_below_a_heading_and_the_file_says_who(doc: Doc) -> None:
    doc.batch(text(1, "Impact\nCause\n"), style(1, 9, "HEADING_1"))
    before = doc.told()["revisionId"]

    page = doc.act("write", heading="Impact", text=f"Nobody could pay. {EMOJI}\r\nAt all.")
    doc.act("write", heading="Impact", text="More.")
    doc.act("write", heading="Cause", text="A flag.")

    assert doc.paragraphs() == [
        ("HEADING_1", "Impact\n"),
        ("NORMAL_TEXT", f"Nobody could pay. {EMOJI}\n"),
        ("NORMAL_TEXT", "At all.\n"),
        ("NORMAL_TEXT", "More.\n"),
        ("HEADING_1", "Cause\n"),
        ("NORMAL_TEXT", "A flag.\n"),
    ]
    assert "Nobody could pay." in page.text
    assert doc.told()["revisionId"] != before
    fields = {"fields": "lastModifyingUser(emailAddress,displayName)"}
    file = doc.client.get(f"/drive/v3/files/{doc.id}", params=fields).json()
    assert file["lastModifyingUser"] == {"emailAddress": OWNER, "displayName": "Olga"}


def test_a_person_fills_the_first_empty_row_and_then_adds_rows(doc: Doc) -> None:
    doc.batch(table(1, rows=2), text(7, "When"), text(5, "What"))

    doc.act("row", table="0", cells=["Rollback", "now"])
    doc.act("row", table="0", cells=["Alarm"])

    lines = doc.export("text/markdown").text.strip().splitlines()
    assert lines == ["| What | When |", "| :---- | :---- |", "| Rollback | now |", "| Alarm |  |"]
    assert doc.act("row", table="1", cells=["x"]).status_code == 404


def test_a_person_renames_a_heading(doc: Doc) -> None:
    doc.batch(text(1, "Impact\nbody"), style(1, 2, "HEADING_1"))
    heading = doc.content()[1]["paragraph"]["paragraphStyle"]["headingId"]

    doc.act("rename-heading", heading="Impact", to="Who was hurt")

    assert doc.paragraphs()[0] == ("HEADING_1", "Who was hurt\n")
    assert doc.content()[1]["paragraph"]["paragraphStyle"]["headingId"] == heading
    assert doc.act("write", heading="Impact", text="x").status_code == 404


def test_googles_own_client_reads_and_writes_a_document(doc: Doc) -> None:
    service = build(
        "docs",
        "v1",
        credentials=Credentials(token="simulator"),  # type: ignore[no-untyped-call]
        client_options={"api_endpoint": f"{doc.client.base_url}/"},
        static_discovery=True,
    )
    with service:
        documents = service.documents()
        revision = documents.get(documentId=doc.id).execute()["revisionId"]
        body = {"requests": [text(1, "x")], "writeControl": {"requiredRevisionId": revision}}
        documents.batchUpdate(documentId=doc.id, body=body).execute()
        with pytest.raises(HttpError) as stale:
            documents.batchUpdate(documentId=doc.id, body=body).execute()

    assert stale.value.status_code == 400
    assert doc.paragraphs() == [("NORMAL_TEXT", "x\n")]


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["text", "delete", "table", "row", "drop"]),
        st.integers(0, 60),
        st.integers(0, 60),
        st.text("ab\n\N{FIRE}", min_size=1, max_size=5),
    ),
    max_size=12,
)


def edit(manuscript: Manuscript, kind: str, first: int, second: int, written: str) -> None:
    cell = {"tableStartLocation": {"index": first}, "rowIndex": second % 3}
    match kind:
        case "text" if 1 <= first < len(manuscript.units):
            insert_if_possible(manuscript, first, written)
        case "delete" if 1 <= first < second <= len(manuscript.units):
            deleted(manuscript, first, second)
        case "table":
            insert_table(manuscript, table(first, 1 + second % 3, 2)["insertTable"])
        case "row":
            insert_row(manuscript, {"tableCellLocation": cell, "insertBelow": bool(second % 2)})
        case "drop":
            delete_row(manuscript, {"tableCellLocation": cell})


def insert_if_possible(manuscript: Manuscript, index: int, written: str) -> None:
    if manuscript.units[index].char == "\n":
        insert(manuscript, index, written)


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_whatever_is_edited_the_blocks_cover_every_index_once(
    edits: list[tuple[str, int, int, str]],
) -> None:
    manuscript = Manuscript()
    for each in edits:
        attempt = manuscript.copy()
        try:
            edit(attempt, *each)
        except RequestRefused:
            continue
        manuscript = attempt

    blocks = manuscript.blocks()

    assert [block.start for block in blocks[1:]] == [block.end for block in blocks[:-1]]
    assert blocks[0].start == 1
    assert blocks[-1].end == len(manuscript.units)
    assert all(each.units[-1].char == "\n" for each in paragraphs_in(blocks))
    assert Manuscript.load(manuscript.dump()).units == manuscript.units


def test_structure_that_does_not_add_up_is_noticed() -> None:
    manuscript = Manuscript()
    manuscript.splice(2, 2, units_of("no newline"))

    with pytest.raises(BrokenStructure):
        manuscript.blocks()
