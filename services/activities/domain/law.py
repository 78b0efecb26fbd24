"""The rules whose breach is refused here, as data: where each comes from, when it applies, for whom.

Only what would make an act invalid stands here (`block`); the rest becomes findings of the report.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal


@dataclass(frozen=True)
class Rule:
    """`basis` names the law; an empty bound of `effective_*` is open, both days included."""

    id: str
    basis: str
    severity: Literal["block", "warn", "info"] = "block"
    scope: Literal["national", "province", "county", "town"] = "national"
    effective_from: date | None = None
    effective_to: date | None = None


RULES: Final = (
    Rule("congress.quorum", "地方组织法（2022）第十四条"),
    Rule("congress.majority", "地方组织法（2022）第二十五条"),
    Rule("presidium.quorum", "省级乡镇人大工作条例（各地有别，由规则包规定）", scope="province"),
)
BY_ID: Final = {rule.id: rule for rule in RULES}


def cited(rule: str, message: str) -> str:
    """What a refusal says, with its article."""
    return f"{message}（依据：{BY_ID[rule].basis}）"
