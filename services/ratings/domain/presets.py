"""Seven rating schemes in use, as templates.

No national rule prescribes options, formula or minimum (代表法 2025 Art. 58 asks for duty reports only), so each is a
local practice; the comments name the places whose published rules or reports show it.
"""

from collections.abc import Mapping
from typing import Final

from services.ratings.domain.schemes import LEAST_PUBLISHED, Formula, Option, Rules, Ties, Weight

_SATISFIED: Final = Option(code="satisfied", label="满意")
_BASICALLY: Final = Option(code="basically_satisfied", label="基本满意")
_DISSATISFIED: Final = Option(code="dissatisfied", label="不满意")
_USUAL: Final = (_SATISFIED, _BASICALLY, _DISSATISFIED)
_EXCELLENT: Final = Option(code="excellent", label="优秀", points=100)
_COMPETENT: Final = Option(code="competent", label="称职", points=80)
_BARELY: Final = Option(code="basically_competent", label="基本称职", points=60)
_INCOMPETENT: Final = Option(code="incompetent", label="不称职", points=0)

PRESETS: Final[Mapping[str, Rules]] = {
    # 忠防镇 2019; the most common
    "three_options": Rules(name="满意度三项", options=_USUAL, formula=Formula.SATISFIED_OVER_OPTIONS),
    # separates voters without knowledge from dissenting ones
    "three_options_and_unknown": Rules(
        name="满意度三项加不了解",
        options=(*_USUAL, Option(code="unknown", label="不了解")),
        formula=Formula.SATISFIED_OR_BASICALLY_OVER_OPTIONS,
    ),
    # 临朐县
    "four_grades": Rules(
        name="四个等次",
        options=(_EXCELLENT, _COMPETENT, _BARELY, _INCOMPETENT),
        formula=Formula.MOST_VOTED,
        ties=Ties.LOWER,
    ),
    # 大悟县 2005: 80 % and more of those who rated is competent, 50 % and more basically so
    "thresholds": Rules(
        name="按称职率定等次",
        options=(_COMPETENT, _BARELY, _INCOMPETENT),
        formula=Formula.THRESHOLDS,
        thresholds=(80, 50),
    ),
    # 上津镇
    "three_grades": Rules(
        name="三个等次",
        options=(_EXCELLENT, _COMPETENT, _INCOMPETENT),
        formula=Formula.MOST_VOTED,
        ties=Ties.LOWER,
    ),
    # 金星街道
    "dimensions": Rules(
        name="分项满意度",
        options=_USUAL,
        formula=Formula.SATISFIED_OR_BASICALLY_OVER_OPTIONS,
        dimensions=("出席会议", "参加活动", "联系选民", "提出建议", "守法廉洁"),
    ),
    # 天荒坪镇 2019: voters 70 %, presidium 20 %, fellow deputies 10 %. The smallest group decides whether a result is
    # published, and a presidium has about nine members.
    "weighted_groups": Rules(
        name="分群体计分",
        options=(_EXCELLENT, _COMPETENT, _BARELY, _INCOMPETENT),
        formula=Formula.WEIGHTED,
        groups=(
            Weight(code="选民代表", weight=70),
            Weight(code="主席团", weight=20),
            Weight(code="代表", weight=10),
        ),
        min_published=LEAST_PUBLISHED,
    ),
}
