"""What is printed for a meeting: count sheets beforehand, the result to be read out afterwards."""

import pytest

from tests.component.ratings.conftest import Town

pytestmark = pytest.mark.mongo


async def page(town: Town, path: str, status: int = 200, as_: str = "o1:office") -> str:
    answer = await town.get(path, as_=as_)
    assert answer.status == status, answer.json
    return answer.json.decode() if isinstance(answer.json, bytes) else str(answer.json["code"])


async def test_count_sheets_are_printed_twice_for_each_group_and_dimension(town: Town) -> None:
    scheme = await town.scheme(dimensions=["参加活动", "联系选民"])
    meeting = await town.meeting(scheme_id=scheme, scrutineers=["示例监票"])
    text = await page(town, f"meetings/{meeting}/count_sheets")
    assert text.count("<section>") == 4
    assert text.count("示例d1") == 4
    assert "监票人：示例监票" in text
    assert "<script" not in text


async def test_the_result_is_printed_once_published(town: Town) -> None:
    meeting = await town.counted()
    assert await page(town, f"meetings/{meeting}/result_sheet", 409) == "results-sealed"
    for verb in ("close", "publish"):
        await town.post(f"meetings/{meeting}:{verb}")
    text = await page(town, f"meetings/{meeting}/result_sheet")
    assert "发出测评票46张，收回46张，废票1张，有效45张，回收率100%" in text
    assert "68.2%" in text  # 30 of 44
    assert text.index("示例d1") < text.index("示例d2")


async def test_too_few_votes_are_not_printed(town: Town) -> None:
    meeting = await town.published(scheme_id=await town.scheme(min_published=46))
    text = await page(town, f"meetings/{meeting}/result_sheet")
    assert "人数不足，不公布" in text
    assert "68.2%" not in text


@pytest.mark.parametrize("sheet", ["count_sheets", "result_sheet"])
async def test_sheets_are_for_those_who_hold_the_meeting(town: Town, sheet: str) -> None:
    meeting = await town.published()
    assert (await town.get(f"meetings/{meeting}/{sheet}", as_="d1:deputy")).status == 403
    assert (await town.get(f"meetings/nowhere/{sheet}")).status == 404
