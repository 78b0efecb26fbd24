"""The duty files over HTTP: of a deputy, of a group, and who may see which."""

import io
import json
import zipfile
from collections.abc import Callable

from services.reports.events_in import Deputyship
from tests.component.reports.conftest import Office
from tests.fixtures.apps import Answer


def file(deputyship_id: str, ending: str = "file", query: str = "?year=2020") -> str:
    return f"/deputies/{deputyship_id}/{ending}{query}"


async def test_a_duty_file_is_of_the_person_and_a_deputy_reads_only_his_own(told: Office) -> None:
    first, second = told.mandate(0), told.mandate(1)
    whole = await told.driver.get(file(first.id))
    assert whole["person_id"] == first.person_id
    assert {"session", "presidium_meeting"} <= set(whole["totals"])
    assert sum(sum(states.values()) for states in whole["totals"].values()) == len(whole["events"])
    for subject in (first.id, first.person_id):
        own = told.driver.token("deputy", subject=subject)
        assert (await told.driver.get(file(first.id), token=own)) == whole
        other = await told.driver.call("GET", file(second.id), token=own)
        assert (other.status, other.code) == (404, "no-deputy")


async def test_a_leader_reads_his_group_and_its_members_and_no_other(told: Office) -> None:
    leader, member, stranger = told.mandate(0), told.mandate(4), told.mandate(1)
    own = told.driver.token("leader", subject=leader.person_id)
    group = await told.driver.get(f"/groups/{leader.group_id}/file?year=2020", token=own)
    assert leader.id in {one["deputyship_id"] for one in group["leaders"]}
    assert len(group["members"]) == 16
    assert [len(one["members"]) for one in group["activities"]] == [16] * 4
    assert (await told.driver.call("GET", file(member.id), token=own)).status == 200
    assert (await told.driver.call("GET", file(stranger.id), token=own)).code == "no-deputy"
    other = await told.driver.call("GET", f"/groups/{stranger.group_id}/file?year=2020", token=own)
    assert (other.status, other.code) == (404, "no-group")
    plain = told.driver.token("leader", subject=member.id)
    assert (await told.driver.call("GET", file(leader.id), token=plain)).status == 404


async def test_where_every_file_stands_is_told_to_the_office_and_of_a_group_to_its_leader(
    told: Office,
) -> None:
    first, leader = told.mandate(1), told.mandate(0)
    own = told.driver.token("deputy", subject=first.person_id)
    before = await told.driver.get("/files?year=2020")
    assert {row["confirmed_on"] for row in before["deputies"]} == {None}
    made = await told.driver.post(f"/deputies/{first.id}/file:confirm", {"year": 2020}, token=own)
    await told.driver.post(
        f"/deputies/{first.id}/file:object", {"year": 2020, "text": "缺一次走访"}, token=own
    )
    after = await told.driver.get("/files?year=2020")
    (row,) = [row for row in after["deputies"] if row["confirmed_on"]]
    assert (await told.driver.get(file(row["deputyship_id"])))["person_id"] == first.person_id
    assert (row["confirmed_on"], row["changed_since"], row["open_objections"]) == (made["on"], 0, 1)
    assert {other["confirmed_on"] for other in after["deputies"] if other != row} == {None}
    assert [group["group_id"] for group in after["groups"]] == [
        group["group_id"] for group in before["groups"]
    ]
    led = await told.driver.get(
        "/files?year=2020", token=told.driver.token("leader", subject=leader.person_id)
    )
    assert [group["group_id"] for group in led["groups"]] == [leader.group_id]
    assert len(led["deputies"]) == 16
    refused = await told.driver.call("GET", "/files?year=2020", token=own)
    assert refused.status == 403


async def test_what_is_asked_wrongly_or_by_others_is_refused(told: Office) -> None:
    one = told.mandate(0)
    paths: list[Callable[[str], str]] = [
        lambda query: file(one.id, query=query),
        lambda query: f"/groups/{one.group_id}/file{query}",
    ]

    async def asked(path: str, *roles: str, area: str = "340281199") -> Answer:
        return await told.driver.call("GET", path, token=told.driver.token(*roles, area=area))

    for path in paths:
        assert [e["loc"] for e in (await asked(path("?year=x"))).json["errors"]] == ["query.year"]
        assert [e["loc"] for e in (await asked(path(""))).json["errors"]] == ["query.year"]
        assert (await asked(path("?year=2020"), "teller")).status == 403
        assert (await asked(path("?year=2020"), area="340281100")).status == 404
        for role in ("county", "auditor", "service"):
            assert (await asked(path("?year=2020"), role, area="340281")).status == 200
    assert (await asked(paths[1]("?year=2020"), "deputy")).status == 403
    assert (await asked("/deputies/nobody/file?year=2020")).code == "no-deputy"
    assert (await asked("/groups/nothing/file?year=2020")).code == "no-group"


def texts(packed: bytes) -> str:
    """All words of a docx file, or of all that are in a zip."""
    words = ""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            if name.endswith(".docx"):
                words += texts(archive.read(name))
            elif name == "word/document.xml":
                words += archive.read(name).decode()
    return words


async def test_a_reason_for_leave_is_told_to_the_office_and_to_the_deputy_himself(told: Office) -> None:
    (ill, *_) = [
        one.data
        for one in told.book.ledger.by_id(Deputyship).values()
        if any(e["reason"] for e in (await told.driver.get(file(one.data.id)))["events"])
    ]
    county = told.driver.token("county", subject=ill.id, area="340281")
    himself = told.driver.token("deputy", subject=ill.person_id)
    leader = told.driver.token("leader", subject=told.mandate(0).person_id)

    async def bytes_of(path: str, token: str = "") -> bytes:
        content = await told.driver.get(path, token=token or told.driver.token("office"))
        assert isinstance(content, bytes)
        return content

    whole, seen = await told.driver.get(file(ill.id)), await told.driver.get(file(ill.id), token=county)
    assert await told.driver.get(file(ill.id), token=himself) == whole
    assert {event["reason"] for event in seen["events"]} == {""}
    assert [event["state"] for event in seen["events"]] == [event["state"] for event in whole["events"]]
    assert seen["digest"] == whole["digest"]  # all confirm the same file
    for ending in ("file.html", "file.docx"):
        read = texts if ending == "file.docx" else bytes.decode
        assert "（病假）" in read(await bytes_of(file(ill.id, ending)))
        unsaid = read(await bytes_of(file(ill.id, ending), county))
        assert "请假" in unsaid
        assert "病假" not in unsaid
    packed = "/files.zip?year=2020"
    assert "病假" in texts(await bytes_of(packed))
    assert "病假" not in texts(await bytes_of(packed, county))
    for group in {one.data.group_id for one in told.book.ledger.by_id(Deputyship).values()}:
        path = f"/groups/{group}/file?year=2020"
        answer = await told.driver.call("GET", path, token=county)
        assert '"illness"' not in json.dumps(answer.json)
    answer = await told.driver.call("GET", f"/groups/{told.mandate(0).group_id}/file?year=2020", token=leader)
    assert '"illness"' not in json.dumps(answer.json)
