"""The third reading: photographed ballots held against both entries, after both are keyed; no number is told."""

from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image

from services.ratings.domain import Meeting
from services.ratings.pages import printed
from services.ratings.repository import MEETINGS
from shared.documents.scan import worker
from tests.component.ratings.conftest import Town
from tests.fixtures.apps import TOWN
from tests.scan.pens import Pen
from tests.scan.photographs import SCALE, rendered

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


async def keyed(town: Town, id: str, *entries: int) -> None:
    for entry in entries:
        answer = await town.post(f"meetings/{id}/counts", {"entry": entry, **SHEET}, as_=f"t{entry}:teller")
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
    assert answer.json == {"ballots": 3, "doubtful_lines": 0, "differs": False, "differences": []}
    assert (await town.get(f"meetings/{id}/counts")).json == before


async def test_what_differs_is_told_to_the_office_and_not_to_who_counts(town: Town) -> None:
    id = await town.opened()
    await keyed(town, id, 1, 2)
    data = await ballots(town, id, [*VOTES[:2], ("dissatisfied", "satisfied dissatisfied")])
    office = (await read(town, id, data)).json
    assert {one["loc"] for one in office["differences"]} == {"counts.d1.abstain", "counts.d1.dissatisfied"}
    teller = (await read(town, id, data, as_="t1:teller")).json
    assert (teller["differs"], teller["differences"]) == (True, [])
    assert (await read(town, id, data, as_="d1:deputy")).status == 403


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
