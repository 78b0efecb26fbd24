"""Documents without a manifest, of before it was introduced: every numeral by its own control or bookmark."""

from typing import Final

from recount import tags
from recount.beside import change
from recount.binding import Bound
from recount.judging import Judge
from recount.model import Document
from recount.shown import Shown, shown
from recount.spoken import spoken

_CHANGING: Final = ("约", "近", "超", "-", ".", "−", "－", "负", "足", "逾", "过", "满")


def judge(document: Document, to: Judge) -> None:
    for paragraph in document.paragraphs:
        _paragraph(shown(to.binder, [paragraph]), to)


def _paragraph(one: Shown, to: Judge) -> None:
    to.emptied(one)
    for whole in one.bound:
        bound = whole.narrowed(one.text)
        written = one.text[bound.start : bound.end]
        numeric = any(True for _ in spoken(written, strict=True))
        if not bound.strict and not numeric and written.strip() not in to.now.values():
            continue  # the number was deleted and its bookmark is left
        to.numeral(one, bound, "" if bound.tag == tags.FINDING else _beside(one.text, bound))
    to.free(one, [(bound.start, bound.end) for bound in one.bound], trusted=False)


def _beside(text: str, bound: Bound) -> str:
    """What stands right beside a numeral and makes it another, whatever stood there when it was compiled."""
    before, after = text[: bound.start][-6:], text[bound.end :][:4]
    usual = before.rstrip("约近超足逾过满负-−－.0123456789"), after.lstrip("万亿千百余多几0123456789")
    usual = usual[0], usual[1][1:] if usual[1][:1] == "." and usual[1][1:2].isdigit() else usual[1]
    return change((usual[0], before), (usual[1], after)) if usual != (before, after) else ""
