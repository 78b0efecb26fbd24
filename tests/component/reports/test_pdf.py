"""PDF is LibreOffice's work: done where it is installed, refused in Chinese where it is not, never in the way."""

import asyncio
from pathlib import Path

import pytest

from services.reports.app import build
from services.reports.document import FONTS
from services.reports.errors import NoConverter
from services.reports.pdf import Converter, to_pdf
from services.reports.settings import Settings
from shared.errors import Busy
from shared.http.bulkhead import Bulkhead
from tests.component.reports.conftest import YEAR, Office, handed_to
from tests.fixtures.apps import Drive
from tests.probes import eventually


async def test_without_libreoffice_the_reason_is_told_and_word_is_still_there(drive: Drive) -> None:
    office = handed_to(await drive(build(Settings(soffice="no-such-program", progress_seconds=0.2))))
    await office.closed()
    answer = await office.driver.call("GET", f"{YEAR}/report.pdf")
    assert (answer.status, answer.code) == (503, "no-converter")
    assert "LibreOffice" in answer.json["detail"]
    assert (await office.driver.call("GET", f"{YEAR}/report.docx")).status == 200


async def test_with_libreoffice_it_is_a_pdf(office: Office) -> None:
    await office.closed()
    answer = await office.driver.call("GET", f"{YEAR}/report.pdf")
    assert answer.status == 200
    assert answer.json.startswith(b"%PDF-")


async def test_a_converter_that_hangs_is_stopped() -> None:
    with pytest.raises(NoConverter):
        await to_pdf(b"", program="yes", seconds=0.3, fonts=FONTS)


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    """A program called as LibreOffice is, whose result is its environment; it notes each start, and waits for `go`."""
    path = tmp_path / "tool"
    path.write_text(
        f'#!/bin/sh\necho started >> {tmp_path}/starts\nuntil [ -e {tmp_path}/go ]; do :; done\nenv > "$6/report.pdf"\n'
    )
    path.chmod(0o700)
    (tmp_path / "go").touch()
    return path


def starts(tool: Path) -> int:
    noted = tool.with_name("starts")
    return len(noted.read_text().splitlines()) if noted.exists() else 0


async def test_a_converter_learns_no_secrets(tool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URL", "mongodb://user:hidden@host")
    monkeypatch.setenv("LVZHI_TOKEN", "hidden")
    told = (await to_pdf(b"", program=str(tool), seconds=5, fonts=FONTS)).decode()
    assert "FONTCONFIG_FILE" in told
    assert "hidden" not in told
    assert f"HOME={Path.home()}\n" not in told


async def test_the_same_file_is_converted_once(tool: Path) -> None:
    converter = Converter(str(tool), 5, FONTS)
    first, again = await asyncio.gather(converter.convert(b"one"), converter.convert(b"one"))
    assert first == again == await converter.convert(b"one")
    assert starts(tool) == 1
    await converter.convert(b"another")
    assert starts(tool) == 2


async def test_kept_conversions_are_bounded(tool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    converter = Converter(str(tool), 5, FONTS)
    size = len(await converter.convert(b"one"))
    monkeypatch.setattr("services.reports.pdf.KEPT_BYTES", int(size * 1.5))
    await converter.convert(b"another")
    await converter.convert(b"another")
    assert starts(tool) == 2
    await converter.convert(b"one")
    assert starts(tool) == 3


async def test_conversions_wait_for_each_other_and_too_many_are_refused(tool: Path) -> None:
    tool.with_name("go").unlink()
    converter = Converter(str(tool), 5, FONTS, Bulkhead(at_once=1, waiting=1, retry_seconds=7))
    running = [asyncio.create_task(converter.convert(content)) for content in (b"one", b"two")]
    await eventually(lambda: starts(tool) == 1)
    with pytest.raises(Busy) as refused:
        await converter.convert(b"three")
    assert refused.value.headers == {"Retry-After": "7"}
    assert starts(tool) == 1
    tool.with_name("go").touch()
    await asyncio.gather(*running)
    await converter.convert(b"three")
    assert starts(tool) == 3
