"""Tags by which a document binds numerals, and their expected texts from the records (ADR 0022)."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final
from zlib import crc32

from recount.affairs import attendance
from recount.answer import Answer, Nothing, Share, change, printed
from recount.books import Books, groups_of, in_group
from recount.deputies import OF_BEFORE, Count
from recount.figures import FIGURES
from recount.log import Data, day, items
from recount.ratings import of_deputies, reported, result
from recount.suggestions import SuggestionState, assigned_now

FINDING: Final = "finding"
_LONGEST_KEY: Final = 24
_LONGEST_NAME: Final = 40
_DIGITS: Final = "零一二三四五六七八九"


def expected(books: Books, sealed_years: Collection[int], *, of_before: bool = False) -> dict[str, str]:
    """Expected texts by tag, without those of the proof. `sealed_years`: years that are closed.

    `of_before`: by the definitions of before `changes.term_over`.
    """
    figures = {**FIGURES, **OF_BEFORE} if of_before else FIGURES
    compared = _compared(books, sealed_years, figures)
    return dict(_figures(books, figures)) | dict(compared) | dict(_rows(books))


def _compared(
    books: Books, sealed_years: Collection[int], figures: Mapping[str, Count]
) -> Iterator[tuple[str, str]]:
    """Comparison with the same days a year before, where that year is closed and has any event."""
    earlier = books.year_before()
    comparable = earlier is not None and earlier.last.year in sealed_years and earlier.anything_held
    for id, count in figures.items():
        if earlier is None or not comparable:
            yield f"{id}#previous", printed(Nothing.NOT_APPLICABLE if earlier is None else Nothing.MISSING)
            continue
        before = count(earlier)
        yield f"{id}#previous", printed(before)
        difference = change(count(books), before)
        if difference:
            yield f"{id}#change", difference


def _figures(books: Books, figures: Mapping[str, Count]) -> Iterator[tuple[str, str]]:
    for id, count in figures.items():
        answer = count(books)
        yield id, printed(answer)
        if isinstance(answer, int):
            continue
        part, whole = (answer.part, answer.whole) if isinstance(answer, Share) else (None, None)
        yield f"{id}#numerator", printed(answer) if part is None else str(part)
        yield f"{id}#denominator", printed(answer) if whole is None else str(whole)


def _rows(books: Books) -> Iterator[tuple[str, str]]:
    yield from _of_units(books)
    groups = books.groups()
    for key, group in zip(_keys(map(group_name, groups)), groups, strict=True):
        for id, answer in _of_group(books, group).items():
            yield f"{id}@{key}", printed(answer)
    meetings = sorted(
        books.rating_meetings, key=lambda m: (str(day(m["held_on"])), m.get("constituency") or "")
    )
    names = (f"{day(m['held_on'])} {m.get('constituency') or ''}".strip() for m in meetings)
    for key, meeting in zip(_keys(names), meetings, strict=True):
        yield f"ratings.deputies@{key}", str(len(reported(books, meeting)))
        for name in ("issued", "returned", "void", "valid"):
            yield f"ratings.{name}@{key}", str(result(meeting, name))
        if not meeting["result"].get("suppressed"):
            yield f"ratings.abstained@{key}", str(of_deputies(meeting, "abstain"))


def _of_units(books: Books) -> Iterator[tuple[str, str]]:
    """Suggestions by unit; by unit that leads, the replies and the deputies' evaluations."""
    assigned = assigned_now(books)
    co = [unit for suggestion, _ in assigned for unit in items(suggestion.get("co_units"))]
    led: dict[str, list[SuggestionState]] = {unit: [] for unit in co}
    for suggestion, now in assigned:
        led.setdefault(suggestion.get("unit") or "", []).append(now)
    led.pop("", None)
    for key, unit in zip(_keys(sorted(led)), sorted(led), strict=True) if len(led) > 1 else ():
        yield f"suggestions.led@{key}", str(len(led[unit]))
        yield f"suggestions.co@{key}", str(co.count(unit))
        yield f"suggestions.replied@{key}", str(sum(now.replied for now in led[unit]))
        for result_code in ("satisfied", "basically_satisfied", "dissatisfied"):
            yield f"suggestions.{result_code}@{key}", str(sum(now.result == result_code for now in led[unit]))


def _of_group(books: Books, group: Data) -> Mapping[str, Answer]:
    events = [
        activity for activity in books.activities("group_activity") if group["id"] in groups_of(activity)
    ]
    turnouts = [books.turnout_of(group["id"], event) for event in events]
    return {
        "groups.members": sum(in_group(mandate, group["id"], books.last) for mandate in books.serving()),
        "group_activities.times": len(events),
        "group_activities.person_times": sum(len(turnout.came) for turnout in turnouts),
        "group_activities.attendance_rate": attendance(turnouts),
    }


def _keys(names: Iterable[str]) -> list[str]:
    seen: Counter[str] = Counter()
    keys = []
    for name in (name[:_LONGEST_KEY] for name in names):
        seen[name] += 1
        keys.append(name if seen[name] == 1 else f"{name}~{seen[name]}")
    return keys


def group_name(group: Data) -> str:
    return str(group.get("name") or f"第{_numeral(group.get('number') or 0)}代表小组")


def _numeral(n: int) -> str:
    """七, 十七, 二十, 一百零五; from 1000 on digits."""
    if not 0 <= n < 1000:
        return str(n)
    if n < 10:
        return _DIGITS[n]
    if n < 20:
        return "十" + (_DIGITS[n - 10] if n > 10 else "")
    if n < 100:
        return _DIGITS[n // 10] + "十" + (_DIGITS[n % 10] if n % 10 else "")
    rest = n % 100
    tail = "" if not rest else f"零{_DIGITS[rest]}" if rest < 10 else _tens(rest)
    return f"{_DIGITS[n // 100]}百{tail}"


def _tens(n: int) -> str:
    return _DIGITS[n // 10] + "十" + (_DIGITS[n % 10] if n % 10 else "")


def bookmark(tag: str) -> str:
    """Name of a numeral's bookmark after the prefix `f_<number>_`."""
    name = re.sub(r"[^0-9A-Za-z_]", "_", tag)
    longest = _LONGEST_NAME - len("f_000_")
    if len(name) <= longest and re.fullmatch(r"[0-9A-Za-z_.]*", tag):
        return name
    return f"{name[: longest - 9]}_{crc32(tag.encode()):08x}"
