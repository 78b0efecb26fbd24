"""Operations that services have in common, in each: dead letters, a restored service, ledgers of another make."""

import base64
import json
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import Workbook

from services.accounts.app import build as accounts
from services.accounts.settings import Settings as AccountsSettings
from services.activities.app import build as activities
from services.activities.settings import Settings as ActivitiesSettings
from services.ratings.app import build as ratings
from services.ratings.settings import Settings as RatingsSettings
from services.reports.app import build as reports
from services.reports.settings import Settings as ReportsSettings
from services.roster.app import build as roster
from services.roster.settings import Settings as RosterSettings
from shared.envelope import GENESIS, Event, source_of
from shared.events.dead_letter import DeadLetter
from shared.process.service import Service
from shared.storage.units import Unit
from shared.workbook import XLSX
from tests.architecture.sources import ROOT
from tests.fixtures.apps import AS_XLSX, TOWN, Drive, Driver
from tests.probes import eventually

pytestmark = pytest.mark.mongo
HEARD: Final = {
    "accounts": "roster.deputyship.started.v1",
    "activities": "roster.deputyship.started.v1",
    "ratings": "roster.deputyship.started.v1",
    "reports": "roster.deputyship.started.v1",
    "roster": "reports.closing.requested.v1",
}
"""An event that each of them applies."""
LEDGERS: Final = {
    "activities": ("日期,活动类型,主题,人员", "2020-05-06,集中视察,水系整治,丁示例01"),
    "ratings": ("会议日期,评议办法,代表", "2020-12-03,满意度测评,丁示例01"),
    "roster": ("姓名,性别,出生年月,手机号", "丁示例01,女,1970-05,"),
}
"""Columns and a row as offices keep them."""


def service(name: str, folder: Path) -> Service:
    if name == "accounts":
        return accounts(AccountsSettings(data_dir=folder))
    others: dict[str, Service] = {
        "activities": activities(ActivitiesSettings(data_dir=folder)),
        "ratings": ratings(RatingsSettings(data_dir=folder)),
        "reports": reports(ReportsSettings(data_dir=folder)),
        "roster": roster(RosterSettings(data_dir=folder)),
    }
    return others[name]


def event(type: str) -> Event:
    """The first of its stream, with the data of its example."""
    example: dict[str, Any] = json.loads((ROOT / f"tests/contract/events/{type}.json").read_text("utf-8"))
    source = source_of(TOWN, type.partition(".")[0])
    return Event(
        id=f"{source}-1",
        source=source,
        type=type,
        subject=f"{type.split('.')[1]}/{example['data']['id']}",
        time="2020-01-01T00:00:00.000Z",
        town=TOWN,
        sequence=1,
        previoushash=GENESIS,
        actor="test",
        data=example["data"],
    ).hashed()


def ledger(*lines: str) -> bytes:
    book, file = Workbook(), BytesIO()
    for line in lines:
        book.worksheets[0].append(line.split(","))
    book.save(file)
    return file.getvalue()


async def park(driver: Driver, type: str) -> None:
    """As an earlier version left an event that it could not apply."""
    dead = DeadLetter.from_event(
        event(type),
        reason="data.level: unknown",
        handler=type,
        now=driver.alive.store.clock.now(),
        conflicting=False,
    )
    await driver.alive.store.commit(Unit([], also=partial(driver.alive.inbox.park, dead)))


@pytest.mark.parametrize("name", HEARD)
async def test_what_an_earlier_version_could_not_apply_is_shown_and_applied(
    drive: Drive, tmp_path: Path, name: str
) -> None:
    driver, type = await drive(service(name, tmp_path)), HEARD[name]
    await park(driver, type)
    id = f"{type.partition('.')[0]}-1"
    letter = await driver.get(f"/dead/{id}")
    assert (letter["reason"], letter["event"]["type"]) == ("data.level: unknown", type)
    assert await driver.post(f"/dead/{id}:replay", {}) == {"id": id, "state": "applied"}
    assert (await driver.get("/dead"))["items"] == []


@pytest.mark.parametrize("name", HEARD)
async def test_what_nobody_can_read_is_parked_and_dropped_with_a_reason(
    drive: Drive, tmp_path: Path, name: str
) -> None:
    driver, type = await drive(service(name, tmp_path)), HEARD[name]
    await driver.says(type, {"id": "x", "version": "none"})
    await eventually(lambda: driver.alive.consumer.parked == 1)
    id = f"{type.partition('.')[0]}-1"
    assert await driver.post(f"/dead/{id}:drop", {"reason": "试验数据"}) == {"id": id, "state": "dropped"}
    assert (await driver.call("GET", f"/dead/{id}")).status == 404


@pytest.mark.parametrize("name", HEARD)
async def test_a_restored_service_begins_an_epoch_of_each_stream(
    drive: Drive, tmp_path: Path, name: str
) -> None:
    driver = await drive(service(name, tmp_path))
    work = driver.alive.store.reading(TOWN, "clerk")
    work.announce("stream.restored.v1", f"stream/{TOWN}/{name}", {"source": source_of(TOWN, name)})
    await driver.alive.store.commit(Unit([work]))
    place, area = f"//{name}/v1/streams:restored", {"area": TOWN}
    begun = await driver.post(place, area, token=driver.token("service"))
    assert begun["epochs"][source_of(TOWN, name)].endswith("/2")
    assert (await driver.call("POST", place, area)).status == 403
    beyond = {"area": TOWN[:6]}
    assert (await driver.call("POST", place, beyond, token=driver.token("service"))).status == 403


@pytest.mark.parametrize("name", ["activities", "ratings", "accounts"])
async def test_copies_of_foreign_facts_are_built_anew_on_request(
    drive: Drive, tmp_path: Path, name: str
) -> None:
    driver = await drive(service(name, tmp_path))
    source = source_of(TOWN, "roster")
    await driver.says(HEARD[name], event(HEARD[name]).data)
    assert (await driver.alive.inbox.mark(source)).upto == 1
    assert (await driver.call("POST", ":rebuild", {})).status == 202
    assert (await driver.alive.inbox.mark(source)).upto == 0


@pytest.mark.parametrize("name", LEDGERS)
async def test_a_ledger_is_recognised_and_written_as_confirmed(
    drive: Drive, tmp_path: Path, name: str
) -> None:
    driver, data = await drive(service(name, tmp_path)), ledger(*LEDGERS[name])
    proposed = await driver.call("POST", "/imports:propose", data=data, headers=AS_XLSX)
    assert proposed.status == 200, proposed.json
    known = [page for page in proposed.json["pages"] if page["into"]]
    assert known
    pages = [
        {
            "title": page["title"],
            "into": [{part: one[part] for part in ("sheet", "columns", "fixed")} for one in page["into"]],
        }
        for page in known[:1]
    ]
    body = {"file": base64.b64encode(data).decode(), "filename": "台账.xlsx", "pages": pages}
    converted = await driver.call("POST", "/imports:convert", body)
    assert (converted.status, converted.headers["Content-Type"]) == (200, XLSX)
    assert await driver.events() == []
