"""Charts: only what has a value is drawn, in Word as text of its own and on the page as a picture that leads to it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from services.reports.document import render_docx, render_html
from services.reports.document.charts import charts, page_bars
from services.reports.domain import Figure, FigureStatus
from tests.unit.reports.document.opened import parts
from tests.unit.reports.document.sample import report

NAMES = ("group_activities.times", "supervision.research", "training.times", "contact.visits")


def figure(id: str, value: int | None) -> Figure:
    status = FigureStatus.MISSING if value is None else FigureStatus.VALUE if value else FigureStatus.ZERO
    return Figure(id=id, label=id, definition="", value=value, unit="次", status=status)


@given(st.lists(st.none() | st.integers(0, 10**6), min_size=len(NAMES), max_size=len(NAMES)))
def test_only_what_has_length_is_drawn_and_the_longest_fills_the_picture(values: list[int | None]) -> None:
    found = charts([figure(id, value) for id, value in zip(NAMES, values, strict=True)])
    there = [value for value in values if value]
    if len(there) < 2:
        assert found == ()
        return
    bars = page_bars(found[0])
    assert [bar.figure.value for bar in bars] == there
    assert max(bar.share for bar in bars) == 100
    assert all(0 <= bar.share <= 100 for bar in bars)


def test_word_and_page_draw_the_same_values() -> None:
    figures = tuple(figure(id, value) for id, value in zip(NAMES, (4, None, 0, 31), strict=True))
    drawn = report(figures=figures, tables=())
    chart = parts(render_docx(drawn))["word/charts/chart1.xml"].decode()
    assert re.findall(r"<c:v>([^<]*)</c:v>", chart) == [
        "各类活动次数",
        "小组活动",
        "走访",
        "4",
        "31",
    ]
    page = render_html(drawn)
    assert '<a href="#fig-contact.visits"><text x="568.0"' in page
    assert 'aria-label="各类活动次数：小组活动4次，走访31次"' in page


def test_a_report_of_before_keeps_its_bars_of_zero() -> None:
    figures = tuple(figure(id, value) for id, value in zip(NAMES, (4, None, 0, 31), strict=True))
    drawn = report(figures=figures, tables=(), manifest="lvzhi-summary-1")
    chart = parts(render_docx(drawn))["word/charts/chart1.xml"].decode()
    assert re.findall(r"<c:pt idx=.\d.><c:v>([^<]*)</c:v>", chart)[-3:] == ["4", "0", "31"]
