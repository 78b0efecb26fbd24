"""Lists of people and mandates as offices print them: in stroke order, in pages, names laid out and annotated."""

from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.fixtures.apps import Drive, Driver

PEOPLE: list[dict[str, Any]] = [
    {"name": "魏小明"},
    {"name": "马　伟", "gender": "f", "ethnicity": "回族"},
    {"name": "丁红", "gender": "m", "ethnicity": "汉"},
    {"name": "王小红", "gender": "f", "ethnicity": "汉族"},
    {"name": "马林", "ethnicity": "满"},
]


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例镇"})).status == 201
    people = (await driver.post("/people:batch", {"items": PEOPLE}))["items"]
    held = [{"person_id": one["id"], "level": "town", "started_on": "2017-01-10"} for one in people]
    county = {"person_id": people[0]["id"], "level": "county", "started_on": "2017-01-10"}
    await driver.post("/deputyships:batch", {"items": [*held, county]})
    return driver


async def pages(roster: Driver, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await roster.get(f"{path}&limit=2{f'&cursor={cursor}' if cursor else ''}")
        found += page["items"]
        assert len(page["items"]) <= 2
        cursor = page["next_cursor"]
    return found


async def test_people_in_stroke_order_page_by_page(roster: Driver) -> None:
    found = await pages(roster, "/people?order=strokes")
    assert [one["name"] for one in found] == ["丁红", "马伟", "马林", "王小红", "魏小明"]
    entered = await pages(roster, "/people?")
    assert [one["name"] for one in entered] == ["魏小明", "马伟", "丁红", "王小红", "马林"]


async def test_mandates_in_stroke_order_page_by_page_and_filtered(roster: Driver) -> None:
    names = {one["id"]: one["name"] for one in (await roster.get("/people"))["items"]}
    found = await pages(roster, "/deputyships?order=strokes")
    assert [names[one["person_id"]] for one in found] == [
        "丁红",
        "马伟",
        "马林",
        "王小红",
        "魏小明",
        "魏小明",
    ]
    assert [one["level"] for one in found[-2:]] == ["county", "town"]
    assert len(await pages(roster, "/deputyships?order=strokes&level=county")) == 1


@pytest.mark.parametrize("asked", ["order=strokes", "order=strokes&q=马", "q=马", "total=true"])
async def test_a_record_that_changes_after_its_page_is_no_obstacle_to_the_next(
    roster: Driver, asked: str
) -> None:
    everyone = [one["id"] for one in await pages(roster, f"/people?{asked}")]
    first = await roster.get(f"/people?{asked}&limit=1")
    [last] = first["items"]
    renamed = {"name": "张示例"}
    assert (await roster.call("PATCH", f"/people/{last['id']}", renamed)).status == 200
    page = await roster.get(f"/people?{asked}&limit=1000&cursor={first['next_cursor']}")
    rest = [one["id"] for one in page["items"] if one["id"] != last["id"]]
    assert rest == everyone[1:]


async def test_the_roster_of_a_day_has_names_as_official_lists_print_them(roster: Driver) -> None:
    items = (await roster.get("/deputies?as_of=2020-06-09"))["items"]
    town = [row["printed_name"] for row in items if row["level"] == "town"]
    assert town == ["丁　红", "马　伟（女，回族）", "马　林（满族）", "王小红（女）", "魏小明"]


async def test_another_order_and_a_cursor_of_elsewhere_are_refused(roster: Driver) -> None:
    answer = await roster.call("GET", "/people?order=rank")
    assert (answer.status, answer.json["errors"][0]["loc"]) == (422, "query.order")
    cursor = (await roster.get("/deputyships?limit=1"))["next_cursor"]
    answer = await roster.call("GET", f"/people?order=strokes&cursor={cursor}")
    assert (answer.status, answer.json["errors"][0]["loc"]) == (422, "query.cursor")


async def test_a_deputy_is_found_by_part_of_the_name_and_by_initials(roster: Driver) -> None:
    everyone = await roster.get("/deputies")
    [ma] = [row for row in everyone["items"] if row["name"] == "马伟"]
    assert (ma["initials"], ma["strokes"]) == ("mw", 3)
    for query, names in (
        ("wx", ["王小红", "魏小明", "魏小明"]),
        ("ML", ["马林"]),
        ("红", ["丁红", "王小红"]),
    ):
        found = await roster.get(f"/deputies?q={query}")
        assert sorted(row["name"] for row in found["items"]) == sorted(names)
        assert found["hash"] == everyone["hash"]
    people = await roster.get("/people?q=mw&total=true")
    assert ([person["name"] for person in people["items"]], people["total"]) == (["马伟"], 1)


async def test_mandates_groups_and_stations_are_found_by_words_and_initials(roster: Driver) -> None:
    names = {one["id"]: one["name"] for one in (await roster.get("/people"))["items"]}
    page = await roster.get("/deputyships?q=wx&order=strokes&total=true")
    assert [names[one["person_id"]] for one in page["items"]] == ["王小红", "魏小明", "魏小明"]
    assert page["total"] == 3
    assert (await roster.get("/deputyships?q=wx&level=county&total=true"))["total"] == 1
    await roster.post("/groups", {"number": 3, "name": "东片小组"})
    await roster.post("/stations", {"name": "新城村部", "address": "新城路８号"})
    for path, wanted, found in (
        ("/groups", "dp", 1),
        ("/groups", "3", 1),
        ("/groups", "西片", 0),
        ("/stations", "xccb 8号", 1),
        ("/stations", "9号", 0),
    ):
        assert (await roster.get(f"{path}?q={wanted}&total=true"))["total"] == found, (path, wanted)
