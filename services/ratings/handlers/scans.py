"""Queries of photographed ballots and count sheets: the third reading, told after both tellers have keyed."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.ratings import schemas
from services.ratings.ballots import (
    VALID,
    Ballots,
    Cell,
    Counted,
    Place,
    Sheet,
    Tally,
    cell_name,
    check_entered,
    unfilled,
)
from services.ratings.domain import Meeting
from services.ratings.handlers.counting import may_know_places, tally_of
from shared.documents.scan.worker import Mark, Page
from shared.errors import FieldError
from shared.security.tokens import Actor
from shared.storage.work import Work


@dataclass(frozen=True)
class Paper:
    """What one printed sheet is: the ballot of a group (`entry` 0), or the count sheet of an entry and a place, and the
    pages of it that are read."""

    entry: int
    place: Place
    pages: Sequence[int]


@dataclass(frozen=True)
class Photographed:
    """The pages of one count sheet that were read, beside the sheet as keyed."""

    sheet: Sheet
    paper: Paper
    there: frozenset[int]
    marks: Mapping[str, Mark]
    rows: Mapping[str, bytes]

    @property
    def counted(self) -> Counted:
        return Counted.of(self.sheet, self.marks)

    def picture(self, cell: Cell) -> str:
        return base64.b64encode(self.rows.get(cell_name(cell), b"")).decode()


async def keyed(work: Work, meeting: Meeting) -> Tally:
    """Errors: CountsIncomplete until both tellers have keyed every sheet."""
    tally = await tally_of(work, meeting)
    check_entered(tally, meeting.scheme)
    return tally


async def third_reading(
    work: Work, meeting: Meeting, tally: Tally, actor: Actor, papers: Sequence[Paper], pages: Sequence[Page]
) -> schemas.ThirdReading:
    """`papers`: of the layouts that the pages were read against. Numbers are told of a count sheet alone, and only to
    the teller who keyed it. Who may not know places is told whether their own sheets differ: of others, a page
    drawn for it would tell the other entry."""
    ballots: dict[str, Ballots] = {}
    for page in pages:
        if page.sheet is not None and not page.problem and not papers[page.sheet].entry:
            ballots.setdefault(papers[page.sheet].place[1], Ballots()).add(page.marks)
    photographed = list(_photographed(tally, papers, pages))
    own = [one for one in photographed if one.sheet.teller == actor.sub]
    places = await may_know_places(work, meeting, actor)
    marked = photographed if places else own
    voted = [sheet for sheet in tally.sheets if places and sheet.place[1] in ballots]
    faults = [fault for one in marked for fault in _faults(one)]
    faults += [fault for sheet in voted for fault in ballots[sheet.place[1]].differences(sheet)]
    compared = {(sheet.entry, sheet.place) for sheet in (*voted, *(one.sheet for one in marked))}
    return schemas.ThirdReading(
        pages=tuple(schemas.PaperPage.of(page, _sheet(page, papers)) for page in pages),
        ballots=sum(one.ballots for one in ballots.values()),
        doubtful_lines=sum(sum(one.doubts.values()) for one in ballots.values()),
        doubtful_numbers=sum(len(one.counted.doubtful) for one in photographed),
        count_sheets=tuple(map(_proposal, own)),
        compared_sheets=len(compared),
        differs=bool(faults),
        differences=schemas.differences_of(tuple({one.loc: one for one in faults}.values()))
        if places
        else (),
    )


def _photographed(tally: Tally, papers: Sequence[Paper], pages: Sequence[Page]) -> Iterator[Photographed]:
    """Of a page that is there twice the later one, which was read beside the earlier one."""
    for number, paper in enumerate(papers):
        read = [page for page in pages if page.sheet == number and not page.problem]
        marks = {name: mark for page in read for name, mark in page.marks.items()}
        rows = {name: picture for page in read for name, picture in page.rows.items()}
        there = frozenset(page.page for page in read if page.page is not None)
        for sheet in tally.sheets if marks else ():
            if (sheet.entry, sheet.place) == (paper.entry, paper.place):
                yield Photographed(sheet, paper, there, marks, rows)


def _faults(one: Photographed) -> Iterator[FieldError]:
    yield from one.counted.differences(one.sheet)
    yield from unfilled(one.sheet, one.marks)


def _proposal(one: Photographed) -> schemas.CountSheetRead:
    counted, sheet = one.counted, one.sheet
    sure = {cell: number.value for cell, number in counted.numbers.items() if not number.doubtful}
    return schemas.CountSheetRead(
        entry=sheet.entry,
        dimension=sheet.dimension,
        group=sheet.group,
        issued=sure.get(("issued",)),
        returned=sure.get(("returned",)),
        void=sure.get(("void",)),
        counts={
            id: {cell[1]: value for cell, value in sure.items() if cell[0] == id and value is not None}
            for id in sheet.rows
        },
        doubts=tuple(
            schemas.DoubtfulNumber(
                loc=".".join(cell), number=counted.numbers[cell].value, picture=one.picture(cell)
            )
            for cell in counted.doubtful
            if cell != (VALID,)
        ),
        balanced=counted.valid is not None,
        missing=tuple(n for n in one.paper.pages if n not in one.there),
    )


def _sheet(page: Page, papers: Sequence[Paper]) -> str | None:
    if page.sheet is None:
        return None
    return "count_sheet" if papers[page.sheet].entry else "ballot"
