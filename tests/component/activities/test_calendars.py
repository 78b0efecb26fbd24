"""Calendars over HTTP: with a token, and by an address that is told once and can be taken back."""

from typing import Any

from tests.component.activities.conftest import Office


async def titles(office: Office, path: str, token: str | None = None) -> list[str]:
    from icalendar import Calendar

    answer = await office.driver.call("GET", path, token=token)
    assert answer.status == 200, answer.json
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return sorted(str(one["SUMMARY"]) for one in Calendar.from_ical(answer.json).walk("VEVENT"))


async def planned(office: Office) -> None:
    item = {"title": "学习", "due_on": "2020-03-31"}
    await office.post("/plans", {"year": 2020, "group_id": "g1", "items": [item]})
    await office.post("/plans", {"year": 2020, "items": [{"title": "视察", "due_on": "2020-05-31"}]})
    await office.post("/presidium_meetings", {"number": 1, "held_on": "2020-03-15"})


async def test_a_group_has_its_own_calendar_and_the_town_one_of_all(office: Office) -> None:
    await planned(office)
    leader = office.driver.token("leader")
    assert await titles(office, "/calendar.ics?group_id=g1", leader) == ["学习"]
    assert await titles(office, "/calendar.ics?group_id=g2") == []
    assert await titles(office, "/calendar.ics") == ["第1小组：学习", "第1次主席团会议", "视察"]
    same = [await office.driver.call("GET", "/calendar.ics") for _ in range(2)]
    assert same[0].json == same[1].json
    for path, status in (("/calendar.ics?group_id=unknown", 404), ("/calendar.ics?year=2020", 422)):
        assert (await office.driver.call("GET", path)).status == status
    assert (
        await office.driver.call("GET", "/calendar.ics", token=office.driver.token("teller"))
    ).status == 403
    stranger = office.driver.token(area="340281198")
    assert (await office.driver.call("GET", "/calendar.ics", token=stranger)).status == 404


async def test_an_address_opens_one_calendar_until_it_is_revoked(office: Office) -> None:
    await planned(office)
    given = await office.post("/calendar_links", {"label": "第1小组组长", "group_id": "g1"})
    path = f"/{given['path']}"
    key = given["path"].rpartition("/")[2]
    assert await titles(office, path, "none") == ["学习"]
    listed = (await office.get("/calendar_links"))["items"]
    assert [(one["id"], one["label"], "path" in one) for one in listed] == [
        (given["id"], "第1小组组长", False)
    ]
    database = office.driver.alive.store.database
    for name in await database.list_collection_names():
        assert key not in str(await database[name].find().to_list(None))
    revoke = f"/calendar_links/{given['id']}:revoke"
    assert (await office.post(revoke, {}))["revoked_on"]
    assert (await office.driver.call("GET", path, token="none")).status == 404
    await office.refused("POST", revoke, {}, status=409, code="wrong-state")
    assert (await office.driver.call("GET", "//activities/v1/calendars/unknown", token="none")).status == 404


async def test_only_the_office_gives_and_takes_addresses(office: Office) -> None:
    given = await office.post("/calendar_links", {})
    for role in ("leader", "deputy", "county", "teller"):
        token = office.driver.token(role)
        for method, path, sent in (
            ("POST", "/calendar_links", {}),
            ("GET", "/calendar_links", None),
            ("POST", f"/calendar_links/{given['id']}:revoke", {}),
        ):
            await office.refused(method, path, sent, status=403, code="forbidden", token=token)
    wrong: tuple[tuple[dict[str, Any], int, str], ...] = (
        ({"extra": 1}, 422, "invalid-input"),
        ({"label": 1}, 422, "invalid-input"),
        ({"group_id": "unknown"}, 422, "invalid-input"),
    )
    for body, status, code in wrong:
        await office.refused("POST", "/calendar_links", body, status=status, code=code)
    revoking: tuple[tuple[dict[str, Any], str, int, str], ...] = (
        ({}, "/calendar_links/unknown:revoke", 404, "not-found"),
        ({"reason": "x"}, f"/calendar_links/{given['id']}:revoke", 422, "invalid-input"),
    )
    for nothing, path, status, code in revoking:
        await office.refused("POST", path, nothing, status=status, code=code)
