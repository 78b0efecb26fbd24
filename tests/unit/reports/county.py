"""A county of four towns: two whose reports are accepted, one that is yet to be, one that has handed in nothing."""

import json
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from services.reports.area import AreaYear, check_area, compile_area
from services.reports.document import render_area_docx
from services.reports.document.manifest import AREA, AREA_CHECK, SIGNATURE_TYPE
from services.reports.domain import Report, ReportStatus
from services.reports.domain.area import HandedIn, HandIn
from services.reports.domain.periods import year_period
from shared.envelope import GENESIS, Event
from tests.unit.recount.documents import keys, sealed
from tests.unit.reports.book import Book, attendance
from tests.unit.reports.example import example

COUNTY = "340281"
FIRST, SECOND, THIRD, FOURTH = (f"340281{n}" for n in (100, 101, 102, 103))


def small(town: str = SECOND) -> Book:
    """A town with one session and no quota."""
    book = Book(town)
    book.town_(name="石涧镇", county_name="无为市")
    ids = book.deputies(5)
    book.add("session", held_on="2020-05-20", attendance=attendance(ids[:3], absent=ids[3:]))
    book.add("scheme", name="满意度测评", options=[])
    return book


def books() -> list[Book]:
    return [example(Book(FIRST)), small()]


class Reports:
    """A town's stream of reports."""

    def __init__(self, town: str) -> None:
        self.town = town
        self.log: list[Event] = []

    def tell(self, report: Report, status: str) -> None:
        data = report.model_dump(mode="json", include={"period", "from_on", "as_of", "figures"})
        data["sources"] = [s.model_dump(mode="json", exclude={"state", "excluded"}) for s in report.sources]
        version = len(self.log) + 1
        about = {
            "id": report.id,
            "town": self.town,
            "version": version,
            "year": report.year,
            "status": status,
        }
        event = Event(
            id=f"reports-{version}",
            source=f"/{self.town}/reports",
            type=f"reports.report.{'compiled' if status == 'draft' else status}.v1",
            subject=f"report/{report.id}",
            time="2021-01-01T00:00:00.000Z",
            town=self.town,
            sequence=version,
            previoushash=self.log[-1].hash if self.log else GENESIS,
            actor="test",
            data=data | about,
        )
        self.log.append(event.hashed())


class County:
    """`tell` moves a town's report on; `towns` is how they stand."""

    def __init__(self) -> None:
        self.books = {book.town: book for book in books()}
        self.compiled = {town: sealed(book) for town, book in self.books.items()}
        self.streams = {town: Reports(town) for town in (FIRST, SECOND, THIRD, FOURTH)}
        self.states = dict.fromkeys(self.streams, HandIn.NONE)
        for town in self.books:
            for status in ("draft", "approved", "submitted", "accepted"):
                self.streams[town].tell(self.compiled[town], status)
            self.states[town] = HandIn.ACCEPTED
        for status in ("draft", "approved", "submitted"):
            third = self.compiled[SECOND].model_copy(update={"id": "third", "town": THIRD})
            self.streams[THIRD].tell(third, status)
        self.states[THIRD] = HandIn.SUBMITTED

    def towns(self) -> Sequence[HandedIn]:
        names = {FIRST: "示例镇", SECOND: "石涧镇", THIRD: "襄安镇", FOURTH: "十里墩镇"}
        return [
            HandedIn(
                town=town,
                name=names[town],
                state=self.states[town],
                report=self.compiled[town].model_copy(update={"version": 4, "status": ReportStatus.ACCEPTED})
                if town in self.books
                else None,
                sequence=len(stream.log),
                hash=stream.log[-1].hash if stream.log else GENESIS,
                submitted_on=date(2020, 12, 20) if stream.log else None,
            )
            for town, stream in self.streams.items()
        ]

    def year(self) -> AreaYear:
        return AreaYear(COUNTY, "无为市", year_period(2020), self.towns())

    def logs(self) -> list[dict[str, Any]]:
        """As the feeds hand them out."""
        books = [event for book in self.books.values() for log in book.events.values() for event in log]
        reports = [event for stream in self.streams.values() for event in stream.log]
        return [json.loads(event.encode()) for event in (*books, *reports)]


def summary(county: County) -> bytes:
    return render_area_docx(compile_area(county.year()), partial(keys().sign, kind=SIGNATURE_TYPE), AREA)


def check_document(county: County) -> bytes:
    year = county.year()
    report = check_area(year, compile_area(year))
    return render_area_docx(report, partial(keys().sign, kind=SIGNATURE_TYPE), AREA_CHECK)
