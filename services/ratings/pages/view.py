"""The two things a voter holds: the slip with its code, and the page the code opens. Plain HTML, no script."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.ratings.ballots import line_of, shown
from services.ratings.domain import ABSTAIN, Meeting
from shared.names import laid_out

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def ballot(meeting: Meeting, town: str, names: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    """Deputies in the order of the meeting, each with the scheme's options; nothing is ticked but what was chosen."""
    return _TEMPLATES.get_template("ballot.html").render(
        meeting=meeting, town=town, lines=_lines(meeting, names), marks=_marks(meeting), chosen=chosen
    )


def review(meeting: Meeting, names: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    """What is about to be put in, in words; it is held by the page alone."""
    return _TEMPLATES.get_template("review.html").render(
        lines=_lines(meeting, names), labels=dict(_marks(meeting)), chosen=chosen
    )


def _lines(meeting: Meeting, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(line of the ballot, the deputy's name, the dimension or nothing)."""
    return [
        (line_of(one, dimension), laid_out(names.get(one) or f"第{place}位"), dimension)
        for place, one in enumerate(meeting.deputyship_ids, 1)
        for dimension in meeting.scheme.dimensions or ("",)
    ]


def _marks(meeting: Meeting) -> list[tuple[str, str]]:
    return [*((option.code, option.label) for option in meeting.scheme.options), (ABSTAIN, "弃权")]


def message(title: str, text: str) -> str:
    return _TEMPLATES.get_template("message.html").render(title=title, text=text)


def slips(meeting: Meeting, town: str, codes: Sequence[str], base_url: str) -> str:
    """A page to print and cut: for each code its QR, its address and the code as people type it."""
    rows = [(shown(code), address(base_url, code), _qr(address(base_url, code))) for code in codes]
    return _TEMPLATES.get_template("slips.html").render(meeting=meeting, town=town, slips=rows)


def address(base_url: str, code: str) -> str:
    return f"{base_url.rstrip('/')}/r/{code}"


def _qr(url: str) -> str:
    """Error correction M survives a fold or a stain; upper case keeps the picture small."""
    return str(segno.make(url, error="m", micro=False).svg_inline(border=2, omitsize=True))
