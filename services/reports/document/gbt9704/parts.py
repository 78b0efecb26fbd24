"""Parts of a document (title, addressee, text, signature, annexes), recognised by text and not by style."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from services.reports.document.gbt9704.reading import Document, Paragraph

_LABEL = re.compile(r"附件\s?\d*")
_NOTE = re.compile(r"附件：|\d+[.．]")
_NOTE_HEAD = re.compile(r"(附件：)?(\d+[.．]\s*)?")
_DATE_LIKE = re.compile(r"[\d〇一二三四五六七八九十]{2,4}[年./-].*\d.*")
_DOCUMENT_NUMBER = re.compile(r"^[^。，]*〔\d{4}〕第?\d+号")
_HEAD = 6  # number of leading paragraphs that may hold a letterhead
_LONGEST_NAME = 40
_LINE = 500  # twips before a paragraph that count as a blank line


@dataclass(frozen=True)
class Annex:
    """An annex: 附件1, its title and the paragraphs that follow outside tables."""

    label: Paragraph
    heading: Paragraph | None
    rest: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Parts:
    """Parts of a document; `mark` and `number`: of the letterhead; `main`: from addressee to list of annexes; `notes`:
    that list; `blanks`: blank lines at the edges of parts, where the standard has some."""

    document: Document
    mark: Paragraph | None
    number: Paragraph | None
    title: Paragraph | None
    subtitle: tuple[Paragraph, ...]
    addressee: Paragraph | None
    main: tuple[Paragraph, ...]
    notes: tuple[Paragraph, ...]
    signature: Paragraph | None
    date: Paragraph | None
    blank_before_signature: bool
    blank_before_notes: bool
    annexes: tuple[Annex, ...]
    blanks: tuple[Paragraph, ...]
    width: float  # of the type area, in twips

    @property
    def body(self) -> tuple[Paragraph, ...]:
        """Paragraphs of the text, without headings and blank lines."""
        return tuple(p for p in self.main if p.level is None and p.text.strip())

    @property
    def recorded(self) -> frozenset[str]:
        """Characters of cells, which hold the words of records, and of the name of the place: also in the title."""
        place = set(self.title.text if self.title else "") & set(
            self.signature.text if self.signature else ""
        )
        rows = (row for table in self.document.tables for row in table.rows if not row.head)
        return frozenset(place.union(*(cell.text for row in rows for cell in row.cells)))

    @property
    def listed_annexes(self) -> list[str]:
        """Titles in the list of annexes."""
        return [_NOTE_HEAD.sub("", note.text.replace("\t", "")) for note in self.notes]


def split(document: Document) -> Parts:
    """Recognise the parts: the title from the top, date and name upwards from the first annex."""
    paragraphs = list(document.paragraphs)
    first_annex = next((i for i, p in enumerate(paragraphs) if _LABEL.fullmatch(p.text)), len(paragraphs))
    front, back = paragraphs[:first_annex], paragraphs[first_annex:]
    mark, number = _take_letterhead(front)
    blanks: list[Paragraph] = []
    title = _take_title(front, blanks)
    subtitle = tuple(_take_subtitle(front)) if title is not None else ()
    _take_blank(front, blanks)
    addressee = front.pop(0) if title is not None and front and _is_addressee(front[0]) else None
    while front and not front[-1].text.strip():
        front.pop()
    date = front.pop() if front and _DATE_LIKE.fullmatch(front[-1].text) else None
    signature = front.pop() if date is not None and front and _is_signature(front[-1]) else None
    above = signature is not None and len(front) > 0 and not front[-1].text.strip()
    if above:
        blanks.append(front.pop())
    blank = signature is not None and above != (signature.twips_before >= _LINE)
    notes = _take_annex_notes(front)
    above_notes = bool(notes and front and not front[-1].text.strip())
    if above_notes:
        blanks.append(front.pop())
    return Parts(
        document=document,
        mark=mark,
        number=number,
        title=title,
        subtitle=subtitle,
        addressee=addressee,
        main=tuple(front),
        notes=tuple(notes),
        signature=signature,
        date=date,
        blank_before_signature=blank,
        blank_before_notes=above_notes,
        annexes=tuple(_annexes(back)),
        blanks=tuple(blanks),
        width=_type_area(document),
    )


def ideographs(text: str) -> float:
    """Width of a text in ideographs; Latin letters and digits are half as wide."""
    return sum(1.0 if east_asian_width(c) in "WFA" else 0.5 for c in text)


def _take_letterhead(front: list[Paragraph]) -> tuple[Paragraph | None, Paragraph | None]:
    """The issuer's mark and the line with the document number."""
    at = next((i for i, p in enumerate(front[:_HEAD]) if _DOCUMENT_NUMBER.search(p.text)), None)
    if at is None:
        return None, None
    mark = next((p for p in front[:at] if p.text.strip()), None)
    number = front[at]
    del front[: at + 1]
    return mark, number


def _take_title(front: list[Paragraph], blanks: list[Paragraph]) -> Paragraph | None:
    while front and not front[0].text.strip():
        blanks.append(front.pop(0))
    if not front or front[0].level is not None or front[0].text.endswith(("。", "：")):
        return None
    return front.pop(0)


def _take_blank(front: list[Paragraph], blanks: list[Paragraph]) -> None:
    """The one blank line under the title."""
    if len(front) > 1 and not front[0].text.strip() and front[1].text.strip():
        blanks.append(front.pop(0))


def _take_subtitle(front: list[Paragraph]) -> Iterator[Paragraph]:
    """——某年某月某日在某次会议上 and the name of the speaker: centred lines under the title."""
    if front and front[0].text.startswith("——"):
        yield front.pop(0)
        if front and front[0].value("jc") == "center" and front[0].level is None:
            yield front.pop(0)


def _is_addressee(paragraph: Paragraph) -> bool:
    return (
        paragraph.text.endswith("：") and len(paragraph.text) <= _LONGEST_NAME and "\n" not in paragraph.text
    )


def _is_signature(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return (
        0 < len(text) <= _LONGEST_NAME
        and paragraph.level is None
        and text[-1] not in "。：；，"
        and not _NOTE.match(text)
    )


def _take_annex_notes(front: list[Paragraph]) -> list[Paragraph]:
    """Removes 附件：1. … from the end of the text."""
    start = next((i for i, p in enumerate(front) if p.text.startswith("附件：")), len(front))
    notes = front[start:]
    del front[start:]
    return notes


def _annexes(back: list[Paragraph]) -> Iterator[Annex]:
    labels = [i for i, p in enumerate(back) if _LABEL.fullmatch(p.text)]
    for start, end in pairwise([*labels, len(back)]):
        following = back[start + 1 : end]
        at = next((i for i, p in enumerate(following) if p.text.strip()), None)
        heading = following[at] if at is not None else None
        yield Annex(back[start], heading, tuple(p for p in following if p is not heading))


def _type_area(document: Document) -> float:
    section = document.sections[-1] if document.sections else {}
    margins = section.get("pgMar", {})
    return (
        float(section.get("pgSz", {}).get("w", 0))
        - float(margins.get("left", 0))
        - float(margins.get("right", 0))
    )
