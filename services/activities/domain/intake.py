"""Intake review of suggestions (受理审查), and the grounds for rejection (不予受理).

Source: 浙江省人大代表建议规定 Art. 6, 7, 9; 重庆 Art. 8, 9: for provincial deputies, which towns follow by analogy.
"""

from enum import StrEnum
from typing import Final

from services.activities.domain.values import Value


class Intake(Value):
    """The office's answers; None: not asked. A negative answer does not refuse the suggestion."""

    one_matter: bool | None = None
    specific: bool | None = None
    not_own_affair: bool | None = None
    not_passed_on_letter: bool | None = None
    not_promotion: bool | None = None
    not_court_case: bool | None = None
    not_tender: bool | None = None
    seconders_informed: bool | None = None


class Ground(StrEnum):
    """Grounds for rejecting a suggestion (不予受理)."""

    OWN_AFFAIR = "own_affair"
    PASSED_ON_LETTER = "passed_on_letter"
    PROMOTION = "promotion"
    EMPTY = "empty"
    COURT_CASE = "court_case"
    TENDER = "tender"
    OTHER = "other"


GROUND_LABELS: Final = {
    Ground.OWN_AFFAIR: "本人或亲属的个人事务",
    Ground.PASSED_ON_LETTER: "转递信件、案件材料",
    Ground.PROMOTION: "学术探讨、产品推介",
    Ground.EMPTY: "没有实质内容",
    Ground.COURT_CASE: "正在审理的案件",
    Ground.TENDER: "正在进行的招投标",
    Ground.OTHER: "其他",
}
