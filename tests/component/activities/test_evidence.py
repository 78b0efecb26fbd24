"""Photographs and scans: kept as pictures, without the place they were taken at, for those of the town alone."""

import hashlib
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageStat

from services.activities import driver, repository
from services.activities.domain.evidence import Evidence
from services.activities.driver import erase_now
from services.activities.repository import EVIDENCE
from shared.documents.pictures import UPLOAD_BYTES
from shared.documents.scan import worker
from shared.process import orphans
from shared.process.turns import Turns
from shared.storage import mongo
from shared.storage.files import Orphan
from shared.storage.mongo import Database
from shared.storage.store import Store
from shared.storage.work import Work
from tests.component.activities.conftest import Office
from tests.fixtures.apps import TOWN
from tests.fixtures.pictures import GPS, JPEG, PNG, chunk, exif, jpeg_with, png_with, segment

PHOTO = jpeg_with(segment(0xE1, exif(6, gps=True)), segment(0xFE, b"GPS 30.949"))
AS_JPEG = {"Content-Type": "image/jpeg"}


async def kept(office: Office, data: bytes = JPEG, name: str = "0320.jpg", type: str = "image/jpeg") -> Any:
    headers = {"Content-Type": type, "Content-Disposition": f'attachment; filename="{name}"'}
    return await office.post("/evidence", None, data=data, headers=headers)


async def named(office: Office, *files: Any) -> Any:
    body = {"kind": "visit", "title": "走访", "held_on": "2020-03-20"}
    return await office.post("/activities", {**body, "evidence": [file["id"] for file in files]})


async def test_a_photograph_comes_back_without_the_place_it_was_taken_at(office: Office) -> None:
    clean = jpeg_with(segment(0xE1, exif(6, gps=False)))
    photo = await kept(office, PHOTO)
    assert GPS in PHOTO
    assert (photo["filename"], photo["content_type"], photo["size_bytes"], photo["sha256"]) == (
        *("0320.jpg", "image/jpeg", len(clean)),
        hashlib.sha256(clean).hexdigest(),
    )
    county = office.driver.token("county", area="340281")
    answer = await office.driver.call("GET", f"/evidence/{photo['id']}", token=county)
    assert (answer.status, answer.json) == (200, clean)
    headers = answer.headers
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "0320.jpg" in headers["Content-Disposition"]
    assert headers["Content-Security-Policy"].split("; ")[-1] == "sandbox"
    assert await office.told() == []


async def test_a_heic_is_kept_as_jpeg_without_the_place(office: Office) -> None:
    picture = Image.new("RGB", (96, 64), (200, 200, 200))
    picture.paste((0, 0, 0), (0, 0, 48, 32))
    file = BytesIO()
    place = exif(None, gps=True).removeprefix(b"Exif\x00\x00")
    pillow_heif.from_pillow(picture).save(file, exif=place, quality=90)
    assert GPS in file.getvalue()
    photo = await kept(office, file.getvalue(), "IMG_0320.HEIC", "image/heic")
    assert (photo["filename"], photo["content_type"]) == ("IMG_0320.jpg", "image/jpeg")
    stored = (await office.driver.call("GET", f"/evidence/{photo['id']}")).json
    assert GPS not in stored
    assert b"Exif" not in stored
    seen = Image.open(BytesIO(stored)).convert("L")
    means = [ImageStat.Stat(seen.crop(part)).mean[0] for part in ((0, 0, 40, 24), (56, 40, 96, 64))]
    assert seen.size == (96, 64)
    assert means == pytest.approx([0, 200], abs=20)


async def test_a_heic_that_is_cut_or_cannot_be_decoded_here_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = b"\x00\x00\x00\x18ftypheic" + bytes(100)
    sent = {"data": cut, "headers": {"Content-Type": "image/heic"}}
    await office.refused("POST", "/evidence", None, status=422, code="photograph-unfit", **sent)
    monkeypatch.setattr(worker, "find_spec", lambda _: None)
    await office.refused("POST", "/evidence", None, status=503, code="scan-missing", **sent)


async def test_the_type_is_that_of_the_bytes_whatever_was_said(office: Office) -> None:
    png = png_with(chunk(b"tEXt", b"GPS\x0030.949"))
    for said in ("image/jpeg", "application/octet-stream"):
        file = await kept(office, png, "签到.jpg", said)
        assert file["content_type"] == "image/png"
        assert file["sha256"] == hashlib.sha256(PNG).hexdigest()
    scan = await kept(office, b"%PDF-1.4\n%%EOF", "签到表", "application/octet-stream")
    assert (scan["content_type"], scan["filename"].endswith(".pdf")) == ("application/pdf", True)


async def test_an_activity_cites_the_files_it_names(office: Office) -> None:
    first, second, other = [await kept(office, jpeg_with(segment(0xEE, b"Adobe%d" % n))) for n in range(3)]
    activity = await named(office, first)
    path = f"/activities/{activity['id']}"
    assert (await office.patch(path, {"evidence": [second["id"], first["id"], "签到表第3页"]}))[
        "version"
    ] == 2
    said = (await office.driver.events())[-1]["data"]
    assert said["evidence_sha256"] == {first["id"]: first["sha256"], second["id"]: second["sha256"]}
    page = await office.get(f"/evidence?activity_id={activity['id']}&limit=1")
    rest = await office.get(f"/evidence?activity_id={activity['id']}&cursor={page['next_cursor']}")
    assert [one["id"] for one in [*page["items"], *rest["items"]]] == [first["id"], second["id"]]
    assert len((await office.get("/evidence"))["items"]) == 3
    assert other["id"] not in said["evidence_sha256"]
    assert (await office.get("/integrity"))["faults"] == []


async def test_what_is_voided_is_given_to_nobody_and_its_bytes_go(office: Office) -> None:
    file, other = await kept(office), await kept(office, PHOTO)
    activity = await named(office, file, other)
    voided = await office.post(f"/evidence/{file['id']}:void", {"reason": "误传身份证照片"})
    assert (voided["state"], voided["void_reason"]) == ("voided", "误传身份证照片")
    now = await office.get(f"/activities/{activity['id']}")
    assert (now["evidence"], list(now["evidence_sha256"])) == ([other["id"]], [other["id"]])
    path = f"/evidence/{file['id']}"
    await office.refused("GET", path, None, status=409, code="evidence-voided")
    await office.refused("POST", f"{path}:void", {"reason": "x"}, status=409, code="evidence-voided")
    wrong = {"kind": "visit", "held_on": "2020-03-20", "evidence": [file["id"]]}
    await office.refused("POST", "/activities", wrong, status=409, code="evidence-voided")
    alive = office.driver.alive
    for _ in range(2):
        await erase_now(alive, Turns("activities", "test"))
    files = await alive.store.database["files.files"].find().to_list(None)
    assert [one["_id"] for one in files] == [other["id"]]
    assert [one["erased"] for one in (await office.get("/evidence"))["items"]] == [True, False]
    assert (await office.get("/integrity"))["faults"] == []


async def test_bytes_that_are_gone_or_not_whole_are_told_as_lost(office: Office) -> None:
    database = office.driver.alive.store.database
    for collection in ("files.chunks", "files.files"):
        path = f"/evidence/{(await kept(office))['id']}"
        await database[collection].delete_many({})
        await office.refused("GET", path, None, status=404, code="evidence-lost")


async def test_a_file_that_cannot_be_erased_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, other = await kept(office), await kept(office, PHOTO)
    for file in (held, other):
        await office.post(f"/evidence/{file['id']}:void", {"reason": "误传"})

    async def erasing(database: Database, id: str) -> None:
        if id == held["id"]:
            raise OSError("the disk")
        await mongo.erase_file(database, id)

    alive, turns = office.driver.alive, Turns("activities", "test")
    with monkeypatch.context() as patch:
        patch.setattr(driver, "erase_file", erasing)
        await erase_now(alive, turns)
    assert list(turns.failing) == [f"evidence/{held['id']}"]
    assert [one["_id"] for one in await alive.store.find("files.files", {})] == [held["id"]]
    await erase_now(alive, Turns("activities", "test"))
    assert await alive.store.find("files.files", {}) == []


async def test_bytes_that_are_no_evidence_are_erased_after_a_day(office: Office) -> None:
    """Of an upload that was sent twice under one key the second bytes; and chunks of one that was killed."""
    headers = {**AS_JPEG, "Idempotency-Key": "0" * 16}
    first, again = [await office.post("/evidence", None, data=JPEG, headers=headers) for _ in range(2)]
    assert first == again
    alive, turns = office.driver.alive, Turns("activities", "test")
    database = alive.store.database
    for cut in ("0-first-of-all", f"{first['id']}-beside", "zzz-last-of-all"):
        await mongo.store_file(database, cut, "cut.jpg", JPEG, town=TOWN)
        await database["files.files"].delete_one({"_id": cut})
    await mongo.store_file(database, "left", "left.jpg", JPEG, town=TOWN)

    async def stored() -> tuple[list[str], set[str]]:
        files = [one["_id"] for one in await alive.store.find("files.files", {}, sort=(("_id", 1),))]
        return files, {one["files_id"] for one in await alive.store.find("files.chunks", {})}

    files, before = await stored()
    await orphans.erase_now(alive, turns, repository.orphaned_files)
    assert await stored() == (files, before), "their record may still be on the way"
    assert (first["id"] in files, len(before) - len(files)) == (True, 3)
    await orphans.erase_now(alive, turns, repository.orphaned_files, -timedelta(minutes=1), 0)
    assert await stored() == ([first["id"]], {first["id"]})
    assert (await office.driver.call("GET", f"/evidence/{first['id']}")).json == JPEG
    assert not turns.failing


async def test_a_file_whose_record_is_on_its_way_is_left_where_a_clock_is_ahead(office: Office) -> None:
    alive, looks = office.driver.alive, list[int]()
    record = Evidence(
        id="late",
        town=TOWN,
        filename="late.jpg",
        content_type="image/jpeg",
        size_bytes=len(JPEG),
        sha256="",
        uploaded_by="office",
    )
    await mongo.store_file(alive.store.database, record.id, record.filename, JPEG, town=TOWN)

    async def commit(work: Work) -> None:
        work.create(EVIDENCE, record, "kept")

    async def find(store: Store, before: datetime) -> list[Orphan]:
        found = await repository.orphaned_files(store, before + timedelta(days=3))
        if not looks:
            await store.execute(town=TOWN, actor="office", run=commit)
        looks.append(len(found))
        return found

    await orphans.erase_now(alive, Turns("activities", "test"), find, twice=0)
    assert (looks[0], (await office.driver.call("GET", "/evidence/late")).json) == (1, JPEG)


@pytest.mark.filterwarnings("ignore:Sending a large body directly")
async def test_only_photographs_and_scans_of_the_own_town(office: Office) -> None:
    async def refused(data: bytes, status: int, code: str, **options: Any) -> None:
        given = {"headers": AS_JPEG, **options}
        await office.refused("POST", "/evidence", None, status=status, code=code, data=data, **given)

    await refused(b"<svg onload=x>", 422, "evidence-unfit")
    await refused(b"\xff\xd8\xff" + bytes(100), 422, "evidence-unfit")
    await refused(b"<p>", 415, "unsupported-type", headers={"Content-Type": "text/html"})
    await refused(JPEG + bytes(UPLOAD_BYTES), 413, "too-large")
    await refused(JPEG, 403, "forbidden", token=office.driver.token("deputy"))
    await refused(JPEG, 401, "unauthenticated", token="none")
    file = await kept(office)
    stranger = office.driver.token(area="340281198")
    for path in (f"/evidence/{file['id']}", "/evidence"):
        await office.refused("GET", path, None, status=404, code="not-found", token=stranger)
    await office.refused("GET", "/evidence/unknown", None, status=404, code="not-found")
    await office.refused("GET", "/evidence?activity_id=unknown", None, status=404, code="not-found")
    await office.refused("GET", "/evidence?activity=1", None, status=422, code="invalid-input")
    void, reason = f"/evidence/{file['id']}:void", {"reason": "误传"}
    await office.refused("POST", void, {}, status=422, code="invalid-input")
    await office.refused("POST", void, {**reason, "extra": 1}, status=422, code="invalid-input")
    deputy = office.driver.token("deputy")
    await office.refused("POST", void, reason, status=403, code="forbidden", token=deputy)
    await office.refused("POST", "/evidence/unknown:void", reason, status=404, code="not-found")


async def test_files_are_found_by_name_and_state(office: Office) -> None:
    hall, field = await kept(office, name="会场.jpg"), await kept(office, PNG, "田间.png", "image/png")
    activity = await named(office, hall, field)
    await office.post(f"/evidence/{field['id']}:void", {"reason": "传错了"})
    for query, found in (
        ("q=会场", [hall["id"]]),
        ("q=传错", [field["id"]]),
        ("state=kept&content_type=image/jpeg", [hall["id"]]),
        (f"activity_id={activity['id']}&state=kept", [hall["id"]]),
        (f"activity_id={activity['id']}&q=田野", []),
    ):
        page = await office.get(f"/evidence?{query}&total=true")
        assert ([one["id"] for one in page["items"]], page["total"]) == (found, len(found)), query
