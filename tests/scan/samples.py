"""Sheets that are photographed in tests and in the benchmark."""

from datetime import date
from functools import cache
from typing import Final

from services.activities.domain.roll import Line
from services.activities.pages import printed, sign_in
from services.ratings.domain import Meeting
from services.ratings.pages import printed as ratings
from shared.documents.layout import Layout
from shared.documents.marks import Subject
from tests.fixtures.meetings import a_meeting

TOWN: Final = "340281199"
DAY: Final = date(2020, 1, 8)
SUBJECT: Final = Subject.of("S", TOWN, "session", DAY.isoformat())
ROLL: Final = [
    Line(
        number=n,
        deputyship_id=f"0195c1a2-{n:04}",
        person_id=str(n),
        name=f"王示例{n:02}",
        constituency="新城第一选区",
        group=1 + n % 5,
    )
    for n in range(1, 64)
]

Printed = tuple[bytes, Layout]


@cache
def of_63() -> Printed:
    """The sign-in sheet of a session, three pages."""
    sheet = sign_in.sign_in(SUBJECT, "示例镇", "第十七届人大第七次会议", DAY, ROLL)
    return printed.drawn(None, sheet), printed.layout(None, sheet)


@cache
def register() -> Printed:
    """The register of a reception."""
    subject = Subject.of("R", TOWN, DAY.isoformat(), "st1")
    sheet = sign_in.register(subject, "示例镇", "小镇联络站", DAY)
    return printed.drawn(None, sheet), printed.layout(None, sheet)


def a_vote_on(surname: str, deputies: int) -> tuple[Meeting, dict[str, str]]:
    """A meeting, and the names of its deputies by id."""
    names = {f"d{n}": f"{surname}示例{n}" for n in range(1, deputies + 1)}
    return a_meeting(deputyship_ids=tuple(names), constituency="新城第一选区"), names


@cache
def ballot() -> Printed:
    """A ballot for eight deputies."""
    meeting, names = a_vote_on("李", 8)
    _, layouts = ratings.layouts(None, meeting, "示例镇", names)
    return ratings.paper_ballots(None, meeting, "示例镇", names), layouts[0]


@cache
def count_sheet() -> Printed:
    """The first entry's count sheet for twelve deputies, two pages."""
    meeting, names = a_vote_on("张", 12)
    _, layouts = ratings.layouts(None, meeting, "示例镇", names)
    return ratings.count_sheets(None, meeting, "示例镇", names), layouts[1]


KINDS: Final = (of_63, of_63, count_sheet, register, of_63, count_sheet, ballot, of_63)


def sample(seed: int) -> tuple[str, Printed]:
    """The kind and the sheet of a seed: of eight four sign-in sheets, two count sheets, a register, a ballot."""
    kind = KINDS[seed % len(KINDS)]
    return kind.__name__, kind()
