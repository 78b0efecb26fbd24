"""Findings about the letterhead of a report sent upward (GB/T 9704-2012, 7.2.5, 7.2.6)."""

from collections.abc import Iterator

from services.reports.checks.draft import Draft
from services.reports.domain import Wording


def lacking(wording: Wording) -> list[str]:
    """Missing settings of the letterhead, by their Chinese names."""
    named = {"发文字号": wording.document_number, "签发人": wording.signer}
    return [name for name, text in named.items() if not text]


def letterhead(wording: Wording, *, upward: bool) -> Iterator[Draft]:
    names = "和".join(lacking(wording))
    if upward and names:
        yield Draft("report.letterhead", f"上报的报告没有写明{names}，没有编排版头；请在设置中填写。")
