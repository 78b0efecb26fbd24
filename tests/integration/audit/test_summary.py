"""The office's part of a summary at the command line: settings, edited text, approval."""

import io
from pathlib import Path

import pytest
from docx import Document

from tests.integration.audit.conftest import TOWN, Office

PERIOD = "2020-H1"


@pytest.fixture
async def half_year(office: Office, tmp_path: Path) -> Path:
    """The Word file of a half year that no other test closes."""
    out = tmp_path / "上半年.docx"
    code, said = await office.lvzhi("report", TOWN, PERIOD, "--as-of", "2020-06-30", "-o", str(out))
    assert code == 0, said
    return out


async def test_settings_of_a_file_are_set_and_the_rest_stays(
    office: Office, half_year: Path, tmp_path: Path
) -> None:
    file = tmp_path / "设置.toml"
    file.write_text('year = 2020\nas_of = 2020-06-30\ntheme = "防汛"\n', "utf-8")
    assert (await office.lvzhi("settings", TOWN, PERIOD, str(file)))[0] == 0
    file.write_text('campaign_label = "两联一述"\n', "utf-8")
    code, said = await office.lvzhi("settings", TOWN, PERIOD, str(file))
    assert code == 0
    assert '"theme": "防汛"' in said
    assert '"campaign_label": "两联一述"' in (await office.lvzhi("settings", TOWN, PERIOD))[1]


@pytest.mark.parametrize(
    ("text", "names"), [("theme = ", "TOML"), ('thema = "防汛"\n', "thema"), ("theme = 5\n", "theme")]
)
async def test_a_wrong_settings_file_is_named(
    office: Office, half_year: Path, tmp_path: Path, text: str, names: str
) -> None:
    file = tmp_path / "设置.toml"
    file.write_text(text, "utf-8")
    code, said = await office.lvzhi("settings", TOWN, PERIOD, str(file))
    assert (code, names in said) == (1, True), said


async def test_an_edited_file_is_handed_back_with_its_differences(office: Office, half_year: Path) -> None:
    document = Document(str(half_year))
    paragraph = max(document.paragraphs, key=lambda paragraph: len(paragraph.text))
    paragraph.runs[-1].text += "另有 98765 名代表参加。"
    content = io.BytesIO()
    document.save(content)
    half_year.write_bytes(content.getvalue())
    code, said = await office.lvzhi("wording", TOWN, PERIOD, str(half_year), "--dry-run")
    assert code == 0, said
    assert "［增：" in said
    assert "“98765”不是系统算出的" in said
    assert "没有保留" in said


async def test_a_summary_is_approved_and_submitted_in_this_order(office: Office, half_year: Path) -> None:
    code, said = await office.lvzhi("submit", TOWN, PERIOD)
    assert code == 1, said
    code, said = await office.lvzhi("approve", TOWN, PERIOD)
    assert code == 0, said
    code, said = await office.lvzhi("submit", TOWN, PERIOD)
    assert (code, "已上报" in said) == (0, True), said
