"""Mutations that exchange, move, copy or take away what stands there."""

import re
from copy import deepcopy
from typing import Any, Final

from tests.unit.recount.mutations.word import Mutation, W, Word, exchange, run, text_of, write, xml


def _pair(word: Word) -> tuple[Any, Any]:
    """Two controls of one sentence with different numbers."""
    for paragraph in word.body.iterfind(f"{W}p"):
        controls = [c for c in paragraph.iterfind(f"{W}sdt") if text_of(c).isdigit()]
        pairs = [(a, b) for a in controls for b in controls if text_of(a) != text_of(b)]
        if pairs and word.chance.random() < 0.5:
            return word.chance.choice(pairs)
    return pairs[0]


def _apart(word: Word) -> tuple[Any, Any]:
    """Two controls of different sentences with different numbers."""
    one = word.control()
    others = [c for c in word.controls(sentences=True) if text_of(c) != text_of(one)]
    away = [c for c in others if c.getparent() is not one.getparent()]
    return one, word.chance.choice(away)


def _bookmarked(control: Any) -> tuple[Any, Any, Any]:
    return control.getprevious(), control, control.getnext()


def _whole(one: Any, other: Any) -> None:
    """Exchange controls with their bookmarks."""
    for a, b in zip(_bookmarked(one), _bookmarked(other), strict=True):
        exchange(a, b)


def _texts(one: Any, other: Any) -> None:
    a, b = text_of(one), text_of(other)
    write(one, b)
    write(other, a)


def _tags(one: Any, other: Any) -> None:
    a, b = (c.find(f"{W}sdtPr/{W}tag") for c in (one, other))
    a_value, b_value = a.get(f"{W}val"), b.get(f"{W}val")
    a.set(f"{W}val", b_value)
    b.set(f"{W}val", a_value)


def _texts_and_tags(word: Word) -> None:
    pair = _pair(word)
    _tags(*pair)
    _texts(*pair)


def _copied(word: Word) -> None:
    one, other = _apart(word)
    for element in _bookmarked(one):
        other.getparent().append(deepcopy(element))


def _twice(word: Word) -> None:
    control = word.control()
    for element in reversed(_bookmarked(control)):
        control.getnext().addnext(deepcopy(element))


def _sentence_moved(word: Word) -> None:
    """The end of a paragraph, numbers included, to the end of another."""
    one, other = _apart(word)
    source, target = one.getparent(), other.getparent()
    for element in list(source)[source.index(one.getprevious()) :]:
        target.append(element)


def _cells(row: Any) -> list[Any]:
    return list(row.iterfind(f"{W}tc"))


def _different_rows(word: Word, column: int) -> tuple[Any, Any]:
    rows = [row for row in word.rows() if text_of(_cells(row)[column])]
    one = word.chance.choice(rows)
    other = word.chance.choice(
        [r for r in rows if text_of(_cells(r)[column]) != text_of(_cells(one)[column])]
    )
    return one, other


def _cells_exchanged(column: int) -> Mutation:
    def mutate(word: Word) -> None:
        one, other = _different_rows(word, column)
        exchange(_cells(one)[column], _cells(other)[column])

    return mutate


def _rows_exchanged(word: Word) -> None:
    exchange(*_different_rows(word, 0))


def _columns_exchanged(word: Word) -> None:
    for row in [word.table().find(f"{W}tr"), *word.rows()]:
        cells = _cells(row)
        exchange(cells[0], cells[1])


def _heads_exchanged(word: Word) -> None:
    cells = _cells(word.table().find(f"{W}tr"))
    exchange(cells[0], cells[1])


def _chapter_renamed(word: Word) -> None:
    """The heading of a chapter of the statistics."""
    rows = word.table().iterfind(f"{W}tr")
    heading = next(row for row in rows if len(_cells(row)) == 1)
    next(heading.iter(f"{W}t")).text = "主席团会议和监督"


def _row_gone(word: Word) -> None:
    row = word.chance.choice(word.rows())
    row.getparent().remove(row)


def _row_twice(word: Word) -> None:
    row = word.chance.choice(word.rows())
    row.addnext(deepcopy(row))


def _last_row_gone(word: Word) -> None:
    word.table().remove(word.rows()[-1])


def _row_added(word: Word) -> None:
    row = deepcopy(word.rows()[-1])
    for text in row.iter(f"{W}t"):
        text.text = "无"
    word.table().append(row)


def _cell_gone(word: Word) -> None:
    row = word.chance.choice(word.rows())
    row.remove(_cells(row)[1])


def _cell_emptied(word: Word) -> None:
    cell = _cells(word.chance.choice(word.rows()))[1]
    for text in cell.iter(f"{W}t"):
        text.text = ""


def _cell_worded(word: Word) -> None:
    next(_cells(word.rows()[0])[0].iter(f"{W}t")).text = "人民代表大会决议件数"


def _tables(word: Word) -> list[Any]:
    return list(word.body.iter(f"{W}tbl"))


def _table_gone(word: Word) -> None:
    table = word.chance.choice(_tables(word))
    table.getparent().remove(table)


def _tables_exchanged(word: Word) -> None:
    first, second = _tables(word)[1:3]
    exchange(first, second)


def _annex_gone(number: int) -> Mutation:
    """All from the label of an annex to that of the next."""

    def mutate(word: Word) -> None:
        inside = False
        for element in list(word.body):
            text = text_of(element)
            if element.tag == f"{W}p" and text.startswith("附件") and len(text) <= 4:
                inside = text == f"附件{number}"
            if inside and element.tag in (f"{W}p", f"{W}tbl"):
                word.body.remove(element)

    return mutate


def _annex_renamed(word: Word) -> None:
    paragraphs = list(word.body.iterfind(f"{W}p"))
    at = next(n for n, p in enumerate(paragraphs) if text_of(p) == "附件2")
    next(paragraphs[at + 1].iter(f"{W}t")).text = "另一张表"


def _note_reworded(word: Word) -> None:
    paragraph = next(p for p in word.body.iter(f"{W}p") if text_of(p).startswith("各来源均已封存"))
    paragraph.append(run("已经上级核验。"))


def _between(word: Word) -> None:
    """A table of somebody's own in the text."""
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    row = f"<w:tr>{cell.format('帮扶')}{cell.format('若干')}</w:tr>"
    word.paragraph().addnext(xml(f"<w:tbl><w:tblPr/><w:tblGrid/>{row}</w:tbl>"))


def _days_exchanged(word: Word) -> None:
    """Two days of a paragraph in each other's place."""
    found = [p for p in word.body.iterfind(f"{W}p") if len(set(re.findall(r"\d+月\d+日", text_of(p)))) > 1]
    first, second = list(dict.fromkeys(re.findall(r"\d+月\d+日", text_of(found[0]))))[:2]
    for text in found[0].iter(f"{W}t"):
        text.text = re.sub(
            f"{first}|{second}", lambda day: first if day[0] == second else second, text.text or ""
        )


def _labels_exchanged(word: Word) -> None:
    """The words before two numbers of a sentence in each other's place."""
    texts = [text for text in word.root.iter(f"{W}t") if (text.text or "").endswith("满意票")]
    for text in texts:
        text.text = (text.text or "").removesuffix("满意票").removesuffix("基本") + (
            "满意票" if "基本" in (text.text or "") else "基本满意票"
        )


MUTATIONS: Final[dict[str, Mutation]] = {
    "two numbers of a sentence exchanged": lambda word: _texts(*_pair(word)),
    "two controls of a sentence exchanged": lambda word: _whole(*_pair(word)),
    "two controls of different sentences exchanged": lambda word: _whole(*_apart(word)),
    "the tags of two controls exchanged": lambda word: _tags(*_apart(word)),
    "texts and tags of two controls exchanged": _texts_and_tags,
    "a control copied into another sentence": _copied,
    "a control twice": _twice,
    "the end of a sentence moved to another": _sentence_moved,
    **{f"cells of column {column + 1} exchanged": _cells_exchanged(column) for column in range(4)},
    "rows exchanged": _rows_exchanged,
    "columns exchanged": _columns_exchanged,
    "heads of columns exchanged": _heads_exchanged,
    "a chapter renamed": _chapter_renamed,
    "a row gone": _row_gone,
    "the last row gone": _last_row_gone,
    "a row twice": _row_twice,
    "a row added": _row_added,
    "a cell gone": _cell_gone,
    "a cell emptied": _cell_emptied,
    "another label of a row": _cell_worded,
    "a table gone": _table_gone,
    "two tables exchanged": _tables_exchanged,
    **{f"annex {number} gone": _annex_gone(number) for number in (1, 2, 5)},
    "an annex renamed": _annex_renamed,
    "a note of the proof reworded": _note_reworded,
    "a table of somebody's own in the text": _between,
    "two days exchanged": _days_exchanged,
    "the words before two numbers exchanged": _labels_exchanged,
}
