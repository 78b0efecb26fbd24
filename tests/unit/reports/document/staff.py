"""What staff and word processors do to a summary: seeded edits of a Word file's text, alone or several at once."""

import random
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from lxml import etree

from tests.fixtures.documents import W, changed, controls, split_runs, unwrap

WORDS = ("认真", "及时", "会同有关单位", "按照部署", "，效果较好")


class Staff:
    """One person editing one file. `typed`: numbers written over computed ones or added."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.typed: list[str] = []

    def edit(self, file: bytes) -> bytes:
        return changed(file, self._edit)

    def _edit(self, root: Any) -> None:
        for _ in range(self.random.randint(1, 4)):
            self.random.choice(EDITS)(self, text_of(root))
        for habit in sorted(self.random.sample(HABITS, self.random.randint(0, 2)), key=HABITS.index):
            habit(self, root)

    def number(self) -> str:
        """Unlike every computed one."""
        self.typed.append(str(7001 + len(self.typed) * 13 + self.random.randrange(10)))
        return self.typed[-1]

    def plain(self, paragraphs: list[Any]) -> Any:
        """A run of plain words of some length."""
        runs = [r for p in paragraphs for r in p.findall(f"{W}r") if len("".join(r.itertext())) > 6]
        return self.random.choice(runs)


def text_of(root: Any) -> list[Any]:
    """The paragraphs of the text, from the first that has a bookmark of its own to the last before the annexes."""
    found = []
    for p in root.find(f"{W}body").findall(f"{W}p"):
        if "".join(p.itertext()).startswith("附件"):
            break
        style = p.find(f"{W}pPr/{W}pStyle")
        if (style is not None and style.get(f"{W}val") == "BodyOfficial") or p.find(
            f"{W}bookmarkStart"
        ) is not None:
            found.append(p)
    return found


def _between(staff: Staff, text: str, length: int = 0) -> int:
    """A place where `length` characters may go without a number being cut."""
    fit = [at for at in range(1, len(text) - length) if not re.search(r"\d", text[at - 1 : at + length + 1])]
    return staff.random.choice(fit or [len(text)])


def _cut(run: Any, at: int) -> Any:
    """The run divided; the second part is returned."""
    text = run.find(f"{W}t")
    second = deepcopy(run)
    second.find(f"{W}t").text = text.text[at:]
    text.text = text.text[:at]
    run.addnext(second)
    return second


def _insert(staff: Staff, paragraphs: list[Any]) -> None:
    text = staff.plain(paragraphs).find(f"{W}t")
    at = _between(staff, text.text)
    text.text = text.text[:at] + staff.random.choice(WORDS) + text.text[at:]


def _delete(staff: Staff, paragraphs: list[Any]) -> None:
    text = staff.plain(paragraphs).find(f"{W}t")
    at = _between(staff, text.text, 2)
    text.text = text.text[:at] + text.text[at + 2 :]


def _write_over(staff: Staff, paragraphs: list[Any]) -> None:
    bound = [one for p in paragraphs for one in controls(p)]
    if bound:
        next(staff.random.choice(bound).iter(f"{W}t")).text = staff.number()


def _add_number(staff: Staff, paragraphs: list[Any]) -> None:
    text = staff.plain(paragraphs).find(f"{W}t")
    text.text += f"另有{staff.number()}名，"


def _split(staff: Staff, paragraphs: list[Any]) -> None:
    """Enter in the middle: the bookmark begins in the first and ends in the second."""
    run = staff.plain(paragraphs)
    second = _cut(run, _between(staff, run.find(f"{W}t").text))
    paragraph = run.getparent()
    after = etree.Element(f"{W}p")
    rest = [second, *second.itersiblings()]
    after.extend(rest)
    paragraph.addnext(after)


def _merge(staff: Staff, paragraphs: list[Any]) -> None:
    """Backspace at the beginning of a paragraph."""
    pairs = [(p, p.getnext()) for p in paragraphs if p.getnext() in paragraphs]
    first, second = staff.random.choice(pairs)
    first.extend([child for child in second if child.tag != f"{W}pPr"])
    second.getparent().remove(second)


def _move(staff: Staff, paragraphs: list[Any]) -> None:
    whole = [
        p
        for p in paragraphs
        if p.find(f"{W}bookmarkStart") is not None and p.find(f"{W}bookmarkEnd") is not None
    ]
    one, other = staff.random.sample(whole, 2)
    other.addnext(one)


def _remove(staff: Staff, paragraphs: list[Any]) -> None:
    one = staff.random.choice(paragraphs)
    one.getparent().remove(one)


def _write(staff: Staff, paragraphs: list[Any]) -> None:
    """A paragraph of their own, with or without a number."""
    one = etree.Element(f"{W}p")
    number = f"，共{staff.number()}件" if staff.random.random() < 0.5 else ""
    etree.SubElement(etree.SubElement(one, f"{W}r"), f"{W}t").text = f"镇人大还配合做好其他各项工作{number}。"
    staff.random.choice(paragraphs).addnext(one)


EDITS: list[Callable[[Staff, list[Any]], None]] = [
    *(_insert, _insert, _delete, _write_over, _add_number, _split, _merge, _move, _remove, _write),
]


def _runs(staff: Staff, root: Any) -> None:
    split_runs(root)


def _lose_controls(staff: Staff, root: Any) -> None:
    for one in controls(root):
        if staff.random.random() < 0.7:
            unwrap(one)


def _lose_bookmarks(staff: Staff, root: Any) -> None:
    """Of paragraphs: some, and never of two that stand together, for whose they are can then be told by nobody."""
    for p in text_of(root)[:: staff.random.randint(3, 5)]:
        for mark in p.findall(f"{W}bookmarkStart"):
            if mark.get(f"{W}name").startswith("p_"):
                ends = root.iterfind(f".//{W}bookmarkEnd[@{W}id='{mark.get(f'{W}id')}']")
                for end in list(ends):
                    end.getparent().remove(end)
                p.remove(mark)


def _track(staff: Staff, root: Any) -> None:
    """Changes that nobody accepted yet: a word in, a word out."""
    run = staff.plain(text_of(root))
    gone = _cut(run, _between(staff, run.find(f"{W}t").text, 2))
    _cut(gone, 2)
    deletion = etree.Element(f"{W}del")
    gone.addnext(deletion)
    deletion.append(gone)
    gone.find(f"{W}t").tag = f"{W}delText"
    insertion = etree.Element(f"{W}ins")
    etree.SubElement(etree.SubElement(insertion, f"{W}r"), f"{W}t").text = "共同"
    deletion.addnext(insertion)


HABITS: list[Callable[[Staff, Any], None]] = [_lose_controls, _lose_bookmarks, _track, _runs]
