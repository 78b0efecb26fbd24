"""Queries of photographed ballots and count sheets: the third reading, told after both tellers have keyed."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.ratings import schemas
from services.ratings.ballots import Ballots, Place, Sheet, Tally, check_entered, unfilled
from services.ratings.domain import Meeting
from services.ratings.handlers.counting import may_know_places, tally_of
from shared.documents.scan.worker import Page
from shared.errors import FieldError
from shared.security.tokens import Actor
from shared.storage.work import Work


@dataclass(frozen=True)
class Paper:
    """What one printed sheet is: the ballot of a group (`entry` 0), or the count sheet of an entry and a place."""

    entry: int
    place: Place


async def keyed(work: Work, meeting: Meeting) -> Tally:
    """Errors: CountsIncomplete until both tellers have keyed every sheet."""
    tally = await tally_of(work, meeting)
    check_entered(tally, meeting.scheme)
    return tally


async def third_reading(
    work: Work, meeting: Meeting, tally: Tally, actor: Actor, papers: Sequence[Paper], pages: Sequence[Page]
) -> schemas.ThirdReading:
    """`papers`: of the layouts that the pages were read against. No number of votes is in the answer."""
    ballots: dict[str, Ballots] = {}
    faults: list[FieldError] = []
    for page in pages:
        if page.sheet is None or page.problem:
            continue
        paper = papers[page.sheet]
        if not paper.entry:
            ballots.setdefault(paper.place[1], Ballots()).add(page.marks)
        else:
            faults += [fault for sheet in _of(tally, paper) for fault in unfilled(sheet, page.marks)]
    for sheet in tally.sheets:
        if sheet.entry == 1 and sheet.place[1] in ballots:
            faults += ballots[sheet.place[1]].differences(sheet)
    places = await may_know_places(work, meeting, actor)
    return schemas.ThirdReading(
        pages=tuple(schemas.PaperPage.of(page, _sheet(page, papers)) for page in pages),
        ballots=sum(one.ballots for one in ballots.values()),
        doubtful_lines=sum(sum(one.doubts.values()) for one in ballots.values()),
        differs=bool(faults),
        differences=schemas.differences_of(faults) if places else (),
    )


def _of(tally: Tally, paper: Paper) -> list[Sheet]:
    return [sheet for sheet in tally.sheets if (sheet.entry, sheet.place) == (paper.entry, paper.place)]


def _sheet(page: Page, papers: Sequence[Paper]) -> str | None:
    if page.sheet is None:
        return None
    return "count_sheet" if papers[page.sheet].entry else "ballot"
