"""Templates of slips, the ballot page and printed sheets. Plain HTML without scripts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import segno

from services.ratings.ballots import ballot_lines, line_of, marks_of
from services.ratings.domain import ABSTAIN, FORMULA_LABELS, Meeting, Rate, Result
from services.ratings.schemas import withheld
from shared.chinese.names import spaced
from shared.chinese.percent import percent
from shared.http.html import PublicPages
from shared.security.codes import grouped

PAGES: Final = PublicPages(Path(__file__).parent)


def ballot(meeting: Meeting, town: str, names: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    """The ballot: deputies in the order of the meeting with the scheme's options; `chosen` ones are ticked."""
    return _padded("ballot.html", meeting, names, chosen, town=town)


def review(meeting: Meeting, names: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    """The review of the choices before casting; they are stored in the page only."""
    return _padded("review.html", meeting, names, chosen)


def _padded(
    template: str, meeting: Meeting, names: Mapping[str, str], chosen: Mapping[str, str], **more: str
) -> str:
    """Render and pad to the length with the longest choices: proxies log response lengths and addresses."""
    marks, sent = _marks(meeting), marks_of(meeting)

    def rendered(choices: Mapping[str, str]) -> str:
        return PAGES.render(
            template,
            meeting=meeting,
            lines=_lines(meeting, names),
            marks=[(sent[code], code, label) for code, label in marks],
            chosen=choices,
            blank=sent[""],
            **more,
        )

    longest = max(marks, key=lambda mark: len(mark[1].encode()))[0]
    page = rendered(chosen)
    most = max(
        len(rendered(filling).encode()) for filling in ({}, dict.fromkeys(ballot_lines(meeting), longest))
    )
    return page + " " * (most - len(page.encode()))


def _lines(meeting: Meeting, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(line of the ballot, the deputy's name, the dimension or nothing)."""
    return [
        (line_of(id, dimension), name, dimension)
        for name, id in deputies(meeting, names)
        for dimension in meeting.scheme.dimensions or ("",)
    ]


def _marks(meeting: Meeting) -> list[tuple[str, str]]:
    return [*((option.code, option.label) for option in meeting.scheme.options), (ABSTAIN, "弃权")]


def message(title: str, text: str) -> str:
    return PAGES.render("message.html", title=title, text=text)


def slips(meeting: Meeting, town: str, codes: Sequence[str], base_url: str) -> str:
    """A page of slips to print and cut: QR code, address and the code as typed."""
    rows = [(grouped(code), url, _drawn(url)) for code in codes for url in [address(base_url, code)]]
    return PAGES.render("slips.html", meeting=meeting, town=town, slips=rows)


def address(base_url: str, code: str) -> str:
    return f"{base_url.rstrip('/')}/r/{code}"


def qr(url: str) -> segno.QRCode:
    """Error correction level M survives a fold or stain. A fixed mask, as finding the best is five times slower."""
    return segno.make_qr(url, error="m", mask=3, boost_error=False)


def _drawn(url: str) -> str:
    return str(qr(url).svg_inline(border=4, omitsize=True))


def count_sheets(meeting: Meeting, town: str, names: Mapping[str, str]) -> str:
    """Count sheets to be filled in by hand: one per entry, group and dimension."""
    return PAGES.render(
        "count_sheets.html",
        **_heading(meeting, town),
        names=[name for name, _ in deputies(meeting, names)],
        groups=[group.code for group in meeting.scheme.groups] or [""],
        dimensions=meeting.scheme.dimensions or [""],
        entries="一二",
    )


def result_sheet(meeting: Meeting, result: Result, town: str, names: Mapping[str, str]) -> str:
    """The published result, to be read out and put up; deputies in the order of the meeting."""
    printed_names = {id: name for name, id in deputies(meeting, names)}
    labels = {option.code: option.label for option in meeting.scheme.options}
    return PAGES.render(
        "result_sheet.html",
        **_heading(meeting, town),
        result=result,
        withheld=withheld(meeting, result),
        response=percent(result.returned, result.issued) if result.issued else "",
        lines=[
            (printed_names[line.deputyship_id], line, _rate(line.rate), labels.get(line.grade or "", ""))
            for line in result.deputies
        ],
        dimensions=meeting.scheme.dimensions,
        graded=any(line.grade for line in result.deputies),
        formula=FORMULA_LABELS[meeting.scheme.formula],
    )


def _heading(meeting: Meeting, town: str) -> dict[str, object]:
    day = meeting.held_on
    return {
        "meeting": meeting,
        "town": town,
        "day": f"{day.year}年{day.month}月{day.day}日",
        "labels": [option.label for option in meeting.scheme.options],
    }


def deputies(meeting: Meeting, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(name, deputyship id) in the order of the meeting."""
    return [
        (spaced(names.get(id) or f"第{place}位"), id) for place, id in enumerate(meeting.deputyship_ids, 1)
    ]


def _rate(rate: Rate | None) -> str:
    return percent(rate.numerator, rate.denominator) if rate else "—"
