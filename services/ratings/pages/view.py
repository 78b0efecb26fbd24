"""The two things a voter holds: the slip with its code, and the page the code opens. Plain HTML, no script."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import segno

from services.ratings.ballots import ballot_lines, line_of, marks_of
from services.ratings.domain import ABSTAIN, FORMULA_LABELS, Meeting, Rate, Result
from services.ratings.schemas import withheld
from shared.chinese.names import laid_out
from shared.chinese.percent import percent
from shared.http.html import environment
from shared.security.codes import shown

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing is loaded and nothing runs; the style stands in the page."""

_TEMPLATES: Final = environment(Path(__file__).parent)


def ballot(meeting: Meeting, town: str, names: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    """Deputies in the order of the meeting, each with the scheme's options; nothing is ticked but what was chosen."""
    return _of_one_length("ballot.html", meeting, names, chosen, town=town)


def review(meeting: Meeting, names: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    """What is about to be put in, in words; it is held by the page alone."""
    return _of_one_length("review.html", meeting, names, chosen)


def _of_one_length(
    template: str, meeting: Meeting, names: Mapping[str, str], chosen: Mapping[str, str], **more: str
) -> str:
    """As long as with the longest choices: proxies write down how much they pass on, and for which address."""
    marks, sent = _marks(meeting), marks_of(meeting)

    def made(choices: Mapping[str, str]) -> str:
        return _TEMPLATES.get_template(template).render(
            meeting=meeting,
            lines=_lines(meeting, names),
            marks=[(sent[code], code, label) for code, label in marks],
            chosen=choices,
            blank=sent[""],
            **more,
        )

    longest = max(marks, key=lambda mark: len(mark[1].encode()))[0]
    page = made(chosen)
    most = max(len(made(filling).encode()) for filling in ({}, dict.fromkeys(ballot_lines(meeting), longest)))
    return page + " " * (most - len(page.encode()))


def _lines(meeting: Meeting, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(line of the ballot, the deputy's name, the dimension or nothing)."""
    return [
        (line_of(one, dimension), name, dimension)
        for name, one in _deputies(meeting, names)
        for dimension in meeting.scheme.dimensions or ("",)
    ]


def _marks(meeting: Meeting) -> list[tuple[str, str]]:
    return [*((option.code, option.label) for option in meeting.scheme.options), (ABSTAIN, "弃权")]


def message(title: str, text: str) -> str:
    return _TEMPLATES.get_template("message.html").render(title=title, text=text)


def slips(meeting: Meeting, town: str, codes: Sequence[str], base_url: str) -> str:
    """A page to print and cut: for each code its QR, its address and the code as people type it."""
    rows = [(shown(code), url, _drawn(url)) for code in codes for url in [address(base_url, code)]]
    return _TEMPLATES.get_template("slips.html").render(meeting=meeting, town=town, slips=rows)


def address(base_url: str, code: str) -> str:
    return f"{base_url.rstrip('/')}/r/{code}"


def qr(url: str) -> segno.QRCode:
    """Error correction M survives a fold or a stain. One mask for all: to find the best takes five times as long."""
    return segno.make_qr(url, error="m", mask=3, boost_error=False)


def _drawn(url: str) -> str:
    return str(qr(url).svg_inline(border=4, omitsize=True))


def count_sheets(meeting: Meeting, town: str, names: Mapping[str, str]) -> str:
    """To be filled in by hand: for each of the two keyings one sheet a group and dimension."""
    return _TEMPLATES.get_template("count_sheets.html").render(
        **_heading(meeting, town),
        names=[name for name, _ in _deputies(meeting, names)],
        groups=[group.code for group in meeting.scheme.groups] or [""],
        dimensions=meeting.scheme.dimensions or [""],
        entries="一二",
    )


def result_sheet(meeting: Meeting, result: Result, town: str, names: Mapping[str, str]) -> str:
    """To be read out in the hall and put up: what was published, in the order of the meeting."""
    called = {one: name for name, one in _deputies(meeting, names)}
    labels = {option.code: option.label for option in meeting.scheme.options}
    return _TEMPLATES.get_template("result_sheet.html").render(
        **_heading(meeting, town),
        result=result,
        withheld=withheld(meeting, result),
        response=percent(result.returned, result.issued) if result.issued else "",
        lines=[
            (called[line.deputyship_id], line, _rate(line.rate), labels.get(line.grade or "", ""))
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


def _deputies(meeting: Meeting, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(name, deputyship id) in the order of the meeting."""
    return [
        (laid_out(names.get(one) or f"第{place}位"), one)
        for place, one in enumerate(meeting.deputyship_ids, 1)
    ]


def _rate(rate: Rate | None) -> str:
    return percent(rate.numerator, rate.denominator) if rate else "—"
