"""Mutations that add a number to the text, in every writing and with every excuse."""

from collections.abc import Callable
from typing import Final

from tests.unit.recount.mutations.word import Mutation, W, Word, paragraph, run, text_of

_WRITTEN: Final = (
    *(
        "三件",
        "两次",
        "廿三名",
        "叁拾贰名",
        "二〇件",
        "百余人",
        "九成",
        "三分之二",
        "过半",
        "②",
        "Ⅻ",
        "３２名",
        "32",
        "98.5%",
    ),
    *(
        "1,200.5元",
        "百分之九十",
        "四十七",
        "半数",
        "数十次",
        "几十户",
        "近百户",
        "上千人次",
        "俩",
        "十来次",
        "一百零五条",
    ),
    *(
        "㈢",
        "⒊",
        "Ⅲ",
        "五倍",
        "翻番",
        "一次",
        "一名",
        "七场",
        "壹佰元",
        "卅二户",
        "½",
        "一百",
        "万余元",
        "六七次",
        "五十八",
    ),
    *("参加人数99人", "多99件", "A99件"),
)
_EXCUSES: Final = (
    *(
        "2025年完成38",
        "38年",
        "1999年",
        "2019年度",
        "13月",
        "6月31日",
        "38日",
        "第99次",
        "第 38",
        "〔2020〕99号",
    ),
    *(
        "《关于38件实事的报告》",
        "附件38",
        "（38）",
        "（2038）",
        "9时38分",
        "2020-12-38",
        "2020-2025年",
        "表38",
        "图38",
    ),
    *("38：00", "第三十八届", "二〇三八年", "编号38", "序号38", "38. ", "附件：38、"),
)


def _sentence(text: str) -> Mutation:
    return lambda word: word.paragraph().append(run(f"另有{text}。"))


def _paragraph(text: str) -> Mutation:
    """A paragraph of its own after one of the text."""
    return lambda word: word.paragraph().addnext(paragraph(f"另有{text}。"))


def _heading(word: Word) -> None:
    heading = next(p for p in word.body.iterfind(f"{W}p") if text_of(p).startswith("二、"))
    heading.append(run("（完成38件）"))


def _title(word: Word) -> None:
    title = next(p for p in word.body.iterfind(f"{W}p") if text_of(p).strip())
    text = next(title.iter(f"{W}t"))
    text.text = (text.text or "").replace("2020", "2021")


def _date(word: Word) -> None:
    """The day of signature."""
    text = [t for t in word.root.iter(f"{W}t") if (t.text or "").endswith("2020年12月7日")][-1]
    text.text = "2020年12月31日"


def _day(word: Word) -> None:
    """A day in a sentence."""
    text = next(t for t in word.root.iter(f"{W}t") if "6月9日" in (t.text or ""))
    text.text = (text.text or "").replace("6月9日", "6月10日")


def _named_cell(head: str, text: str) -> Mutation:
    """A cell in a column that is called 序号 or 编号."""

    def mutate(word: Word) -> None:
        for table in word.body.iterfind(f"{W}tbl"):
            heads = [text_of(cell) for cell in table.find(f"{W}tr").iterfind(f"{W}tc")]
            if head in heads:
                rows = list(table.iterfind(f"{W}tr"))
                cell = list(rows[1].iterfind(f"{W}tc"))[heads.index(head)]
                next(cell.iter(f"{W}t")).text = text
                return
        raise AssertionError(f"no column {head}")

    return mutate


def _renamed_column(word: Word) -> None:
    """A column of values that calls itself 编号, with another value in it."""
    first, second = word.table().find(f"{W}tr"), word.rows()[0]
    next(list(first.iterfind(f"{W}tc"))[1].iter(f"{W}t")).text = "编号"
    control = next(second.iter(f"{W}sdt"))
    cell = next(control.iterancestors(f"{W}tc"))
    cell.find(f"{W}p").remove(control)
    cell.find(f"{W}p").append(run("38"))


_make: Callable[[str], Mutation] = _sentence
MUTATIONS: Final[dict[str, Mutation]] = {
    **{f"typed: {text}": _make(text) for text in _WRITTEN},
    **{f"a paragraph more: {text}": _paragraph(text) for text in _WRITTEN[::3]},
    **{f"excused: {text}": _make(text) for text in _EXCUSES},
    "a number in a heading": _heading,
    "another year in the title": _title,
    "another day of signature": _date,
    "another day in a sentence": _day,
    "another number under 序号": _named_cell("序号", "38"),
    "a column renamed to 编号": _renamed_column,
}
