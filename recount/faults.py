"""The result of a verification: faults with their place, what was reworded, and counts."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum


class FaultKind(Enum):
    DIFFERS = "不符"
    UNKNOWN = "不明"
    UNBOUND = "未绑定"
    ALTERED = "改动"
    UNREADABLE = "读不出"
    PROOF = "证明不符"


@dataclass(frozen=True)
class Fault:
    """One thing that is not correct. `tag` is empty where it has none."""

    kind: FaultKind
    place: str
    text: str
    tag: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}"


@dataclass
class Recount:
    """`correct`: number of correct numerals; `passed`: number of exempt ones by class.

    `reworded`: what the office changed without touching a number; `beside`: of that, what may change the meaning, which
    somebody has to confirm; `doubt`: the same of the edition by the log of reports; `signer_unknown`: a manifest was
    compared and nobody has checked who signed it; `scope`: what was recounted.
    """

    faults: list[Fault] = field(default_factory=list)
    correct: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    reworded: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    doubt: str = ""
    signer_unknown: bool = False
    scope: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Numerals that were looked at."""
        numbers = (FaultKind.DIFFERS, FaultKind.UNKNOWN, FaultKind.UNBOUND)
        return self.correct + sum(fault.kind in numbers for fault in self.faults)

    def add(self, kind: FaultKind, place: str, message: str, text: str = "", tag: str = "") -> None:
        fault = Fault(kind, place, text.strip(), tag, message)
        if fault not in self.faults:
            self.faults.append(fault)
