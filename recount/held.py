"""A document held against its manifest: every paragraph, cell, chart and picture, in its place."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from recount.binding import Bound
from recount.faults import FaultKind
from recount.judging import Judge
from recount.manifest import Grid, Manifest, Wording, digest
from recount.model import HEADING, PAGED, Document, Paragraph, Table
from recount.rewording import Rewording
from recount.shown import Shown, shown

_ATTACHED, _PAGES = "附件", "页脚"
_FORMAL = ("落款的机关", "成文日期")
_MOST_TIMES = 20  # no office adds so much, and comparing takes the square of it
Region = tuple[list[Wording], list[Shown]]


def hold(document: Document, manifest: Manifest, to: Judge) -> None:
    _Holder(document, manifest, to).hold()


class _Holder:
    def __init__(self, document: Document, manifest: Manifest, to: Judge) -> None:
        self._document, self._manifest, self._to, self._result = document, manifest, to, to.result
        self._signed: list[Wording | Grid] = list(manifest.blocks)
        self._formal = dict(_formal(manifest))
        self._blocks = [block for block in map(self._block, document.blocks) if block is not None]
        self._texts = [(digest(block.text), block) for block in self._blocks if isinstance(block, Shown)]
        known = set(_digests(manifest))
        names = (one.text for key, one in self._texts if self._formal.get(key) == _FORMAL[0])
        town = next(names, "").removesuffix("人民代表大会主席团")
        self._rewording = Rewording(to, town, (one.text for key, one in self._texts if key in known))

    def _block(self, block: Paragraph | Table) -> Shown | Table | None:
        if isinstance(block, Table):
            return block
        one = shown(self._to.binder, [block])
        return one if one.text or one.emptied else None

    def hold(self) -> None:
        self._body()
        self._headings()
        self._pages()
        self._pictures()

    # -- the body -----------------------------------------------------------------------------------------

    def _body(self) -> None:
        signed, found = list(map(_key, self._signed)), list(map(_found_key, self._blocks))
        moved = Counter(found) & Counter(signed)
        if len(found) > _MOST_TIMES * len(signed):
            self._altered(_ATTACHED, f"有{len(found)}段，编制时只有{len(signed)}段")
            return
        matcher = SequenceMatcher(None, signed, found, autojunk=False)
        regions: list[tuple[Sequence[Wording | Grid], Sequence[Shown | Table], str, bool]] = []
        for op, i, j, k, m in matcher.get_opcodes():
            if op == "equal":
                moved.subtract(signed[i:j])
                for entry, block in zip(self._signed[i:j], self._blocks[k:m], strict=True):
                    self._same(entry, block)
            else:
                attached = self._attached(i, j)
                place = self._place(k, m, attached=attached)
                regions.append((self._signed[i:j], self._blocks[k:m], place, attached))
        for entries, blocks, place, attached in regions:
            self._region(entries, blocks, place, +moved, attached=attached)

    def _place(self, start: int, end: int, *, attached: bool) -> str:
        """Where blocks of the document stand; of none, where some were taken away."""
        if start < end:
            return self._blocks[start].place
        if attached:
            return _ATTACHED
        return f"{self._blocks[start - 1].place}之后" if start else "正文开头"

    def _attached(self, start: int, end: int) -> bool:
        """Whether entries are of the annexes, or what stands between them is."""
        around = [*self._signed[start:end], *self._signed[max(0, start - 1) : start]]
        return any(not isinstance(entry, Wording) or entry.annex for entry in around)

    def _same(self, entry: Wording | Grid, block: Shown | Table) -> None:
        if isinstance(entry, Wording) and isinstance(block, Shown):
            self._wording(entry, block)
        elif not isinstance(entry, Wording) and isinstance(block, Table):
            self._table(entry, block)

    def _wording(self, entry: Wording, one: Shown) -> None:
        """A paragraph or cell of the signed wording: its numerals are where they were."""
        places = {(n.start, n.end): n.tag for n in entry.numerals}
        names = {b.tag: b.name for b in one.bound}
        for bound in one.bound:
            signed = places.get((bound.start, bound.end))
            if bound.strict and signed is not None and bound.tag != signed:
                self._to.numeral(one, bound, f"控件所注的指标被换过，编制时是“{signed}”")
                places.pop((bound.start, bound.end))
        for (start, end), tag in places.items():
            self._to.numeral(one, Bound(start, end, tag, names.get(tag, tag), strict=True))
        covered = [(n.start, n.end) for n in entry.numerals]
        self._to.free(one, covered, trusted=not entry.own)

    def _headings(self) -> None:
        """Paragraphs with numerals under another heading than when they were signed."""
        standing = {key for key, one in self._texts if HEADING.match(one.text)}
        under, heading = dict[str, set[str]](), ""
        for entry in self._manifest.blocks:
            if isinstance(entry, Wording) and entry.digest in standing:
                heading = entry.digest
            elif isinstance(entry, Wording) and entry.numerals:
                under.setdefault(entry.digest, set()).add(heading)
        signed, heading = standing.intersection(_digests(self._manifest)), ""
        for key, one in self._texts:
            heading = key if key in signed else heading
            if heading not in under.get(key, {heading}):
                self._result.beside.append(f"{one.place}：“{one.text[:20]}…”编制时在另一个标题之下")

    # -- tables -------------------------------------------------------------------------------------------

    def _table(self, signed: Grid, table: Table) -> None:
        for number, (entries, cells) in enumerate(zip_longest(signed, table.rows), 1):
            if _is_own(signed) and (entries is None or cells is None or len(entries) != len(cells)):
                self._added(paragraph for cell in cells or () for paragraph in cell)
                self._result.reworded.append(f"{table.place}：单位自己的表格改动了第{number}行")
                continue
            if entries is None or cells is None or len(entries) != len(cells):
                what = "多出" if entries is None else "少了" if cells is None else "改变了列数"
                last = table.rows[-1] if cells is None else cells
                place = next((p.place for cell in last for p in cell), table.place)
                self._altered(place, f"这张表第{number}行与编制时不同：{what}")
                continue
            for entry, cell in zip(entries, cells, strict=True):
                one = shown(self._to.binder, cell)
                if entry.own and digest(one.text) != entry.digest:
                    self._added(cell)
                else:
                    self._cell(entry, one)

    def _cell(self, entry: Wording, one: Shown) -> None:
        if digest(one.text) == entry.digest:
            self._wording(entry, one)
            return
        faults = len(self._result.faults)
        own = {numeral.tag for numeral in entry.numerals}
        self._to.emptied(one)
        for bound in one.bound:
            if bound.tag in own:
                self._to.numeral(one, bound)
        if len(self._result.faults) == faults:
            self._altered(one.place, f"“{one.text[:40]}”与编制时不同")

    def _altered(self, place: str, told: str) -> None:
        self._result.add(FaultKind.ALTERED, place, told)

    # -- what was changed ---------------------------------------------------------------------------------

    def _region(
        self,
        entries: Sequence[Wording | Grid],
        blocks: Sequence[Shown | Table],
        place: str,
        moved: Counter[str],
        *,
        attached: bool,
    ) -> None:
        grids = [entry for entry in entries if not isinstance(entry, Wording)]
        tables = [block for block in blocks if isinstance(block, Table)]
        for grid, table in zip_longest(grids, tables):
            if grid is not None and table is not None:
                self._table(grid, table)
            elif grid is not None and _is_own(grid):
                self._result.reworded.append(f"{place}：删去了单位自己的表格")
            elif table is None:
                self._altered(place, "表格被删去")
            elif attached:
                self._altered(table.place, "附件中添加的表格")
            else:
                self._added(paragraph for row in table.rows for cell in row for paragraph in cell)
        wordings = [entry for entry in entries if isinstance(entry, Wording)]
        found = [block for block in blocks if isinstance(block, Shown)]
        if attached:
            self._annex(wordings, found, place)
        else:
            self._reworded(*self._without_moved(wordings, found, moved), place)

    def _annex(self, entries: list[Wording], found: list[Shown], place: str) -> None:
        for one in found:
            self._to.emptied(one)
            self._altered(one.place, f"附件中的“{one.text[:40]}”与编制时不同")
        if len(found) < len(entries):
            self._altered(place, f"附件中的文字被删去{len(entries) - len(found)}处")

    def _without_moved(self, entries: list[Wording], found: list[Shown], moved: Counter[str]) -> Region:
        """Without the paragraphs that stand elsewhere now, word for word."""
        rest = []
        by_digest = {entry.digest: entry for entry in self._manifest.blocks if isinstance(entry, Wording)}
        for one in found:
            entry = by_digest.get(digest(one.text))
            if entry is not None and moved[_key(entry)] and not entry.annex:
                self._result.reworded.append(f"{one.place}：移动了“{one.text[:20]}…”")
                self._wording(entry, one)
            else:
                rest.append(one)
        return [entry for entry in entries if not moved[_key(entry)]], rest

    def _reworded(self, entries: list[Wording], found: list[Shown], place: str) -> None:
        gone = self._rewording.paragraphs(entries, found)
        if gone:
            self._result.beside.append(f"{place}：少了编制时写在这里的{gone}个数字")
        what = "改写" if entries else "添加"
        self._result.reworded += (f"{one.place}：{what}“{one.text[:30]}…”" for one in found)
        for name in (self._formal[entry.digest] for entry in entries if entry.digest in self._formal):
            self._result.beside.append(f"{place}：{name}与编制时不同")
        if entries and not found:
            self._result.reworded.append(f"{place}：删去{len(entries)}段")

    # -- beside the body ----------------------------------------------------------------------------------

    def _pages(self) -> None:
        """Headers and footers as they were signed; notes, comments and text boxes may be anybody's own."""
        shown_on_pages = {digest(paragraph.text) for paragraph in self._document.pages}
        if not shown_on_pages.issuperset(self._manifest.page):
            self._altered(_PAGES, "页码被删去或者改写")
        for paragraph in self._document.beside:
            if paragraph.story in PAGED and digest(paragraph.text) not in {"", *self._manifest.page}:
                self._altered(paragraph.place, f"“{paragraph.text[:40]}”与编制时不同")
        self._added(self._document.beside)

    def _added(self, paragraphs: Iterable[Paragraph]) -> None:
        """Paragraphs of somebody's own: no number in them is bound."""
        for paragraph in paragraphs:
            one = shown(self._to.binder, [paragraph])
            if one.text and digest(one.text) not in self._manifest.page:
                self._rewording.paragraphs([], [one], strict=True)
                self._result.reworded.append(f"{one.place}：添加“{one.text[:30]}”")

    def _pictures(self) -> None:
        charts = [picture for picture in self._document.pictures if picture.shows is not None]
        for chart, signed in zip_longest(charts, self._manifest.charts):
            if chart is None or signed is None:
                self._altered(_ATTACHED, "图被删去" if chart is None else "添加的图")
            elif digest(json.dumps(chart.shows, ensure_ascii=False)) != signed.shows:
                self._altered(_ATTACHED, "图的标题、类别或者数值与编制时不同")
            else:
                if chart.described and digest(chart.described) != signed.described:
                    self._altered(_ATTACHED, f"图的替代文字“{chart.described[:40]}”与编制时不同")
                self._charted(signed.figures, chart.shows or [])
        pictures = [picture for picture in self._document.pictures if picture.shows is None]
        for picture, kept in zip_longest(pictures, self._manifest.pictures):
            if picture is None or kept is None:
                self._altered(_ATTACHED, "照片被删去" if picture is None else "添加的图片：其中的数字读不出")
            elif picture.digest != kept.digest:
                self._altered(_ATTACHED, "照片与编制时不同")
            elif picture.described and digest(picture.described) != kept.described:
                self._altered(_ATTACHED, f"照片的替代文字“{picture.described[:40]}”与编制时不同")

    def _charted(self, figures: Sequence[str], shows: Sequence[Any]) -> None:
        """The values of a chart against the recount."""
        for id, value in zip(figures, shows[2], strict=False):
            expected = self._to.now.get(id, "")
            if expected.isdigit() and float(value) != float(expected):
                told = f"图中“{id}”画作“{value}”，应为“{expected}”"
                self._result.add(FaultKind.DIFFERS, _ATTACHED, told, str(value), id)


def _digests(manifest: Manifest) -> Iterator[str]:
    return (entry.digest for entry in manifest.blocks if isinstance(entry, Wording))


def _formal(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Names of the paragraphs of a summary that say whose it is and of when, by digest."""
    body = [entry for entry in manifest.blocks if isinstance(entry, Wording) and not entry.annex]
    if manifest.document == "" and len(body) > len(_FORMAL):
        yield body[0].digest, "标题"
        yield from zip((entry.digest for entry in body[-len(_FORMAL) :]), _FORMAL, strict=True)


def _is_own(grid: Grid) -> bool:
    return any(cell.own for row in grid for cell in row)


def _key(entry: Wording | Grid) -> str:
    if isinstance(entry, Wording):
        return entry.digest
    return "表：" + " ".join(cell.digest for cell in entry[0]) if entry else "表："


def _found_key(block: Shown | Table) -> str:
    if isinstance(block, Shown):
        return digest(block.text)
    heads = block.rows[0] if block.rows else []
    return "表：" + " ".join(digest(" ".join(p.text for p in cell)) for cell in heads)
