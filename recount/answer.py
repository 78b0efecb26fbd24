"""Values of figures and their printed form (GB/T 15835-2011; one decimal, 100% only where it is exact)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class Nothing(Enum):
    """The reason for a missing number: not recorded, or a zero denominator."""

    MISSING = "缺数据"
    NOT_APPLICABLE = "不适用"


@dataclass(frozen=True)
class Share:
    part: int
    whole: int


Answer = int | Share | Nothing


def share(part: int, whole: int) -> Answer:
    return Share(part, whole) if whole else Nothing.NOT_APPLICABLE


def added(numbers: Iterable[int | None]) -> Answer:
    """The sum of recorded numbers; MISSING where there are records and none has a number."""
    every = list(numbers)
    recorded = [n for n in every if n is not None]
    return sum(recorded) if recorded or not every else Nothing.MISSING


def printed(answer: Answer) -> str:
    if isinstance(answer, Nothing):
        return answer.value
    return percent(answer) if isinstance(answer, Share) else str(answer)


def percent(answer: Share) -> str:
    tenths = (answer.part * 2000 + answer.whole) // (2 * answer.whole)  # half up
    if answer.part > 0 and tenths == 0:
        tenths = 1
    if answer.part < answer.whole and tenths == 1000:
        tenths = 999
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def change(now: Answer, before: Answer) -> str:
    """The difference with its sign, of shares in percentage points; empty where either is no number."""
    if isinstance(now, Nothing) or isinstance(before, Nothing):
        return ""
    difference = _exact(now) - _exact(before)
    if not difference:
        return "持平"
    sign = "+" if difference > 0 else "-"
    if isinstance(now, int) and isinstance(before, int):
        return f"{sign}{abs(now - before)}"
    return f"{sign}{float(abs(difference) * 100):.1f}个百分点"


def _exact(answer: int | Share) -> Fraction:
    return Fraction(answer) if isinstance(answer, int) else Fraction(answer.part, answer.whole)
