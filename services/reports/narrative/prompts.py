"""What the list of checks asks the office to write: paragraphs no record can give, and cases."""

from collections.abc import Iterator, Mapping
from typing import Final

from services.reports.checks.draft import Draft
from services.reports.domain import Figure, Wording
from services.reports.narrative.template import Outline
from services.reports.narrative.writer import Writer
from services.reports.notation import numeral

_CASES: Final = range(2, 4)
"""As many cases as a summary usually tells."""


def unwritten(plan: Outline, wording: Wording, writer: Writer) -> Iterator[Draft]:
    """One finding for each section that is the office's own to write and of which it has written nothing."""
    for section in plan.sections:
        if section.prompts and not any(wording.paragraphs.get(section.id, ())):
            where = writer.heading(section.heading, section.heading_else) or "开头"
            asked = "；".join(f"{numeral(n)}是{prompt}" for n, prompt in enumerate(section.prompts, start=1))
            message = f"“{where}”没有办公室自己写的段落，可以写：{asked}。"
            yield Draft("text.unwritten", message, key=section.id)


def cases(figures: Mapping[str, Figure]) -> Iterator[Draft]:
    """Too few or too many cases chosen, where there is work to tell of."""
    recorded, chosen = (int(figures[f"cases.{name}"].value or 0) for name in ("recorded", "in_report"))
    if chosen not in _CASES:
        known = f"整理了案例{recorded}个，选入总结{chosen}个" if recorded else "还没有整理案例"
        yield Draft("text.cases", f"{known}；总结一般写两三个具体案例，写明问题、做法和效果。")
