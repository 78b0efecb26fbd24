"""Phones, identity cards, what voters said and what deputies reported stay where they belong: not in events, not in
logs, not in what a refusal says, whether the request was good, bad or broke something."""

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.activities.driver import forget_now
from services.activities.sheets import SHEETS as ACTIVITIES
from services.ratings.sheets import SHEETS as RATINGS
from services.roster.sheets import SHEETS as ROSTER
from shared.process.turns import Turns
from shared.workbook import write
from tests.component.bad_input.conftest import Desk
from tests.fixtures.apps import AS_XLSX, TOWN, Answer
from tests.fixtures.logged import logged

pytestmark = pytest.mark.mongo
PHONE, CARD, SAID = "13900001234", "34022519800101124X", "村东路灯坏了半年没人管"
PRIVATE = (PHONE, CARD, SAID)
LEDGER = {sheet.name: sheet for sheet in ROSTER}


@pytest.fixture(autouse=True)
def written() -> Iterator[io.StringIO]:
    """What the processes of an installation would write on stderr."""
    with logged() as stream:
        yield stream


def shown(text: str) -> list[str]:
    return [secret for secret in PRIVATE if secret in text]


async def refusals(desk: Desk, requests: list[tuple[str, str, Any]]) -> list[Answer]:
    """The answers to what must be refused, none of which quotes what was sent."""
    answers = []
    for method, path, sent in requests:
        content: dict[str, Any] = (
            {"data": sent, "headers": AS_XLSX} if isinstance(sent, bytes) else {"body": sent}
        )
        answer = await desk.driver.call(method, path, **content)
        assert 400 <= answer.status < 500, (path, answer.status)
        assert shown(json.dumps(answer.json, ensure_ascii=False)) == [], answer.json
        answers.append(answer)
    return answers


async def nothing_told(desk: Desk, written: io.StringIO) -> None:
    """Nothing private in the log of events nor on stderr."""
    events = await desk.driver.events()
    assert events
    assert shown(json.dumps(events, ensure_ascii=False)) == []
    assert '"request"' in written.getvalue()
    assert shown(written.getvalue()) == []


async def test_phones_and_identity_cards(roster: Desk, written: io.StringIO) -> None:
    driver, personal = roster.driver, {"phone": PHONE, "id_number": CARD}
    person = await driver.post("/people", {"name": "丁示例01", **personal})
    path = f"/people/{person['id']}"
    assert (await driver.get(path))["id_number"] == CARD
    assert (await driver.call("PATCH", path, {"phone": PHONE, "party": "群众"})).status == 200
    sheets = [LEDGER["人员"]]
    good = write(sheets, {"人员": [{"name": "丁示例01", **personal}]})
    assert (await driver.call("POST", "/imports", data=good, headers=AS_XLSX)).status == 200
    await refusals(
        roster,
        [
            ("POST", "/people", {"name": "丁", "phone": f"{PHONE}x"}),
            ("POST", "/people", {"name": "丁", "id_number": CARD[:-1]}),
            ("POST", "/people", {"name": "丁", "born_year": PHONE}),
            ("POST", "/people", {"name": "丁", "gender": CARD}),
            (
                "POST",
                "/people:batch",
                {"items": [{"name": "丁", **personal}, {"name": "马", "ethnicity": [PHONE]}]},
            ),
            ("PATCH", path, {**personal, "shoe_size": PHONE}),
            ("POST", "/deputyships", {"person_id": "x", "level": CARD, "started_on": PHONE}),
            ("GET", f"/people?name={PHONE}&limit={CARD}", None),
            (
                "POST",
                "/imports",
                write(sheets, {"人员": [{"name": "丁", "phone": f"{PHONE}转", "id_number": CARD}]}),
            ),
            ("POST", "/imports", write(sheets, {"人员": [{"name": "丁", **personal}] * 2})),
        ],
    )
    await nothing_told(roster, written)


async def test_a_card_in_the_wrong_column(roster: Desk) -> None:
    """Columns that slipped: the message names the cell, not what stands in it."""
    deputyship = {"level": "town", "started_on": date(2017, 1, 10)}
    data = write(
        [LEDGER["人员"], LEDGER["代表资格"]],
        {"人员": [{"name": "丁"}], "代表资格": [{"person": CARD, **deputyship}]},
    )
    (answer,) = await refusals(roster, [("POST", "/imports", data)])
    assert [error["loc"] for error in answer.json["errors"]] == ["代表资格.A2"]


async def test_what_voters_said(activities: Desk, written: io.StringIO) -> None:
    driver = activities.driver
    opinion = await driver.post("/opinions", {"received_on": "2020-04-15", "text": SAID, "category": "路灯"})
    path = f"/opinions/{opinion['id']}"
    assert (await driver.get(path))["text"] == SAID
    assert (await driver.get(path, token=driver.token("county", area="340281")))["text"] != SAID
    await driver.call("PATCH", path, {"text": f"{SAID}！", "state": "answered"})
    row = {"reference": "意2020-1", "received_on": date(2020, 4, 15), "text": SAID}
    sheet = next(one for one in ACTIVITIES if one.name == "选民意见")
    await refusals(
        activities,
        [
            ("POST", "/opinions", {"received_on": "2020-04-15", "text": SAID * 2000}),
            ("POST", "/opinions", {"received_on": SAID, "text": SAID}),
            ("POST", "/opinions", {"received_on": "2020-04-15", "channel": SAID}),
            ("POST", "/opinions", {"received_on": "2020-04-15", "text": [SAID]}),
            ("POST", "/opinions", {"received_on": "2020-04-15", "text": f"{SAID}\0"}),
            ("PATCH", path, {"text": SAID, "closed_on": "2020-04-01", "state": "closed"}),
            ("POST", "/imports", write([sheet], {"选民意见": [{**row, "deputy": "无此人"}]})),
            ("POST", "/imports", write([sheet], {"选民意见": [{**row, "text": SAID * 500}]})),
        ],
    )
    await nothing_told(activities, written)


async def test_what_deputies_reported(ratings: Desk, written: io.StringIO) -> None:
    driver, ids = ratings.driver, ratings.ids
    report = {"meeting_id": ids["open"], "deputyship_id": "d2", "text": SAID, "shortcomings": PHONE}
    path = f"/duty_reports/{(await driver.post('/duty_reports', report))['id']}"
    await driver.call("PATCH", path, {"text": f"{SAID}。"})
    row = {"meeting": "述2020-9", "deputy": "王示例01", "text": SAID}
    await refusals(
        ratings,
        [
            ("POST", "/duty_reports", report),
            ("POST", "/duty_reports", {**report, "text": SAID * 2000}),
            ("POST", "/duty_reports", {**report, "form": SAID}),
            ("POST", "/imports", write([RATINGS[2]], {"述职报告": [row]})),
        ],
    )
    await nothing_told(ratings, written)


async def test_a_fault_of_ours_quotes_nothing(roster: Desk, written: io.StringIO) -> None:
    """A record that cannot be read any more: what went wrong is logged with its place, not with its values."""
    people = roster.driver.alive.store.database["people"]
    broken = {"phone": PHONE, "id_number": CARD, "born_year": SAID}
    await people.update_one({"_id": roster.ids["person"], "town": TOWN}, {"$set": broken})
    answer = await roster.driver.call("GET", f"/people/{roster.ids['person']}")
    assert (answer.status, answer.code) == (500, "internal-error")
    assert shown(str(answer.json)) == []
    (line,) = [line for line in written.getvalue().splitlines() if '"fault"' in line]
    assert json.loads(line)["exception"][0]["frames"]
    assert shown(written.getvalue()) == []


async def test_a_chore_that_meets_an_unreadable_record_quotes_nothing(
    activities: Desk, written: io.StringIO
) -> None:
    alive, opinion = activities.driver.alive, activities.ids["opinion"]
    unreadable = {"voided_on": "2000-01-01", "text": [f"{SAID}，{PHONE}"]}
    place = {"_id": opinion, "town": TOWN}
    await alive.store.database["opinions"].update_one(place, {"$set": unreadable})
    await forget_now(alive, Turns(alive.service.name, "chores"))
    assert "warning" in [json.loads(line)["level"] for line in written.getvalue().splitlines()]
    assert shown(written.getvalue()) == []
