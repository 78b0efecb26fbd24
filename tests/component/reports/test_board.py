"""The county's board: kept as it happens, a changed town costs one town, and a sum leads to its records."""

from datetime import date, timedelta
from typing import Any

from services.reports.app import build
from services.reports.board import packed
from services.reports.figures import compute
from services.reports.handlers.board import Boards
from services.reports.migrations import fill_the_board
from services.reports.settings import Settings
from shared.clock import SystemClock
from tests.component.reports.conftest import YEAR, Office, handed_to
from tests.fixtures.apps import TOWN, Drive
from tests.fixtures.book import Book
from tests.fixtures.commands import counted
from tests.fixtures.example import example

AREA = "//reports/v1/areas/340281"
MANY = 1_500


def county(office: Office) -> str:
    return office.driver.token("county", area="340281", subject="county")


async def board(office: Office, query: str = "", year: str = "/years/2020") -> Any:
    return await office.driver.get(f"{AREA}{year}{query}", token=county(office))


async def test_a_row_is_kept_as_it_happens(office: Office) -> None:
    await office.tell()
    closing = await office.close()
    [row] = (await board(office))["towns"]
    assert (row["town"], row["version"]) == (TOWN, None)
    assert row["status"] in ("compiling", "incomplete")  # it is late after half a second here
    assert row["waiting_for"] == ["roster", "activities", "ratings"]
    await office.seal(closing)
    await office.compiled(closing)
    [row] = (await board(office))["towns"]
    assert (row["status"], row["version"], row["waiting_for"]) == ("draft", 1, [])
    assert row["missing"] > 0
    for step, token in (("approve", None), ("submit", None), ("accept", county(office))):
        await office.driver.post(f"{YEAR}/report:{step}", {}, token=token)
    [row] = (await board(office))["towns"]
    assert (row["status"], row["version"]) == ("accepted", 4)
    assert row["submitted_at"] < row["accepted_at"]
    closing = await office.close()
    await office.seal(closing)
    await office.compiled(closing)
    [later] = (await board(office))["towns"]
    assert later["status"] == "draft"
    when = ("submitted_on", "submitted_at", "accepted_at")
    assert [later[name] for name in when] == [row[name] for name in when]


async def test_a_town_that_has_not_handed_in_is_late_once_its_last_day_is_over(office: Office) -> None:
    await office.closed()
    today = SystemClock().today()

    async def late(area: str, due_on: date) -> bool:
        token = office.driver.token("county", area=area, subject="county")
        body = {"due_on": str(due_on), "reason": "通知"}
        path = f"//reports/v1/areas/{area}{YEAR}/window"
        assert (await office.driver.call("PUT", path, body, token=token)).status == 200
        [row] = (await board(office))["towns"]
        return bool(row["late"])

    assert not await late("340281", today)
    assert await late("340281", today - timedelta(days=1))
    assert not await late(TOWN, today)  # the narrower area wins
    assert await late(TOWN, today - timedelta(days=1))
    until = {"until": str(today), "reason": "汛情"}
    await office.driver.post(f"{YEAR}/report:extend", until, token=county(office))
    [row] = (await board(office))["towns"]
    assert (row["late"], row["submitted_on"]) == (False, None)


async def test_a_board_that_has_not_changed_is_not_sent_again(office: Office) -> None:
    await office.closed()
    path, token = f"{AREA}{YEAR}", county(office)
    first = await office.driver.call("GET", path, token=token)
    again = await office.driver.call(
        "GET", path, token=token, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status == 304
    await office.driver.post(f"{YEAR}/report:approve", {})
    changed = await office.driver.call(
        "GET", path, token=token, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert changed.status == 200


async def test_a_sum_leads_to_the_towns_and_to_their_records(office: Office) -> None:
    report = await office.closed()
    figures = {figure["id"]: figure for figure in report["figures"]}  # type: ignore[attr-defined]
    asked = await board(office, "/figures/training.times")
    [item] = asked["items"]
    assert asked["figure"]["value"] == item["value"] == figures["training.times"]["value"]
    records = await office.driver.get("/" + item["records"], token=county(office))
    assert len(records["items"]) == len(figures["training.times"]["records"])
    quota = next(id for id, figure in figures.items() if figure["status"] == "missing")
    assert (await board(office, f"/figures/{quota}"))["lacking"] == [TOWN]
    unknown = await office.driver.call("GET", f"{AREA}{YEAR}/figures/no.such", token=county(office))
    assert unknown.code == "no-figure"


async def test_a_data_folder_of_before_has_its_rows_after_the_start(office: Office) -> None:
    await office.closed()
    await office.driver.post(f"{YEAR}/report:approve", {})
    before = await board(office)
    database = office.driver.alive.store.database
    await database["board"].delete_many({})
    await database["area_periods"].delete_many({})
    assert (await board(office))["figures"] != before["figures"]
    await fill_the_board(database)
    assert await board(office) == before


async def test_a_changed_town_of_1_500_is_read_anew_alone(drive: Drive) -> None:
    office = handed_to(await drive(build(Settings())))
    database = office.driver.alive.store.database
    text = packed(compute(example(Book(TOWN)).year()).values())
    rows = [
        {
            "_id": f"34{n:07d}:2020",
            "town": f"34{n:07d}",
            "version": 1,
            "period": "2020",
            "status": "submitted",
            "edition": 2,
            "as_of": "2020-12-31",
            "figures": text,
        }
        for n in range(MANY)
    ]
    for first_row in range(0, MANY, 100):
        await database["board"].insert_many(rows[first_row : first_row + 100])
    work, boards = office.driver.alive.store.reading("", "county"), Boards()
    first = await boards.read(work, "34", "2020", 60.0, ["congress.sessions"])
    assert len(first.towns) == MANY
    sessions = next(figure for figure in first.figures if figure.id == "congress.sessions")
    assert (sessions.towns, sessions.value) == (MANY, sum(f.figures[0].value or 0 for f in first.towns))
    await database["board"].update_one(
        {"_id": rows[7]["_id"], "town": rows[7]["town"]}, {"$set": {"status": "accepted", "version": 2}}
    )
    with counted() as spent:
        again = await boards.read(work, "34", "2020", 60.0, ["congress.sessions"])
    assert again.counts == {"submitted": MANY - 1, "accepted": 1}
    assert spent.read["board"] == MANY + 1  # the rows without their figures, and the changed one with them
    page = await boards.read(work, "34", "2020", 60.0, limit=100)
    assert len(page.towns) == 100
    assert page.figures == again.figures
    rest = await boards.read(work, "34", "2020", 60.0, after=page.towns[-1].town)
    assert [row.town for row in (*page.towns, *rest.towns)] == [row.town for row in first.towns]
