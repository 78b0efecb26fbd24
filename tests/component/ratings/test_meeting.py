"""A rating meeting over HTTP: from the scheme to the published result, its revocation and correction."""

import asyncio
from datetime import date

import pytest

from services.ratings.domain import Deputyship, roster_hash
from services.ratings.sheets import SHEETS
from shared.workbook import read
from tests.component.ratings.conftest import ROW, Town, a_sheet, locs
from tests.fixtures.apps import TOWN

pytestmark = pytest.mark.mongo


async def test_a_meeting_from_plan_to_result(town: Town) -> None:
    id = await town.published(("d2", "d1"), invited=50, present=48, tellers=["t1", "t2"])
    results = (await town.get(f"meetings/{id}/results", as_="v1:deputy")).json
    assert {name: results[name] for name in ("issued", "returned", "not_returned", "void", "valid", "n")} == {
        "issued": 46,
        "returned": 46,
        "not_returned": 0,
        "void": 1,
        "valid": 45,
        "n": 45,
    }
    assert results["response_rate"] == {"numerator": 46, "denominator": 46}
    assert results["formula"] == "satisfied_over_options"
    assert results["formula_label"]
    assert [line["name"] for line in results["deputies"]] == ["示例d2", "示例d1"]
    rate = results["deputies"][0]["rate"]
    assert (rate["numerator"], rate["denominator"]) == (30, 44)
    verbs = [event.type.split(".", 1)[1] for event in await town.events()]
    assert verbs == [
        "scheme.adopted.v1",
        "meeting.planned.v1",
        "meeting.opened.v1",
        "meeting.closed.v1",
        "meeting.published.v1",
    ]


async def test_a_meeting_cites_the_roster_of_its_day_anew_when_it_opens(town: Town) -> None:
    histories: dict[str, list[str]] = {"suspensions": [], "group_history": [], "role_history": []}
    await town.deputy("d1", "示例d1", **histories)
    body = {"held_on": "2020-12-03", "deputyship_ids": ["d1"], "scheme_id": await town.scheme()}
    id = (await town.post("meetings", body)).json["id"]
    await town.deputy("d3", "示例d3", **histories)
    await town.post(f"meetings/{id}:open")
    planned, opened = (event.data for event in (await town.events())[-2:])
    assert (planned["roster_sequence"], opened["roster_sequence"]) == (2, 4)
    fact = {"person_id": "p-d1", "level": "town", "started_on": "2017-01-01", "town": TOWN, **histories}
    one, three = (Deputyship.model_validate({**fact, "id": n, "person_id": f"p-{n}"}) for n in ("d1", "d3"))
    assert planned["roster_hash"] == roster_hash(TOWN, date(2020, 12, 3), [one])
    assert opened["roster_hash"] == roster_hash(TOWN, date(2020, 12, 3), [one, three])


async def test_no_number_of_a_vote_leaves_before_publication(town: Town) -> None:
    id = await town.counted()
    assert (await town.post(f"meetings/{id}:close")).status == 200
    assert "result" not in (await town.get(f"meetings/{id}")).json
    state = (await town.get(f"meetings/{id}/counts")).json
    assert [set(sheet) for sheet in state["sheets"]] == [{"entry", "teller", "dimension", "group"}] * 2
    sealed = await town.get(f"meetings/{id}/results")
    assert (sealed.status, sealed.json["code"]) == (409, "results-sealed")
    assert all(event.data.get("result") is None for event in await town.events())


async def test_too_few_ballots_are_counted_but_not_published(town: Town) -> None:
    scheme = await town.scheme(min_published=46)
    id = await town.published(scheme_id=scheme)
    results = (await town.get(f"meetings/{id}/results")).json
    assert results["suppressed"]
    assert results["message"] == "人数不足，不公布"
    assert (results["issued"], results["returned"], results["valid"]) == (46, 46, 45)
    assert results["deputies"] == []
    event = (await town.events())[-1]
    assert event.data["result"]["deputies"] == []


async def test_a_revoked_result_is_corrected_as_a_new_version(town: Town) -> None:
    id = await town.published()
    assert (await town.post(f"meetings/{id}:revoke", {"reason": "抄错一格"})).status == 200
    gone = await town.get(f"meetings/{id}/results")
    assert gone.status == 409
    assert "抄错一格" in gone.json["detail"]
    assert (await town.events())[-1].data["result"] is None

    assert (await town.post(f"meetings/{id}:open")).status == 200
    corrected = {"d1": {**ROW, "satisfied": 31, "dissatisfied": 3}, "d2": ROW}
    for entry, teller in ((1, "t1:teller"), (2, "t2:teller")):
        await town.post(f"meetings/{id}/counts", a_sheet(entry, counts=corrected), as_=teller)
    await town.post(f"meetings/{id}:close")
    await town.post(f"meetings/{id}:publish")
    results = (await town.get(f"meetings/{id}/results")).json
    assert results["version"] == 2
    assert results["deputies"][0]["counts"]["satisfied"] == 31
    assert [(past["version"], past["reason"]) for past in results["revocations"]] == [(1, "抄错一格")]


async def test_a_correction_that_would_show_one_ballot_is_withheld_wherever_results_are_told(
    town: Town,
) -> None:
    id = await town.published()
    await town.post(f"meetings/{id}:revoke", {"reason": "漏数一张"})
    await town.post(f"meetings/{id}:open")
    row = {**ROW, "dissatisfied": 5}
    for entry, teller in ((1, "t1:teller"), (2, "t2:teller")):
        sheet = a_sheet(entry, issued=47, returned=47, counts={"d1": row, "d2": row})
        assert (await town.post(f"meetings/{id}/counts", sheet, as_=teller)).status == 201
    for verb in ("close", "publish"):
        assert (await town.post(f"meetings/{id}:{verb}")).status == 200
    results = (await town.get(f"meetings/{id}/results")).json
    assert (results["valid"], results["suppressed"], results["deputies"]) == (46, True, [])
    assert "第1版只差1张有效票" in results["message"]
    assert (await town.events())[-1].data["result"]["deputies"] == []
    assert "只差1张" in (await town.get(f"meetings/{id}/result_sheet")).json.decode()
    book = read((await town.get("exports")).json, SHEETS)
    assert list(book.rows("计票（第一遍）")) == list(book.rows("计票（第二遍）")) == []


@pytest.mark.parametrize("verb", ["close", "publish", "revoke"])
async def test_a_draft_must_be_opened_first(town: Town, verb: str) -> None:
    id = await town.meeting()
    before = len(await town.events())
    answer = await town.post(f"meetings/{id}:{verb}", {"reason": "有误"} if verb == "revoke" else None)
    assert (answer.status, answer.json["code"]) == (409, "meeting-state")
    assert len(await town.events()) == before
    assert (await town.get(f"meetings/{id}")).json["version"] == 1


async def test_a_meeting_without_deputies_cannot_open(town: Town) -> None:
    id = await town.meeting(())
    assert (await town.post(f"meetings/{id}:open")).status == 422


async def test_a_meeting_takes_the_scheme_as_it_is_when_it_opens(town: Town) -> None:
    scheme = await town.scheme()
    id = await town.meeting(scheme_id=scheme)
    await town.ask("PATCH", f"schemes/{scheme}", {"min_published": 20})
    await town.post(f"meetings/{id}:open")
    await town.ask("PATCH", f"schemes/{scheme}", {"min_published": 30})
    assert (await town.get(f"meetings/{id}")).json["scheme"]["min_published"] == 20


async def test_what_stands_on_the_ballot_cannot_be_changed_once_open(town: Town) -> None:
    id = await town.opened()
    changed = await town.ask("PATCH", f"meetings/{id}", {"deputyship_ids": ["d1"]})
    assert (changed.status, changed.json["code"]) == (409, "meeting-state")
    assert (await town.ask("PATCH", f"meetings/{id}", {"present": 47})).json["present"] == 47


async def test_a_deputy_who_arrives_a_little_later_is_waited_for_and_nobody_else(town: Town) -> None:
    body = {"held_on": "2020-12-03", "scheme_id": await town.scheme(), "deputyship_ids": ["late"]}
    posting = asyncio.create_task(town.post("meetings", body))
    await town.deputy("late", "王示例99")
    assert (await posting).status == 201
    answer = await town.post("meetings", body | {"deputyship_ids": ["nobody"]})
    assert (answer.status, locs(answer)) == (422, {"body.deputyship_ids"})


async def test_too_few_raters_are_not_refused(town: Town) -> None:
    scheme = await town.scheme(min_raters=200)
    await town.published(scheme_id=scheme, invited=50, present=48)


async def test_more_ballots_than_people_are_neither_closed_nor_published(town: Town) -> None:
    id = await town.counted(present=1)
    refused = await town.lead(id, "close")
    assert (refused.status, refused.json["code"]) == (409, "too-many-ballots")
    assert (await town.ask("PATCH", f"meetings/{id}", {"present": 48})).status == 200
    assert (await town.lead(id, "close")).status == 200
    assert (await town.ask("PATCH", f"meetings/{id}", {"present": 1})).status == 200
    assert (await town.lead(id, "publish")).json["code"] == "too-many-ballots"


async def test_a_duty_report_keeps_its_words_here(town: Town) -> None:
    meeting = await town.meeting()
    body = {
        "meeting_id": meeting,
        "deputyship_id": "d1",
        "form": "written",
        "text": "一年来走访选民",
        "shortcomings": "学习不够",
    }
    filed = await town.post("duty_reports", body)
    assert filed.status == 201
    assert filed.json["text"] == "一年来走访选民"
    event = (await town.events())[-1]
    assert event.type == "ratings.duty_report.filed.v1"
    assert event.data == {
        "id": filed.json["id"],
        "town": TOWN,
        "version": 1,
        "meeting_id": meeting,
        "deputyship_id": "d1",
        "form": "written",
    }
    again = await town.post("duty_reports", body)
    assert (again.status, again.json["code"]) == (409, "duty-report-filed")
    stranger = await town.post("duty_reports", {**body, "deputyship_id": "d9"})
    assert (stranger.status, locs(stranger)) == (422, {"body.deputyship_id"})


async def test_a_closing_is_answered_by_a_seal_over_what_there_is(town: Town) -> None:
    await town.published()
    upto = (await town.events())[-1]
    await town.driver.says("reports.closing.requested.v1", {"id": "c1", "year": 2020, "as_of": "2020-12-07"})
    seal = (await town.events())[-1]
    assert seal.type == "ratings.year.sealed.v1"
    assert seal.data["counts"] == {"scheme": 1, "meeting": 1, "duty_report": 0}
    assert (seal.data["upto_sequence"], seal.data["hash"]) == (upto.sequence, upto.hash)


async def test_every_preset_can_be_taken_over_as_it_is(town: Town) -> None:
    presets = (await town.get("scheme_presets")).json["items"]
    assert len(presets) == 7
    for preset in presets:
        body = {name: value for name, value in preset.items() if name not in ("preset", "formula_label")}
        answer = await town.post("schemes", body)
        assert answer.status == 201, answer.json
        assert {name: answer.json[name] for name in body} == body


async def test_a_meeting_of_a_mistyped_year_names_its_field(town: Town) -> None:
    body = {"held_on": "2099-12-03", "scheme_id": await town.scheme()}
    answers = [await town.post("meetings", body)]
    id = (await town.post("meetings", body | {"held_on": "2020-12-03"})).json["id"]
    answers.append(await town.ask("PATCH", f"meetings/{id}", {"held_on": "2099-12-03"}))
    assert [(answer.status, locs(answer)) for answer in answers] == [(422, {"body.held_on"})] * 2
