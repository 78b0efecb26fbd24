"""Closings that do not come to a report at once: seals that do not fit, and a town whose compile fails."""

import asyncio
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from services.reports import driver
from services.reports.compiler import compile_report
from services.reports.domain import Report
from services.reports.handlers import closings, editions
from services.reports.repository import PROGRESS
from shared.observability.metrics import expose
from shared.process.turns import Turns
from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.apps import TOWN
from tests.fixtures.book import SOURCES, Book
from tests.fixtures.example import example
from tests.probes import eventually

POISONED, OTHER = "340281198", "340281197"


async def requests(office: Office) -> list[dict[str, Any]]:
    events = await office.driver.events()
    return [event for event in events if event["type"] == "reports.closing.requested.v1"]


async def test_a_seal_that_does_not_fit_is_asked_for_anew_and_the_new_one_counts(office: Office) -> None:
    await office.tell()
    closing = await office.close()
    await office.seal_wrongly(closing)

    async def asked_again() -> bool:
        return len(await requests(office)) > 1

    await eventually(asked_again)
    first, second, *_ = await requests(office)
    assert (second["subject"], second["data"]["version"]) == (first["subject"], 2)
    assert {**second["data"], "version": 1} == first["data"]
    state = await office.driver.get(f"{YEAR}/closings/{closing}")
    assert [s["source"] for s in state["sources"] if "记录数" in s["trouble"]] == ["ratings"]
    integrity = await office.driver.get("/integrity", token=office.driver.token("auditor"))
    assert [f for f in integrity["faults"] if "的封账没有编成总结（ratings）" in f["message"]]

    await office.seal(closing)
    report = await office.compiled(closing)
    assert (report["status"], report["version"]) == ("draft", 1)
    heads = {source["source"]: source["head"] for source in report["sources"]}  # type: ignore[attr-defined]
    assert heads == {service: len(office.book.events[service]) - 1 for service in SOURCES}


async def test_a_seal_that_comes_after_the_report_changes_nothing(office: Office) -> None:
    before = await office.closed()
    closing = (await requests(office))[0]["data"]["id"]
    await office.seal(closing)

    async def arrived() -> bool:
        stored = await office.driver.alive.store.find("seals", {"closing_id": closing})
        return {s["version"] for s in stored} == {len(office.book.events[s]) for s in SOURCES}

    await eventually(arrived)
    again = await office.driver.post(f"{YEAR}/report:compile", {})
    assert again["version"] == before["version"]
    assert (await office.driver.get(f"{YEAR}/report"))["sources"] == before["sources"]


async def test_a_seal_that_goes_on_not_to_fit_is_asked_for_less_and_less_often(office: Office) -> None:
    await office.tell()
    closing = await office.close()
    for _ in range(3):
        known = len(await requests(office))
        await office.seal_wrongly(closing)

        async def asked(known: int = known) -> bool:
            return len(await requests(office)) > known

        await eventually(asked)
    [progress] = await office.driver.alive.store.find("progress", {"_id": closing})
    assert progress["asked_again"] == len(await requests(office)) - 1


async def test_a_dead_letter_that_is_the_reason_is_named_and_no_seal_is_asked_for(office: Office) -> None:
    wrong = {"id": "p-wrong", "town": office.book.town, "version": 1, "name": ["not", "a", "name"]}
    office.book.announce("roster", "person.registered.v1", "person/p-wrong", wrong)
    await office.tell()
    number = len(office.book.events["roster"])
    closing = await office.close()
    for service in SOURCES:
        log = office.book.events[service]
        counts = {} if service == "roster" else office.book.ledger_of(service).counts(service)
        about = {"closing_id": closing, "year": 2020, "as_of": "2020-12-07", "counts": counts}
        office.book.announce(
            service, "year.sealed.v1", "year/2020", {**about, "upto_sequence": len(log), "hash": log[-1].hash}
        )
    await office.tell()

    async def named() -> bool:
        state = await office.driver.get(f"{YEAR}/closings/{closing}")
        return any(f"第{number}号事件未能处理，须先重新处理" in s["trouble"] for s in state["sources"])

    await eventually(named)
    assert len(await requests(office)) == 1


@pytest.mark.parametrize("error", [KeyError("poison"), AutoReconnect("too large to answer")])
async def test_a_town_whose_compile_fails_stops_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Also where the error looks like a database that is away, and stays."""
    name = type(error).__name__
    poisoned = True

    def compiling(year: Any, *args: Any, **options: Any) -> Report:
        if poisoned and year.ledger.town == POISONED:
            raise error
        return compile_report(year, *args, **options)

    monkeypatch.setattr(editions, "compile_report", compiling)
    paths, asked_for = {}, {}
    for town in (POISONED, TOWN, OTHER):
        own = (
            office if town == TOWN else Office(office.driver, example(Book(town)), dict.fromkeys(SOURCES, 0))
        )
        await own.tell()
        token = office.driver.token(area=town)
        paths[town] = (f"//reports/v1/towns/{town}/years/2020", token)
        asked = await office.driver.post(f"{paths[town][0]}/closings", {"as_of": "2020-12-07"}, token=token)
        asked_for[town] = asked["id"]
        await own.seal(asked["id"])

    async def state(town: str) -> Any:
        path, token = paths[town]
        return await office.driver.get(f"{path}/closings/{asked_for[town]}", token=token)

    async def others() -> bool:
        states = await asyncio.gather(state(TOWN), state(OTHER))
        return [one["state"] for one in states] == ["compiled"] * 2

    await eventually(others)

    async def told() -> bool:
        return name in (await state(POISONED))["trouble"]

    await eventually(told)
    assert (await state(POISONED))["state"] == "incomplete"
    path, token = paths[POISONED]
    assert name in (await office.driver.get(f"{path}/report", token=token))["reasons"][0]
    gauge = 'background_turns_failing{service="reports",task="drive_closings"} '
    assert f"{gauge}1.0" in expose("")[0].decode()
    integrity = f"//reports/v1/towns/{POISONED}/integrity"
    faults = (await office.driver.get(integrity, token=office.driver.token("auditor", area=POISONED)))[
        "faults"
    ]
    assert [fault["subject"] for fault in faults if name in fault["message"]]

    poisoned = False

    async def compiled() -> bool:
        done = (await state(POISONED))["state"] == "compiled"
        return done and f"{gauge}0.0" in expose("")[0].decode()

    await eventually(compiled)


async def test_a_failure_that_cannot_be_noted_ends_no_round(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.tell()
    await office.close()
    alive = office.driver.alive
    (document,) = await alive.store.find("progress", {})

    async def failing(*args: Any, **options: Any) -> None:
        raise KeyError("poison")

    for name in ("advance", "note_failure"):
        monkeypatch.setattr(closings, name, failing)
    turns = Turns("reports", "one round")
    await driver._advance(alive, PROGRESS.load(document), turns, driver._settings(alive))
    assert len(turns.failing) == 1


async def test_a_closing_that_cannot_be_read_is_told_and_stops_no_other(office: Office) -> None:
    progress = office.driver.alive.store.database["progress"]
    broken = {"_id": "00000000-broken", "town": POISONED, "version": "?", "state": "waiting"}
    await progress.insert_one(broken)
    await office.closed()
    gauge = 'background_turns_failing{service="reports",task="drive_closings"} '
    await eventually(lambda: f"{gauge}1.0" in expose("")[0].decode())
    auditor = office.driver.token("auditor", area=POISONED)
    integrity = await office.driver.get(f"//reports/v1/towns/{POISONED}/integrity", token=auditor)
    told = {fault["rule"] for fault in integrity["faults"] if fault["subject"] == f"progress/{broken['_id']}"}
    assert "record" in told
    await progress.delete_one({"_id": broken["_id"], "town": POISONED})
    await eventually(lambda: f"{gauge}0.0" in expose("")[0].decode())


async def test_a_town_whose_record_cannot_be_read_stops_no_schedule(office: Office) -> None:
    towns = office.driver.alive.store.database["towns"]
    await towns.insert_one({"_id": POISONED, "town": POISONED, "version": "?", "closes": True})
    office.book.town_(name="示例镇", rules={"closing_on": "01-01"})
    await office.tell("roster")

    gauge = 'background_turns_failing{service="reports",task="close_on_schedule"} 1.0'

    async def asked() -> bool:
        return bool(await requests(office)) and gauge in expose("")[0].decode()

    await eventually(asked)
