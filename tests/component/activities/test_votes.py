"""Votes, officials, questions and livelihood projects of a session, held against those who were present."""

from datetime import date
from typing import Any

import pytest

from services.activities.sheets import SHEETS
from shared.workbook import read, write
from tests.component.activities.conftest import DEPUTIES, Office
from tests.fixtures.apps import AS_XLSX

HELD: dict[str, Any] = {
    "congress_number": 17,
    "session_number": 8,
    "held_on": "2020-06-09",
    "attendance": {"present": DEPUTIES[:6], "on_leave": [{"deputyship_id": "d7"}], "absent": ["d8"]},
}
"""Six present, two away, d9 not recorded: at most seven vote."""

PARTS: dict[str, Any] = {
    "elections": [
        {
            "post": "副镇长",
            "name": "张示例30",
            "candidates": 2,
            "issued": 7,
            "returned": 7,
            "valid": 7,
            "votes": 5,
            "against": 1,
            "others": 0,
            "abstained": 1,
            "nominated_by": "deputies",
            "nominators": DEPUTIES,
        }
    ],
    "resolutions": [{"title": "关于政府工作报告的决议", "votes": 5, "against": 0, "abstained": 2}],
    "reports": [
        {"title": "2020年预算", "kind": "budget", "adopted": True, "votes": 6, "published_on": "2020-06-20"}
    ],
    "resignations_accepted": [{"post": "镇长", "name": "张示例31", "requested_on": "2020-06-01", "votes": 6}],
    "removals": [
        {
            "post": "副镇长",
            "name": "张示例32",
            "proposed_by": "deputies",
            "proposers": ["d1", "d2"],
            "passed": False,
            "issued": 7,
            "returned": 6,
            "valid": 6,
            "votes": 2,
            "against": 3,
        }
    ],
    "questions": [
        {
            "kind": "interpellation",
            "unit": "镇人民政府",
            "text": "饮水安全",
            "askers": ["d1", "d2"],
            "answer": "年内改造",
            "answered_on": "2020-06-10",
            "answered_by": "镇长",
            "dissatisfied": 1,
            "answered_again_on": "2020-06-20",
            "promise": "改造管网",
            "due_on": "2020-11-30",
            "done_on": "2020-11-20",
        }
    ],
    "livelihood_vote": {"to_choose": 1, "issued": 7, "returned": 7, "valid": 7},
    "livelihood_projects": [
        {"title": "饮水工程", "year": 2021, "votes": 5, "chosen": True, "unit": "镇水利站"},
        {"title": "村道硬化", "votes": 2, "chosen": False},
    ],
}


def unlike(name: str, **changes: Any) -> dict[str, Any]:
    """The session with other values in the first part of one list."""
    first, *others = PARTS[name]
    return {**HELD, name: [{**first, **changes}, *others]}


async def test_everything_a_session_decided_is_kept_and_told(office: Office) -> None:
    session = await office.post("/sessions", {**HELD, **PARTS})
    for name in ("elections", "resolutions", "reports", "resignations_accepted", "removals"):
        for kept, sent in zip(session[name], PARTS[name], strict=True):
            assert sent.items() <= kept.items()
    assert session["livelihood_vote"] == PARTS["livelihood_vote"]
    assert (await office.driver.events())[-1]["data"] == session


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        (unlike("elections", returned=8), "elections.0.returned"),
        (unlike("elections", valid=9), "elections.0.valid"),
        (unlike("elections", votes=8), "elections.0.votes"),
        (unlike("elections", abstained=2), "elections.0.votes"),
        (unlike("resolutions", votes=8), "resolutions.0.votes"),
        (unlike("resolutions", abstained=3), "resolutions.0.votes"),
        (unlike("reports", votes=9), "reports.0.votes"),
        (unlike("reports", adopted=None, against=9), "reports.0.against"),
        (unlike("resignations_accepted", votes=9), "resignations_accepted.0.votes"),
        (unlike("removals", returned=8), "removals.0.returned"),
        (unlike("livelihood_projects", votes=8), "livelihood_projects.0.votes"),
        ({**HELD, "livelihood_vote": {"returned": 8}}, "livelihood_vote.returned"),
    ],
)
async def test_more_votes_than_voters_are_refused(office: Office, body: dict[str, Any], loc: str) -> None:
    answer = await office.refused("POST", "/sessions", body, status=422, code="votes-exceed-present")
    assert f"body.{loc}" in [error["loc"] for error in answer.json["errors"]]
    assert "最多 7 名" in answer.json["detail"]
    assert "第二十八条" in answer.json["detail"]


async def test_ballots_left_over_void_no_election(office: Office) -> None:
    await office.post("/sessions", unlike("elections", issued=9))


async def test_a_correction_of_votes_or_of_the_sheet_is_measured_too(office: Office) -> None:
    session = await office.post("/sessions", {**HELD, "resolutions": [{"title": "决议", "votes": 7}]})
    path = f"/sessions/{session['id']}"
    more = {"resolutions": [{"title": "决议", "votes": 8}]}
    await office.refused("PATCH", path, more, status=422, code="votes-exceed-present")
    fewer = {"attendance": {"present": DEPUTIES[:6], "absent": DEPUTIES[6:]}}
    await office.refused("PATCH", path, fewer, status=422, code="votes-exceed-present")
    assert (await office.patch(path, {"attendance": {"present": DEPUTIES}}))["version"] == 2
    await office.patch(path, more)


async def test_without_a_sheet_as_many_may_vote_as_there_are_deputies(office: Office) -> None:
    body = {**HELD, "attendance": {}, "resolutions": [{"title": "决议", "votes": 9}]}
    await office.post("/sessions", body)
    body = {**body, "session_number": 9, "resolutions": [{"title": "决议", "votes": 10}]}
    await office.refused("POST", "/sessions", body, status=422, code="votes-exceed-present")


@pytest.mark.parametrize(
    "body",
    [
        unlike("resignations_accepted", votes=4),
        unlike("removals", passed=True, votes=4, against=0),
    ],
)
async def test_a_resignation_and_a_removal_need_the_majority_of_all(
    office: Office, body: dict[str, Any]
) -> None:
    await office.refused("POST", "/sessions", body, status=422, code="majority-missed")


async def test_a_candidate_that_few_voted_for_is_kept(office: Office) -> None:
    session = await office.post("/sessions", unlike("livelihood_projects", votes=1, chosen=False))
    assert session["livelihood_projects"][0]["votes"] == 1


@pytest.mark.parametrize(
    ("name", "field"), [("elections", "nominators"), ("removals", "proposers"), ("questions", "askers")]
)
async def test_whoever_proposes_or_asks_is_a_deputy(office: Office, name: str, field: str) -> None:
    body = unlike(name, **{field: ["d1", "unknown"]})
    answer = await office.refused("POST", "/sessions", body, status=422, code="reference-unknown")
    assert answer.json["errors"][0]["loc"] == f"body.{name}.0.{field}.1"


@pytest.mark.parametrize(
    ("name", "changes", "field"),
    [
        ("questions", {"answered_on": "2020-06-08"}, "answered_on"),
        ("questions", {"answered_again_on": "2020-06-09"}, "answered_again_on"),
        ("questions", {"done_on": "2020-06-01"}, "done_on"),
        ("livelihood_projects", {"done_on": "2020-06-01"}, "done_on"),
        ("livelihood_projects", {"chosen": False, "done_on": "2020-12-01"}, "done_on"),
    ],
)
async def test_nothing_is_answered_or_done_before_it_was_asked_or_chosen(
    office: Office, name: str, changes: dict[str, Any], field: str
) -> None:
    body = unlike(name, **changes)
    answer = await office.refused("POST", "/sessions", body, status=422, code="dates-out-of-order")
    assert answer.json["errors"][0]["loc"] == f"body.{name}.0.{field}"


async def test_a_chosen_project_is_followed_to_its_end(office: Office) -> None:
    session = await office.post("/sessions", {**HELD, **PARTS})
    path = f"/sessions/{session['id']}/livelihood_projects"
    await office.post(f"{path}/1:progress", {"progress": "完成过半"})
    await office.post(f"{path}/1:progress", {"done_on": "2021-11-30"})
    rated = {"on": "2021-12-20", "satisfied": 5, "basically_satisfied": 1, "dissatisfied": 0}
    project = (await office.post(f"{path}/1:rate", rated))["livelihood_projects"][0]
    assert (project["progress"], project["done_on"]) == ("完成过半", "2021-11-30")
    assert (project["rated_on"], project["satisfied"], project["abstained"]) == ("2021-12-20", 5, None)
    assert await office.told() == ["session.held.v1", *["session.changed.v1"] * 3]
    done = {"done_on": "2021-11-30"}
    await office.post(f"{path}/1:progress", done)
    assert len(await office.told()) == 4
    await office.refused("POST", f"{path}/2:progress", done, status=422, code="dates-out-of-order")
    for number in ("0", "3", "x"):
        await office.refused("POST", f"{path}/{number}:progress", done, status=404, code="not-found")


async def test_all_of_it_leaves_and_returns_by_the_workbook(office: Office) -> None:
    session = await office.post("/sessions", {**HELD, **PARTS})
    data = bytes(await office.get("/exports"))
    again = await office.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
    assert again.status == 200, again.json
    assert again.json["totals"] == {"new": 0, "changed": 0, "unchanged": 9, "wrong": 0}
    book = read(data, SHEETS)
    assert [row["nominators"] for row in book.rows("人代会选举")] != [None]
    cells = {"congress_number": 17, "session_number": 8, "title": "饮水工程", "progress": "已通水"}
    row = write([sheet for sheet in SHEETS if sheet.name == "民生实事"], {"民生实事": [cells]})
    answer = await office.driver.call("POST", "/imports", data=row, headers=AS_XLSX)
    assert answer.json["totals"] == {"new": 0, "changed": 1, "unchanged": 0, "wrong": 0}, answer.json
    changed = await office.get(f"/sessions/{session['id']}")
    assert changed["livelihood_projects"][0] == session["livelihood_projects"][0] | {"progress": "已通水"}


async def test_a_workbook_with_more_votes_than_voters_is_refused_and_names_the_sheet(office: Office) -> None:
    key = {"congress_number": 17, "session_number": 8}
    rows = {
        "人代会": [{**key, "held_on": date(2020, 6, 9), "present": [f"王示例0{n}" for n in range(1, 8)]}],
        "人代会决议": [{**key, "title": "决议", "votes": 10}],
    }
    rows["人代会"][0]["absent"] = ["王示例08", "王示例09"]
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    answer = await office.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
    assert answer.status == 422
    assert "最多 7 名" in str(answer.json)
    assert await office.told() == []
