"""What a rule pack's schedule does to a year: trial closings, days that move, abolished towns, folders of before."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest

from services.reports.app import build
from services.reports.domain.board import Standing
from services.reports.handlers import schedule
from services.reports.migrations import keep_abolitions, keep_rules
from services.reports.repository import BOARD, TOWNS, KnownTown
from services.reports.settings import Settings
from shared.clock import BEIJING
from tests.component.reports.conftest import YEAR, Office, handed_to
from tests.component.reports.test_area_report import step, text
from tests.fixtures.apps import TOWN, Drive
from tests.fixtures.clocks import FixedClock
from tests.probes import eventually

AREA = "//reports/v1/areas/340281"
GONE = "340281198"


@pytest.fixture
async def unwatched(drive: Drive) -> Office:
    """An office whose schedule nobody looks at but the test."""
    return handed_to(await drive(build(Settings(progress_seconds=0.1, schedule_seconds=3600))))


async def look(office: Office, today: str, closing_on: str, **known: Any) -> None:
    town = KnownTown.model_validate(
        {"id": TOWN, "town": TOWN, "name": "示例镇", "rules": {"rules": {"closing_on": closing_on}}, **known}
    )
    run = partial(schedule.look, days_of=schedule.days_named(town), today=date.fromisoformat(today))
    await office.driver.alive.store.execute(town=TOWN, actor="service:reports", run=run)


async def told(office: Office, noun: str) -> list[Mapping[str, Any]]:
    return [e["data"] for e in await office.driver.events() if e["type"].startswith(f"reports.{noun}.")]


async def closed_as_of(office: Office) -> list[str]:
    return [closing["as_of"] for closing in await told(office, "closing")]


async def board(office: Office, year: int) -> list[Any]:
    county = office.driver.token("county", area="340281")
    return list((await office.driver.get(f"{AREA}/years/{year}", token=county))["towns"])


async def test_a_trial_closing_does_not_silence_the_schedule(unwatched: Office) -> None:
    await unwatched.close("2020-06-30")
    await look(unwatched, "2020-12-01", "12-07")
    assert [notice["due_on"] for notice in await told(unwatched, "notice")] == ["2020-12-07"]
    for day in ("2020-12-07", "2020-12-08"):
        await look(unwatched, day, "12-07")
    assert await closed_as_of(unwatched) == ["2020-06-30", "2020-12-07"]
    await unwatched.close("2020-12-05")  # of an earlier day, and meant
    await look(unwatched, "2020-12-09", "12-07")
    assert await closed_as_of(unwatched) == ["2020-06-30", "2020-12-07", "2020-12-05"]


async def test_a_closing_ahead_of_its_day_does_not_silence_the_schedule(drive: Drive) -> None:
    clock = FixedClock(datetime(2020, 11, 20, 9, tzinfo=BEIJING))
    ahead = handed_to(await drive(build(Settings(progress_seconds=0.1, schedule_seconds=3600)), clock=clock))
    await ahead.tell()
    closing = await ahead.close("2020-12-31")
    await ahead.seal(closing, as_of="2020-12-31")
    await ahead.compiled(closing)
    await look(ahead, "2020-12-01", "12-07")
    assert [notice["due_on"] for notice in await told(ahead, "notice")] == ["2020-12-07"]
    for day in ("2020-12-07", "2020-12-08"):
        await look(ahead, day, "12-07")
    assert await closed_as_of(ahead) == ["2020-12-31", "2020-12-31"], "the later day is the office's"


async def test_what_was_asked_for_by_mistake_and_superseded_does_not_silence_it(unwatched: Office) -> None:
    await unwatched.close("2020-12-31")
    await unwatched.close("2020-06-30")
    await look(unwatched, "2020-12-07", "12-07")
    assert await closed_as_of(unwatched) == ["2020-12-31", "2020-06-30", "2020-12-07"]


async def test_the_schedule_leaves_an_approved_report_to_the_office(unwatched: Office) -> None:
    await unwatched.closed()
    await look(unwatched, "2020-12-04", "12-08")
    await step(unwatched, "approve")
    for day in ("2020-12-05", "2020-12-08"):
        await look(unwatched, day, "12-08")
    assert await closed_as_of(unwatched) == ["2020-12-07"]
    assert [notice["kind"] for notice in await told(unwatched, "notice")] == ["due_soon", "called_off"]


async def test_an_announced_day_that_moves_or_falls_away_is_told_at_once(unwatched: Office) -> None:
    looks = (("12-01", "12-07"), ("12-03", "12-20"), ("12-04", ""), ("12-05", "12-10"), ("12-05", "12-10"))
    due = []
    for day, closing_on in looks:
        await look(unwatched, f"2020-{day}", closing_on)
        [row] = await board(unwatched, 2020)
        due.append(row["due_on"])
    assert due == ["2020-12-07", "2020-12-20", None, "2020-12-10", "2020-12-10"]
    notices = [(one["version"], one["kind"], one["due_on"]) for one in await told(unwatched, "notice")]
    assert notices == [
        (1, "due_soon", "2020-12-07"),
        (2, "due_soon", "2020-12-20"),
        (3, "called_off", "2020-12-20"),
        (4, "due_soon", "2020-12-10"),
    ]
    kinds = {
        kind: (await unwatched.driver.get(f"/notices?kind={kind}"))["items"]
        for kind in ("due_soon", "called_off")
    }
    assert [len(items) for items in kinds.values()] == [1, 0]
    await look(unwatched, "2020-12-10", "12-10")
    assert await closed_as_of(unwatched) == ["2020-12-10"]


@pytest.mark.parametrize(
    ("abolished_on", "closed"),
    [
        ("2020-06-30", ["2020-12-07"]),
        ("2020-01-02", ["2020-12-07"]),
        ("2020-01-01", []),
        ("2021-01-01", ["2020-12-07"]),
        (None, ["2020-12-07", "2021-12-07"]),
    ],
)
async def test_an_abolished_town_closes_the_year_in_which_it_was_abolished_and_none_after(
    unwatched: Office, abolished_on: str | None, closed: list[str]
) -> None:
    for day in ("2020-12-07", "2021-12-01", "2021-12-07"):
        await look(unwatched, day, "12-07", abolished_on=abolished_on)
    assert await closed_as_of(unwatched) == closed


async def test_a_town_that_is_founded_again_makes_up_no_year_between(unwatched: Office) -> None:
    for day in ("2020-12-07", "2021-12-07", "2022-06-01"):
        await look(unwatched, day, "12-07", abolished_on="2020-01-01")
    for day in ("2022-06-02", "2022-12-07"):
        await look(unwatched, day, "12-07")
    assert await closed_as_of(unwatched) == ["2022-12-07"]


async def known(office: Office, code: str, **data: Any) -> None:
    """A town of the roster besides that of the office."""
    town = TOWNS.store(KnownTown(id=code, town=code, version=1, name="石桥乡", **data))
    await office.driver.alive.store.database["towns"].insert_one(town)


async def test_board_and_report_of_the_county_expect_no_town_that_was_abolished_by_then(
    unwatched: Office,
) -> None:
    await known(unwatched, GONE, county_name="无为县", abolished_on=date(2020, 1, 1))
    await unwatched.closed()
    await step(unwatched, "approve", "submit", "accept")
    assert [row["town"] for row in await board(unwatched, 2019)] == [GONE, TOWN]
    assert [row["town"] for row in await board(unwatched, 2020)] == [TOWN]
    county = unwatched.driver.token("county", area="340281")
    window = {"due_on": "2021-01-05", "reason": "通知"}
    assert (await unwatched.driver.call("PUT", f"{AREA}{YEAR}/window", window, token=county)).status == 200
    said = text(await unwatched.driver.get(f"{AREA}{YEAR}/report.docx", token=county))
    assert "石桥乡" not in said
    assert "无为市共有1个乡镇" in said

    # What there is of it is shown, and is not late.
    row = Standing(id=f"{GONE}:2020", town=GONE, version=1, period="2020", edition=1, status="draft")
    await unwatched.driver.alive.store.database["board"].insert_one(BOARD.store(row))
    rows = {row["town"]: row for row in await board(unwatched, 2020)}
    assert (rows[GONE]["name"], rows[GONE]["status"], rows[GONE]["late"]) == ("石桥乡", "draft", False)
    said = text(await unwatched.driver.get(f"{AREA}{YEAR}/report.docx", token=county))
    assert "无为市共有1个乡镇" in said


async def test_board_and_report_of_the_county_expect_a_town_in_the_year_it_is_abolished(
    unwatched: Office,
) -> None:
    await known(unwatched, GONE, county_name="无为县", abolished_on=date(2020, 6, 30))
    await unwatched.closed()
    await step(unwatched, "approve", "submit", "accept")
    county = unwatched.driver.token("county", area="340281")
    window = {"due_on": "2021-01-05", "reason": "通知"}
    await unwatched.driver.call("PUT", f"{AREA}{YEAR}/window", window, token=county)
    rows = {row["town"]: row for row in await board(unwatched, 2020)}
    assert (rows[GONE]["status"], rows[GONE]["late"]) == ("none", True)
    said = text(await unwatched.driver.get(f"{AREA}{YEAR}/report.docx", token=county))
    assert "没有上报的1个：石桥乡" in said
    assert "无为市共有2个乡镇" in said
    halves = await unwatched.driver.get(f"{AREA}/periods/2020-H2", token=county)
    assert [row["town"] for row in halves["towns"]] == [TOWN]
    term = await unwatched.driver.get(f"{AREA}/periods/term-18", token=county)
    assert [row["town"] for row in term["towns"]] == [TOWN]


async def test_a_folder_of_before_learns_of_schedules_and_abolitions(unwatched: Office) -> None:
    unwatched.book.town_(name="示例镇", rules={"closing_on": "01-05"}, abolished_on="2021-05-01")
    await unwatched.tell()
    towns = unwatched.driver.alive.store.database["towns"]

    async def heard() -> bool:
        town = await towns.find_one({"_id": TOWN})
        return town is not None and town["abolished_on"] == "2021-05-01"

    await eventually(heard)
    kept = await towns.find_one({"_id": TOWN})
    place, unset = {"_id": TOWN, "town": TOWN}, {"rules": "", "closes": "", "abolished_on": ""}
    await towns.update_one(place, {"$unset": unset})
    before = {"_id": GONE, "town": GONE, "version": 1, "name": "石桥乡", "closing_on": "12-07"}
    await towns.insert_one(before)
    for migrate in (keep_rules, keep_abolitions):
        await migrate(unwatched.driver.alive.store.database)
    assert await towns.find_one({"_id": TOWN}) == kept
    [town] = [TOWNS.load(one) for one in [await towns.find_one({"_id": GONE})] if one]
    assert (town.closes, town.rules.days_named("closing_on", 2020)) == (True, [date(2020, 12, 7)])
