"""Special inquiries with their questions, and ballots on reviewed units: over HTTP and by the workbook."""

from datetime import date
from typing import Any

from services.activities.sheets import SHEETS
from shared.workbook import write
from tests.component.activities.conftest import Office
from tests.fixtures.apps import AS_XLSX

QUESTION = {
    "unit": "镇水利站",
    "text": "饮水工程何时完工",
    "askers": ["d1", "d2"],
    "answer": "十一月底",
    "answered_on": "2020-08-01",
    "promise": "十一月底完工",
    "due_on": "2020-11-30",
}
INQUIRY: dict[str, Any] = {
    "kind": "inquiry",
    "held_on": "2020-08-01",
    "attendance": {"present": ["d1", "d2", "d3"]},
    "questions": [QUESTION, {"unit": "财政所", "text": "经费"}],
}
BALLOTS = {"issued": 9, "returned": 8, "satisfied": 6, "basically_satisfied": 1, "dissatisfied": 0}
REVIEW: dict[str, Any] = {
    "kind": "review",
    "held_on": "2020-08-02",
    "units": [{"name": "镇卫生院", "result": "满意", **BALLOTS, "abstained": 1}, {"name": "镇交管站"}],
}


async def imported(office: Office, data: bytes) -> dict[str, int]:
    answer = await office.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
    assert answer.status == 200, answer.json
    return dict(answer.json["totals"])


async def test_questions_are_kept_with_the_inquiry(office: Office) -> None:
    inquiry = await office.post("/activities", INQUIRY)
    assert inquiry["title"] == "专题询问"
    assert QUESTION.items() <= inquiry["questions"][0].items()
    told = (await office.driver.events())[-1]
    assert told["data"]["questions"] == inquiry["questions"]


async def test_a_question_has_known_askers_and_no_answer_before_it(office: Office) -> None:
    early = {**INQUIRY, "questions": [{**QUESTION, "answered_on": "2020-07-31"}]}
    answer = await office.refused("POST", "/activities", early, status=422, code="dates-out-of-order")
    assert answer.json["errors"][0]["loc"] == "body.questions.0.answered_on"
    strange = {**INQUIRY, "questions": [{**QUESTION, "askers": ["unknown"]}]}
    answer = await office.refused("POST", "/activities", strange, status=422, code="reference-unknown")
    assert answer.json["errors"][0]["loc"] == "body.questions.0.askers.0"


async def test_a_unit_without_ballots_is_as_it_was_before(office: Office) -> None:
    review = await office.post("/activities", REVIEW)
    assert review["units"][0] == REVIEW["units"][0]
    assert review["units"][1] == {"name": "镇交管站", "result": ""}


async def test_both_leave_and_return_by_the_workbook(office: Office) -> None:
    for body in (INQUIRY, REVIEW):
        await office.post("/activities", body)
    told = await office.told()
    data = bytes(await office.get("/exports"))
    assert await imported(office, data) == {"new": 0, "changed": 0, "unchanged": 5, "wrong": 0}
    assert await office.told() == told


async def test_rows_of_ballots_and_questions_fill_the_activity_they_name(office: Office) -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        "活动": [
            {"reference": "评1", "kind": "review", "title": "评议站所", "held_on": date(2020, 8, 2)},
            {"reference": "询1", "kind": "inquiry", "title": "饮水", "held_on": date(2020, 8, 2)},
        ],
        "评议票数": [{"reference": "评1", "name": "镇 卫生院", "result": "满意", **BALLOTS}],
        "专题询问": [{"reference": "询1", "unit": "镇水利站", "text": "何时完工", "askers": ["王示例01"]}],
    }
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    assert (await imported(office, data))["new"] == 4
    assert await imported(office, data) == {"new": 0, "changed": 0, "unchanged": 4, "wrong": 0}
    by_kind = {one["kind"]: one for one in (await office.get("/activities"))["items"]}
    assert by_kind["review"]["units"] == [{"name": "镇卫生院", "result": "满意", **BALLOTS}]
    assert by_kind["inquiry"]["questions"][0]["askers"] == ["d1"]


async def test_rows_of_no_activity_are_named(office: Office) -> None:
    rows = {"评议票数": [{"reference": "无", "name": "镇卫生院"}]}
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    answer = await office.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
    assert answer.status == 422
    assert "没有编号为“无”的活动" in str(answer.json)
