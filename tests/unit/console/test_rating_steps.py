"""What is told of a third reading of ballots and count sheets."""

from typing import Any

import pytest

from services.console.pages.rating_steps import third_reading

BALLOT = {"sheet": "ballot", "problem": "", "message": "", "again": False}
SHEET = BALLOT | {"sheet": "count_sheet"}
FOREIGN = BALLOT | {"sheet": None, "problem": "not_ours", "message": "没有认出"}
AGREES, DIFFERS, NOTHING = "没有发现与两遍录入不一致", "与两遍录入不一致，请核对原始选票", "什么也没有对照"


@pytest.mark.parametrize(
    ("page", "compared", "differs", "said"),
    [
        (FOREIGN, 0, False, NOTHING),
        (BALLOT, 0, False, NOTHING),  # of a teller, who is told of no ballots
        (BALLOT, 2, False, AGREES),
        (SHEET, 1, False, AGREES),
        (SHEET, 1, True, DIFFERS),
    ],
)
def test_what_was_not_compared_does_not_agree(page: Any, compared: int, differs: bool, said: str) -> None:
    read = {
        "pages": [page],
        "ballots": page is BALLOT,
        "compared_sheets": compared,
        "differs": differs,
        "doubtful_lines": 0,
        "doubtful_numbers": 0,
    }
    told = third_reading(read, ()).split("；")
    assert [sentence for sentence in told if sentence in (AGREES, DIFFERS, NOTHING)] == [said]
