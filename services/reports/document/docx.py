"""Word document of a report in the form of GB/T 9704-2012; equal reports give equal bytes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from zlib import crc32

from services.reports.document import before, charts, grids, layout, package, photographs, styles, wml
from services.reports.document import manifest as manifests
from services.reports.document.cells import Annex, lines, own_grid, tabular
from services.reports.document.check_text import check_report
from services.reports.document.content import annex_label, annexes, area_annexes, check_annexes, has_check
from services.reports.document.letterhead import letterhead
from services.reports.document.numbering import numbered
from services.reports.domain import Paragraph, Photograph, Report, Run
from services.reports.notation import full_day_text

PROOF = "proof"  # the bookmark around the completeness proof
_BELOW_HEAD = f'<w:spacing w:before="{2 * styles.LINE}"/>'
_GAPLESS = '<w:spacing w:after="0"/>'
_LONGEST_NAME = 40  # limit of bookmark names in Word
_UNFIT = re.compile(r"[^0-9A-Za-z_]")
_DIGITS = re.compile(r"([+-]?)(\d+(?:\.\d+)?)(%?)", re.ASCII)
_CHANGED = re.compile(r"[^0-9A-Za-z_.]")  # dots become _ unambiguously: no two ids differ only in that


def render_docx(
    report: Report, pictures: Mapping[str, bytes] | None = None, sign: manifests.Sign | None = None
) -> bytes:
    """The summary. Differences between two compiles of the same records are in the part of the manifest only.

    `pictures`: bytes of the photographs by digest; `sign`: signs the manifest.
    """
    return _rendered(report, _Writer(report, annexes(report), pictures or {}), sign, "")


def render_check_docx(report: Report, sign: manifests.Sign | None = None) -> bytes:
    """The check document: what the office is to look at before it signs, and what is kept with the file (ADR 0064)."""
    check = check_report(report)
    return _rendered(check, _Writer(check, check_annexes(report), {}), sign, manifests.CHECK)


def render_area_docx(report: Report, sign: manifests.Sign | None, document: str) -> bytes:
    """The report of an area, or its check document."""
    return _rendered(report, _Writer(report, area_annexes(report), {}), sign, document)


def _rendered(report: Report, writer: "_Writer", sign: manifests.Sign | None, document: str) -> bytes:
    """`document`: which of the documents of the report; empty for the summary."""
    body = "".join(writer.body())
    manifest = (
        None
        if not report.manifest
        else manifests.manifest(
            report,
            f"<w:document {wml.NAMESPACES}><w:body>{body}</w:body></w:document>",
            [styles.footer_part(even=even) for even in (False, True)],
            writer.tags,
            frozenset(bookmark_name(p.id) for s in report.sections for p in s.paragraphs if p.edited),
            writer.drawn,
            writer.media,
            document,
        )
    )
    return package.pack(
        body,
        title=report.title,
        author=report.signature,
        day=report.signed_on,
        about={
            "lvzhi-town": report.town,
            "lvzhi-from": (report.from_on or date(report.year, 1, 1)).isoformat(),
            "lvzhi-to": report.as_of.isoformat(),
            **({"lvzhi-proof": report.manifest} if report.manifest else {}),
            **({"lvzhi-document": document} if document else {}),
        },
        charts=[charts.part(chart, writer.chart_look) for chart in writer.drawn],
        media=writer.media,
        look="" if has_check(report) else before.styles_part(),
        proof=manifests.part(manifest, sign) if manifest else "",
    )


def bookmark_name(paragraph_id: str) -> str:
    """Name of the bookmark of a paragraph: its id; a shortened id carries a checksum."""
    name = _UNFIT.sub("_", paragraph_id)
    name = name if name.startswith("p_") else f"p_{name}"
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 9]}_{crc32(paragraph_id.encode()):08x}"


def numeral_name(number: int, tag: str) -> str:
    """Name of the bookmark of the `number`th numeral; a changed tag carries a checksum."""
    name = f"f_{number:03d}_{_UNFIT.sub('_', tag)}"
    if len(name) <= _LONGEST_NAME and not _CHANGED.search(tag):
        return name
    return f"{name[: _LONGEST_NAME - 9]}_{crc32(tag.encode()):08x}"


class _Writer:
    """Writer of the body; numbers bookmarks and content controls in document order."""

    def __init__(self, report: Report, attached: Sequence[Annex], pictures: Mapping[str, bytes]) -> None:
        self._report = report
        self._pictures = pictures
        self._labels = {figure.id: figure.label for figure in report.figures}
        self._annexes = attached
        self._of_before = not has_check(report)
        self.chart_look = before.CHART if self._of_before else charts.QUIET
        self._bookmarks = 0
        self._controls = 0
        self.drawn: list[charts.Chart] = []
        self.tags: dict[str, str] = {}
        self.media: list[photographs.Media] = []

    def body(self) -> Iterator[str]:
        report = self._report
        head = "".join(letterhead(report))
        yield head
        title = wml.run("\n".join(layout.title_lines(report.title)))
        yield wml.paragraph(
            styles.TITLE, title, (_BELOW_HEAD if head else "") or (_GAPLESS if report.subtitle else "")
        )
        yield from self._subtitle()
        if report.addressee:
            yield wml.paragraph(styles.ADDRESSEE, wml.run(f"{report.addressee}："))
        yield from self._sections()
        yield from self._annex_notes()
        yield from self._signature()
        for position, annex in enumerate(self._annexes, 1):
            yield from self._annex(annex, annex_label(position, len(self._annexes)))
        yield wml.paragraph(styles.END, "")

    def _subtitle(self) -> Iterator[str]:
        """Subtitle under the title; the gap follows its last line, so that the text stays on the grid."""
        for line in self._report.subtitle:
            last = line is self._report.subtitle[-1]
            gap = f'<w:spacing w:after="{2 * styles.LINE - styles.TITLE_LINE}"/>' if last else ""
            text = "\n".join(layout.title_lines(line, layout.LINE_CHARS - 2))
            yield wml.paragraph(styles.SUBTITLE, wml.run(text), gap)

    def _sections(self) -> Iterator[str]:
        last = next((p for s in reversed(self._report.sections) for p in reversed(s.paragraphs)), None)
        for number, section in numbered(self._report.sections):
            if number:
                yield wml.paragraph(f"Heading{section.level}", wml.run(number + section.heading))
            yield from (self._paragraph(p, last=p is last) for p in section.paragraphs)

    def _paragraph(self, paragraph: Paragraph, *, last: bool) -> str:
        """A paragraph, or a table of the office's own, which a reader knows by its words; where no list of annexes
        follows, the last is kept with the signature (7.3.5)."""
        if paragraph.edited and (rows := tabular(paragraph.text)):
            return grids.table(own_grid(rows), self._runs)
        parts = lines(paragraph.runs or (Run(text=paragraph.text),))
        kept = "<w:keepNext/>" if last and (self._of_before or not self._annexes) else ""
        self._bookmarks += 1
        start, end = wml.bookmark_ends(self._bookmarks, bookmark_name(paragraph.id))
        written = [self._runs(line) for line in parts]
        written[0] = start + written[0]
        written[-1] += end
        return "".join(wml.paragraph(styles.BODY, content, kept) for content in written)

    def _runs(self, runs: Iterable[Run]) -> str:
        return "".join(
            self._figure(run.text, run.figure, run.part) if run.figure else wml.run(run.text) for run in runs
        )

    def _figure(self, text: str, figure: str, part: str) -> str:
        """A figure in a bookmark and its digits in a content control, because some word processors drop controls.

        Sign and percent sign stand outside the control, and a text of other characters has the bookmark alone:
        LibreOffice 7.4 writes what is no digit twice.
        """
        self._controls += 1
        label, tag = self._labels.get(figure, figure), figure + part
        digits = None if self._of_before else _DIGITS.fullmatch(text)
        before, held, after = digits.groups() if digits else ("", text, "")
        content = wml.run(held)
        if digits or (self._of_before and (text.isascii() or not self._report.manifest)):
            content = wml.control(content, number=self._controls, tag=tag, alias=label)
        content = "".join((wml.run(before) if before else "", content, wml.run(after) if after else ""))
        name = numeral_name(self._controls, tag)
        self.tags[name] = tag
        return self._marked(content, name)

    def _marked(self, content: str, name: str) -> str:
        self._bookmarks += 1
        return wml.bookmark(content, number=self._bookmarks, name=name)

    def _annex_notes(self) -> Iterator[str]:
        """The list of annexes: 附件：1. …, titles aligned (GB/T 9704-2012, 7.3.4); the last is kept with the signature,
        which must not have a page of its own (7.3.5)."""
        single = len(self._annexes) == 1
        for position, annex in enumerate(self._annexes, 1):
            head = "附件：" if position == 1 else ""
            number = "" if single else f"{position}.\t"
            hang = layout.width(head) + (0 if single else 1.5)
            start = 2 if position == 1 else 5
            above = f'<w:spacing w:before="{styles.LINE}"/>' if position == 1 else ""
            kept = "<w:keepNext/>" if position == len(self._annexes) and not self._of_before else ""
            properties = kept + above + wml.indent(left=start + hang, first=-hang)
            yield wml.paragraph(styles.ANNEX_NOTE, wml.run(head + number + annex.title), properties)

    def _signature(self) -> Iterator[str]:
        """Name and date without a seal; the date is indented from the left, so that its start is exact."""
        name, day = self._report.signature, full_day_text(self._report.signed_on)
        name_indent, date_start = layout.signature(name, day)
        if name:
            yield wml.paragraph(styles.SIGNATURE, wml.run(name), wml.indent(right=name_indent))
        left = styles.TEXT_WIDTH - round(date_start * styles.CHARACTER)
        yield wml.paragraph(
            styles.DATE, wml.run(day), f'<w:ind w:left="{left}" w:firstLineChars="0" w:firstLine="0"/>'
        )

    def _annex(self, annex: Annex, label: str) -> Iterator[str]:
        content = "".join((
            wml.paragraph(styles.ANNEX_LABEL, wml.run(label)),
            wml.paragraph(styles.ANNEX_TITLE, wml.run("\n".join(layout.title_lines(annex.title)))),
            *(wml.paragraph(styles.BODY, wml.run(note)) for note in annex.notes),
            *map(self._chart, annex.charts),
            *(self._photograph(photograph, n) for n, photograph in enumerate(annex.photographs, 1)),
            *((before if self._of_before else grids).table(grid, self._runs) for grid in annex.grids),
        ))  # fmt: skip
        yield self._marked(content, PROOF) if annex.id == PROOF else content

    def _chart(self, chart: charts.Chart) -> str:
        """Caption, kept with the chart, and the chart."""
        self.drawn.append(chart)
        number = len(self.drawn)
        picture = charts.drawing(chart, package.chart_relation(number), number, self.chart_look)
        line = '<w:spacing w:before="0" w:line="240" w:lineRule="auto"/>'
        return wml.paragraph(styles.CAPTION, wml.run(chart.caption)) + wml.paragraph(
            styles.CAPTION, picture, f'<w:keepNext w:val="0"/>{line}'
        )

    def _photograph(self, photograph: Photograph, number: int) -> str:
        """Photograph, kept with its caption, and the caption."""
        caption, data = photographs.caption(photograph, number), self._pictures.get(photograph.digest)
        under = '<w:keepNext w:val="0"/><w:snapToGrid w:val="0"/><w:spacing w:before="60" w:after="120" w:line="400"/>'
        if data is None:
            return wml.paragraph(styles.CAPTION, wml.run(caption + photographs.WITHDRAWN), under)
        self.media.append(photographs.media(photograph, number, data))
        shown = photographs.drawing(photograph, number, self.media[-1].relation)
        line = '<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
        return wml.paragraph(styles.CAPTION, shown, line) + wml.paragraph(
            styles.CAPTION, wml.run(caption), under
        )
