"""PDF is LibreOffice's work: done where it is installed, refused in Chinese where it is not, never in the way."""

import pytest

from services.reports.app import build
from services.reports.document import FONTS
from services.reports.errors import NoConverter
from services.reports.pdf import to_pdf
from services.reports.settings import Settings
from tests.component.reports.conftest import YEAR, Office, handed_to
from tests.fixtures.apps import Drive


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
