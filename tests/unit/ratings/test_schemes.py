"""Formulas, thresholds and the fit between options and formula."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ratings import errors
from services.ratings.domain import (
    PRESETS,
    Formula,
    Option,
    Rules,
    SilentGroup,
    Ties,
    Weight,
    check_rules,
    grade,
    rate,
    weighted_rate,
)

USUAL = tuple(Option(code=code, label=code) for code in ("satisfied", "basically_satisfied", "dissatisfied"))
GRADES = tuple(Option(code=code, label=code) for code in ("competent", "basically_competent", "incompetent"))
SCORED = tuple(
    Option(code=code, label=code, points=points)
    for code, points in (("good", 100), ("fair", 60), ("poor", 0))
)
THRESHOLDS = Rules(name="等次", options=GRADES, formula=Formula.THRESHOLDS, thresholds=(80, 50))


def usual(formula: Formula) -> Rules:
    return Rules(name="满意度", options=USUAL, formula=formula)


def weighted(*groups: tuple[str, int]) -> Rules:
    weights = tuple(Weight(code=code, weight=weight) for code, weight in groups)
    return Rules(name="计分", options=SCORED, formula=Formula.WEIGHTED, groups=weights)


COUNTS = {"satisfied": 30, "basically_satisfied": 8, "dissatisfied": 2}


@pytest.mark.parametrize(
    ("formula", "numerator", "denominator"),
    [
        (Formula.SATISFIED_OVER_OPTIONS, 30, 40),
        (Formula.SATISFIED_OR_BASICALLY_OVER_OPTIONS, 38, 40),
        (Formula.SATISFIED_OVER_VALID, 30, 46),
    ],
)
def test_each_formula_names_its_own_numerator_and_denominator(
    formula: Formula, numerator: int, denominator: int
) -> None:
    share = rate(usual(formula), COUNTS, 46)
    assert share is not None
    assert (share.formula, share.numerator, share.denominator) == (formula, numerator, denominator)


@pytest.mark.parametrize(
    "formula", [Formula.SATISFIED_OVER_OPTIONS, Formula.SATISFIED_OR_BASICALLY_OVER_OPTIONS]
)
def test_where_all_abstained_there_is_no_rate(formula: Formula) -> None:
    assert rate(usual(formula), dict.fromkeys(COUNTS, 0), 46) is None


@pytest.mark.parametrize(
    ("competent", "valid", "expected"),
    [
        (80, 100, "competent"),
        (799, 1000, "basically_competent"),
        (50, 100, "basically_competent"),
        (23, 46, "basically_competent"),
        (499, 1000, "incompetent"),
        (0, 46, "incompetent"),
        (46, 46, "competent"),
    ],
)
def test_exactly_on_the_line_is_the_upper_grade(competent: int, valid: int, expected: str) -> None:
    counts = {"competent": competent, "basically_competent": valid - competent, "incompetent": 0}
    assert grade(THRESHOLDS, rate(THRESHOLDS, counts, valid), counts) == expected


def test_abstentions_stay_in_the_base_of_a_grade() -> None:
    counts = {"competent": 79, "basically_competent": 0, "incompetent": 0}
    assert grade(THRESHOLDS, rate(THRESHOLDS, counts, 100), counts) == "basically_competent"


def test_other_formulas_give_no_grade() -> None:
    rules = usual(Formula.SATISFIED_OVER_OPTIONS)
    assert grade(rules, rate(rules, COUNTS, 46), COUNTS) is None


def test_a_weighted_score_is_an_exact_fraction_of_full_points() -> None:
    share = rate(weighted(), {"good": 1, "fair": 1, "poor": 1}, 3)
    assert share is not None
    assert (share.numerator, share.denominator) == (160, 300)


def test_groups_weigh_seventy_twenty_ten() -> None:
    rules = weighted(("voters", 70), ("presidium", 20), ("fellows", 10))
    all_good, all_poor = {"good": 5, "fair": 0, "poor": 0}, {"good": 0, "fair": 0, "poor": 9}
    share = weighted_rate(rules, {"voters": all_good, "presidium": all_poor, "fellows": all_good})
    assert share is not None
    assert (share.numerator, share.denominator) == (4, 5)


def test_a_silent_group_leaves_no_score() -> None:
    rules = weighted(("voters", 70), ("presidium", 30))
    nothing = {"good": 0, "fair": 0, "poor": 0}
    assert weighted_rate(rules, {"voters": {"good": 5, "fair": 0, "poor": 0}, "presidium": nothing}) is None


def test_a_silent_group_may_leave_the_score_to_the_others() -> None:
    rules = weighted(("voters", 40), ("presidium", 20), ("fellows", 40))
    rules = rules.model_copy(update={"silent_group": SilentGroup.RENORMALISED})
    spoke = {"good": 1, "fair": 0, "poor": 0}
    share = weighted_rate(
        rules,
        {"voters": spoke, "presidium": dict.fromkeys(spoke, 0), "fellows": {"good": 0, "fair": 0, "poor": 1}},
    )
    assert share is not None
    assert (share.numerator, share.denominator) == (1, 2)


@pytest.mark.parametrize(
    ("marks", "ties", "expected"),
    [
        ((9, 3, 1), Ties.LOWER, "competent"),
        ((5, 5, 1), Ties.LOWER, "basically_competent"),
        ((5, 5, 5), Ties.LOWER, "incompetent"),
        ((5, 5, 1), Ties.NONE, None),
        ((0, 0, 0), Ties.LOWER, None),
    ],
)
def test_most_votes_make_the_grade_and_ties_go_by_rule(
    marks: tuple[int, ...], ties: Ties, expected: str | None
) -> None:
    rules = Rules(name="等次", options=GRADES, formula=Formula.MOST_VOTED, ties=ties)
    counts = dict(zip(rules.codes, marks, strict=True))
    assert grade(rules, rate(rules, counts, sum(marks) + 2), counts) == expected


def test_seven_presets_fit_themselves() -> None:
    assert len(PRESETS) == 7
    for rules in PRESETS.values():
        check_rules(rules)


def test_the_score_of_many_groups_is_a_fraction_that_json_can_carry() -> None:
    sizes = (53, 59, 61, 67, 71, 73, 79, 83, 89, 97)
    rules = weighted(*((f"g{size}", 10) for size in sizes))
    share = weighted_rate(rules, {f"g{size}": {"good": 1, "fair": size - 2, "poor": 1} for size in sizes})
    exact = sum(Fraction(100 + 60 * (size - 2), 1000 * size) for size in sizes)
    assert share is not None
    assert share.denominator <= 10**12
    assert abs(Fraction(share.numerator, share.denominator) - exact) < Fraction(1, 10**12)


@given(
    formula=st.sampled_from([f for f in Formula if f not in (Formula.THRESHOLDS, Formula.WEIGHTED)]),
    numbers=st.lists(st.integers(0, 500), min_size=3, max_size=3),
    others=st.integers(0, 200),
)
def test_every_rate_lies_between_nothing_and_all(formula: Formula, numbers: list[int], others: int) -> None:
    share = rate(usual(formula), dict(zip(COUNTS, numbers, strict=True)), sum(numbers) + others)
    assert share is None or 0 <= share.numerator <= share.denominator


@given(
    weight=st.integers(1, 99),
    rows=st.lists(st.lists(st.integers(0, 50), min_size=3, max_size=3), min_size=2, max_size=2),
)
def test_a_weighted_rate_lies_between_nothing_and_all(weight: int, rows: list[list[int]]) -> None:
    rules = weighted(("a", weight), ("b", 100 - weight))
    by_group = {
        group: dict(zip(("good", "fair", "poor"), row, strict=True))
        for group, row in zip("ab", rows, strict=True)
    }
    share = weighted_rate(rules, by_group)
    assert share is None or 0 <= share.numerator <= share.denominator


@pytest.mark.parametrize("formula", list(Formula))
def test_fitting_schemes_are_accepted(formula: Formula) -> None:
    fitting = {Formula.THRESHOLDS: THRESHOLDS, Formula.WEIGHTED: weighted(("voters", 60), ("presidium", 40))}
    check_rules(fitting.get(formula, usual(formula)))


@pytest.mark.parametrize(
    ("rules", "loc"),
    [
        (Rules(name="n", options=GRADES, formula=Formula.SATISFIED_OVER_OPTIONS), "body.options"),
        (Rules(name="n", options=GRADES, formula=Formula.SATISFIED_OVER_VALID), "body.options"),
        (
            Rules(
                name="n", options=(USUAL[0], USUAL[2]), formula=Formula.SATISFIED_OR_BASICALLY_OVER_OPTIONS
            ),
            "body.options",
        ),
        (Rules(name="n", options=USUAL, formula=Formula.WEIGHTED), "body.options"),
        (
            Rules(
                name="n",
                options=tuple(option.model_copy(update={"points": 0}) for option in USUAL),
                formula=Formula.WEIGHTED,
            ),
            "body.options",
        ),
        (Rules(name="n", options=GRADES, formula=Formula.THRESHOLDS), "body.thresholds"),
        (Rules(name="n", options=GRADES, formula=Formula.THRESHOLDS, thresholds=(50, 80)), "body.thresholds"),
        (
            Rules(name="n", options=GRADES, formula=Formula.THRESHOLDS, thresholds=(101, 50)),
            "body.thresholds",
        ),
        (Rules(name="n", options=GRADES, formula=Formula.THRESHOLDS, thresholds=(80, 0)), "body.thresholds"),
        (
            Rules(name="n", options=(*USUAL, USUAL[0]), formula=Formula.SATISFIED_OVER_OPTIONS),
            "body.options.3.code",
        ),
        (
            Rules(
                name="n",
                options=(*USUAL, Option(code="abstain", label="弃权")),
                formula=Formula.SATISFIED_OVER_OPTIONS,
            ),
            "body.options.3.code",
        ),
        (weighted(("voters", 60), ("presidium", 30)), "body.groups"),
        (weighted(("voters", 50), ("voters", 50)), "body.groups"),
        (
            Rules(
                name="n",
                options=USUAL,
                formula=Formula.SATISFIED_OVER_OPTIONS,
                groups=(Weight(code="voters", weight=100),),
            ),
            "body.groups",
        ),
    ],
)
def test_a_scheme_that_does_not_fit_names_the_field(rules: Rules, loc: str) -> None:
    with pytest.raises(errors.SchemeUnfit) as caught:
        check_rules(rules)
    assert loc in {fault.loc for fault in caught.value.errors}
