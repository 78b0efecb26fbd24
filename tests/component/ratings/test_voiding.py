"""A rating meeting entered by mistake: voided, kept, and due no more; one at which somebody may have voted is not."""

import asyncio
from copy import deepcopy
from datetime import date
from functools import partial
from typing import Any

import pytest

from services.ratings.handlers import duty_reports
from services.ratings.sheets import SHEETS
from shared.workbook import read
from tests.component.ratings.conftest import Town, a_sheet
from tests.component.ratings.test_imports import OFFICE, only_meeting, send, staffed, tables

__all__ = ["staffed"]

pytestmark = pytest.mark.mongo
WHY = {"reason": "登记重复"}
REFUSED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("PATCH", "meetings/{}", {"present": 40}),
    ("POST", "meetings/{}:void", WHY),
    ("POST", "meetings/{}:open", {}),
)


async def test_it_stays_as_it_was_and_is_due_no_more(town: Town) -> None:
    id = await town.meeting()
    before = (await town.get(f"meetings/{id}")).json
    gone = await town.post(f"meetings/{id}:void", WHY)
    assert gone.json == before | {
        "version": 2,
        "void_reason": "登记重复",
        "voided_on": gone.json["voided_on"],
    }
    assert (await town.get("due?on=2020-12-31")).json["items"] == []
    (told,) = (await town.events())[-1:]
    assert (told.type, told.data["void_reason"]) == ("ratings.meeting.voided.v1", "登记重复")
    for method, path, body in REFUSED:
        answer = await town.ask(method, path.format(id), body)
        assert (answer.status, answer.json["code"]) == (409, "record-voided"), path
    report = await town.post("duty_reports", {"meeting_id": id, "deputyship_id": "d1"})
    assert report.json["code"] == "record-voided"
    assert [one["id"] for one in (await town.get("meetings?voided=true")).json["items"]] == [id]
    assert (await town.get("meetings?voided=false")).json["items"] == []
    assert (await town.get("integrity")).json["faults"] == []


async def test_one_opened_by_mistake_is_voided_and_takes_no_count(town: Town) -> None:
    id = await town.opened(method="mixed")
    assert (await town.post(f"meetings/{id}:void", WHY)).status == 200
    answer = await town.post(f"meetings/{id}/counts", a_sheet(1), as_="t1:teller")
    assert (answer.status, answer.json["code"]) == (409, "record-voided")


async def test_it_is_the_office_that_voids_with_a_reason(town: Town) -> None:
    id = await town.meeting(method="online")
    assert (await town.post(f"meetings/{id}:void", WHY, as_="p1:teller")).status == 403
    blank = await town.post(f"meetings/{id}:void", {"reason": " "})
    assert (blank.status, blank.json["errors"][0]["loc"]) == (422, "body.reason")
    assert (await town.post(f"meetings/{id}:void", WHY)).status == 200


async def test_one_at_which_somebody_may_have_voted_is_not(town: Town) -> None:
    printed = await town.meeting(method="online")
    assert (await town.post(f"meetings/{printed}/codes", {"count": 3})).status in (200, 201)
    keyed = await town.opened(scheme_id=await town.scheme(name="另一"))
    await town.post(f"meetings/{keyed}/counts", a_sheet(1), as_="t1:teller")
    published = await town.published(scheme_id=await town.scheme(name="又一"))
    told = [await town.post(f"meetings/{id}:void", WHY) for id in (printed, keyed, published)]
    await town.lead(published, "revoke", {"reason": "计错"})
    told.append(await town.post(f"meetings/{published}:void", WHY))
    assert [(answer.status, answer.json["code"]) for answer in told] == [(409, "meeting-state")] * 4
    assert ["扫码票" in answer.json["detail"] for answer in told] == [True, False, False, False]


async def test_slips_printed_while_it_is_voided_are_of_a_meeting_that_is_not(town: Town) -> None:
    id = await town.meeting(method="online")
    voided, printed = await asyncio.gather(
        town.post(f"meetings/{id}:void", WHY), town.post(f"meetings/{id}/codes", {"count": 3})
    )
    assert (voided.status == 200) != (printed.status in (200, 201))


async def test_no_report_is_filed_to_a_meeting_that_is_voided_at_the_same_moment(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, check = await town.meeting(), duty_reports._check_report
    voidings = iter([partial(town.post, f"meetings/{id}:void", WHY)])

    async def check_then_void(*args: Any) -> None:
        await check(*args)
        if (void := next(voidings, None)) is not None:
            assert (await void()).status == 200

    monkeypatch.setattr(duty_reports, "_check_report", check_then_void)
    report = await town.post("duty_reports", {"meeting_id": id, "deputyship_id": "d1"})
    assert report.json["code"] == "record-voided"


async def test_a_row_of_the_workbook_voids_and_an_older_one_does_not_bring_it_back(staffed: Town) -> None:
    older = tables()
    older["述职测评会"][0]["state"] = "draft"
    assert (await send(staffed, OFFICE, older)).json["totals"]["new"] == 3
    gone = deepcopy(older)
    gone["述职测评会"][0]["void_reason"] = "登记重复"
    assert (await send(staffed, OFFICE, gone)).json["totals"] == {
        "new": 0,
        "changed": 1,
        "unchanged": 2,
        "wrong": 0,
    }
    meeting = await only_meeting(staffed)
    assert (meeting["void_reason"], meeting["state"]) == ("登记重复", "draft")
    exported = read((await staffed.get("exports")).json, SHEETS)
    assert exported.rows("述职测评会")[0]["void_reason"] == "登记重复"
    assert exported.rows("述职报告") == []
    for again in (gone, older):
        assert (await send(staffed, OFFICE, again)).json["totals"]["unchanged"] == 3
    older["述职测评会"][0]["held_on"] = date(2020, 12, 9)
    answer = await send(staffed, OFFICE, older)
    assert answer.status == 422
    assert "已作废（登记重复），请另用一个编号" in str(answer.json)
