"""The office's own paragraphs and headings among the computed ones."""

from collections.abc import Container, Iterator, Sequence

from services.reports.domain import Paragraph, Run, Section, Wording


def own(section_id: str, wording: Wording) -> Iterator[Paragraph]:
    """The office's own paragraphs of a section."""
    for place, text in enumerate(wording.paragraphs.get(section_id, ()), start=1):
        yield Paragraph(id=f"{section_id}.own.{place}", text=text, runs=(Run(text=text),), edited=True)


def with_headings(sections: Sequence[Section], wording: Wording) -> list[Section]:
    """Sections with the office's own headings: one of the outline in other words, or one more after that it follows,
    else at the end."""
    words = {heading.id: heading.text for heading in wording.headings if not heading.after}
    found = [
        section.model_copy(update={"heading": words[section.id], "computed": section.heading})
        if section.id in words
        else section
        for section in sections
    ]
    for heading in (heading for heading in wording.headings if heading.after):
        section = Section(
            id=heading.id,
            heading=heading.text,
            level=heading.level,
            paragraphs=tuple(own(heading.id, wording)),
        )
        at = next((n for n, other in enumerate(found, 1) if other.id == heading.after), len(found))
        found.insert(at, section)
    return found


def without_empty(sections: Sequence[Section], kept: Container[str] = ()) -> Iterator[Section]:
    """Sections with paragraphs, in them or in a section below them, and those of the ids `kept`."""
    for place, section in enumerate(sections):
        below = sections[place + 1 :]
        parts = []
        for other in below:
            if other.level <= section.level:
                break
            parts.append(other)
        if section.id in kept or section.paragraphs or any(part.paragraphs for part in parts):
            yield section
