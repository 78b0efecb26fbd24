"""Rules of law and practice as dated data: source, scope, days in force, severity of a breach."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Severity = Literal["block", "warn", "info"]
"""block: the act would be void, so its entry is refused; warn: a duty or a deadline at risk; info: practice."""
Scope = Literal["national", "province", "county", "town", "practice"]


@dataclass(frozen=True)
class Norm:
    """A rule. `basis` names the article of law; both days of `effective_*` are included, None is unbounded."""

    id: str
    basis: str
    severity: Severity
    scope: Scope = "national"
    effective_from: date | None = None
    effective_to: date | None = None

    def holds(self, day: date) -> bool:
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)

    def cited(self, message: str) -> str:
        """A message with the article of law."""
        return f"{message}（依据：{self.basis}）"


class Norms:
    """The rules of a service. Several with the same id are versions, each with its own days in force."""

    def __init__(self, *norms: Norm) -> None:
        self.all = norms

    def on(self, id: str, day: date) -> Norm | None:
        """The version in force on a day, of several the latest; None where the rule does not hold. Errors: KeyError."""
        versions = [norm for norm in self.all if norm.id == id]
        if not versions:
            raise KeyError(id)
        held = [norm for norm in versions if norm.holds(day)]
        return max(held, key=lambda norm: norm.effective_from or date.min, default=None)
