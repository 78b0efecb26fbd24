"""Each service over a small town that stands still, and a desk that hands in what must be refused.

The town: six deputies d1 … d6 of its own; d7 of the county's, who is the person of d1; d8, whose mandate ended on
2020-05-01; two groups, one station. Group g9 and deputyship d99 are another town's.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from services.accounts.app import build as accounts_service
from services.accounts.settings import Settings as AccountsSettings
from services.activities.app import build as activities_service
from services.activities.settings import Settings as ActivitiesSettings
from services.ratings.app import build as ratings_service
from services.ratings.settings import Settings as RatingsSettings
from services.reports.app import build as reports_service
from services.reports.settings import Settings
from services.roster.app import build as roster_service
from services.roster.settings import Settings as RosterSettings
from tests.component.reports.conftest import Office
from tests.fixtures.apps import TOWN, Answer, Drive, Driver
from tests.fixtures.book import SOURCES, Book
from tests.fixtures.example import example
from tests.probes import eventually

OTHER_TOWN = "340281200"
HAN = re.compile(r"[一-鿿]")
SLUG = re.compile(r"[a-z]+(-[a-z]+)*")
OUR_OWN = frozenset({"processes", "cursors", "answers", "sources", "inbox", "letters"})
"""Collections by which a process keeps going; they hold no record and no event."""


@dataclass(frozen=True)
class Bad:
    """Something that must be refused, and how. `at`: the field or cell that must be named."""

    label: str
    method: str
    path: str
    body: Any = None
    status: int = 422
    code: str = "invalid-input"
    at: str = ""
    roles: tuple[str, ...] = ("office",)
    subject: str = "clerk"
    area: str = TOWN
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes | None = None


@dataclass
class Desk:
    """`ids`: what the fixtures recorded, by short names."""

    driver: Driver
    ids: dict[str, str] = field(default_factory=dict)

    async def all_refused(self, cases: Iterable[Bad]) -> None:
        """Every case is a problem with its status, slug and place, in Chinese; no record and no event was written."""
        found: dict[str, list[str]] = {}
        before = await self.everything()
        for case in cases:
            answer = await self.hand_in(case)
            if faults := said_wrong(case, answer):
                found[case.label] = [*faults, str(answer.json)[:300]]
        assert found == {}
        assert await self.everything() == before

    async def hand_in(self, case: Bad) -> Answer:
        token = case.token
        if token is None:
            token = self.driver.token(*case.roles, area=case.area, subject=case.subject)
        return await self.driver.call(
            case.method, case.path, case.body, token=token, headers=case.headers, data=case.data
        )

    async def everything(self) -> dict[str, list[Any]]:
        """All documents of the service: records, its log, the heads of its streams."""
        database = self.driver.alive.store.database
        names = sorted(set(await database.list_collection_names()) - OUR_OWN)
        return {name: await database[name].find().sort("_id").to_list(None) for name in names}


def said_wrong(case: Bad, answer: Answer) -> list[str]:
    """In what the answer is not the problem it should be."""
    if not answer.headers["Content-Type"].startswith("application/problem+json"):
        return [f"{answer.status} {answer.headers['Content-Type']}"]
    problem = answer.json
    faults = []
    if (answer.status, problem["code"]) != (case.status, case.code):
        faults.append(f"{answer.status} {problem['code']}")
    if problem["status"] != answer.status or not SLUG.fullmatch(problem["code"]):
        faults.append("form")
    said = [problem["title"], problem["detail"], *(error["message"] for error in problem["errors"])]
    if not all(HAN.search(text) for text in said):
        faults.append("not in Chinese")
    if case.at and case.at not in [error["loc"] for error in problem["errors"]]:
        faults.append(f"{case.at} is not named")
    return faults


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that these tests name as unknown is on its way."""
    monkeypatch.setattr("shared.storage.work.ARRIVAL_SECONDS", 0.3)
    monkeypatch.setattr("services.activities.repository.QUIET_SECONDS", 0.0)


@pytest.fixture
async def roster(drive: Drive) -> Desk:
    desk = Desk(await drive(roster_service(RosterSettings())))
    driver = desk.driver
    for town in (TOWN, OTHER_TOWN):
        clerk = driver.token(area=town)
        body = {"name": "示例镇", "congress_number": 17, "rules": {}}
        assert (await driver.call("PUT", f"//roster/v1/towns/{town}", body, token=clerk)).status == 201
        person = await driver.post(f"//roster/v1/towns/{town}/people", {"name": "王示例01"}, token=clerk)
        desk.ids["person" if town == TOWN else "stranger"] = person["id"]
    started = {"level": "town", "started_on": "2017-01-10"}
    ended = {"status": "ended", "ended_on": "2020-05-01", "ended_reason": "resigned"}
    for name, fields in (("serving", {}), ("over", ended)):
        other = (await driver.post("/people", {"name": f"李示例{name}"}))["id"]
        desk.ids[name] = (await driver.post("/deputyships", {"person_id": other, **started, **fields}))["id"]
    desk.ids["group"] = (await driver.post("/groups", {"number": 1, "formed_on": "2017-02-01"}))["id"]
    desk.ids["station"] = (await driver.post("/stations", {"name": "第一活动室", "opened_on": "2018-05-01"}))[
        "id"
    ]
    return desk


def facts() -> list[tuple[str, dict[str, Any]]]:
    """The roster of the town as the roster service states it."""
    started: dict[str, Any] = {"level": "town", "started_on": "2017-01-10", "group_id": "g1"}
    since = {"group_history": [{"group_id": "g1", "from_on": "2017-01-10", "to_on": None}]}
    own: list[dict[str, Any]] = [
        {"id": f"d{n}", "person_id": f"p{n}", **started, **since} for n in range(1, 7)
    ]
    upper = {**own[0], "id": "d7", "level": "county", "group_id": None, "group_history": []}
    over = {**own[1], "id": "d8", "person_id": "p8", "ended_on": "2020-05-01", "status": "ended"}
    people: list[dict[str, Any]] = [{"id": f"p{n}", "name": f"王示例0{n}"} for n in (1, 2, 3, 4, 5, 6, 8)]
    return [
        ("roster.town.registered.v1", {"id": TOWN, "name": "示例镇", "congress_number": 17, "rules": {}}),
        *(("roster.group.formed.v1", {"id": f"g{n}", "number": n}) for n in (1, 2)),
        ("roster.station.opened.v1", {"id": "st1", "name": "新城村部"}),
        *(("roster.person.registered.v1", one) for one in people),
        *(("roster.deputyship.started.v1", one) for one in [*own, upper, over]),
    ]


@pytest.fixture
async def activities(drive: Drive) -> Desk:
    desk = Desk(await drive(activities_service(ActivitiesSettings())))
    driver = desk.driver
    await asyncio.gather(*(driver.says(*fact) for fact in facts()))
    everyone = {"present": [f"d{n}" for n in range(1, 7)]}
    made = {
        "activity": ("/activities", {"kind": "visit", "title": "走访", "held_on": "2020-05-01"}),
        "session": ("/sessions", {"congress_number": 17, "session_number": 7, "held_on": "2020-06-09",
                                  "attendance": everyone}),
        "opinion": ("/opinions", {"received_on": "2020-04-15", "text": "路灯不亮"}),
        "suggestion": ("/suggestions", {"number": 1, "raised_on": "2020-06-09", "title": "增设路灯"}),
        "plan": ("/plans", {"year": 2020, "items": [{"title": "视察"}]}),
    }  # fmt: skip
    for name, (path, body) in made.items():
        record = await driver.post(path, body)
        desk.ids[name] = record["id"]
    desk.ids["item"] = record["items"][0]["id"]
    await driver.post(f"/activities/{desk.ids['activity']}:void", {"reason": "重复登记"})
    return desk


@pytest.fixture
async def ratings(drive: Drive) -> Desk:
    desk = Desk(await drive(ratings_service(RatingsSettings())))
    driver = desk.driver
    await asyncio.gather(*(driver.says(*fact) for fact in facts()))
    desk.ids["scheme"] = (await driver.post("/schemes", {"name": "满意度测评"}))["id"]
    for name in ("draft", "open"):
        body = {"held_on": "2020-12-03", "scheme_id": desk.ids["scheme"], "deputyship_ids": ["d1", "d2"]}
        desk.ids[name] = (await driver.post("/meetings", body))["id"]
    await driver.post(f"/meetings/{desk.ids['open']}:open", {})
    report = {"meeting_id": desk.ids["open"], "deputyship_id": "d1", "text": "述职"}
    desk.ids["duty_report"] = (await driver.post("/duty_reports", report))["id"]
    return desk


@pytest.fixture
async def reports(drive: Drive) -> Desk:
    """With the year 2020 compiled as a draft."""
    driver = await drive(
        reports_service(Settings(seal_seconds=0.5, progress_seconds=0.2, schedule_seconds=60))
    )
    office = Office(driver, example(Book(TOWN)), dict.fromkeys(SOURCES, 0))
    report = await office.closed()
    assert report["status"] == "draft"
    return Desk(driver)


@pytest.fixture
async def accounts(drive: Drive, tmp_path: Path) -> Desk:
    """Whose key was seen: it records that at its start."""
    driver = await drive(accounts_service(AccountsSettings(data_dir=tmp_path, chores_seconds=3600)))

    async def key_seen() -> bool:
        return await driver.alive.store.database["key_uses"].count_documents({}) == 1

    await eventually(key_seen)
    return Desk(driver)


@pytest.fixture
def desk(request: pytest.FixtureRequest, service: str) -> Desk:
    """That of the service a test is parametrized by."""
    found: Desk = request.getfixturevalue(service)
    return found
