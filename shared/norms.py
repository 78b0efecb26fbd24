"""Rules of law and practice as dated data: source, scope, days in force; retention periods among them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["block", "warn", "info"]
"""block: the act would be void, so its entry is refused; warn: a duty or a deadline at risk; info: practice."""
Scope = Literal["national", "province", "county", "town", "practice"]

SINCE: Final = date(2021, 11, 1)
"""Day on which the law on the protection of personal information came into force."""
SHORTEST: Final = (
    "个人信息保护法第十九条（保存期限应当为实现处理目的所必要的最短时间）"
    "、第四十七条（目的已实现的应当主动删除）"
)


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


class Retention(BaseModel):
    """A rule: what is erased, so many days after what. `effective_from`: the day from which the rule applies."""

    model_config = ConfigDict(frozen=True)

    id: str
    what: str
    after: str
    days: int
    basis: str
    effective_from: date

    @property
    def kept(self) -> timedelta:
        return timedelta(days=self.days)
