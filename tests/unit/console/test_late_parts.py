"""What a page says in the place of a part that it could not get, and of days of another year."""

from datetime import date
from typing import Any

import pytest

from services.console.api import part_or_reason
from services.console.errors import Away, Refused
from services.console.pages.home import counted
from services.console.view import rendered, short_date

TODAY = date(2026, 11, 30)


async def _failing(error: Exception) -> str:
    raise error


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Refused(409, {"title": "数据尚未齐全", "detail": "名册第5号缺失"}), "名册第5号缺失"),
        (Refused(500, {"title": "系统内部错误"}), "系统内部错误"),
        (Away("/reports"), ""),
        (TimeoutError(), ""),
    ],
)
async def test_a_refusal_says_why_and_silence_says_that(error: Exception, why: str) -> None:
    assert await part_or_reason(_failing(error), 1) == (None, why)


def test_the_first_page_says_why_there_are_no_figures() -> None:
    frame: dict[str, Any] = {
        **dict.fromkeys(("csrf", "town", "town_name", "here", "current", "key"), ""),
        **dict.fromkeys(("roles", "menu", "tabs", "years"), ()),
        "me": None,
        "flash": None,
        "query": {},
        "large": False,
        "letters": True,
        "reads": False,
        "today": TODAY,
        "year": TODAY.year,
    }
    nothing: dict[str, Any] = {"preview": None, "due": [], "more": [], "late": False, "dues": 0, "drafts": []}
    silent = dict.fromkeys(("fresh", "ready", "recent", "backups", "backups_away"))
    told = rendered("home.html", **frame, **nothing, **silent, why="名册第5号缺失")
    assert told.count("总结现在看不到：名册第5号缺失") == 2
    assert "总结暂时没有应答" not in told


def test_a_day_of_another_year_is_written_with_it() -> None:
    assert short_date("2020-12-07", TODAY) == "2020年12月7日"
    assert short_date("2026-06-09", TODAY) == "6月9日"
    assert short_date("2020-12-07") == "12月7日"


@pytest.mark.parametrize(
    ("previous", "compared"),
    [({"value": 0, "status": "ok"}, True), ({"value": None, "status": "missing"}, False), (None, False)],
)
def test_a_year_before_that_is_not_known_is_not_said_to_be_zero(
    previous: dict[str, Any] | None, compared: bool
) -> None:
    [item] = counted({"presidium.meetings": {"value": 4, "unit": "次", "previous": previous}})
    assert bool(item["before"]) is compared
