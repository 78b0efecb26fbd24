"""Numbers in a scheme's row: the digits 0 to 9, also in full width, and nothing else that int() takes."""

import pytest

from services.ratings.imports.cells import scheme_parts
from shared.workbook import Row, RowProblem


def row(weight: str) -> Row:
    return Row("办法", 2, "办法", {"groups": (("voters", weight),)}, {"groups": "B2"})


@pytest.mark.parametrize("written", ["60", "６０", " 60 "])
def test_a_weight_is_read(written: str) -> None:
    assert scheme_parts(row(written)) == {"groups": ({"code": "voters", "weight": 60},)}


@pytest.mark.parametrize("written", ["٦٠", "6_0", "+60", "-60", "6,0", "六十"])
def test_what_is_no_whole_number_is_told_with_its_column(written: str) -> None:
    with pytest.raises(RowProblem, match="应是整数"):
        scheme_parts(row(written))
