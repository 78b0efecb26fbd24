"""A deputy confirms his file or objects to it; the office answers; the report and a rebuild know of it."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.component.reports.conftest import YEAR, Office
from tests.component.reports.test_periods import compiled
from tests.fixtures.book import SOURCES
from tests.probes import eventually

SPAN = "2019-07-01--2020-12-31"
ON_PAPER = {"on_behalf": True, "on": "2020-12-05"}


def at(deputyship: Any, command: str = "") -> str:
    return f"/deputies/{deputyship.id}/file{command}" + ("" if command else "?year=2020")


def of_group(deputyship: Any, command: str = "") -> str:
    return f"/groups/{deputyship.group_id}/file{command}" + ("" if command else "?year=2020")


def as_deputy(office: Office, deputyship: Any, role: str = "deputy") -> str:
    return office.driver.token(role, subject=deputyship.person_id)


async def types(office: Office) -> list[str]:
    return [event["type"] for event in await office.driver.events()]


def correct(office: Office, record: dict[str, Any]) -> None:
    """The office puts a record right in its ledger: its next version, with another title or place."""
    noun, _, id = record["subject"].partition("/")
    latest = [e for e in office.book.all_events if e.subject == record["subject"]][-1]
    data = {name: value for name, value in latest.data.items() if name not in ("id", "town", "version")}
    office.book.add(noun, id, **{**data, "title": "更正后的活动"})


async def test_a_deputy_confirms_his_file_and_sees_what_changed_since(told: Office) -> None:
    one = told.mandate(0)
    own = as_deputy(told, one)
    file = await told.driver.get(at(one), token=own)
    assert (file["confirmation"], file["objections"]) == (None, [])
    stale = await told.driver.call("POST", at(one, ":confirm"), {"year": 2020, "digest": "0" * 8}, token=own)
    assert (stale.status, stale.code) == (409, "file-changed")
    body = {"year": 2020, "digest": file["digest"][:12]}
    made = await told.driver.post(at(one, ":confirm"), body, token=own)
    assert (made["digest"], made["on_behalf"], made["version"]) == (file["digest"], False, 1)
    assert (await told.driver.post(at(one, ":confirm"), body, token=own)) == made
    confirmed = (await told.driver.get(at(one)))["confirmation"]
    assert (confirmed["name"], confirmed["changes"]) == (file["name"], [])
    event = (await told.driver.events())[-1]
    assert (event["type"], event["data"]) == ("reports.file.confirmed.v1", made)
    assert await types(told) == ["reports.file.confirmed.v1"]

    activity = next(e for e in file["events"] if e["record"]["subject"].startswith("activity/"))
    correct(told, activity["record"])
    await told.tell("activities")
    later = await told.driver.get(at(one))
    assert [change["what"] for change in later["confirmation"]["changes"]] == ["changed"]
    assert "更正后的活动" in later["confirmation"]["changes"][0]["label"]
    again = await told.driver.post(at(one, ":confirm"), {"year": 2020}, token=own)
    assert (again["id"], again["version"], again["digest"]) == (made["id"], 2, later["digest"])


async def test_the_office_writes_down_what_was_said_on_paper(told: Office) -> None:
    one = told.mandate(0)
    made = await told.driver.post(at(one, ":confirm"), {"year": 2020, **ON_PAPER})
    assert (made["on"], made["on_behalf"], made["deputyship_id"]) == ("2020-12-05", True, one.id)
    group = await told.driver.post(of_group(one, ":confirm"), {"year": 2020, **ON_PAPER})
    assert (group["deputyship_id"], group["group_id"]) == (one.id, one.group_id)
    file = await told.driver.get(of_group(one))
    assert (file["confirmation"]["on_behalf"], file["confirmation"]["changes"]) == (True, [])
    assert (await told.driver.get(at(one)))["confirmation"]["on"] == "2020-12-05"


async def test_a_leader_speaks_for_his_group_and_only_for_himself(told: Office) -> None:
    leader, member, other = told.mandate(0), told.mandate(4), told.mandate(1)
    own = as_deputy(told, leader, "leader")
    assert (await told.driver.post(of_group(leader, ":confirm"), {"year": 2020}, token=own))["group_id"]
    assert (await told.driver.post(at(leader, ":confirm"), {"year": 2020}, token=own))["group_id"] is None
    refused = await told.driver.call("POST", at(member, ":confirm"), {"year": 2020}, token=own)
    assert (refused.status, refused.code) == (403, "forbidden")
    body = {"year": 2020, "text": "缺少一次学习"}
    objected = await told.driver.call("POST", of_group(leader, ":object"), body, token=own)
    assert (objected.status, objected.json["text"]) == (201, "缺少一次学习")
    unseen = await told.driver.call("POST", of_group(other, ":confirm"), {"year": 2020}, token=own)
    assert (unseen.status, unseen.code) == (404, "no-group")


async def test_an_objection_is_answered_by_a_correction_and_its_words_stay_here(told: Office) -> None:
    one = told.mandate(0)
    own = as_deputy(told, one)
    file = await told.driver.get(at(one))
    line = next(e for e in file["events"] if e["record"]["subject"].startswith("activity/"))
    record = {name: line["record"][name] for name in ("source", "subject")}
    body = {"year": 2020, "record": record, "text": "那天我到会了"}
    made = await told.driver.call("POST", at(one, ":object"), body, token=own)
    assert made.status == 201
    opened, path = made.json, f"/objections/{made.json['id']}"
    assert made.headers["Location"].endswith(path)
    assert (opened["state"], opened["text"], opened["record"]) == ("open", "那天我到会了", line["record"])
    shown = (await told.driver.get(at(one)))["objections"]
    assert [(o["state"], o["record"]) for o in shown] == [("open", line["record"])]

    early = await told.driver.call("POST", f"{path}:settle", {"outcome": "corrected", "remark": "已改"})
    assert (early.status, early.code) == (422, "not-corrected")
    correct(told, line["record"])
    await told.tell("activities")
    settled = await told.driver.post(f"{path}:settle", {"outcome": "corrected", "remark": "经查签到表，已改"})
    assert (settled["state"], settled["outcome"], settled["corrected"]["version"]) == (
        "settled",
        "corrected",
        2,
    )
    assert (await told.driver.get(path, token=own))["remark"] == "经查签到表，已改"
    again = await told.driver.call("POST", f"{path}:settle", {"outcome": "kept", "remark": "不改"})
    assert (again.status, again.code) == (409, "objection-over")

    assert await types(told) == ["reports.objection.opened.v1", "reports.objection.settled.v1"]
    assert not {"text", "remark", "label"} & set((await told.driver.events())[-1]["data"])
    seen = await told.driver.get(path, token=told.driver.token("county", area="340281"))
    assert (seen["text"], seen["remark"], seen["outcome"]) == ("***", "***", "corrected")


async def test_who_objected_withdraws_and_nobody_else_sees_it(told: Office) -> None:
    one, other = told.mandate(0), told.mandate(1)
    body = {"year": 2020, "text": "缺少一次走访"}
    mine = await told.driver.post(at(one, ":object"), body, token=as_deputy(told, one))
    theirs = await told.driver.post(at(other, ":object"), {**body, **ON_PAPER})
    assert theirs["opened_on"] == "2020-12-05"

    async def listed(query: str = "", **options: Any) -> list[str]:
        found = await told.driver.get(f"/objections{query}", **options)
        return [item["id"] for item in found["items"]]

    assert await listed() == [mine["id"], theirs["id"]]
    assert await listed(token=as_deputy(told, one)) == [mine["id"]]
    assert await listed("?from=2020-12-05&to=2020-12-05") == [theirs["id"]]
    assert await listed("?order=opened_on", token=as_deputy(told, one)) == [mine["id"]]
    assert await listed("?q=走访") == []  # its text is not searched: not every reader may see it
    assert (await told.driver.get("/objections?year=2020&limit=1&total=true"))["total"] == 2
    path = f"/objections/{mine['id']}"
    for method, where, sent in (("GET", path, None), ("POST", f"{path}:withdraw", {})):
        unseen = await told.driver.call(method, where, sent, token=as_deputy(told, other))
        assert (unseen.status, unseen.code) == (404, "not-found")
    gone = await told.driver.post(f"{path}:withdraw", {}, token=as_deputy(told, one))
    assert gone["state"] == "withdrawn"
    assert await listed("?state=open") == [theirs["id"]]
    kept = await told.driver.post(f"/objections/{theirs['id']}:withdraw", ON_PAPER)
    assert kept["settled_on"] == "2020-12-05"


async def test_open_objections_stand_in_the_draft_until_they_are_answered(office: Office) -> None:
    await office.closed()
    one = office.mandate(0)
    made = await office.driver.post(at(one, ":object"), {"year": 2020, "text": "缺少一次走访", **ON_PAPER})

    async def found() -> list[Any]:
        report = await office.driver.get(f"{YEAR}/report")
        return [finding for finding in report["findings"] if finding["rule"] == "files.objected"]

    span = f"/periods/{SPAN}/preview"  # its first year is not that of the objection

    async def in_span() -> list[str]:
        findings = (await office.driver.get(span))["findings"]
        return [each["rule"] for each in findings if each["rule"] == "files.objected"]

    assert await in_span() == ["files.objected"]
    (finding,) = await found()
    assert finding["severity"] == "warn"
    assert [ref["subject"] for ref in finding["records"]] == [f"deputyship/{one.id}"]
    await office.driver.post(f"/objections/{made['id']}:settle", {"outcome": "kept", "remark": "没有签到"})
    assert await found() == await in_span() == []


async def test_an_objection_stands_in_every_draft_of_its_days(office: Office) -> None:
    await office.closed()
    for period in ("2020-H1", SPAN, "2019"):
        await compiled(office, period, "2019-12-31" if period == "2019" else "2020-06-30")
    one = office.mandate(0)
    made = await office.driver.post(at(one, ":object"), {"year": 2020, "text": "缺少一次走访", **ON_PAPER})

    async def found() -> list[int]:
        read = [
            await office.driver.get(f"/periods/{name}/report") for name in ("2020", "2020-H1", SPAN, "2019")
        ]
        return [sum(one["rule"] == "files.objected" for one in report["findings"]) for report in read]

    assert await found() == [1, 1, 1, 0]
    versions = [
        (await office.driver.get(f"/periods/{name}/report"))["version"] for name in ("2020-H1", "2019")
    ]
    assert versions == [2, 1]
    await office.driver.post(f"/objections/{made['id']}:settle", {"outcome": "kept", "remark": "没有签到"})
    assert await found() == [0, 0, 0, 0]


async def test_what_deputies_said_outlives_a_rebuild(told: Office) -> None:
    one = told.mandate(0)
    await told.driver.post(at(one, ":confirm"), {"year": 2020, **ON_PAPER})
    await told.driver.post(at(one, ":object"), {"year": 2020, "text": "缺少一次走访", **ON_PAPER})
    before = await told.driver.get(at(one))
    listed = await told.driver.get("/objections")
    assert (await told.driver.call("POST", "//reports/v1/towns/340281199:rebuild")).status == 202
    assert (await told.driver.call("GET", at(one))).code == "no-deputy"
    told.told = dict.fromkeys(SOURCES, 0)
    await told.tell()

    async def whole() -> bool:
        return bool((await told.driver.call("GET", at(one))).json == before)

    await eventually(whole)
    assert await told.driver.get("/objections") == listed
    assert (await told.driver.get("/integrity"))["faults"] == []


WRONG = (422, "invalid-input")


def saying(office: Office) -> Callable[..., Awaitable[tuple[int, str, str]]]:
    """Hand something in; what came of it: status, slug, the first place named."""

    async def said(path: str, body: Any, token: str | None = None) -> tuple[int, str, str]:
        answer = await office.driver.call("POST", path, body, token=token)
        locs = [error["loc"] for error in answer.json["errors"]]
        return answer.status, answer.code, locs[0] if locs else ""

    return said


async def test_what_is_said_of_a_file_wrongly_or_by_others_is_refused(told: Office) -> None:
    one, other = told.mandate(0), told.mandate(1)
    own = as_deputy(told, one)
    county = told.driver.token("county", area="340281")
    elsewhere = told.driver.token(area="340281100")
    said = saying(told)
    for path in (
        at(one, ":confirm"),
        at(one, ":object"),
        of_group(one, ":confirm"),
        of_group(one, ":object"),
    ):
        text = {"text": "缺"} if "object" in path else {}
        assert await said(path, text) == (*WRONG, "body.year")
        assert await said(path, {"year": "2020", **text}) == (*WRONG, "body.year")
        assert await said(path, {"year": 2020, "shoe": 1, **text}) == (*WRONG, "body.shoe")
        assert await said(path, {"year": 2020, **text}) == (*WRONG, "body.on_behalf")
        assert await said(path, {"year": 2020, "on_behalf": True, **text}) == (*WRONG, "body.on")
        late = {"year": 2020, "on_behalf": True, **text}
        for day in ("2999-01-01", "2019-12-31"):
            assert await said(path, {**late, "on": day}) == (422, "impossible-date", "body.on")
        for token, status in ((county, 403), (told.driver.token("teller"), 403), (elsewhere, 403)):
            assert (await said(path, {"year": 2020, **text}, token))[:2] == (status, "forbidden")
    paper = {"year": 2020, **ON_PAPER}
    assert (await said("/deputies/nobody/file:confirm", paper))[:2] == (404, "no-deputy")
    assert (await said("/groups/nothing/file:confirm", paper))[:2] == (404, "no-group")
    assert (await said(at(other, ":confirm"), {"year": 2020}, own))[:2] == (404, "no-deputy")
    assert (await said(of_group(one, ":confirm"), {"year": 2020}, own))[:2] == (403, "forbidden")
    assert (await said(at(one, ":confirm"), paper, own))[:2] == (403, "forbidden")
    assert (await said(at(one, ":confirm"), {"year": 2020, "on": "2020-12-05"}, own))[2] == "body.on"
    assert await said(at(one, ":confirm"), {"year": 2999}, own) == (422, "impossible-date", "body.year")
    stranger = {"source": "/340281199/activities", "subject": "activity/none"}
    assert await said(at(one, ":object"), {"year": 2020, "text": "缺"[:0]}, own) == (*WRONG, "body.text")
    objecting = {"year": 2020, "text": "缺", "record": stranger}
    assert await said(at(one, ":object"), objecting, own) == (422, "not-in-file", "body.record")
    assert await types(told) == []


async def test_an_answer_given_wrongly_or_by_others_is_refused(told: Office) -> None:
    one, said = told.mandate(0), saying(told)
    own = as_deputy(told, one)
    county = told.driver.token("county", area="340281")
    made = await told.driver.post(at(one, ":object"), {"year": 2020, "text": "缺一次"}, token=own)
    settle, withdraw = f"/objections/{made['id']}:settle", f"/objections/{made['id']}:withdraw"
    kept = {"outcome": "kept", "remark": "无"}
    stranger = {"source": "/340281199/activities", "subject": "activity/none"}
    assert (await said(settle, kept, own))[:2] == (403, "forbidden")
    assert (await said(settle, kept, county))[:2] == (403, "forbidden")
    assert await said(settle, {"outcome": "kept"}) == (*WRONG, "body.remark")
    assert await said(settle, {**kept, "outcome": "won"}) == (*WRONG, "body.outcome")
    assert await said(settle, {**kept, "record": stranger}) == (*WRONG, "body.record")
    assert await said(settle, {**kept, "outcome": "corrected"}) == (*WRONG, "body.record")
    assert await said(settle, {**kept, "outcome": "corrected", "record": stranger}) == (*WRONG, "body.record")
    assert await said(settle, {**kept, "on": "2020-01-01"}) == (422, "impossible-date", "body.on")
    assert await said(withdraw, {}) == (*WRONG, "body.on_behalf")
    assert await said(withdraw, {"on_behalf": True}) == (*WRONG, "body.on")
    assert (await said(withdraw, {}, county))[:2] == (403, "forbidden")
    for command in ("settle", "withdraw"):
        sent = kept if command == "settle" else ON_PAPER
        assert (await said(f"/objections/none:{command}", sent))[:2] == (404, "not-found")
    answer = await told.driver.call("GET", "/objections?state=lost")
    assert [error["loc"] for error in answer.json["errors"]] == ["query.state"]
    assert (await told.driver.call("GET", "/objections", token=told.driver.token("teller"))).status == 403
    assert (
        await told.driver.call("GET", "/objections", token=told.driver.token(area="340281100"))
    ).status == 404
    assert await types(told) == ["reports.objection.opened.v1"]
