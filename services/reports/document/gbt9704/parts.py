"""Parts of a document (title, addressee, text, signature, annexes), recognised by text and not by style."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
class Parts:
    """Parts of a document; `mark` and `number`: of the letterhead; `main`: from addressee to list of annexes."""

    document: Document
    mark: Paragraph | None
    number: Paragraph | None
    title: Paragraph | None
    subtitle: tuple[Paragraph, ...]
    addressee: Paragraph | None
    main: tuple[Paragraph, ...]
    listed_annexes: list[str]
    signature: Paragraph | None
    date: Paragraph | None
    blank_before_signature: bool
    annexes: tuple[tuple[Paragraph, Paragraph | None], ...]
    width: float  # of the type area, in twips

    @property
    def body(self) -> tuple[Paragraph, ...]:
        """Paragraphs of the text, without headings and blank lines."""
        return tuple(p for p in self.main if p.level is None and p.text.strip())


def split(document: Document) -> Parts:
    """Recognise the parts: the title from the top, date and name upwards from the first annex."""
    paragraphs = list(document.paragraphs)
    first_annex = next((i for i, p in enumerate(paragraphs) if _LABEL.fullmatch(p.text)), len(paragraphs))
    front, back = paragraphs[:first_annex], paragraphs[first_annex:]
    mark, number = _take_letterhead(front)
    title = _take_title(front)
    subtitle = tuple(_take_subtitle(front)) if title is not None else ()
    addressee = front.pop(0) if title is not None and front and _is_addressee(front[0]) else None
    while front and not front[-1].text.strip():
        front.pop()
    date = front.pop() if front and _DATE_LIKE.fullmatch(front[-1].text) else None
    signature = front.pop() if date is not None and front and _is_signature(front[-1]) else None
    blank = bool(signature and (signature.twips_before >= _LINE or (front and not front[-1].text.strip())))
    listed = _take_annex_notes(front)
    return Parts(
        document=document,
        mark=mark,
        number=number,
        title=title,
        subtitle=subtitle,
        addressee=addressee,
        main=tuple(front),
        listed_annexes=listed,
        signature=signature,
        date=date,
        blank_before_signature=blank,
        annexes=tuple(_annexes(back)),
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


def _take_title(front: list[Paragraph]) -> Paragraph | None:
    while front and not front[0].text.strip():
        front.pop(0)
    if not front or front[0].level is not None or front[0].text.endswith(("。", "：")):
        return None
    return front.pop(0)


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


def _take_annex_notes(front: list[Paragraph]) -> list[str]:
    """Removes 附件：1. … from the end of the text and returns the titles."""
    start = next((i for i, p in enumerate(front) if p.text.startswith("附件：")), len(front))
    notes = [p.text for p in front[start:] if p.text.strip()]
    del front[start:]
    return [_NOTE_HEAD.sub("", note) for note in notes]


def _annexes(back: list[Paragraph]) -> Iterator[tuple[Paragraph, Paragraph | None]]:
    for position, paragraph in enumerate(back):
        if _LABEL.fullmatch(paragraph.text):
            following = next((p for p in back[position + 1 :] if p.text.strip()), None)
            yield paragraph, following


def _type_area(document: Document) -> float:
    section = document.sections[-1] if document.sections else {}
    margins = section.get("pgMar", {})
    return (
        float(section.get("pgSz", {}).get("w", 0))
        - float(margins.get("left", 0))
        - float(margins.get("right", 0))
    )
