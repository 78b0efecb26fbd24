"""Photographs where events are heard together, late or again, and where their bytes are gone."""

from functools import partial
from typing import Any

import pytest

from services.reports import cited, towns
from services.reports.app import build
from services.reports.driver import erase_now
from services.reports.handlers import photographs
from services.reports.settings import Settings
from shared.envelope import Event
from shared.errors import Invalid
from shared.process.turns import Turns
from shared.storage.mongo import erase_file
from tests.component.reports.conftest import YEAR, Office, handed_to
from tests.component.reports.test_photographs import OTHER, choose, digest, handed, heard, media
from tests.fixtures.apps import TOWN, Answer, Drive
from tests.fixtures.pictures import JPEG
from tests.probes import eventually

PATH = f"/photographs/{digest(JPEG)}"
AT: dict[str, Any] = {"kind": "visit", "title": "走访", "held_on": "2020-03-20"}
CITED: dict[str, Any] = {"evidence": ["file-1"], "evidence_sha256": {"file-1": digest(JPEG)}, **AT}


@pytest.fixture
async def office(drive: Drive) -> Office:
    """Nothing is erased by itself."""
    return handed_to(await drive(build(Settings(seal_seconds=0.5, progress_seconds=0.2))))


async def erased(office: Office) -> None:
    await erase_now(office.driver.alive, Turns("reports", "test"))


async def handled(office: Office, upto: int = 0) -> None:
    """What `activities` has said is handled, up to a sequence or all of it."""
    last = upto or len(office.book.events["activities"])

    async def everything() -> bool:
        marks = await office.driver.alive.store.find("sources", {"_id": f"/{TOWN}/activities"})
        return bool(marks and marks[0]["upto"] == last)

    await eventually(everything)


async def files(office: Office) -> list[str]:
    return [one["filename"] for one in await office.driver.alive.store.find("files.files", {})]


async def rebuilt(office: Office) -> None:
    """Begun; nothing is heard again yet."""
    answer = await office.driver.call("POST", f"//reports/v1/towns/{TOWN}:rebuild")
    assert answer.status == 202
    office.told = dict.fromkeys(office.told, 0)


async def replayed(office: Office, sequence: int) -> Answer:
    path = f"//reports/v1/towns/{TOWN}/dead/activities-{sequence}:replay"
    return await office.driver.call("POST", path, {})


async def void_parked(office: Office, monkeypatch: pytest.MonkeyPatch) -> int:
    """The activity is voided; the event cannot be applied and is parked. Returns its sequence."""
    return await told_parked(office, monkeypatch, state="voided", **CITED)


async def told_parked(office: Office, monkeypatch: pytest.MonkeyPatch, **data: Any) -> int:

    def refuse(*_: Any) -> str:
        raise Invalid("这一版还读不懂")

    before = office.driver.alive.consumer.parked
    with monkeypatch.context() as patch:
        patch.setattr(photographs, "title", refuse)
        office.book.add("activity", "visit-1", **data)
        await office.tell()

        async def parked() -> bool:
            return office.driver.alive.consumer.parked == before + 1

        await eventually(parked)
    return len(office.book.events["activities"])


async def test_a_photograph_that_moves_to_another_activity_within_a_batch_stays(office: Office) -> None:
    await heard(office, JPEG)
    await handed(office, JPEG)
    await office.closed()
    await choose(office, JPEG)
    office.book.add("activity", "visit-2", **CITED)
    office.book.add("activity", "visit-1", evidence=[], **AT)
    await office.tell()
    await handled(office)
    assert await office.driver.get(PATH) == JPEG
    assert media(await office.driver.get(f"{YEAR}/report.docx")) == [JPEG]
    await erased(office)
    assert await office.driver.get(PATH) == JPEG


async def test_a_photograph_that_an_activity_drops_and_takes_up_within_a_batch_stays(office: Office) -> None:
    await heard(office, JPEG)
    await handed(office, JPEG)
    office.book.add("activity", "visit-1", evidence=[], **AT)
    office.book.add("activity", "visit-1", **CITED)
    await office.tell()
    await handled(office)
    await erased(office)
    assert await office.driver.get(PATH) == JPEG


async def test_the_bytes_of_a_photograph_that_is_handed_in_again_are_not_erased(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is handed in between the look for what to erase and its turn."""
    await heard(office, JPEG)
    await handed(office, JPEG)
    await heard(office)
    look = towns.photographs_to_erase

    async def look_then_hand_in(*args: Any) -> Any:
        found = await look(*args)
        await heard(office, JPEG, id="visit-2")
        assert (await handed(office, JPEG)).status == 200
        return found

    monkeypatch.setattr(towns, "photographs_to_erase", look_then_hand_in)
    await erased(office)
    assert await office.driver.get(PATH) == JPEG


async def test_a_photograph_that_is_handed_in_while_its_turn_to_be_erased_runs_stays(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who hands it in is told that it is here, after the turn has found that no activity cites it."""
    await heard(office, JPEG)
    await handed(office, JPEG)
    await heard(office)
    is_given_up, handing = cited.is_given_up, iter([partial(handed, office, JPEG)])

    async def look_then_hand_in(*args: Any) -> bool:
        given_up = await is_given_up(*args)
        if (hand_in := next(handing, None)) is not None:
            await heard(office, JPEG, id="visit-2")
            assert (await hand_in()).status == 200
        return given_up

    monkeypatch.setattr(cited, "is_given_up", look_then_hand_in)
    await erased(office)
    assert await office.driver.get(PATH) == JPEG


async def test_a_photograph_handed_in_while_the_voiding_of_its_activity_is_parked_goes_with_the_replay(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await heard(office, JPEG)
    sequence = await void_parked(office, monkeypatch)
    await heard(office, OTHER, id="visit-2")
    assert (await handed(office, JPEG)).status == 200
    assert (await replayed(office, sequence)).status == 200
    assert (await office.driver.call("GET", PATH)).code == "no-photograph"
    await erased(office)
    assert await files(office) == []


async def test_a_photograph_stays_while_an_event_is_parked_that_may_cite_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await heard(office, JPEG)
    await handed(office, JPEG)
    await heard(office)
    sequence = await told_parked(office, monkeypatch, **CITED)
    await erased(office)
    assert (await replayed(office, sequence)).status == 200
    assert await office.driver.get(PATH) == JPEG


async def test_a_photograph_goes_where_its_activity_is_voided_in_the_batch_of_a_rebuild(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was parked is applied by the rebuild, in one batch with the event that cites the photograph."""
    await heard(office, JPEG)
    await handed(office, JPEG)
    await void_parked(office, monkeypatch)
    await rebuilt(office)
    await office.tell()
    await handled(office)
    assert (await office.driver.call("GET", PATH)).code == "no-photograph"
    await erased(office)
    assert await files(office) == []


async def test_a_photograph_goes_where_a_restore_undid_what_cited_it(office: Office) -> None:
    """No event gives it up: the one that cited it never was."""
    await heard(office, JPEG)
    await handed(office, JPEG)
    log = office.book.events["activities"]
    undone = log.pop()
    office.book.add("activity", "visit-2", evidence=[], **AT)
    epoch = f"2030-01-01T00:00:00.000Z/{undone.sequence}"
    log[-1] = Event.model_validate(log[-1].attributes() | {"data": log[-1].data, "epoch": epoch}).hashed()
    office.told["activities"] = undone.sequence - 1
    await office.tell()

    async def emptied() -> bool:
        return not await office.driver.alive.store.find("sights", {"_id": "visit-1"})

    await eventually(emptied)
    office.told = dict.fromkeys(office.told, 0)
    await office.tell()
    await handled(office)
    assert (await office.driver.call("GET", PATH)).code == "no-photograph"
    await erased(office)
    assert await files(office) == []


async def test_nothing_is_erased_or_withheld_while_a_rebuild_has_not_heard_all_again(office: Office) -> None:
    """Between two of its batches one activity has lost the photograph and the other has not got it."""
    await heard(office, JPEG)
    await heard(office)
    lost = len(office.book.events["activities"])
    await heard(office, JPEG, id="visit-2")
    await handed(office, JPEG)
    # As a replica of the release before keeps it, which knows of no event that was heard.
    of_before = {"$set": {"withdrawn": False, "heard": 0, "epoch": ""}}
    await office.driver.alive.store.database["photographs"].update_one({"town": TOWN}, of_before)
    await rebuilt(office)
    for upto in (lost - 1, lost):
        await office.tell("activities", upto=upto)
        await handled(office, upto)
    assert await office.driver.get(PATH) == JPEG
    await erased(office)
    await office.tell()
    await handled(office)
    await erased(office)
    assert await office.driver.get(PATH) == JPEG


@pytest.fixture
async def heard_while_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A photograph is cited, and a rebuild is heard again right after the copies that lack it were read."""
    await heard(office, JPEG)
    await handed(office, JPEG)
    await rebuilt(office)
    find, hearing = office.driver.alive.store.find, iter([office.tell])

    async def look_then_hear(name: str, query: Any, **options: Any) -> list[dict[str, Any]]:
        found = await find(name, query, **options)
        # Read by a unit of work; the look for what to erase asks for some fields only.
        if name == "sights" and not options.get("fields"):
            for tell in hearing:
                await tell()
                await handled(office)
        return found

    monkeypatch.setattr(office.driver.alive.store, "find", look_then_hear)
    return office


async def test_copies_that_were_read_before_the_last_was_heard_again_let_nothing_be_erased(
    heard_while_read: Office,
) -> None:
    await erased(heard_while_read)
    assert await heard_while_read.driver.get(PATH) == JPEG


async def test_copies_that_were_read_before_the_last_was_heard_again_withhold_nothing(
    heard_while_read: Office,
) -> None:
    assert await heard_while_read.driver.get(PATH) == JPEG


async def test_a_photograph_whose_bytes_are_gone_is_named_and_can_be_handed_in_again(office: Office) -> None:
    await heard(office, JPEG)
    await handed(office, JPEG)
    await office.closed()
    await choose(office, JPEG)
    store = office.driver.alive.store
    [kept] = await store.find("photographs", {})
    await erase_file(store.database, kept["file"])
    for path in (f"{YEAR}/report.docx", f"{YEAR}/report.html", PATH):
        answer = await office.driver.call("GET", path)
        assert (answer.status, answer.code) == (404, "no-photograph")
        assert digest(JPEG)[:8] in answer.json["detail"]
        assert "重新交来" in answer.json["detail"]
    assert (await office.driver.call("POST", f"{YEAR}/report:compile", {})).status == 200
    [listed] = (await office.driver.get(f"{YEAR}/photographs"))["items"]
    assert not listed["handed_over"]
    assert (await handed(office, JPEG)).status == 200
    assert media(await office.driver.get(f"{YEAR}/report.docx")) == [JPEG]


async def test_a_photograph_that_is_cited_again_before_it_is_erased_is_in_the_draft_once_it_is_handed_in_again(
    office: Office,
) -> None:
    """The draft was compiled while no activity cited it."""
    await heard(office, JPEG)
    await handed(office, JPEG)
    await office.closed()
    await choose(office, JPEG)
    await heard(office)
    assert (await office.driver.post(f"{YEAR}/report:compile", {}))["photographs"] == []
    await heard(office, JPEG)
    for version in (4, 4):
        assert (await handed(office, JPEG)).status == 200
        report = await office.driver.get(f"{YEAR}/report")
        assert [one["digest"] for one in report["photographs"]] == [digest(JPEG)]
        assert report["version"] == version
    assert media(await office.driver.get(f"{YEAR}/report.docx")) == [JPEG]


async def test_a_photograph_is_not_refused_as_uncited_while_a_rebuild_has_not_heard_all_again(
    office: Office,
) -> None:
    await heard(office, JPEG)
    await rebuilt(office)
    unknown = await handed(office, JPEG)
    assert (unknown.status, unknown.code) == (503, "unavailable")
    await office.tell()
    await handled(office)
    assert (await handed(office, JPEG)).status == 200
    assert (await handed(office, OTHER)).code == "no-photograph"
