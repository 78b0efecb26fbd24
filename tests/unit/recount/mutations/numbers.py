"""Mutations of bound numbers: inside of the control, beside it, and where it was."""

from typing import Any, Final

from tests.unit.recount.mutations.word import Mutation, W, Word, after, before, run, text_of, unwrap, write

_FORMS: Final = (
    *(
        "{n}余",
        "约{n}",
        "{n}万",
        "-{n}",
        "{n}至四十",
        "{n}多",
        "近{n}",
        "超过{n}",
        "不足{n}",
        "{n}倍",
        "{n}成",
    ),
    *(
        "{n}%",
        "{n}‰",
        "{n}+",
        "+{n}",
        "0{n}",
        "{n}.0",
        "{n}.5",
        "1{n}",
        "{n}0",
        "1,0{n}",
        "{n}/2",
        "{n}²",
        "{n}–40",
    ),
    *(
        "{n}人",
        "{n} 0",
        "（{n}）",
        "{n}以上",
        "{n}左右",
        "{n}①",
        "{w}",
        "若干",
        "三十二",
        "叁拾贰",
        "数十",
        "百余",
    ),
    *("半数", "①", "Ⅻ", "", "未登记"),
)
"""`{n}`: the number; `{w}`: in full width."""

_BEFORE: Final = (
    *(
        "约",
        "近",
        "超过",
        "不足",
        "不到",
        "至少",
        "最多",
        "逾",
        "将近",
        "大约",
        "平均",
        "每",
        "各",
        "第",
        "负",
    ),
    *(
        "-",
        "−",
        "－",
        "+",
        "1",
        "１",
        "1,",
        "0.",
        "三",
        "百分之",
        "±",
        "＞",
        "~",
        "4—",
        "3/",
        "A",
        "无",
        "除",
    ),
)
_AFTER: Final = (
    *(
        "余",
        "多",
        "万",
        "亿",
        "千",
        "百",
        "倍",
        "成",
        "%",
        "％",
        "‰",
        "以上",
        "左右",
        "8",
        "８",
        ",000",
        ".5",
        "．5",
    ),
    *("至40", "—40", "/2", "几", "来", "②", "个百分点", "分之", "³", "+", "十", "〇"),
)
_GONE: Final = (
    "三件",
    "两",
    "廿三",
    "叁拾贰",
    "二〇",
    "百余",
    "九成",
    "三分之二",
    "过半",
    "②",
    "Ⅻ",
    "９９",
    "99",
    "许多个9",
)


def _inside(form: str) -> Mutation:
    def mutate(word: Word) -> None:
        control = word.control()
        n = text_of(control)
        wide = n.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        write(control, form.format(n=n, w=wide))

    return mutate


def _in_front(text: str) -> Mutation:
    return lambda word: before(word.control(), run(text))


def _behind(text: str) -> Mutation:
    return lambda word: after(word.control(), run(text))


def _bookmark_kept(text: str) -> Mutation:
    def mutate(word: Word) -> None:
        control = word.control()
        write(control, text)
        unwrap(control)

    return mutate


def _both_gone(text: str) -> Mutation:
    def mutate(word: Word) -> None:
        control = word.control()
        write(control, text)
        for mark in (control.getprevious(), control.getnext()):
            mark.getparent().remove(mark)
        unwrap(control)

    return mutate


def _beside_bookmark(text: str) -> Mutation:
    """The control is gone, and what is put beside the number stands within the bookmark."""

    def mutate(word: Word) -> None:
        control = word.control()
        control.addnext(run(text))
        unwrap(control)

    return mutate


def _unit(word: Word) -> None:
    """The unit after a number is another."""
    control = word.control()
    follows = control.getnext().getnext()
    text = next(follows.iter(f"{W}t"))
    text.text = "户" + (text.text or "")[1:]


def _unit_shorter(word: Word) -> None:
    """人次 becomes 人."""
    text = next(t for t in word.root.iter(f"{W}t") if (t.text or "").startswith("人次") and _after_control(t))
    text.text = "人" + (text.text or "")[2:]


def _after_control(text: object) -> bool:
    previous = text.getparent().getprevious()  # type: ignore[attr-defined]
    return previous is not None and previous.tag == f"{W}bookmarkEnd"


def _rate(word: Word) -> Any:
    """The control of a rate: its percent sign stands beside it in the bookmark."""
    found = (c for c in word.root.iter(f"{W}sdt") if "." in text_of(c) and c.getnext().tag == f"{W}r")
    return word.chance.choice(list(found))


def _percent_sign(sign: str) -> Mutation:
    def mutate(word: Word) -> None:
        write(_rate(word).getnext(), sign)

    return mutate


def _rate_inside(form: str) -> Mutation:
    def mutate(word: Word) -> None:
        control = _rate(word)
        write(control, form.format(n=text_of(control)))

    return mutate


MUTATIONS: Final[dict[str, Mutation]] = {
    **{
        f"in the place of the percent sign: {sign}": _percent_sign(sign)
        for sign in ("", "‰", "％", "成", "人", "%以上")
    },
    **{
        f"inside the control of a rate: {form}": _rate_inside(form)
        for form in ("{n}%", "-{n}", "1{n}", "约{n}", "")
    },
    **{f"inside the control: {form}": _inside(form) for form in _FORMS},
    **{f"in front of it: {text}": _in_front(text) for text in _BEFORE},
    **{f"behind it: {text}": _behind(text) for text in _AFTER},
    **{f"control gone, bookmark kept: {text}": _bookmark_kept(text) for text in _GONE},
    **{f"control and bookmark gone: {text}": _both_gone(text) for text in _GONE},
    **{f"typed in the bookmark: {text}": _beside_bookmark(text) for text in ("余", "万", "8", "倍", "以上")},
    "another unit": _unit,
    "人 instead of 人次": _unit_shorter,
}
