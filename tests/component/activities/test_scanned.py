"""Signed sheets read from photographs: a proposal of attendance, nothing recorded, faults named."""

from random import Random
from typing import Any

import cv2
import pytest

from services.activities.domain.roll import Line
from services.activities.pages import printed, sign_in
from services.activities.routes import sheets
from services.activities.schemas import RollQuery
from shared.documents.layout import Layout
from shared.documents.scan import worker
from tests.component.activities.conftest import Office, a_deputyship
from tests.fixtures.apps import TOWN
from tests.scan.pens import Pen
from tests.scan.photographs import SCALE, Photograph, photograph, rendered

ASKED = {"of": "session", "held_on": "2020-06-09"}
QUERY = "of=session&held_on=2020-06-09"


async def sheet_of(office: Office) -> tuple[bytes, Layout]:
    """The sign-in sheet as the service prints it, and where its boxes are."""
    accept = {"Accept": "application/pdf"}
    pdf = (await office.driver.call("GET", f"/sign_in_sheet?{QUERY}&title=第七次会议", headers=accept)).json
    answer = await office.driver.post("/attendance:resolve", ASKED)
    roll = [Line.model_validate(line) for line in answer["roll"]]
    query = RollQuery.model_validate(ASKED)
    sheet = sign_in.sign_in(query.subject(TOWN), "", "", query.held_on, roll)
    return pdf, printed.layout(None, sheet)


async def read(office: Office, data: bytes, query: str = QUERY, **options: Any) -> Any:
    headers = {"Content-Type": "image/jpeg"}
    return await office.driver.call("POST", f"/sheets:read?{query}", data=data, headers=headers, **options)


def truth(taken: Photograph) -> dict[str, str]:
    """The state of each line of which all boxes say the same."""
    states: dict[str, str] = {}
    for name, ink in taken.ink.items():
        id, _, column = name.rpartition("/")
        states.setdefault(id, "not_recorded")
        if ink:
            states[id] = "present" if column == "signature" else f"leave_{column}"
    return states


async def test_a_photograph_becomes_a_proposal_and_nothing_is_recorded(office: Office) -> None:
    pdf, layout = await sheet_of(office)
    taken = photograph(pdf, layout, 7)
    before = await office.driver.events()
    answer = await read(office, taken.data)
    assert answer.status == 200, answer.json
    assert [(page["sheet"], page["page"], page["problem"]) for page in answer.json["pages"]] == [
        ("sign_in", 1, "")
    ]
    wanted = truth(taken)
    marked = {mark["deputyship_id"]: mark["state"] for mark in answer.json["marked"]}
    doubts = {line["deputyship_id"]: line for line in answer.json["doubts"]}
    assert marked == {id: state for id, state in wanted.items() if id not in doubts}
    assert all(box["picture"] for line in doubts.values() for box in line["boxes"])
    assert answer.json["missing"] == []
    assert await office.driver.events() == before
    resolved = await office.driver.post(
        "/attendance:resolve", {**ASKED, "others": "not_recorded", "marked": answer.json["marked"]}
    )
    assert len(resolved["attendance"]["present"]) == list(marked.values()).count("present")


async def test_the_roster_of_a_proposal_is_that_of_its_roll(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf, layout = await sheet_of(office)
    before = (await office.driver.post("/attendance:resolve", ASKED))["roster_sequence"]

    async def meanwhile(*args: Any, **options: Any) -> Any:
        pages = await worker.read_file(*args, **options)
        ended = a_deputyship("d9", status="ended", ended_on="2020-05-01", version=2)
        await office.driver.says("roster.deputyship.ended.v1", ended)
        return pages

    monkeypatch.setattr(sheets, "read_file", meanwhile)
    assert (await read(office, photograph(pdf, layout, 7).data)).json["roster_sequence"] == before
    assert (await office.driver.post("/attendance:resolve", ASKED))["roster_sequence"] > before


async def test_a_line_that_contradicts_itself_comes_with_its_pictures(office: Office) -> None:
    pdf, layout = await sheet_of(office)
    page, boxes = rendered(pdf)[0].copy(), layout.pages[0].boxes
    first, second, *_ = dict.fromkeys(name.rpartition("/")[0] for name in boxes)
    for name in (f"{first}/illness", f"{first}/family", f"{second}/other"):
        Pen(page, SCALE, Random(name)).tick(boxes[name])
    Pen(page, SCALE, Random(2)).sign(boxes[f"{second}/signature"], over=False)
    answer = (await read(office, cv2.imencode(".png", page)[1].tobytes())).json
    told = {
        line["deputyship_id"]: (line["state"], line["contradicts"], [box["column"] for box in line["boxes"]])
        for line in answer["doubts"]
    }
    assert told == {
        first: ("leave", True, ["illness", "family"]),
        second: ("present", True, ["signature", "other"]),
    }
    assert all(box["picture"] for line in answer["doubts"] for box in line["boxes"])


async def test_a_sheet_of_another_day_and_no_sheet_are_named(office: Office) -> None:
    pdf, layout = await sheet_of(office)
    data = photograph(pdf, layout, 7).data
    (page,) = (await read(office, data, "of=session&held_on=2020-06-10")).json["pages"]
    assert (page["problem"], page["sheet"]) == ("other_subject", None)
    assert page["message"] == "这是另一次会议或者活动的表"
    assert (await read(office, b"GIF89a")).json["code"] == "photograph-unfit"
    blank = cv2.imencode(".jpg", cv2.UMat(400, 300, cv2.CV_8UC3, (200, 200, 200)).get())[1].tobytes()
    (page,) = (await read(office, blank)).json["pages"]
    assert page["problem"] == "not_ours"


async def test_it_is_for_the_office_and_leaders_and_needs_the_libraries(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await read(office, b"x", token=office.driver.token("deputy"))).status == 403
    monkeypatch.setattr(worker, "find_spec", lambda _: None)
    answer = await read(office, b"x")
    assert (answer.status, answer.json["code"]) == (503, "scan-missing")
