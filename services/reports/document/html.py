"""HTML page of a report, self-contained and without scripts; each number links to its definition."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, Template

from services.reports.document.cells import lines, plain, previous, stacked, tabular
from services.reports.document.charts import page_bars
from services.reports.document.content import (
    SEVERITIES,
    annex_label,
    annexes,
    check_annexes,
    has_check,
    record_name,
)
from services.reports.document.edited.differences import differences
from services.reports.document.layout import title_lines
from services.reports.document.letterhead import LABEL, mark
from services.reports.document.numbering import numbered
from services.reports.document.photographs import WITHDRAWN, caption
from services.reports.document.proof import source_name
from services.reports.document.wml import legal
from services.reports.domain import Report
from services.reports.domain.board import Board, RollUp
from services.reports.figures import moved
from services.reports.names import STATUSES
from services.reports.notation import full_day_text
from shared.chinese.percent import percent
from shared.http.html import environment

_FOLDER = Path(__file__).parent / "page"
_STYLE = (_FOLDER / "report.css").read_text("utf-8")
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()

# In the page and in the HTTP header.
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; base-uri 'none'; form-action 'none'"
)

BOARD_STATUSES = {"none": "没有封账", **STATUSES}


def render_html(report: Report, pictures: Mapping[str, bytes] | None = None) -> str:
    """The page. Anchors: ids of paragraphs, `fig-<figure id>`, `annex-<id>`.

    `pictures`: bytes of the photographs by digest, embedded as data URLs.
    """
    bound = annexes(report)
    return template("report.html.jinja").render(
        report=report,
        title_lines=title_lines(report.title),
        sections=list(numbered(report.sections)),
        annexes=[(annex_label(i, len(bound)), annex) for i, annex in enumerate(bound, 1)],
        check=check_annexes(report) if has_check(report) else (),
        photographs=dict(_photographs(report, pictures or {})),
        figures={figure.id: figure for figure in report.figures},
        status=STATUSES[report.status],
        as_of=full_day_text(report.as_of),
        signed_on=full_day_text(report.signed_on),
    )


def _photographs(report: Report, pictures: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Data URLs of the photographs by digest."""
    for photograph in report.photographs:
        if photograph.digest in pictures:
            yield (
                photograph.digest,
                f"data:{photograph.content_type};base64,{b64encode(pictures[photograph.digest]).decode()}",
            )


def render_board_html(board: Board) -> str:
    """HTML page of the county's board."""
    about = f"{board.year}年" if board.year else board.period
    known = [status for status in BOARD_STATUSES if status in board.counts]
    return template("board.html.jinja").render(
        board=board,
        title=f"{board.area} 各乡镇{about}人大工作总结一览",
        counts=[(status, board.counts[status]) for status in known],
        statuses=BOARD_STATUSES,
        summed=_summed,
    )


def _summed(figure: RollUp) -> str:
    if figure.numerator is not None and figure.denominator:
        return percent(figure.numerator, figure.denominator)
    return "缺数据" if figure.value is None else str(figure.value)


def anchor(id: str) -> str:
    """An id as a URL fragment that needs no escaping."""
    return re.sub(r"[^\w.-]", "_", id)


def template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    pages = environment(_FOLDER, finalize=lambda value: legal(value) if type(value) is str else value)
    pages.filters["anchor"] = anchor
    pages.globals.update(
        style=_STYLE,
        policy=CONTENT_SECURITY_POLICY,
        severities=SEVERITIES,
        source_name=source_name,
        stacked=stacked,
        page_bars=page_bars,
        previous=previous,
        differences=differences,
        lines=lines,
        tabular=tabular,
        record_name=record_name,
        plain=plain,
        moved=moved,
        caption=caption,
        mark=mark,
        signed=LABEL,
        withdrawn=WITHDRAWN,
    )
    return pages
