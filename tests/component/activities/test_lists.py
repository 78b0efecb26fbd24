"""Lists as pages need them: a span of days, words, an order by day, and how many there are."""

from typing import Any

from tests.component.activities.conftest import Office


async def held(office: Office, *days: str) -> None:
    for number, day in enumerate(days, 1):
        body = {"kind": "inspection", "title": f"视察第{number}处", "held_on": day, "place": "ＡＢ村部"}
        await office.post("/activities", body)


async def listed(office: Office, query: str) -> dict[str, Any]:
    return dict(await office.driver.get(f"/activities?{query}"))


def days(page: dict[str, Any]) -> list[str]:
    return [item["held_on"] for item in page["items"]]


async def test_a_list_has_the_records_of_a_span_in_the_order_asked_for(office: Office) -> None:
    await held(office, "2020-05-02", "2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01")
    assert days(await listed(office, "from=2020-01-01&to=2020-12-31")) == [
        *("2020-05-02", "2020-01-01", "2020-12-31")
    ]
    assert days(await listed(office, "from=2020-01-01&order=held_on")) == [
        *("2020-01-01", "2020-05-02", "2020-12-31", "2021-01-01")
    ]
    assert days(await listed(office, "to=2020-05-02&order=-held_on")) == [
        *("2020-05-02", "2020-01-01", "2019-12-31")
    ]
    assert (await listed(office, "from=2021-01-02&total=true"))["total"] == 0
    assert (await listed(office, "group_id=g1&total=true&order=held_on"))["total"] == 0


async def test_pages_of_an_ordered_list_leave_nothing_out_and_say_how_many_there_are(office: Office) -> None:
    await held(office, *[f"2020-0{month}-15" for month in (3, 1, 2, 5, 4)], "2020-01-15")
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        page = await listed(office, f"order=held_on&limit=2&total=true{cursor}")
        assert page["total"] == 6
        seen += days(page)
        cursor = f"&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert seen == ["2020-01-15", "2020-01-15", *[f"2020-0{month}-15" for month in (2, 3, 4, 5)]]
    assert (await listed(office, "limit=2"))["total"] is None


async def test_words_are_found_in_any_width_and_case_and_all_must_be_there(office: Office) -> None:
    await held(office, "2020-05-02", "2020-06-02")
    for query, found in (
        ("ab", 2),
        ("第1处", 1),
        ("视察 第2处", 1),
        ("第1处 第2处", 0),
        ("%2A", 0),
        (".", 0),
    ):
        assert len((await listed(office, f"q={query}"))["items"]) == found, query


async def test_what_cannot_be_asked_is_refused_by_name(office: Office) -> None:
    for query, loc in (
        ("from=2020-13-01", "query.from"),
        ("to=gestern", "query.to"),
        ("order=title", "query.order"),
        ("q=", "query.q"),
        ("total=vielleicht", "query.total"),
        ("from_=2020-01-01", "query.from_"),
    ):
        answer = await office.driver.call("GET", f"/activities?{query}")
        assert (answer.status, answer.json["errors"][0]["loc"]) == (422, loc), answer.json
