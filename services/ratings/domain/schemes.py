"""Rating schemes: options, named formulas, rates and grades.

Invariants: a formula has the options it needs; every rate is in [0, 1] and names its formula.
"""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.ratings import errors
from shared.errors import FieldError
from shared.storage.work import Record

Count = Annotated[int, Field(ge=0, le=10_000_000)]
"""Number of people or ballots, as keyed."""
Total = Annotated[int, Field(ge=0)]
"""Sum of counts."""
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^.$\s]+$")]
"""A key in stored documents: MongoDB treats dots and dollars in keys as paths and operators."""
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
MAX_DENOMINATOR: Final = 10**12
"""Maximum denominator of a weighted score; beyond it the score is rounded by less than 10⁻¹²."""

LEAST_PUBLISHED: Final = 5
"""Lowest `min_published` that a scheme may have; 10 is the default."""

SATISFIED: Final = "satisfied"
BASICALLY_SATISFIED: Final = "basically_satisfied"
ABSTAIN: Final = "abstain"
SPOILED: Final = "spoiled"


class Formula(StrEnum):
    SATISFIED_OVER_OPTIONS = "satisfied_over_options"
    SATISFIED_OR_BASICALLY_OVER_OPTIONS = "satisfied_or_basically_over_options"
    SATISFIED_OVER_VALID = "satisfied_over_valid"
    THRESHOLDS = "thresholds"
    WEIGHTED = "weighted"
    MOST_VOTED = "most_voted"


# Offices compute 满意率 differently, so the formula is printed beside every rate.
FORMULA_LABELS: Mapping[Formula, str] = {
    Formula.SATISFIED_OVER_OPTIONS: "满意票 ÷ 各选项票数之和",
    Formula.SATISFIED_OR_BASICALLY_OVER_OPTIONS: "（满意票＋基本满意票）÷ 各选项票数之和",
    Formula.SATISFIED_OVER_VALID: "满意票 ÷ 有效票",
    Formula.THRESHOLDS: "首选项票 ÷ 有效票，按等次线评定",
    Formula.WEIGHTED: "各选项分值加权得分 ÷ 满分",
    Formula.MOST_VOTED: "得票最多的选项定等次，其票数 ÷ 有效票",
}


class Ties(StrEnum):
    """The grade when two options have the most votes."""

    LOWER = "lower"
    NONE = "none"


class SilentGroup(StrEnum):
    """The weighted score when a group of raters marked nothing."""

    NONE = "none"
    RENORMALISED = "renormalised"


class Value(BaseModel):
    """An immutable part of an aggregate."""

    model_config = ConfigDict(frozen=True)


class Option(Value):
    code: Code
    label: Label
    points: Annotated[int, Field(ge=0, le=1000)] | None = None


class Weight(Value):
    """One group of raters (voters, presidium, fellow deputies) and its share of the score in percent."""

    code: Code
    weight: int = Field(ge=1, le=100)


class Rules(Value):
    """Options and formula of a rating; copied into each meeting, so that later changes do not affect it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    options: tuple[Option, ...] = Field(min_length=2, max_length=12)
    formula: Formula
    thresholds: tuple[int, ...] = ()
    ties: Ties = Ties.LOWER
    groups: tuple[Weight, ...] = ()
    silent_group: SilentGroup = SilentGroup.NONE
    dimensions: tuple[Label, ...] = Field(default=(), max_length=12)
    min_raters: Count = 20
    min_published: int = Field(default=10, ge=1, le=10_000_000)

    def disclosing_enough(self) -> Self:
        """The rules with no lower `min_published` than is allowed; releases before had no such limit."""
        return self.model_copy(update={"min_published": max(self.min_published, LEAST_PUBLISHED)})

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(option.code for option in self.options)

    @property
    def full_points(self) -> int:
        return max(option.points or 0 for option in self.options)


class Rate(Value):
    """A share; 0 ≤ numerator ≤ denominator and denominator > 0."""

    formula: Formula
    numerator: int = Field(ge=0)
    denominator: int = Field(gt=0)


class Scheme(Rules, Record):
    """A town's rating scheme. National law prescribes neither options nor formula (代表法 58), so this is data."""


def check_rules(rules: Rules) -> None:
    """Errors: SchemeUnfit naming every inconsistency of options, weights and formula."""
    faults = [*_option_faults(rules), *_group_faults(rules), *_formula_faults(rules)]
    if len(set(rules.dimensions)) < len(rules.dimensions):
        faults.append(FieldError("body.dimensions", "评议项目重复"))
    if faults:
        raise errors.SchemeUnfit("选项与计算方法不相符", errors=faults)


def _option_faults(rules: Rules) -> list[FieldError]:
    faults = []
    seen: set[str] = set()
    for place, code in enumerate(rules.codes):
        if code in seen:
            faults.append(FieldError(f"body.options.{place}.code", "选项代码重复"))
        if code in (ABSTAIN, SPOILED):
            faults.append(FieldError(f"body.options.{place}.code", "弃权和划错另行统计，不能作选项"))
        seen.add(code)
    return faults


def _group_faults(rules: Rules) -> list[FieldError]:
    if not rules.groups:
        return []
    faults = []
    if len({group.code for group in rules.groups}) < len(rules.groups):
        faults.append(FieldError("body.groups", "评议群体代码重复"))
    if sum(group.weight for group in rules.groups) != 100:
        faults.append(FieldError("body.groups", "各群体权重之和应为100"))
    if rules.formula is not Formula.WEIGHTED:
        faults.append(FieldError("body.groups", "只有加权计分才分群体设权重"))
    return faults


def _formula_faults(rules: Rules) -> list[FieldError]:
    codes = set(rules.codes)
    match rules.formula:
        case Formula.WEIGHTED:
            if any(option.points is None for option in rules.options):
                return [FieldError("body.options", "加权计分要求每个选项都有分值")]
            return [] if rules.full_points else [FieldError("body.options", "至少一个选项的分值应大于0")]
        case Formula.THRESHOLDS:
            return _threshold_faults(rules)
        case Formula.MOST_VOTED:
            return []
        case Formula.SATISFIED_OR_BASICALLY_OVER_OPTIONS:
            needed = {SATISFIED, BASICALLY_SATISFIED}
        case _:
            needed = {SATISFIED}
    missing = "、".join(sorted(needed - codes))
    return [FieldError("body.options", f"此计算方法要求有选项 {missing}")] if missing else []


def _threshold_faults(rules: Rules) -> list[FieldError]:
    lines = rules.thresholds
    if not 0 < len(lines) < len(rules.options):
        return [FieldError("body.thresholds", "等次线至少一条，且比选项少：最后一个选项是其余情形")]
    falling = all(higher > lower for higher, lower in pairwise(lines))
    if not falling or not all(0 < line <= 100 for line in lines):
        return [FieldError("body.thresholds", "等次线为1至100的百分数，须依次递减")]
    return []


def rate(rules: Rules, counts: Mapping[str, int], valid: int) -> Rate | None:
    """The rate by the scheme's formula; None on a zero denominator.

    Shape: `counts` holds a number for every option code; `valid` also covers abstentions and spoiled rows.
    """
    marked = sum(counts[code] for code in rules.codes)
    match rules.formula:
        case Formula.SATISFIED_OVER_OPTIONS:
            numerator, denominator = counts[SATISFIED], marked
        case Formula.SATISFIED_OR_BASICALLY_OVER_OPTIONS:
            numerator, denominator = counts[SATISFIED] + counts[BASICALLY_SATISFIED], marked
        case Formula.SATISFIED_OVER_VALID:
            numerator, denominator = counts[SATISFIED], valid
        case Formula.THRESHOLDS:
            numerator, denominator = counts[rules.codes[0]], valid
        case Formula.MOST_VOTED:
            numerator, denominator = max(counts[code] for code in rules.codes), valid
        case Formula.WEIGHTED:
            numerator = sum((option.points or 0) * counts[option.code] for option in rules.options)
            denominator = rules.full_points * marked
    return Rate(formula=rules.formula, numerator=numerator, denominator=denominator) if denominator else None


def weighted_rate(rules: Rules, by_group: Mapping[str, Mapping[str, int]]) -> Rate | None:
    """Σ weight × mean of the group, as an exact fraction (limited by MAX_DENOMINATOR).

    None when a group marked nothing, unless the scheme says `renormalised`: then the weights of the others are used.
    """
    shares = [(group.weight, rate(rules, by_group[group.code], 0)) for group in rules.groups]
    present = [(weight, Fraction(s.numerator, s.denominator)) for weight, s in shares if s is not None]
    if not present or (len(present) < len(shares) and rules.silent_group is SilentGroup.NONE):
        return None
    total = sum((weight * share for weight, share in present), Fraction(0)) / sum(
        weight for weight, _ in present
    )
    numerator, denominator = total.limit_denominator(MAX_DENOMINATOR).as_integer_ratio()
    return Rate(formula=rules.formula, numerator=numerator, denominator=denominator)


def grade(rules: Rules, share: Rate | None, counts: Mapping[str, int]) -> str | None:
    """By thresholds: the first option whose threshold the share reaches (exactly 80 % is the upper grade), else the
    last. By votes: the option with the most; on a tie the lower one or none, as the scheme says."""
    if share is None:
        return None
    if rules.formula is Formula.MOST_VOTED:
        most = [code for code in rules.codes if counts[code] == share.numerator]
        return most[-1] if share.numerator and (len(most) == 1 or rules.ties is Ties.LOWER) else None
    if rules.formula is not Formula.THRESHOLDS:
        return None
    for code, line in zip(rules.codes, rules.thresholds, strict=False):
        if share.numerator * 100 >= line * share.denominator:
            return code
    return rules.codes[-1]
