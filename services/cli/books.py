"""The files of an office: which of them are its three workbooks, whatever their names and formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.activities.sheets import SHEETS as ACTIVITIES
from services.activities.sheets import VOCABULARY as ACTIVITIES_WORDS
from services.ratings.sheets import SHEETS as RATINGS
from services.ratings.sheets import VOCABULARY as RATINGS_WORDS
from services.roster.sheets import SHEETS as ROSTER
from services.roster.sheets import VOCABULARY as ROSTER_WORDS
from shared.workbook import Sheet, TooBig, Unreadable, Vocabulary
from shared.workbook.pages import open_pages
from shared.workbook.read import sheet_of

WORKBOOKS: Final = {"roster": "名册.xlsx", "activities": "履职.xlsx", "ratings": "测评.xlsx"}
SHEETS: Final[dict[str, tuple[Sequence[Sheet], Vocabulary]]] = {
    "roster": (ROSTER, ROSTER_WORDS),
    "activities": (ACTIVITIES, ACTIVITIES_WORDS),
    "ratings": (RATINGS, RATINGS_WORDS),
}
"""By service, in the order in which they depend on each other."""
EXTENSIONS: Final = (".xlsx", ".xls", ".ods", ".et", ".csv")


class Unfinished(Exception):
    """The command could not be completed; the message says why."""


@dataclass(frozen=True)
class Book:
    """A file and the service that imports it. `sheets`: those in it."""

    service: str
    path: Path
    sheets: tuple[str, ...]


def find_books(place: Path) -> list[Book]:
    """The workbooks in a folder, or the file itself, in the order of their dependencies. Errors: Unfinished."""
    if place.is_dir():
        books = _in_folder(place)
    elif (book := recognised(place)) is not None:
        books = [book]
    else:
        raise Unfinished(f"{place.name} 里没有认得的工作表；自己设计的台账请用 lvzhi import --map")
    if not books:
        raise Unfinished(f"{place} 中没有 {'、'.join(WORKBOOKS.values())}，也没有认得的工作簿")
    order = {sheet.name: number for sheets, _ in SHEETS.values() for number, sheet in enumerate(sheets)}
    services = list(SHEETS)
    return sorted(books, key=lambda book: (services.index(book.service), order[book.sheets[0]]))


def recognised(path: Path) -> Book | None:
    """The file as the workbook of the service that most of its sheets are of; None where there are none.

    Errors: Unreadable, TooBig.
    """
    pages = open_pages(path.read_bytes(), filename=path.name)
    found = {
        service: [sheet.name for page in pages if (sheet := sheet_of(page, *of)) is not None]
        for service, of in SHEETS.items()
    }
    service = max(found, key=lambda name: len(found[name]))
    return Book(service, path, tuple(found[service])) if found[service] else None


def _in_folder(folder: Path) -> list[Book]:
    """Those of the usual names; for a service without one, those that are recognised. Errors: Unfinished."""
    named = {service: folder / name for service, name in WORKBOOKS.items() if (folder / name).exists()}
    books = [Book(service, path, (SHEETS[service][0][0].name,)) for service, path in named.items()]
    others = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in EXTENSIONS and path not in named.values() and path.name[:1] not in "~."
    ]
    for path in others if len(named) < len(WORKBOOKS) else ():
        try:
            book = recognised(path)
        except (Unreadable, TooBig):
            continue
        if book is not None and book.service not in named:
            books.append(book)
    for number, book in enumerate(books):
        for other in books[:number]:
            if both := set(book.sheets) & set(other.sheets) if book.service == other.service else set():
                sheets = "、".join(sorted(both))
                raise Unfinished(f"{other.path.name} 和 {book.path.name} 都有“{sheets}”表，请只留一份")
    return books
