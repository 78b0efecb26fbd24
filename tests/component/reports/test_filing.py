"""The check document and the filing package over HTTP: whole, readable without this program."""

import hashlib
import json
import zipfile
from io import BytesIO
from typing import Any

from joserfc import jws
from joserfc.jwk import KeySet

from services.reports.app import build
from services.reports.document.filing import CONTENTS, MEANINGS, NOTE
from services.reports.settings import Settings
from tests.component.reports.conftest import YEAR, Office, handed_to
from tests.fixtures.apps import Drive
from tests.fixtures.documents import judged

ARCHIVE = f"{YEAR}/report/archive.zip"


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


async def packed(office: Office) -> dict[str, bytes]:
    return unpacked(await office.driver.get(ARCHIVE))


async def test_the_check_document_is_there_beside_the_summary_and_verifies_too(office: Office) -> None:
    assert (await office.driver.call("GET", f"{YEAR}/report/check.docx")).code == "no-report"
    await office.closed()
    answer = await office.driver.call("GET", f"{YEAR}/report/check.docx")
    assert answer.status == 200
    assert "%E6%A0%B8%E5%AF%B9%E8%AF%B4%E6%98%8E.docx" in answer.headers["Content-Disposition"]
    keys = await office.driver.get("//reports/jwks.json")
    for path in ("report.docx", "report/check.docx"):
        result = judged(await office.driver.get(f"{YEAR}/{path}"), office.book, sealed=True, jwks=keys)
        assert result.faults == []


async def test_the_package_has_everything_and_a_table_of_contents_that_fits(office: Office) -> None:
    await office.closed()
    files = await packed(office)
    assert list(files) == [NOTE, *MEANINGS, CONTENTS]
    for line in files[CONTENTS].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
    note = files[NOTE].decode()
    assert all(f"{name}\n        {meaning}" in note for name, meaning in MEANINGS.items())
    assert files["总结.docx"] == await office.driver.get(f"{YEAR}/report.docx")
    for name in ("总结.pdf", "核对说明.pdf"):
        assert b"<pdfaid:part>2</pdfaid:part>" in files[name]


async def test_the_proof_can_be_checked_with_what_the_package_has(office: Office) -> None:
    await office.closed()
    files = await packed(office)
    keys = KeySet.import_key_set(json.loads(files["证明/公钥.json"]))
    for name, document in (("证明/总结.jws", None), ("证明/核对说明.jws", "check")):
        registry = jws.JWSRegistry(algorithms=["ES256"])
        registry.max_payload_length = 1 << 26
        stated = json.loads(jws.deserialize_compact(files[name], keys, registry=registry).payload)
        assert stated["town"] == office.book.town
        assert stated.get("document") == document
        assert len(stated["sources"]) == 3


async def test_receipts_tell_the_way_of_the_report(office: Office) -> None:
    await office.closed()
    assert (await packed(office))["回执.txt"].decode() == "这份总结还没有核准。\n"
    await office.driver.post(f"{YEAR}/report:approve", {})
    files = await packed(office)
    (event,) = json.loads(files["回执.json"])
    assert event["type"] == "reports.report.approved.v1"
    assert f"第{event['sequence']}号，散列 {event['hash']}" in files["回执.txt"].decode()


async def test_without_libreoffice_the_package_is_the_same_bytes_each_time_and_says_what_it_lacks(
    drive: Drive,
) -> None:
    office = handed_to(await drive(build(Settings(soffice="no-such-program", progress_seconds=0.2))))
    await office.closed()
    first: Any = await office.driver.get(ARCHIVE)
    assert first == await office.driver.get(ARCHIVE)
    files = unpacked(first)
    assert [name for name in MEANINGS if name not in files] == ["总结.pdf", "核对说明.pdf"]
    assert "本包没有：总结.pdf、核对说明.pdf" in files[NOTE].decode()
