"""The third reading: photographed ballots held against both entries, after both are keyed; no number is told."""

from base64 import b64decode
from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image

from services.ratings.domain import Meeting
from services.ratings.pages import printed
from services.ratings.repository import MEETINGS
from services.ratings.routes import sheets
from shared.documents.faces import face
from shared.documents.scan import worker
from shared.documents.tables import sheets_pdf
from tests.component.ratings.conftest import Town
from tests.fixtures.apps import TOWN
from tests.scan.pens import Pen
from tests.scan.photographs import SCALE, marked_boxes, rendered

pytestmark = pytest.mark.mongo

OPTIONS = ("satisfied", "basically_satisfied", "dissatisfied", "abstain")
VOTES = [("satisfied", "satisfied"), ("satisfied", "basically_satisfied"), ("", "satisfied dissatisfied")]
"""What three ballots say of d1 and d2: nothing is abstention, two ticks are spoiled."""
COUNTS = {
    "d1": {"satisfied": 2, "abstain": 1},
    "d2": {"satisfied": 1, "basically_satisfied": 1, "spoiled": 1},
}
SHEET = {"issued": 3, "returned": 3, "void": 0, "counts": COUNTS}


async def ballots(town: Town, id: str, votes: list[tuple[str, str]]) -> bytes:
    """The printed ballot with ticks on it, a page of a PDF for each."""
    pdf = (await town.get(f"meetings/{id}/paper_ballots")).json
    meeting: Meeting = await town.driver.alive.store.reading(TOWN, "").require(MEETINGS, id)
    _, layouts = printed.layouts(None, meeting, "", {})
    pages = []
    for number, chosen in enumerate(votes):
        page = rendered(pdf)[0].copy()
        for deputy, codes in zip(meeting.deputyship_ids, chosen, strict=True):
            for code in codes.split():
                Pen(page, SCALE, Random(number)).tick(layouts[0].pages[0].boxes[f"{deputy}/{code}"])
        pages.append(Image.fromarray(page[..., ::-1]))
    file = BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=220)
    return file.getvalue()


async def read(town: Town, id: str, data: bytes, as_: str = "o2:office") -> Any:
    headers = {"Content-Type": "application/pdf"}
    return await town.ask("POST", f"meetings/{id}/sheets:read", as_=as_, data=data, headers=headers)


async def keyed(town: Town, id: str, *entries: int, counts: Any = COUNTS) -> None:
    for entry in entries:
        sheet = {"entry": entry, **SHEET, "counts": counts}
        answer = await town.post(f"meetings/{id}/counts", sheet, as_=f"t{entry}:teller")
        assert answer.status == 201, answer.json


async def test_ballots_are_a_third_reading_after_both_tellers(town: Town) -> None:
    id = await town.opened()
    data = await ballots(town, id, VOTES)
    assert (await read(town, id, data)).json["code"] == "counts-incomplete"
    await keyed(town, id, 1)
    assert (await read(town, id, data)).json["code"] == "counts-incomplete"
    await keyed(town, id, 2)
    before = (await town.get(f"meetings/{id}/counts")).json
    answer = await read(town, id, data)
    assert answer.status == 200, answer.json
    assert [page["problem"] for page in answer.json.pop("pages")] == ["", "", ""]
    assert answer.json == {
        "ballots": 3,
        "doubtful_lines": 0,
        "doubtful_numbers": 0,
        "count_sheets": [],
        "compared_sheets": 2,
        "differs": False,
        "differences": [],
    }
    assert (await town.get(f"meetings/{id}/counts")).json == before


async def test_what_differs_is_told_to_the_office_and_not_to_who_counts(town: Town) -> None:
    id = await town.opened()
    await keyed(town, id, 1, 2)
    data = await ballots(town, id, [*VOTES[:2], ("dissatisfied", "satisfied dissatisfied")])
    office = (await read(town, id, data)).json
    assert {one["loc"] for one in office["differences"]} == {"counts.d1.abstain", "counts.d1.dissatisfied"}
    teller = (await read(town, id, data, as_="t1:teller")).json
    assert (teller["compared_sheets"], teller["differs"], teller["differences"]) == (0, False, [])
    assert (await read(town, id, data, as_="d1:deputy")).status == 403


OTHERWISE = COUNTS | {"d1": {"satisfied": 1, "basically_satisfied": 1, "abstain": 1}}
"""As the second teller keyed it, who was wrong."""


async def test_ballots_are_held_against_each_entry(town: Town) -> None:
    id = await town.opened()
    await keyed(town, id, 1)
    await keyed(town, id, 2, counts=OTHERWISE)
    office = (await read(town, id, await ballots(town, id, VOTES))).json
    assert (office["compared_sheets"], office["differs"]) == (2, True)
    places = [one["loc"] for one in office["differences"]]
    assert sorted(places) == ["counts.d1.basically_satisfied", "counts.d1.satisfied"]


async def test_it_is_held_against_what_is_keyed_once_it_is_read(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await town.opened()
    await keyed(town, id, 1, 2)
    data = await ballots(town, id, VOTES)

    async def meanwhile(*args: Any, **options: Any) -> Any:
        pages = await worker.read_file(*args, **options)
        await keyed(town, id, 2, counts=OTHERWISE)
        return pages

    monkeypatch.setattr(sheets, "read_file", meanwhile)
    office = (await read(town, id, data)).json
    assert {one["loc"] for one in office["differences"]} == {
        "counts.d1.basically_satisfied",
        "counts.d1.satisfied",
    }


NUMBERS = {
    "ballots/issued": 3,
    "ballots/returned": 3,
    "ballots/void": 0,
    "ballots/valid": 3,
    **{
        f"{id}/{code}": COUNTS[id].get(code, 0)
        for id in ("d1", "d2")
        for code in ("satisfied", "basically_satisfied", "dissatisfied", "abstain", "spoiled")
    },
}
"""The count sheet of `SHEET`."""


async def count_sheet(town: Town, id: str, numbers: dict[str, int], crossed: str = "") -> bytes:
    """The printed sheet of the first entry with its digits marked; `crossed`: a box marked and crossed out first."""
    accept = {"Accept": "application/pdf"}
    pdf = (await town.ask("GET", f"meetings/{id}/count_sheets", as_="o1:office", headers=accept)).json
    meeting: Meeting = await town.driver.alive.store.reading(TOWN, "").require(MEETINGS, id)
    papers, layouts = printed.layouts(None, meeting, "", {})
    plan = layouts[[entry for entry, _ in papers].index(1)].pages[0]
    page = rendered(pdf)[0].copy()
    pen = Pen(page, SCALE, Random(1))
    for name, value in numbers.items():
        for box in marked_boxes(name, value):
            pen.fill(plan.boxes[box], "slash")
    if crossed:
        pen.fill(plan.boxes[crossed], "slash")
        pen.cross(plan.boxes[crossed])
    file = BytesIO()
    Image.fromarray(page[..., ::-1]).save(file, "PDF", resolution=220)
    return file.getvalue()


async def test_the_numbers_of_a_count_sheet_are_told_to_who_keyed_it(town: Town) -> None:
    id = await town.opened()
    data = await count_sheet(town, id, NUMBERS)
    assert (await read(town, id, data, as_="t1:teller")).json["code"] == "counts-incomplete"
    await keyed(town, id, 1, 2)
    own = (await read(town, id, data, as_="t1:teller")).json
    (sheet,) = own["count_sheets"]
    assert (sheet["issued"], sheet["returned"], sheet["void"], sheet["balanced"]) == (3, 3, 0, True)
    nothing = dict.fromkeys((*OPTIONS, "spoiled"), 0)
    assert sheet["counts"] == {one: nothing | COUNTS[one] for one in COUNTS}
    assert (sheet["doubts"], sheet["missing"]) == ([], [])
    assert (own["doubtful_numbers"], own["differs"]) == (0, False)
    for other in ("t2:teller", "o2:office"):
        assert (await read(town, id, data, as_=other)).json["count_sheets"] == []


async def test_a_drawn_sheet_of_the_other_entry_tells_nothing_of_it(town: Town) -> None:
    id = await town.opened()
    await keyed(town, id, 1, 2)
    answers = []
    for guess in (COUNTS["d2"]["satisfied"], 3):
        data = await count_sheet(town, id, {"d2/satisfied": guess})
        answers.append((await read(town, id, data, as_="t2:teller")).json)
    assert answers[0] == answers[1]
    assert (answers[0]["compared_sheets"], answers[0]["differs"]) == (0, False)
    assert (await read(town, id, data, as_="t1:teller")).json["differs"] is True


async def test_a_number_marked_otherwise_differs_and_one_crossed_out_is_in_doubt(town: Town) -> None:
    id = await town.opened()
    await keyed(town, id, 1, 2)
    marked = NUMBERS | {"d2/satisfied": 2, "d2/spoiled": 0}
    data = await count_sheet(town, id, marked, crossed="d1/satisfied/30")
    office = (await read(town, id, data)).json
    assert {one["loc"] for one in office["differences"]} == {"counts.d2.satisfied", "counts.d2.spoiled"}
    own = (await read(town, id, data, as_="t1:teller")).json
    assert (own["differs"], own["differences"], own["doubtful_numbers"]) == (True, [], 1)
    (doubt,) = own["count_sheets"][0]["doubts"]
    assert (doubt["loc"], doubt["number"]) == ("d1.satisfied", None)
    assert b64decode(doubt["picture"]).startswith(b"\xff\xd8")
    assert "satisfied" not in own["count_sheets"][0]["counts"]["d1"]


async def test_numbers_that_do_not_add_up_are_in_doubt(town: Town) -> None:
    id = await town.opened()
    await keyed(town, id, 1, 2)
    data = await count_sheet(town, id, NUMBERS | {"d1/abstain": 7})
    answer = (await read(town, id, data, as_="t1:teller")).json
    doubts = answer["count_sheets"][0]["doubts"]
    assert {one["loc"]: one["number"] for one in doubts} == {
        f"d1.{code}": COUNTS["d1"].get(code, 0) for code in (*OPTIONS, "spoiled")
    } | {"d1.abstain": 7}
    assert answer["differs"] is False


async def test_a_sheet_of_the_former_edition_is_read_as_it_was(town: Town) -> None:
    id = await town.opened()
    await keyed(town, id, 1, 2)
    meeting: Meeting = await town.driver.alive.store.reading(TOWN, "").require(MEETINGS, id)
    sheet = printed._former_count_sheet(meeting, "", {}, 1, ("", ""))
    answer = (await read(town, id, sheets_pdf(face(None), "", [sheet]))).json
    assert [(page["sheet"], page["problem"]) for page in answer["pages"]] == [("count_sheet", "")]
    assert {one["loc"] for one in answer["differences"]} == {
        f"counts.{one}.{code}" for one, row in COUNTS.items() for code in row
    }


async def test_another_meetings_ballot_is_named(town: Town) -> None:
    id = await town.opened()
    await keyed(town, id, 1, 2)
    data = await ballots(town, await town.meeting(), VOTES[:1])
    (page,) = (await read(town, id, data)).json["pages"]
    assert page["problem"] == "other_subject"


async def test_without_the_libraries_it_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await town.opened()
    await keyed(town, id, 1, 2)
    monkeypatch.setattr(worker, "find_spec", lambda _: None)
    answer = await read(town, id, b"%PDF-1.7")
    assert (answer.status, answer.json["code"]) == (503, "scan-missing")
    assert "lvzhi[scan]" in answer.json["detail"]
