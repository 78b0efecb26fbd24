"""Photographs: taken only as the evidence of activities, shown in the annex, given up when they no longer are."""

import hashlib
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from services.cli.drilling import _rendered
from services.host.backup.errors import BackupFailed
from services.reports import towns
from services.reports.driver import erase_now
from services.reports.handlers import photographs
from shared.documents.pictures import UPLOAD_BYTES
from shared.process import orphans
from shared.process.turns import Turns
from shared.security.keystore import KeyStore
from shared.storage.mongo import erase_file, store_file
from shared.storage.outbox import position
from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.apps import TOWN
from tests.fixtures.documents import judged
from tests.fixtures.pictures import JPEG, PNG, chunk, jpeg_with, png_with, segment
from tests.probes import eventually

AS_JPEG = {"Content-Type": "image/jpeg"}
OTHER = jpeg_with(segment(0xEE, b"Adobe\x00d"))
SCAN = b"%PDF-1.4\n%%EOF"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def heard(office: Office, *files: bytes, id: str = "visit-1", **data: Any) -> None:
    """An activity with these files as evidence, told and heard."""
    cited = {f"file-{digest(file)[:6]}": digest(file) for file in files}
    about = {"kind": "visit", "title": "走访困难群众12户", "held_on": "2020-03-20", **data}
    office.book.add("activity", id, evidence=list(cited), evidence_sha256=cited, **about)
    await office.tell()
    wanted = sorted(cited.values()) if data.get("state") != "voided" else []

    async def noted() -> bool:
        page = (await office.driver.get(f"{YEAR}/photographs"))["items"]
        return sorted(one["digest"] for one in page if one["activity"] == id) == wanted

    await eventually(noted)


async def handed(office: Office, data: bytes, *, to: str = "", **options: Any) -> Any:
    headers: Mapping[str, str] = {"Content-Type": "application/octet-stream"}
    path = f"/photographs/{to or digest(data)}"
    return await office.driver.call("PUT", path, data=data, headers=headers, **options)


async def choose(office: Office, *files: bytes) -> Any:
    return await office.driver.call(
        "PUT", f"{YEAR}/settings", {"photographs": [digest(one) for one in files]}
    )


def media(docx: bytes) -> list[bytes]:
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]


def lacking(report: Mapping[str, Any]) -> list[str]:
    return [one["message"] for one in report["findings"] if one["rule"] == "photographs.missing"]


async def test_what_was_chosen_is_shown_and_what_is_missing_is_told(office: Office) -> None:
    driver = office.driver
    await heard(office, JPEG, OTHER, PNG)
    assert (await handed(office, JPEG)).json["width"] == 8
    await office.closed()
    assert (await choose(office, OTHER, JPEG, b"nobody's")).status == 200
    report = await driver.get(f"{YEAR}/report")
    shown = [(one["digest"], one["title"], one["held_on"]) for one in report["photographs"]]
    assert shown == [(digest(JPEG), "走访困难群众12户", "2020-03-20")]
    told = lacking(report)
    assert len(told) == 2
    assert "2020年3月20日“走访困难群众12户”的一张照片" in told[0]
    assert "不是本期活动的佐证材料" in told[1]
    assert media(await driver.get(f"{YEAR}/report.docx")) == [JPEG]

    # Handed over, it is in the draft; the same again makes no other file.
    for _ in range(2):
        assert (await handed(office, OTHER)).status == 200
    report = await driver.get(f"{YEAR}/report")
    assert (len(report["photographs"]), len(lacking(report)), report["version"]) == (2, 1, 3)
    docx = await driver.get(f"{YEAR}/report.docx")
    assert media(docx) == [OTHER, JPEG]
    await driver.post(f"{YEAR}/report:compile", {})
    assert await driver.get(f"{YEAR}/report.docx") == docx
    page = (await driver.get(f"{YEAR}/report.html")).decode()
    assert page.count('<img src="data:image/jpeg;base64,') == 2
    assert "图2　走访困难群众12户（2020年3月20日，走访）" in page
    assert judged(docx, office.book, sealed=True).faults == []
    listed = (await driver.get(f"{YEAR}/photographs"))["items"]
    assert [(one["chosen"], one["handed_over"]) for one in listed] == [
        (True, True),
        (True, True),
        (False, False),
    ]


async def test_a_photograph_that_is_evidence_no_more_is_given_to_nobody_and_its_bytes_go(
    office: Office,
) -> None:
    driver, path = office.driver, f"/photographs/{digest(JPEG)}"
    await heard(office, JPEG, OTHER)
    await heard(office, OTHER, id="visit-2", title="视察")
    for one in (JPEG, OTHER):
        assert (await handed(office, one)).status == 200
    await office.closed()
    await choose(office, JPEG, OTHER)
    given = await driver.call("GET", path)
    assert (given.json, given.headers["X-Content-Type-Options"]) == (JPEG, "nosniff")
    await heard(office)
    assert (await driver.call("GET", path)).code == "no-photograph"
    assert (await driver.get(f"/photographs/{digest(OTHER)}")) == OTHER  # another activity still has it
    docx = await driver.get(f"{YEAR}/report.docx")
    assert media(docx) == [OTHER]
    assert "（照片已撤下）" in (await driver.get(f"{YEAR}/report.html")).decode()
    for _ in range(2):
        await erase_now(driver.alive, Turns("reports", "erase_withdrawn"))
    kept = await driver.alive.store.database["files.files"].find().to_list(None)
    assert [one["filename"] for one in kept] == [digest(OTHER)]
    assert (await handed(office, JPEG)).code == "no-photograph"
    assert (await driver.get("/integrity"))["faults"] == []
    await heard(office, JPEG)
    assert (await handed(office, JPEG)).status == 200
    assert media(await driver.get(f"{YEAR}/report.docx")) == [JPEG, OTHER]


async def test_a_photograph_is_not_kept_where_its_activity_is_voided_at_the_same_moment(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The activity is voided, and that is heard, while the photograph is handed in."""
    await heard(office, JPEG)
    voidings = iter([partial(heard, office, state="voided")])

    async def store_then_void(*args: Any, **named: Any) -> None:
        await store_file(*args, **named)
        if (void := next(voidings, None)) is not None:
            await void()

    monkeypatch.setattr(photographs, "store_file", store_then_void)
    assert (await handed(office, JPEG)).code == "no-photograph"
    assert (await office.driver.call("GET", f"/photographs/{digest(JPEG)}")).status == 404


async def test_a_photograph_that_is_kept_while_its_activity_is_voided_is_withdrawn(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The photograph is handed in after the voiding was handled, and before that is written."""
    await heard(office, JPEG)
    store = office.driver.alive.store
    project, handing = store.project, iter([partial(handed, office, JPEG)])

    async def hand_in_then_project(*args: Any) -> None:
        if (hand_in := next(handing, None)) is not None:
            assert (await hand_in()).status == 200
            assert len(await store.find("photographs", {})) == 1
        await project(*args)

    monkeypatch.setattr(store, "project", hand_in_then_project)
    await heard(office, state="voided")
    assert (await office.driver.call("GET", f"/photographs/{digest(JPEG)}")).status == 404


async def test_a_photograph_of_two_activities_is_withdrawn_where_both_give_it_up_at_once(
    office: Office,
) -> None:
    """As where the file is voided, which is taken from all activities in one transaction."""
    for id in ("visit-1", "visit-2"):
        await heard(office, JPEG, id=id)
    assert (await handed(office, JPEG)).status == 200
    for id in ("visit-1", "visit-2"):
        office.book.add("activity", id, kind="visit", title="走访", held_on="2020-03-20", evidence=[])
    await office.tell()

    async def withdrawn() -> bool:
        return (await office.driver.call("GET", f"/photographs/{digest(JPEG)}")).status == 404

    await eventually(withdrawn)


@pytest.mark.filterwarnings("ignore:Sending a large body directly")
async def test_only_whole_pictures_that_are_evidence_from_the_office_of_the_town(office: Office) -> None:
    driver = office.driver
    await heard(office, JPEG, PNG, SCAN, b"\xff\xd8\xff" + bytes(40))
    unknown = await handed(office, png_with(chunk(b"tIME", bytes(7))))
    assert (unknown.status, unknown.code) == (404, "no-photograph")
    assert "佐证材料" in unknown.json["detail"]
    other = await handed(office, PNG, to=digest(JPEG))
    assert (other.status, other.code) == (422, "photograph-unfit")
    for unfit in (SCAN, b"\xff\xd8\xff" + bytes(40)):
        assert (await handed(office, unfit)).code == "photograph-unfit"
    path = f"/photographs/{digest(JPEG)}"
    as_text = await driver.call("PUT", path, data=JPEG, headers={"Content-Type": "text/html"})
    assert (as_text.status, as_text.code) == (415, "unsupported-type")
    empty = await driver.call("PUT", path, data=b"", headers=AS_JPEG)
    assert (empty.status, empty.code) == (400, "malformed")
    large = JPEG + bytes(UPLOAD_BYTES)
    assert (await handed(office, large, to=digest(JPEG))).code == "too-large"
    for role in ("deputy", "county"):
        assert (await handed(office, JPEG, token=driver.token(role))).status == 403
    stranger = driver.token(area="340281198")
    assert (await driver.call("GET", path, token=stranger)).status == 404
    assert (await driver.call("GET", path)).code == "no-photograph"
    for wrong, at in (
        (["abc"], "body.photographs.0"),
        ("abc", "body.photographs"),
        (["a" * 64] * 25, "body.photographs"),
    ):
        answer = await driver.call("PUT", f"{YEAR}/settings", {"photographs": wrong})
        assert (answer.status, answer.json["errors"][0]["loc"]) == (422, at)
    assert (await driver.call("GET", "/periods/2020-Q9/photographs")).code == "no-period"
    assert [name async for name in driver.alive.store.database["files.files"].find()] == []


async def test_a_file_that_no_photograph_names_is_erased_after_a_day(office: Office) -> None:
    store, turns = office.driver.alive.store, Turns("reports", "test")
    await heard(office, JPEG)
    assert (await handed(office, JPEG)).status == 200
    await store_file(store.database, "orphan", digest(OTHER), OTHER, town=office.book.town)

    async def files() -> int:
        return len(await store.find("files.files", {}))

    await orphans.erase_now(office.driver.alive, turns, towns.orphaned_files)
    assert await files() == 2
    await orphans.erase_now(office.driver.alive, turns, towns.orphaned_files, -timedelta(minutes=1), 0)
    assert await files() == 1
    assert (await office.driver.get(f"/photographs/{digest(JPEG)}")) == JPEG


@pytest.mark.parametrize("of_before", [False, True], ids=["of now", "of before"])
async def test_a_photograph_that_moved_to_another_activity_outlives_a_rebuild(
    office: Office, of_before: bool
) -> None:
    """The rebuild hears of the time in which no activity had it, as did that of the release before, which noted it."""
    driver = office.driver
    await heard(office, JPEG)
    await heard(office)

    async def handled(upto: int) -> bool:
        marks = await driver.alive.store.find("sources", {"_id": f"/{TOWN}/activities"})
        return bool(marks and marks[0]["upto"] == upto)

    gone = len(office.book.events["activities"])
    await heard(office, JPEG, id="visit-2")
    assert (await handed(office, JPEG)).status == 200
    if of_before:
        withdrawn = {"$set": {"withdrawn": True, "heard": 0, "epoch": ""}}
        await driver.alive.store.database["photographs"].update_many({"town": TOWN}, withdrawn)
    assert (await driver.call("POST", f"//reports/v1/towns/{TOWN}:rebuild")).status == 202
    office.told = dict.fromkeys(office.told, 0)
    for upto in (gone - 1, gone):
        await office.tell("activities", upto=upto)
        await eventually(partial(handled, upto))
    await erase_now(driver.alive, Turns("reports", "erase_withdrawn"))
    await heard(office, JPEG, id="visit-2", title="走访困难群众13户")
    await erase_now(driver.alive, Turns("reports", "erase_withdrawn"))
    assert await driver.get(f"/photographs/{digest(JPEG)}") == JPEG


async def test_a_drill_names_the_report_whose_photograph_is_not_in_the_backup(
    office: Office, tmp_path: Path
) -> None:
    await heard(office, JPEG)
    await handed(office, JPEG)
    await office.closed()
    await choose(office, JPEG)
    store, keys = office.driver.alive.store, KeyStore(tmp_path)
    assert media(await _rendered(store, keys, TOWN, "2020")) != []
    [kept] = await store.find("photographs", {})
    await erase_file(store.database, kept["file"])
    with pytest.raises(BackupFailed, match="2020的总结里有照片不在备份里"):
        await _rendered(store, keys, TOWN, "2020")


async def test_a_draft_that_cannot_be_compiled_does_not_refuse_the_photograph(office: Office) -> None:
    await heard(office, JPEG)
    await office.closed()
    assert (await choose(office, JPEG)).status == 200
    database = office.driver.alive.store.database
    await database["checkpoints"].delete_many({})
    await database["inbox"].delete_one({"_id": position(f"/{TOWN}/ratings", 1)})
    assert (await office.driver.call("POST", f"{YEAR}/report:compile", {})).code == "not-complete"
    assert (await handed(office, JPEG)).status == 200
    assert (await office.driver.get(f"/photographs/{digest(JPEG)}")) == JPEG
